package cli

import (
	"fmt"
	"strings"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// whatIfView is a comparison with what showing it takes.
type whatIfView struct {
	engine.WhatIf

	Run   int64     `json:"run,omitempty"`
	Calls []callsTo `json:"calls"`
	// Forecast is what writing would set off beside the changes.
	Forecast []work.Finding `json:"forecast,omitempty"`
	// Relinked counts feedback that would be linked otherwise, and Retied tells
	// more of it.
	Relinked int              `json:"relinked,omitempty"`
	Retied   *evidence.Retied `json:"retied,omitempty"`

	outcome *engine.Outcome
	who     func(connector, id string) string
}

// shownMoves is how many items are shown without --all.
const shownMoves = 15

func (a *app) showWhatIf(v *whatIfView, every bool) error {
	if a.json {
		return a.printJSON(v)
	}
	p := a.printer()
	on := "what is stored now"
	if v.Run > 0 {
		on = fmt.Sprintf("what run %d looked at", v.Run)
	}
	p.line("Other rules on %s, as of %s. Nothing is written.", on, v.outcome.AsOf.Format("2006-01-02"))
	p.retied(v.Retied)
	p.line("")
	if v.Moved+v.Priorities+v.Horizons+v.Routes+len(v.Follow)+len(v.Drop)+v.Came+v.Went == 0 {
		if v.Retied != nil && !v.Retied.Tied {
			p.line("By the ties of today nothing would change: the same order, the same plan.")
		} else {
			p.line("Nothing would change: the same order, the same plan.")
		}
		return p.err
	}
	verb := "move"
	if v.Moved == 1 {
		verb = "moves"
	}
	p.line("%s of %s %s; %s.", thousands(v.Moved), plural(v.Items, "item", "items"), verb, engine.Kept(v.Figures))
	p.line("Kendall's tau %.3f, rank-biased overlap %.3f (1 is the same order), %s on average.", v.Tau, v.RBO, places(v.Shift))
	p.line("Changed at once: %s, %s, %s.%s", plural(v.Priorities, "priority", "priorities"), plural(v.Horizons, "horizon", "horizons"),
		plural(v.Routes, "route", "routes"), laterText(v.Later))
	p.moves(v.Moves, v.titles(), v.Untold, every)
	p.follows(v, every)
	return p.err
}

func laterText(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " One more once what stands has stayed as long as dwell: asks."
	default:
		return fmt.Sprintf(" %s more once what stands has stayed as long as dwell: asks.", thousands(n))
	}
}

// places is a mean of places in words.
func places(mean float64) string {
	if text := fmt.Sprintf("%.1f", mean); text != "1.0" {
		return text + " places"
	}
	return "1 place"
}

// titles are what the items that move are called.
func (v *whatIfView) titles() map[work.ItemID]string {
	all := make(map[work.ItemID]string, len(v.Moves))
	for i := range v.Moves {
		all[v.Moves[i].Item] = ""
	}
	for _, d := range v.outcome.Items {
		if _, moves := all[d.Item.ID]; moves {
			all[d.Item.ID] = d.Item.Fields.Get(titleField).Text()
		}
	}
	return all
}

// moves lists items that stand elsewhere.
func (p *printer) moves(moves []engine.Move, titles map[work.ItemID]string, untold int, every bool) {
	rows := make([][]string, 0, len(moves))
	for i := range moves {
		m := &moves[i]
		rows = append(rows, []string{m.Ref, short(titles[m.Item], 40), orNone(m.Team), placesOf(m), changesOf(m), short(m.Because, 110)})
	}
	if len(rows) == 0 {
		return
	}
	if !every && len(rows) > shownMoves {
		untold += len(rows) - shownMoves
		rows = rows[:shownMoves]
	}
	p.line("\nWho moves")
	p.table(rows)
	if untold > 0 {
		p.line("  … and %s more", thousands(untold))
	}
}

func placesOf(m *engine.Move) string {
	switch m.From {
	case 0:
		return fmt.Sprintf("new at %d", m.To)
	case m.To:
		return fmt.Sprintf("stays %d", m.To)
	default:
		return fmt.Sprintf("%d → %d", m.From, m.To)
	}
}

func changesOf(m *engine.Move) string {
	var words []string
	add := func(what string, c *engine.Change) {
		if c != nil {
			words = append(words, what+" "+orNone(c.From)+" → "+orNone(c.To))
		}
	}
	add("priority", m.Priority)
	add("horizon", m.Horizon)
	if m.Route != nil {
		words = append(words, short(routeWords(m.Route.From)+" → "+routeWords(m.Route.To), 90))
	}
	return strings.Join(words, ", ")
}

// routeWords says who must act by a route, and why. A route is told from
// others by both (route.Rule.Key).
func routeWords(key string) string {
	role, because, _ := strings.Cut(strings.TrimPrefix(key, "/"), "/")
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	if because == "" {
		return unescape.Replace(role)
	}
	return unescape.Replace(role) + " (" + unescape.Replace(because) + ")"
}

