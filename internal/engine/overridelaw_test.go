package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// anyWords draws what people say, sense and nonsense, about the records of a
// snapshot and about some that are not there.
func anyWords(t *rapid.T, snap *engine.Snapshot, kinds ...work.OverrideKind) {
	refs := []work.Ref{work.NewRef("jira", "gone", "PAY-99")}
	for _, r := range snap.Records {
		refs = append(refs, r.Ref)
	}
	values := map[work.OverrideKind][]string{
		work.Pin: {"1", "1", "2", "3", "7", "99", "0", "-1", "first"}, work.MoveHorizon: {"now", "next", "later", "soon", ""},
		work.SetPriority: {"1", "2", "4", "9", ""}, work.Objection: {""},
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "words") {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		snap.Overrides = append(snap.Overrides, work.Override{
			Number: int64(i + 1), Ref: rapid.SampledFrom(refs).Draw(t, "of"), Kind: kind, Value: rapid.SampledFrom(values[kind]).Draw(t, "value"),
			By: rapid.SampledFrom([]string{"ana", "cy"}).Draw(t, "by"), Reason: "so be it", At: day, Until: day.AddDate(0, 0, rapid.IntRange(1, 5).Draw(t, "days")),
		})
	}
}

func everyKind() []work.OverrideKind {
	return []work.OverrideKind{work.Pin, work.MoveHorizon, work.SetPriority, work.Objection}
}

func TestS4WithPeoplesWordsNothingIsLeftToDo(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		anyWords(t, &snap, everyKind()...)
		first := engine.Evaluate(rules, snap)
		second := engine.Evaluate(rules, apply(snap, &first, rules))
		if len(second.Plan.Edits) > 0 {
			t.Fatalf("after applying %+v\nthe second plan has %+v", first.Plan.Edits, second.Plan.Edits)
		}
		if a, b := places(&first), places(&second); !slices.Equal(a, b) {
			t.Fatalf("the order goes from %v to %v", a, b)
		}
	})
}

func places(o *engine.Outcome) []string {
	all := make([]string, 0, len(o.Items))
	for _, d := range o.Items {
		all = append(all, fmt.Sprint(d.Item.ID, " ", d.Place, " ", d.TeamPlace, " ", d.Horizon, " ", d.Tier))
	}
	return all
}

func TestS16TheOrderOfPeoplesWordsChangesNothing(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		anyWords(t, &snap, everyKind()...)
		a := engine.Evaluate(rules, snap)
		shuffled := snap
		shuffled.Records = rapid.Permutation(snap.Records).Draw(t, "records")
		shuffled.Overrides = rapid.Permutation(snap.Overrides).Draw(t, "overrides")
		if x, y := asText(t, a), asText(t, engine.Evaluate(rules, shuffled)); x != y {
			t.Fatalf("outcomes differ:\n%s\n%s", x, y)
		}
	})
}

// Where people pin, everybody else keeps the order that they have among each
// other, and nobody moves by more than there are pins.
func TestPinsMoveOthersByNoMoreThanTheShift(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		free := engine.Evaluate(rules, snap)
		anyWords(t, &snap, work.Pin)
		o := engine.Evaluate(rules, snap)
		pins := map[string]int{}
		for _, d := range o.Items {
			if d.Words != nil && d.Words.Place != nil {
				pins[d.Item.Team]++
			}
		}
		was := map[work.ItemID]*engine.Decided{}
		for _, d := range free.Items {
			was[d.Item.ID] = d
		}
		last := map[string]int{}
		for _, d := range o.Items {
			if d.Place == 0 {
				continue
			}
			before := was[d.Item.ID]
			if d.Words != nil && d.Words.Place != nil {
				continue
			}
			if moved := d.TeamPlace - before.TeamPlace; max(moved, -moved) > pins[d.Item.Team] {
				t.Fatalf("%s goes from %d to %d by %d pins", d.Item.Key(), before.TeamPlace, d.TeamPlace, pins[d.Item.Team])
			}
			if before.TeamPlace < last[d.Item.Team] {
				t.Fatalf("%s overtakes somebody who is not pinned", d.Item.Key())
			}
			if last[d.Item.Team] = before.TeamPlace; before.Tier != d.Tier || before.Horizon != d.Horizon {
				t.Fatalf("%s becomes %s %s, was %s %s", d.Item.Key(), d.Tier, d.Horizon, before.Tier, before.Horizon)
			}
		}
	})
}

// A word that is over leaves the world as if it had never been said. Of
// horizons this holds without a band and where no two items are worth the same:
// both are there to keep what was.
func TestAWordThatIsOverLeavesNoTrace(t *testing.T) {
	t.Parallel()
	steady := strings.NewReplacer("evidence.accounts", "item.reach", "owner: tandem\n", "owner: tandem\n    respect: respect\n").Replace(realistic(t))
	sharp := strings.NewReplacer("band: 5%", "band: 0%", "dwell: 7d", "dwell: 0d", "roadmap: {now", "roadmap: {band: 0%, dwell: 0d, now").Replace(steady)
	sharp = strings.NewReplacer("next: {method: wsjf, effort: item.effort}", "next: {method: expression, expression: 'item.value'}",
		"why: {method: rice, reach: item.reach, confidence: evidence.confidence, impact: 'item.impact ?? 1', effort: item.effort}",
		"why: {method: expression, expression: 'item.value'}").Replace(sharp)
	for name, c := range map[string]struct {
		rules *engine.Rules
		kinds []work.OverrideKind
	}{
		"places, priorities and objections": {compile(t, steady), []work.OverrideKind{work.Pin, work.SetPriority, work.Objection}},
		"horizons too":                      {compile(t, sharp), everyKind()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				silent := anyWorld(t)
				silent.Evidence = nil
				if name == "horizons too" { // those of GitHub alone have no value
					silent.Records = slices.DeleteFunc(silent.Records, func(r *work.Record) bool { return r.Connector == "github" })
				}
				for i, r := range silent.Records {
					if r.Connector == "jira" {
						r.Fields["customfield_2"] = work.NewNumber(float64(5 + i))
					}
				}
				told := silent
				anyWords(t, &told, c.kinds...)
				for range 7 {
					a, b := engine.Evaluate(c.rules, silent), engine.Evaluate(c.rules, told)
					silent, told = apply(silent, &a, c.rules), apply(told, &b, c.rules)
					silent.AsOf, told.AsOf = silent.AsOf.Add(24*time.Hour), told.AsOf.Add(24*time.Hour)
				}
				a, b := engine.Evaluate(c.rules, silent), engine.Evaluate(c.rules, told)
				if x, y := places(&a), places(&b); !slices.Equal(x, y) {
					t.Fatalf("without a word\n%v\nafter all are over\n%v", x, y)
				}
				if len(b.Plan.Edits) > 0 {
					t.Fatalf("edits are left: %+v", b.Plan.Edits)
				}
			})
		})
	}
}
