package cli

import (
	"context"
	"slices"
	"time"

	"tandem/internal/digest"
	"tandem/internal/monitor"
	"tandem/internal/store"
	"tandem/internal/work"
)

// digestState is one digest as it is listed.
type digestState struct {
	Name     string            `json:"name"`
	Role     string            `json:"role"`
	Team     string            `json:"team,omitempty"`
	Audience string            `json:"audience"`
	To       digest.Way        `json:"to"`
	Next     time.Time         `json:"next"`
	Last     *work.DigestEntry `json:"last,omitempty"`
}

func (a *app) listDigests(ctx context.Context, s *setup, db *store.Store) error {
	entries, err := db.Digests(ctx)
	if err != nil {
		return err
	}
	states := []digestState{}
	var rows [][]string
	for _, d := range s.digests {
		state := digestState{Name: d.Name, Role: d.Role, Team: d.Team, Audience: d.Audience.String(), To: d.To.Way, Next: d.Schedule.Next(time.Now())}
		last := "never sent"
		if i := slices.IndexFunc(entries, func(e work.DigestEntry) bool { return e.Name == d.Name }); i >= 0 {
			state.Last = &entries[i]
			last = toldDigest(state.Last)
		}
		states = append(states, state)
		rows = append(rows, []string{d.Name, string(d.To.Way), d.Audience.String(), "next " + state.Next.In(d.Schedule.Zone).Format("Mon 2006-01-02 15:04 MST"), last})
	}
	if a.json {
		return a.printJSON(map[string]any{"digests": states})
	}
	p := a.printer()
	if len(rows) == 0 {
		p.line("There are no digests; write digests: in the settings, see docs/digests.md.")
	}
	p.section("Digests", rows, true)
	return p.err
}

// toldDigest says what became of a digest.
func toldDigest(e *work.DigestEntry) string {
	day := e.Day.String()
	switch e.State {
	case work.DigestSent:
		return "sent " + day
	case work.DigestQuiet:
		return "nothing to say on " + day
	case work.DigestSkipped:
		return "left out on " + day + ": nothing ran at its time"
	case work.DigestWaiting:
		return "! not sent yet on " + day + ": " + e.Detail
	case work.DigestFailed:
		return "! not sent on " + day + ": " + e.Detail
	case work.DigestUnclear:
		return "! perhaps sent on " + day + ": " + e.Detail
	case work.DigestClaimed, work.DigestSending:
		return "is being sent since " + e.At.Local().Format("15:04")
	default:
		return string(e.State)
	}
}

// undelivered is what is wrong with the last of each digest.
func (s *setup) undelivered(ctx context.Context, db *store.Store) ([]monitor.Problem, error) {
	entries, err := db.Digests(ctx)
	var all []monitor.Problem
	for i := range entries {
		e := &entries[i]
		if !slices.ContainsFunc(s.digests, func(d digest.Spec) bool { return d.Name == e.Name }) {
			continue
		}
		p := monitor.Problem{Severity: monitor.Warned, Code: "digest_unsent", What: "the digest " + e.Name + " was not sent on " + e.Day.String() + ": " + e.Detail}
		switch e.State {
		case work.DigestWaiting:
			p.What, p.Remedy = "the digest "+e.Name+" of "+e.Day.String()+" is not sent yet: "+e.Detail, "it is tried again at "+e.Next.Local().Format("15:04")
		case work.DigestFailed:
			p.Remedy = "the next one tells all since the last; to send it now: tandem digest --send '" + e.Name + "'"
		case work.DigestUnclear:
			p.What, p.Remedy = "the digest "+e.Name+" of "+e.Day.String()+" was perhaps not sent: "+e.Detail, "it is not sent twice by itself; to send it now: tandem digest --send '"+e.Name+"'"
		default:
			continue
		}
		all = append(all, p)
	}
	return all, err
}
