package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/scheduler"
)

// further is what an explanation tells beyond the outcome itself.
type further struct {
	// Since is when the item last moved, and why; nil where it never did since
	// runs keep that.
	Since *since
	Climb engine.Climb
}

// since is a move with the run that made it.
type since struct {
	// Run is the run that it moved in, 0 where the next one will keep it.
	Run int64 `json:"run,omitempty"`
	// After is the run before.
	After int64     `json:"after"`
	At    time.Time `json:"at,omitzero"`
	engine.Move
}

// further finds out when the item last moved, and what it would take to climb.
func (s *setup) further(ctx context.Context, db *store.Store, o *engine.Outcome, snap *engine.Snapshot, d *engine.Decided) (further, error) {
	f := further{Climb: o.Climb(s.rules, snap, d)}
	m, last, ok, err := scheduler.CompareOne(ctx, db, s.rules, snap, o, d)
	if err != nil {
		return f, err
	}
	if ok && m.Changed() {
		f.Since = &since{After: last.Run, Move: m}
		return f, nil
	}
	f.Since, err = lastMove(ctx, db, d, 0)
	return f, err
}

// further is the same for a kept run.
func (r *remade) further(ctx context.Context, db *store.Store, d *engine.Decided) (further, error) {
	moved, err := lastMove(ctx, db, d, r.Seq)
	return further{Since: moved, Climb: r.outcome.Climb(r.rules, &r.snapshot, d)}, err
}

// lastMove finds the newest kept run that moved the item.
func lastMove(ctx context.Context, db *store.Store, d *engine.Decided, upTo int64) (*since, error) {
	kept, ok, err := db.LastMove(ctx, d.Item.ID, upTo)
	if err != nil || !ok {
		return nil, err
	}
	return &since{Run: kept.Run, After: kept.Since, At: kept.At, Move: kept.Move}, nil
}

// since says when the item last moved, and why.
func (p *printer) since(s *since) {
	if s == nil {
		return
	}
	what := placesOf(&s.Move)
	if changes := changesOf(&s.Move); changes != "" {
		what += ", " + changes
	}
	when := fmt.Sprintf("Since run %d", s.After)
	if s.Run > 0 {
		when = fmt.Sprintf("Last moved in run %d of %s", s.Run, s.At.Local().Format("2006-01-02 15:04"))
	}
	because := ""
	if s.Because != "" {
		because = ", because " + s.Because
	}
	p.line("%s: %s%s", when, what, because)
}

// climb says what it would take to stand higher.
func (p *printer) climb(c *engine.Climb) {
	say := func(what string, steps []engine.Step, says string, where func(*engine.Step) string) {
		if len(steps) == 0 {
			if says != "" {
				p.line("%s: %s", what, says)
			}
			return
		}
		words := make([]string, 0, len(steps))
		for i := range steps {
			words = append(words, steps[i].Text+where(&steps[i]))
		}
		p.line("%s: %s", what, strings.Join(words, ", or "))
	}
	say("To move up", c.Place, c.PlaceSays, func(s *engine.Step) string { return fmt.Sprintf(" (place %d)", s.Place) })
	say("For a more urgent priority", c.Priority, c.PrioritySays, func(s *engine.Step) string { return " (" + s.Priority + ")" })
	say("For a nearer horizon", c.Horizon, c.HorizonSays, func(s *engine.Step) string { return " (" + s.Horizon + ")" })
}

// inputs lists what ranking read, where it stands and since when.
func (p *printer) inputs(all []engine.Input, who func(connector, id string) string) {
	rows := make([][]string, 0, len(all))
	for i := range all {
		in := &all[i]
		if in.Ref == "" {
			said := "nobody said"
			if in.Value.Present() {
				said = "found by the rules"
			}
			rows = append(rows, []string{in.Field, short(orNone(in.Value.String()), 40), said, ""})
			continue
		}
		rows = append(rows, []string{in.Field, short(in.Value.String(), 40), in.Ref + " " + in.Path + ": " + short(in.Native.String(), 40), inputDate(in, who)})
	}
	p.section("Inputs", rows, true)
}

func inputDate(in *engine.Input, who func(connector, id string) string) string {
	if in.At.IsZero() {
		return ""
	}
	day := in.At.Local().Format(time.DateOnly)
	connector, _, _ := strings.Cut(in.Ref, ":")
	switch {
	case in.Exact && in.By != "":
		return "set " + day + " by " + who(connector, in.By)
	case in.Exact:
		return "set " + day
	default:
		return "its record changed last on " + day
	}
}
