package digest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tandem/internal/work"
)

// Spec is a digest of the settings.
type Spec struct {
	Name string
	// Role is one of the rules, or Admin. Team is empty for all.
	Role, Team string
	Audience   work.Audience
	Schedule   Schedule
	To         To
	Template   *Template
	// Always lets it be sent also where there is nothing to say.
	Always bool
}

// Store keeps which digest was sent for which day. *store.Store is one.
type Store interface {
	ClaimDigest(ctx context.Context, name string, day work.Date, patience time.Duration) (work.DigestEntry, bool, error)
	MarkDigest(ctx context.Context, e work.DigestEntry, said []byte) (bool, error)
	SettleDigests(ctx context.Context, patience time.Duration) ([]work.DigestEntry, error)
	SaidDigest(ctx context.Context, name string) (work.DigestSaid, bool, error)
}

// Config is what a Sender is made of.
type Config struct {
	Specs []Spec
	Store Store
	Desk  Desk
	// Send hands a message over; what it returns is a *PostError.
	Send func(ctx context.Context, m *Message) error
	// Instance is the name of this Tandem.
	Instance string
	// Page returns the page of an item, and Link is that of the order; nil and
	// empty where nobody said where pages are. Then items link to their service.
	Page func(ref string) string
	Link string
	Log  *slog.Logger
	Now  func() time.Time
}

// Sender sends digests when they are due. It may be used by several nodes at a
// time: the store lets each digest of a day be sent by one.
type Sender struct{ c Config }

// New returns a Sender.
func New(c Config) *Sender { return &Sender{c} }

const (
	// patience is how long a digest may be in the hands of one node.
	patience = 5 * time.Minute
	// sendTime is how long handing over may take, well within patience.
	sendTime = 90 * time.Second
	// mostTries is how often a digest of a day is tried.
	mostTries = 4
)

// Look sends what is due by now, one after the other. What cannot be sent is
// noted and logged; the error is of the store.
func (s *Sender) Look(ctx context.Context) error {
	lost, err := s.c.Store.SettleDigests(ctx, patience)
	if err != nil {
		return fmt.Errorf("settle digests: %w", err)
	}
	for _, e := range lost {
		s.c.Log.Warn("a digest was on its way when the daemon ended; whether it arrived is not known, and it is not sent twice", "ref", e.Name)
	}
	var all error
	for i := range s.c.Specs {
		if ctx.Err() != nil {
			break
		}
		all = errors.Join(all, s.look(ctx, &s.c.Specs[i]))
	}
	return all
}

// look sends one digest, where it is due and nobody did.
func (s *Sender) look(ctx context.Context, spec *Spec) error {
	now := s.c.Now()
	day, due, ok := spec.Schedule.Due(now)
	if !ok {
		return nil
	}
	e, claimed, err := s.c.Store.ClaimDigest(ctx, spec.Name, day, patience)
	if err != nil || !claimed {
		return err
	}
	if now.Sub(due) > late {
		return s.tooLate(ctx, e)
	}
	if err := s.send(ctx, spec, e); err != nil {
		return fmt.Errorf("digest %s: %w", spec.Name, err)
	}
	return nil
}

// tooLate notes a digest that is of no use any more.
func (s *Sender) tooLate(ctx context.Context, e work.DigestEntry) error {
	if e.State = work.DigestSkipped; e.Tries > 1 {
		e.State = work.DigestFailed
	}
	marked, err := s.c.Store.MarkDigest(ctx, e, nil)
	if marked && err == nil {
		s.c.Log.Info("a digest is more than three hours late and is left out; the next one tells all since the last", "ref", e.Name)
	}
	return err
}

// send writes a digest and hands it over.
func (s *Sender) send(ctx context.Context, spec *Spec, e work.DigestEntry) error {
	m, said, err := s.compose(ctx, spec, e.Day)
	if err != nil {
		return errors.Join(err, s.again(ctx, e, &PostError{What: "it could not be written", Remedy: "the log of the daemon says why", Again: true}))
	}
	if m.Content.Empty() && !spec.Always {
		e.State, e.Detail = work.DigestQuiet, ""
		if m.Content.Since != "" {
			said = nil // the next one tells all since the last that was sent
		}
		_, err := s.c.Store.MarkDigest(ctx, e, said)
		return err
	}
	e.State = work.DigestSending
	if ours, err := s.c.Store.MarkDigest(ctx, e, nil); err != nil || !ours {
		return err
	}
	began := s.c.Now()
	sending, cancel := context.WithTimeout(ctx, sendTime)
	err = s.c.Send(sending, m)
	cancel()
	// What was handed over is noted, also where the daemon ends meanwhile.
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var failure *PostError
	switch {
	case err == nil:
		e.State, e.Detail = work.DigestSent, ""
		s.c.Log.Info("a digest was sent", "ref", e.Name, "kind", string(spec.To.Way), "took", s.c.Now().Sub(began))
		_, err := s.c.Store.MarkDigest(ctx, e, said)
		return err
	case !errors.As(err, &failure):
		failure = &PostError{What: "it could not be sent", Unclear: true}
	}
	return s.again(ctx, e, failure)
}

// again notes why a digest was not sent, and when it is tried again.
func (s *Sender) again(ctx context.Context, e work.DigestEntry, why *PostError) error {
	e.Detail = why.Error()
	log := s.c.Log.With("ref", e.Name, "attempt", e.Tries, "err", why.Error())
	switch {
	case why.Unclear:
		e.State = work.DigestUnclear
		log.Warn("whether a digest arrived is not known; it is not sent twice")
	case why.Again && e.Tries < mostTries:
		e.State, e.Next = work.DigestWaiting, s.c.Now().Add(max(pause(e.Tries), why.After))
		log.Warn("a digest could not be sent; it is tried again")
	default:
		e.State = work.DigestFailed
		log.Error("a digest could not be sent; the next one tells all since the last")
	}
	_, err := s.c.Store.MarkDigest(ctx, e, nil)
	return err
}

// pause is how long a digest waits after so many tries: 1, 5 and 25 minutes.
func pause(tries int) time.Duration {
	wait := time.Minute
	for range tries - 1 {
		wait *= 5
	}
	return wait
}

// Message writes a digest as of now, for people who want to see it. Whether it is
// due does not count.
func (s *Sender) Message(ctx context.Context, spec *Spec) (*Message, error) {
	m, _, err := s.compose(ctx, spec, work.DateOf(s.c.Now().In(spec.Schedule.Zone)))
	return m, err
}

// compose writes a digest, and what is to be remembered of it.
func (s *Sender) compose(ctx context.Context, spec *Spec, day work.Date) (*Message, []byte, error) {
	before, known, err := s.c.Store.SaidDigest(ctx, spec.Name)
	if err != nil {
		return nil, nil, err
	}
	var then *said
	if known {
		then = remembered(before, spec)
	}
	content, now, err := s.c.content(ctx, spec, day, then)
	if err != nil {
		return nil, nil, fmt.Errorf("look at what there is: %w", err)
	}
	text, err := spec.Template.Text(content)
	if err != nil {
		return nil, nil, err
	}
	body, err := json.Marshal(now)
	if err != nil {
		return nil, nil, fmt.Errorf("remember what is told: %w", err)
	}
	id := messageID(s.c.Instance, spec.Name, day.String(), string(spec.To.Way))
	return &Message{To: spec.To, Text: text, Content: content, ID: id}, body, nil
}
