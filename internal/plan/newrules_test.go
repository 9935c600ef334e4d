package plan_test

import (
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// changed is a plan of so many edits by new rules, judged by a guard that
// allows ten.
func changed(edits int, adapt func(*plan.Guard, *plan.Plan)) (*plan.Plan, plan.Turn) {
	p := &plan.Plan{Adopted: []plan.Entry{{}}}
	for i := range edits {
		id := string(rune('a' + i))
		p.Edits = append(p.Edits, plan.Planned{Edit: work.Edit{ID: id, Verb: work.SetField, Target: work.Target{RefID: work.RefID{Connector: "jira", ID: id}, Path: "priority"}}})
	}
	g := &plan.Guard{
		Instance: work.Auto, BrakeEdits: 10, Ledger: plan.NewLedger(nil), Rules: "new", Standing: plan.Standing{InForce: "old"},
		At: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
	}
	if adapt != nil {
		adapt(g, p)
	}
	g.Apply(p)
	return p, g.Turn
}

func TestChangedRulesAreHeldWhereTheBrakeWouldFire(t *testing.T) {
	t.Parallel()
	approved := func(n int) map[string]plan.Approval {
		all := map[string]plan.Approval{}
		for i := range n {
			all[string(rune('a'+i))] = plan.Approval{By: "ana"}
		}
		return all
	}
	for name, c := range map[string]struct {
		edits  int
		adapt  func(*plan.Guard, *plan.Plan)
		held   bool
		turn   plan.Turn
		braked int
	}{
		"few edits":                      {10, nil, false, plan.RulesTaken, 0},
		"too many":                       {11, nil, true, plan.RulesHeld, 11},
		"too many with those of today":   {8, func(g *plan.Guard, _ *plan.Plan) { g.Used = 3 }, true, plan.RulesHeld, 8},
		"held already, and fewer now":    {3, func(g *plan.Guard, _ *plan.Plan) { g.Standing.Held = "new" }, true, "", 3},
		"held already, and nothing left": {0, func(g *plan.Guard, _ *plan.Plan) { g.Standing.Held = "new" }, false, plan.RulesTaken, 0},
		"all approved":                   {12, func(g *plan.Guard, _ *plan.Plan) { g.Standing.Held, g.Approved = "new", approved(12) }, false, plan.RulesTaken, 0},
		"some approved":                  {12, func(g *plan.Guard, _ *plan.Plan) { g.Standing.Held, g.Approved = "new", approved(9) }, true, "", 3},
		"the first rules of all":         {11, func(g *plan.Guard, _ *plan.Plan) { g.Standing = plan.Standing{} }, false, plan.RulesTaken, 11},
		"the old rules are back":         {2, func(g *plan.Guard, _ *plan.Plan) { g.Standing = plan.Standing{InForce: "new", Held: "bad"} }, false, plan.RulesTaken, 0},
		"the same rules":                 {11, func(g *plan.Guard, _ *plan.Plan) { g.Standing.InForce = "new" }, false, "", 11},
		"without a brake":                {11, func(g *plan.Guard, _ *plan.Plan) { g.BrakeEdits = -1 }, false, plan.RulesTaken, 0},
		"only proposed":                  {11, func(g *plan.Guard, _ *plan.Plan) { g.Instance = work.Propose }, false, plan.RulesTaken, 0},
		"while writing is paused":        {11, func(g *plan.Guard, _ *plan.Plan) { g.Paused = true }, true, "", 0},
		"let out slowly":                 {11, func(g *plan.Guard, _ *plan.Plan) { g.Ramp = 2 }, false, plan.RulesTaken, 0},
		"in quiet hours": {11, func(g *plan.Guard, _ *plan.Plan) {
			quiet := work.Quiet{From: clock(t, "00:00"), To: clock(t, "23:59")}
			g.Calendar = plan.Calendar{Instance: work.Windows{Quiet: quiet}, Zone: time.UTC}
		}, true, plan.RulesHeld, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, turn := changed(c.edits, c.adapt)
			if p.RulesHeld != c.held || turn != c.turn || p.Count(plan.Braked) != c.braked {
				t.Errorf("held %t, turn %q, %d braked; want %t, %q, %d (%s)", p.RulesHeld, turn, p.Count(plan.Braked), c.held, c.turn, c.braked, p.Brake)
			}
			if c.held == (len(p.Adopted) > 0) {
				t.Errorf("held %t, and %d values are remembered as ours", c.held, len(p.Adopted))
			}
		})
	}
}
