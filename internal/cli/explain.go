package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/expression"
	"tandem/mapping/route"
)

const titleField = work.Title

func (a *app) explainCommand() *cobra.Command {
	var run int64
	audience := work.Restricted.String()
	cmd := &cobra.Command{
		Use: "explain REF", Short: "Say why an item stands where it stands, from what is stored; no service is asked",
		Example: "  tandem explain jira:PAY-12\n  tandem explain acme/pay#7\n  tandem explain jira:PAY-12 --run 118",
		Args:    exactArgs(1, "name the item, such as: tandem explain jira:PAY-12"),
		RunE: func(cmd *cobra.Command, args []string) error {
			sees, err := seesAs(audience)
			if err != nil {
				return err
			}
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				if cmd.Flags().Changed("run") {
					return a.explainRun(ctx, s, db, args[0], run, sees)
				}
				d, outcome, snapshot, err := a.findIn(ctx, s, db, args[0])
				if err != nil {
					return err
				}
				more, err := s.further(ctx, db, outcome, &snapshot, d)
				if err != nil {
					return err
				}
				audit, err := history(ctx, db, d)
				if err != nil {
					return err
				}
				x := outcome.Explain(s.rules, d)
				said, err := db.Testimony(ctx, inquiry(s.rules, outcome, d, sees))
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(explainJSON(x, audit, &said, &more))
				}
				p := a.printer()
				p.explain(x, audit, s.who, &said, &more)
				return p.err
			})
		},
	}
	cmd.Flags().Int64Var(&run, "run", 0, "what a kept run decided, and why (tandem runs lists them)")
	cmd.Flags().StringVar(&audience, "audience", audience, "for whom voices and insights are told: public, internal or restricted (everything)")
	return cmd
}

// remembered is how much of what was written before is told.
const remembered = 8

// history is what was written to any record of the item, the newest first.
func history(ctx context.Context, db *store.Store, d *engine.Decided) ([]work.AuditEntry, error) {
	var all []work.AuditEntry
	for _, part := range d.Item.Parts {
		audit, err := db.Audit(ctx, part.RefID, remembered)
		if err != nil {
			return nil, err
		}
		all = append(all, audit...)
	}
	slices.SortStableFunc(all, func(a, b work.AuditEntry) int { return b.Begun.Compare(a.Begun) })
	return all[:min(len(all), remembered)], nil
}

// explain prints an explanation as a person reads it: what, where, why, who,
// and what happens next.
func (p *printer) explain(x engine.Explanation, audit []work.AuditEntry, who func(connector, id string) string, said *work.Testimony, more *further) {
	d := x.Item
	var refs []string
	for _, part := range d.Item.Parts {
		refs = append(refs, part.String())
	}
	p.line("%s", short(d.Item.Fields.Get(titleField).Text(), 100))
	p.line("%s", strings.Join(refs, " = "))
	p.line("")
	if d.Place == 0 {
		p.line("It is finished and has no place.")
	} else {
		p.place(x)
		p.since(more.Since)
		p.climb(&more.Climb)
		p.terms(x)
		p.inputs(x.Inputs, who)
	}
	p.words(d)
	p.evidence(d)
	p.testimony(said)
	p.line("")
	p.duty(d, x.Acting)
	p.route(x.Route)
	if len(d.NotReady) > 0 {
		p.line("\nNot ready, because: %s", strings.Join(d.NotReady, "; "))
	}
	p.owners(x)
	p.next(x, who)
	p.audit(audit)
}

// audit prints edits that were sent.
func (p *printer) audit(audit []work.AuditEntry) {
	var rows [][]string
	for _, e := range audit {
		rows = append(rows, []string{e.Begun.Local().Format("2006-01-02 15:04"), e.Edit.Ref().String(), e.Edit.Field.String(), short(change(e.Edit), 70), string(e.State)})
	}
	p.section("Written before", rows, true)
}

func (p *printer) place(x engine.Explanation) {
	d := x.Item
	p.line("Place %d of %d in team %s (%d overall) · horizon %s · priority %s", d.TeamPlace, x.TeamItems, orNone(d.Item.Team), d.Place,
		orNone(d.Item.Fields.Get(work.Horizon).Text()), priority(d))
	if d.HorizonBecause != "" {
		p.line("Horizon: %s", d.HorizonBecause)
	}
	if x.Goal.Name != "" {
		p.line("Goal: %s", goalText(x.Goal, x.AsOf))
	}
	neighbour := func(word string, n *engine.Decided) {
		if n != nil {
			p.line("%s %s, %.1f points, horizon %s: %s", word, n.Item.Key(), n.Scored.Next.Value, orNone(n.Horizon), short(n.Item.Fields.Get(titleField).Text(), 50))
		}
	}
	neighbour("Above it:", x.Above)
	neighbour("Below it:", x.Below)
	p.standing(x)
}