// follows tells what would be written, and what no more.
func (p *printer) follows(v *whatIfView, every bool) {
	if len(v.Follow)+len(v.Drop) == 0 {
		p.line("\nNo edit would follow, and none would go.")
	} else {
		p.line("\n%s would follow, %s planned today would not.", plural(len(v.Follow), "edit", "edits"), thousands(len(v.Drop)))
	}
	rows := make([][]string, 0, len(v.Calls))
	for _, c := range v.Calls {
		how := ""
		if c.Estimated {
			how = "one for each record: its credentials are not here, so it could not be asked"
		}
		rows = append(rows, []string{c.Connector, plural(c.Edits, "edit", "edits"), "about " + plural(c.Requests, "request", "requests"), how})
	}
	if len(rows) > 0 {
		p.table(rows)
	}
	if n := observed(v.Follow); n > 0 {
		p.line("  %s only shown (write: observe)", plural(n, "is", "are"))
	}
	if brake := v.outcome.Plan.Brake; brake != "" {
		p.line("  the brake would keep them back: %s", brake)
	}
	held := func(what string, m map[work.Cause]int) {
		if s := counts(m); s != "" {
			p.line("  holds that %s: %s", what, s)
		}
	}
	held("would come", v.HoldsCame)
	held("would go", v.HoldsWent)
	p.findings("Writing this would also", v.Forecast, true)
	edits := make([][]string, 0, len(v.Follow))
	for i := range v.Follow {
		e := &v.Follow[i]
		edits = append(edits, []string{e.Edit.Ref().String(), e.Field.String(), short(change(e.Edit), 44), gateText(e.Gate), short(e.Because, 60)})
	}
	p.section("Edits that would follow", edits, every)
}

func observed(edits []plan.Planned) int {
	n := 0
	for i := range edits {
		if edits[i].Gate == plan.Observed {
			n++
		}
	}
	return n
}

// retied tells what of feedback the comparison leaves out, or brings in.
func (p *printer) retied(r *evidence.Retied) {
	switch {
	case r == nil:
		return
	case r.Tied:
		p.line("The rules that tie feedback to work differ, and it was tied anew for this comparison, in a copy of the store.")
	default:
		p.line("! The rules that tie feedback to work differ. All that follows counts evidence by the ties of today: scores, places, horizons")
		p.line("  and edits are without what the first run by the other rules would tie anew. --relink counts that too.")
	}
	p.line("  %s of %s would be tied otherwise, but for what people decided of a link.", thousands(r.Rows), plural(r.Looked, "row", "rows"))
	rows := make([][]string, 0, len(r.Targets))
	for _, t := range r.Targets {
		rows = append(rows, []string{t.Target, retieText(t)})
	}
	p.table(rows)
}

func retieText(t evidence.Retie) string {
	var words []string
	if t.More > 0 {
		words = append(words, "+"+thousands(t.More))
	}
	if t.Fewer > 0 {
		words = append(words, "−"+thousands(t.Fewer))
	}
	return strings.Join(words, " ")
}

func (a *app) showSensitivity(found []engine.Sensitivity, thresholds []engine.Threshold, f *whatIfFlags) error {
	if a.json {
		return a.printJSON(map[string]any{"top": f.top, "team": f.team, "numbers": append([]engine.Sensitivity{}, found...), "thresholds": append([]engine.Threshold{}, thresholds...)})
	}
	p := a.printer()
	of := "of all items"
	if f.team != "" {
		of = "of team " + f.team
	}
	p.line("How much each number of the rules may change before the first %d %s are others, by the score of a lens alone", f.top, of)
	p.line("(horizons, dwell and pins have no say). Tried from an eighth to eight times each number.\n")
	if len(found) == 0 {
		p.line("The rules name no weight, cap, prior, goal weight or half-life that scores depend on.")
		p.thresholds(thresholds)
		return p.err
	}
	rows := [][]string{{"number", "now", "lens", "another is first at", fmt.Sprintf("another is among the first %d at", f.top), ""}}
	for i := range found {
		s := &found[i]
		rows = append(rows, []string{s.Number, s.Value, s.Lens, swapText(s.First), swapText(s.Set), swapped(s.Set)})
	}
	p.table(rows)
	p.thresholds(thresholds)
	return p.err
}

// thresholds tells how far the tiers are from the nearest scores.
func (p *printer) thresholds(all []engine.Threshold) {
	rows := make([][]string, 0, len(all))
	for _, t := range all {
		rows = append(rows, []string{
			t.Number, fmt.Sprintf("%g", t.Value), fmt.Sprintf("at %g another priority for %s (%.1f points)", t.To, t.Ref, t.Score),
			plural(t.Within, "item", "items") + " within the band keep what they have",
		})
	}
	p.section("Least scores of priorities", rows, true)
}

func swapText(s *engine.Swap) string {
	if s == nil {
		return "never"
	}
	return fmt.Sprintf("%s (%+.1f %%)", s.Value, 100*(s.Factor-1))
}

func swapped(s *engine.Swap) string {
	if s == nil || len(s.In) == 0 {
		return ""
	}
	return strings.Join(s.In, ", ") + " for " + strings.Join(s.Out, ", ")
}
