package cli

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/privacy"
	"tandem/internal/store"
	"tandem/internal/work"
)

// discretion is what of a connector's feedback may be stored.
type discretion struct {
	policy *privacy.Policy
	// retention is how old feedback may be; 0 is any age.
	retention time.Duration
}

// private treats personal data of everything that a connector reads, before
// anybody else sees it. What is too old to be kept is not let in.
func private(conn connectors.Connector, d connectors.Definition, as discretion) connectors.Connector {
	if conn.Source != nil && tellsOfPeople(d) {
		conn.Source = discreetSource{conn.Source, d, as}
	}
	if conn.Mailbox != nil {
		conn.Mailbox = discreetMailbox{conn.Mailbox, as}
	}
	return conn
}

// tellsOfPeople reports whether a kind of connector yields anything but items.
func tellsOfPeople(d connectors.Definition) bool {
	return slices.ContainsFunc(d.Streams, func(s connectors.Stream) bool { return s.Yields != connectors.YieldsItems }) || len(d.Streams) == 0
}

type discreetSource struct {
	connectors.Source

	definition connectors.Definition
	as         discretion
}

// Pages yields what the source yields, without what tells who somebody is.
func (s discreetSource) Pages(ctx context.Context, stream string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	items := slices.ContainsFunc(s.definition.Streams, func(d connectors.Stream) bool {
		return d.Name == stream && d.Yields == connectors.YieldsItems
	})
	return func(yield func(connectors.Page, error) bool) {
		for page, err := range s.Source.Pages(ctx, stream, from) {
			if !yield(s.as.treat(page, !items), err) {
				return
			}
		}
	}
}

type discreetMailbox struct {
	connectors.Mailbox

	as discretion
}

// Unpack returns what the mailbox returns, without what tells who somebody is.
func (m discreetMailbox) Unpack(p connectors.Parcel) connectors.Page {
	return m.as.treat(m.Mailbox.Unpack(p), true)
}

// treat treats one page. rejects says that what could not be understood may be
// about people too.
func (d discretion) treat(page connectors.Page, rejects bool) connectors.Page {
	if d.retention > 0 {
		since := time.Now().Add(-d.retention)
		old := func(at time.Time) bool { return !at.IsZero() && at.Before(since) }
		page.Feedback = slices.DeleteFunc(slices.Clone(page.Feedback), func(f work.Feedback) bool { return !f.Gone && old(f.At) })
		page.Insights = slices.DeleteFunc(slices.Clone(page.Insights), func(in work.Insight) bool { return !in.Gone && old(in.At) })
		page.Metrics = slices.DeleteFunc(slices.Clone(page.Metrics), func(m work.Metric) bool { return old(m.Day) })
	}
	page.Feedback, page.Insights = each(page.Feedback, d.policy.Feedback), each(page.Insights, d.policy.Insight)
	page.Metrics = each(page.Metrics, d.policy.Metric)
	if rejects {
		page.Rejects, page.Findings = each(page.Rejects, d.policy.Reject), each(page.Findings, d.policy.Finding)
	}
	return page
}

// each returns what do makes of every one.
func each[T any](all []T, do func(T) T) []T {
	made := slices.Clone(all)
	for i := range made {
		made[i] = do(made[i])
	}
	return made
}

// checkPrivacy reports mistakes of a connector's privacy and retention.
func checkPrivacy(c config.Connector, d connectors.Definition) []work.Problem {
	at := work.Pointer("")
	if (len(c.Privacy) > 0 || c.Retention > 0) && !tellsOfPeople(d) {
		key := "privacy"
		if len(c.Privacy) == 0 {
			key = "retention"
		}
		return []work.Problem{{At: at.Key(key), What: "a connector of kind " + d.Kind + " reads no feedback", Remedy: "remove " + key}}
	}
	return privacy.Check(at.Key("privacy"), c.Privacy)
}

// pseudonymKey returns the key of the settings, or that of the store. Another
// key than before is told: the pseudonyms of before are nobody's any more.
func (s *setup) pseudonymKey(ctx context.Context, db *store.Store, log *slog.Logger) ([]byte, error) {
	var key []byte
	if s.settings.Privacy.Key.Set() {
		text, err := s.settings.Privacy.Key.Reveal()
		if err != nil {
			return nil, errors.Join(errors.New("privacy.key cannot be read"), err)
		}
		key = []byte(text)
	}
	key, changed, err := db.PseudonymKey(ctx, key)
	if changed {
		log.Warn("privacy.key is another one than before: who spoke before and speaks again counts as somebody else, and rows that have no id of their own get another one when they are read again; go back to the old key")
	}
	return key, err
}