func (p *printer) terms(x engine.Explanation) {
	d := x.Item
	lens := ""
	for _, t := range x.Terms {
		if t.Lens != lens {
			lens = t.Lens
			score := d.Scored.Next
			if lens == "why" {
				score = d.Scored.Why
			}
			known := ""
			if !score.Known {
				known = "; not known without " + strings.Join(score.Missing(), ", ")
			}
			p.line("\nScore %s: %.1f of 100, between %.1f and %.1f, confidence %.0f %%%s", lens, score.Value, score.Low, score.High, 100*score.Confidence(), known)
		}
		p.line("  %s", short(t.Text, 140))
	}
}

// goalText tells what the item serves, in the words of those who set it.
func goalText(g expression.Goal, asOf time.Time) string {
	text := g.String()
	if g.Over(asOf) {
		text += ", over since " + g.Ends.Format(time.DateOnly)
		if g.Weight != 1 {
			text += "; it pulls as before until the rules change"
		}
	}
	return text
}

// route prints the conditions that were tried.
func (p *printer) route(d route.Decision) {
	for _, s := range d.Path {
		mark := map[expression.Truth]string{expression.True: "yes", expression.False: "no "}[s.Answer]
		if mark == "" {
			mark = "?  "
		}
		p.line("  %s%s %s", strings.Repeat("  ", s.Depth), mark, short(s.Shown, 130))
	}
	if len(d.Informed) > 0 {
		p.line("  informed: %s", strings.Join(d.Informed, ", "))
	}
}

func (p *printer) owners(x engine.Explanation) {
	var rows [][]string
	for _, o := range x.Owners {
		var where []string
		for _, s := range o.Spots {
			where = append(where, s.Part.String()+" "+s.Reading.Native.String())
		}
		rows = append(rows, []string{o.Field.String(), short(o.Effective.String(), 40), "owner " + o.Owner, short(strings.Join(where, " · "), 90)})
	}
	p.section("Fields", rows, true)
}

func (p *printer) next(x engine.Explanation, who func(connector, id string) string) {
	var rows [][]string
	for _, e := range x.Edits {
		rows = append(rows, []string{e.Edit.Ref().String(), e.Field.String(), short(change(e.Edit), 70), gateText(e.Gate), short(e.Because, 60)})
	}
	p.section("Would be written", rows, true)
	rows = nil
	for _, h := range x.Holds {
		ref := work.Ref{RefID: h.Target.RefID, Key: h.Key}
		rows = append(rows, []string{
			ref.String(), h.Field.String(), string(h.Cause) + " since " + h.Since.Format("2006-01-02"),
			short(hasWants(h), 90), short(heldBecause(h, who), 90),
		})
	}
	p.section("Held", rows, true)
	if len(x.Holds) > 0 {
		p.line("  end a hold with: tandem release %s FIELD", work.Ref{RefID: x.Holds[0].Target.RefID, Key: x.Holds[0].Key})
	}
}

// rounded shows a number to two digits.
func rounded(v work.Value) string {
	f, _ := v.Number()
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}

// hasWants says what stands there and what Tandem would write.
func hasWants(h work.Hold) string {
	if !h.Want.Known() {
		return "has " + h.Have.String()
	}
	return fmt.Sprintf("has %s, would be %s", h.Have, h.Want)
}

func gateText(g plan.Gate) string { return strings.ReplaceAll(string(g), "_", " ") }

func orNone(s string) string {
	if s == "" || s == "unknown" || s == "empty" {
		return "none"
	}
	return s
}

// priority shows the effective one, and Tandem's own where it differs.
func priority(d *engine.Decided) string {
	effective := orNone(d.Item.Fields.Get(work.Priority).Text())
	switch {
	case d.Tier == "" && effective == "none":
		return "left alone (a decisive input is missing)"
	case d.Tier == "" || d.Tier == effective:
		return effective
	default:
		return effective + ", set by a person (Tandem would say " + d.Tier + ")"
	}
}

// explainJSON is the same as an object.
func explainJSON(x engine.Explanation, audit []work.AuditEntry, said *work.Testimony, more *further) map[string]any {
	d := x.Item
	refs := []string{}
	for _, p := range d.Item.Parts {
		refs = append(refs, p.String())
	}
	return map[string]any{
		"refs": refs, "item": d.Item.ID, "team": d.Item.Team, "fields": d.Item.Fields,
		"place": d.Place, "team_place": d.TeamPlace, "of": x.TeamItems, "horizon": d.Horizon, "horizon_because": d.HorizonBecause,
		"tied":  map[string]any{"from": d.Standing.Tie, "to": d.Standing.TieLast, "decided_by": d.Standing.Break.String(), "with": keysOf(x.Ties...)},
		"needs": keysOf(x.Needs...), "needed_by": keysOf(x.NeededBy), "goal": x.Goal,
		"tier": d.Tier, "why": d.Scored.Why, "next": d.Scored.Next, "terms": x.Terms, "evidence": d.Evidence, "testimony": said,
		"said": spokenJSON(d), "inputs": append([]engine.Input{}, x.Inputs...), "since": more.Since, "climb": more.Climb, "comment": x.Comment,
		"route": x.Route, "acting": x.Acting, "route_since": d.RouteSince(), "late": d.Route.Late, "not_ready": d.NotReady, "edits": x.Edits, "holds": x.Holds, "audit": audit,
	}
}
