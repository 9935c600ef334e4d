package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// anyRules draws a rule set with every setting that bears on stability turned
// by itself, and fields that the laws for one setting leave out: dates, a
// select field and a number of the order.
func anyRules(t *rapid.T) string {
	pick := func(name string, all ...string) string { return rapid.SampledFrom(all).Draw(t, name) }
	method := func(name string) string {
		return pick(name, "{method: rice}", "{method: ice}", "{method: wsjf}", "{method: cd3}", "{method: opportunity}", "{method: moscow}", "{method: value_effort}",
			"{method: weighted, weights: {value: 2, effort: -1}}", "{method: expression, expression: 'item.value ?? 1'}",
			"{method: expression, expression: '50'}", "{method: wsjf, effort: item.effort}")
	}
	horizonOwner := pick("horizon owner", "owner: tandem", "owner: tandem", "owner: jira\n    fill: tandem")
	return `
people: {ana: {jira: "1", github: ana}, cy: {jira: "2", github: cy}, lea: {jira: "3"}}
teams:
  pay:
    roles: {pm: ana, po: cy, leadership: lea}
    places: {jira: [PAY], github: [acme/pay]}
    write: auto
    capacity: {effort: ` + pick("effort", "5", "20", "40") + `, every: ` + pick("every", "1w", "2w", "30d") + `}
  ops: {roles: {pm: cy, po: cy}, places: {jira: [OPS]}, write: observe, capacity: {effort: 10, every: 2w}}
adopt: {set_by_person: ` + pick("adopt", "keep", "replace") + `, untouched_default: replace}
fields:
  priority:
    owner: tandem
    from: tiers
    ` + pick("respect", "respect: respect", "respect_for: 10d", "respect: overrule") + `
    jira: {field: priority, default: [Minor], values: {1: [Critical, Blocker], 2: [Major], 3: [Minor], 4: [Trivial]}}
    github: {label: 'priority/p{value}', reads: ['P{value}'], only: private}
  horizon:
    ` + horizonOwner + `
    jira: {` + pick("horizon at", "label: 'roadmap/{value}'", "label: 'roadmap/{value}'", "field: customfield_7") + `}
    github: {label: 'roadmap/{value}', allow: public}
  effort: {owner: jira, jira: {field: customfield_1}}
  value: {owner: jira, jira: {field: customfield_2}}
  severity: {owner: jira, jira: {field: customfield_3}}
  target_date: {owner: jira, jira: {field: customfield_5}}
  launch_date: {owner: jira, jira: {field: customfield_6}}
  place: {owner: tandem, jira: {field: customfield_8}}
  score: {owner: tandem, jira: {field: customfield_9}}
twins: {join: [marker, link, {key_at_start_of: github.title}]}
readiness:
  - {if: 'item.effort == unknown', because: 'no estimate'}
rank:
  why: ` + method("why") + `
  next: ` + method("next") + `
  order: ` + pick("order", "[horizon, next, why]", "[horizon, next, why]", "[next, why]", "[why]", "[horizon, why, next]") + `
  tiers: {of: ` + pick("tiers of", "next", "why") + `, 1: 80, 2: 60, 3: 30, 4: 0}
  unknown: ` + pick("unknown", "leave", "prior") + `
  band: ` + pick("band", "0%", "5%", "20%") + `
  dwell: ` + pick("dwell", "0d", "7d", "20d") + `
roadmap:
  band: ` + pick("roadmap band", "0%", "5%", "30%") + `
  dwell: ` + pick("roadmap dwell", "0d", "7d", "20d") + `
` + pick("horizons", "  now: {capacity: 1}\n  next: {capacity: 2}\n", "  now: {capacity: 1, frozen: true}\n  next: {capacity: 1}\n",
		"  quarters: {count: 2}\n", "  quarters: {count: 1, frozen: true}\n", "  months: {count: 3}\n") + `
route:
  labels: ` + pick("labels", "only_waiting", "always", "never") + `
  default: {accountable: pm, because: 'triage', within: 3d, escalate: ` + pick("escalate", "leadership", "{role: leadership, takes_over: true}") + `}
  routes:
    - {if: 'item.kind == "bug" && item.severity <= 2', accountable: po, because: 'severe', within: 5d, escalate: pm}
    - {if: 'item.horizon == "now" && item.priority == unknown', accountable: pm, because: 'now, without a priority', waiting: true}
    - {if: 'item.kind == "story"', accountable: po, because: 'backlog order'}
    - preset: pm-po
`
}

// anyMixedWorld draws what anyWorld does and, beside it, dates, fields that
// people fill, words, rejected proposals, and where items stood before.
func anyMixedWorld(t *rapid.T, rules *engine.Rules) engine.Snapshot {
	snap := anyWorld(t)
	snap.Evidence = nil // it decays, and moves items by itself
	horizons := []string{"now", "next", "later", "2026-Q3", "2026-Q4", "2027-Q1", "2026-11", "2026-12", "2031-Q1", "some day"}
	for _, r := range snap.Records {
		if r.Connector != "jira" {
			continue
		}
		for _, f := range []string{"customfield_5", "customfield_6"} {
			if days := rapid.SampledFrom([]int{0, 0, 0, -5, 3, 15, 29, 60, 400}).Draw(t, f); days != 0 {
				r.Fields[f] = work.NewText(day.AddDate(0, 0, days).Format(time.DateOnly))
			}
		}
		for _, f := range []string{"customfield_7", "customfield_8", "customfield_9"} {
			r.Fields[f] = work.Empty()
		}
		switch rapid.IntRange(0, 5).Draw(t, "person's horizon") {
		case 0:
			r.Fields["customfield_7"] = work.NewText(rapid.SampledFrom(horizons).Draw(t, "horizon"))
		case 1:
			r.Fields["labels"] = work.NewList(append(r.Fields["labels"].List(), "roadmap/"+rapid.SampledFrom(horizons).Draw(t, "horizon"))...)
		}
	}
	anyWords(t, &snap, everyKind()...)
	for i := range snap.Overrides {
		if o := &snap.Overrides[i]; o.Kind == work.MoveHorizon {
			o.Value = rapid.SampledFrom(horizons).Draw(t, "moved to")
		}
	}
	first := engine.Evaluate(rules, snap)
	if rapid.Bool().Draw(t, "rejects") {
		ids := map[string]bool{}
		for i := range first.Plan.Edits {
			ids[first.Plan.Edits[i].ID] = rapid.IntRange(0, 3).Draw(t, "no") == 0
		}
		snap.Rejected = plan.Reject(first.Plan.Edits, ids)
	}
	snap.Previous, snap.Identities = map[work.ItemID]engine.Previous{}, map[work.RefID]work.ItemID{}
	for _, d := range first.Items {
		for _, p := range d.Item.Parts {
			snap.Identities[p.RefID] = d.Item.ID
		}
		if d.Place == 0 || rapid.IntRange(0, 2).Draw(t, "known before") == 0 {
			continue
		}
		ago := func(name string) time.Time { return day.AddDate(0, 0, -rapid.IntRange(0, 25).Draw(t, name)) }
		snap.Previous[d.Item.ID] = engine.Previous{
			Place: rapid.IntRange(1, 20).Draw(t, "place"), Tier: rapid.SampledFrom([]string{"", "1", "2", "3", "4", "7"}).Draw(t, "tier"), TierSince: ago("tier since"),
			Horizon: rapid.SampledFrom(append(slices.Clone(horizons), "")).Draw(t, "was in"), HorizonSince: ago("horizon since"),
			Route: d.Route.Key(), RouteSince: ago("route since"), Score: 50,
		}
	}
	return snap
}

// Whatever settings and people's words come together: once a plan is applied,
// nothing is left to do that day, and nobody changes its place, horizon or
// priority (promise S4).
func TestS4WithAllSettingsTogetherNothingIsLeftToDo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := anyRules(t)
		rules, err := tryCompile(text)
		if err != nil {
			t.Fatalf("%s: %s", text, err)
		}
		snap := anyMixedWorld(t, rules)
		first := engine.Evaluate(rules, snap)
		next := apply(snap, &first, rules)
		second := engine.Evaluate(rules, next)
		if len(second.Plan.Edits)+len(second.Plan.Adopted) > 0 {
			t.Fatalf("%s\nafter applying %+v\nthe second plan has %+v\nand adopts %+v", text, first.Plan.Edits, second.Plan.Edits, second.Plan.Adopted)
		}
		if a, b := places(&first), places(&second); !slices.Equal(a, b) {
			t.Fatalf("%s\nthe order goes from\n%s\nto\n%s", text, strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	})
}

func TestS16WithAllSettingsTogetherOrderChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules, err := tryCompile(anyRules(t))
		if err != nil {
			t.Fatal(err)
		}
		snap := anyMixedWorld(t, rules)
		shuffled := snap
		shuffled.Records = rapid.Permutation(snap.Records).Draw(t, "records")
		shuffled.Overrides = rapid.Permutation(snap.Overrides).Draw(t, "overrides")
		shuffled.Ledger = rapid.Permutation(snap.Ledger).Draw(t, "ledger")
		shuffled.Rejected = rapid.Permutation(snap.Rejected).Draw(t, "rejected")
		a, b := engine.Evaluate(rules, snap), engine.Evaluate(rules, shuffled)
		if x, y := asText(t, a), asText(t, b); x != y {
			t.Fatalf("outcomes differ:\n%s\n%s", x, y)
		}
		if x, y := fmt.Sprintf("%+v", a.Run(0, rules, "").Placements), fmt.Sprintf("%+v", b.Run(0, rules, "").Placements); x != y {
			t.Fatalf("what is remembered differs:\n%s\n%s", x, y)
		}
		for _, o := range []*engine.Outcome{&a, &b} {
			o.Stability = o.Compare(snap.Previous, engine.Last{})
		}
		if diff := cmp.Diff(a.Stability, b.Stability, cmpopts.IgnoreUnexported(engine.Move{})); diff != "" {
			t.Fatalf("steadiness differs:\n%s", diff)
		}
	})
}

// Rules that a person has not looked at leave no trace: nothing goes out, the
// places stay what they were, and on the day when the old rules are back
// nothing is left to do.
func TestS4RulesThatAreHeldLeaveEverythingAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, other := anyRules(t), anyRules(t)
		old, err := tryCompile(text)
		if err != nil {
			t.Fatal(err)
		}
		changed, err := tryCompile(other)
		if err != nil {
			t.Fatal(err)
		}
		snap := anyMixedWorld(t, old)
		first := engine.Evaluate(old, snap)
		snap = apply(snap, &first, old)
		guard := plan.Guard{Instance: work.Auto, BrakeEdits: 0, Rules: "changed"}
		snap.Standing = plan.Standing{InForce: "old"}
		held := engine.Evaluate(changed, snap)
		held.Gate(guard, snap)
		wants := len(held.Plan.Edits) > 0
		if wants != held.Plan.RulesHeld {
			return // nothing to be held, or observed only
		}
		for i := range held.Plan.Edits {
			if held.Plan.Edits[i].Gate == plan.Ready {
				t.Fatalf("it goes out: %+v", held.Plan.Edits[i])
			}
		}
		run := held.Run(0, changed, "")
		if wants {
			if diff := cmp.Diff(snap.Previous, run.Placements); diff != "" {
				t.Fatalf("held rules move places (-want +got):\n%s", diff)
			}
			if len(held.Plan.Adopted) > 0 {
				t.Fatalf("held rules adopt: %+v", held.Plan.Adopted)
			}
			snap.Previous, snap.Identities = run.Placements, run.Identities
			back := engine.Evaluate(old, snap)
			if a, b := places(&first), places(&back); len(back.Plan.Edits) > 0 || !slices.Equal(a, b) {
				t.Fatalf("the old rules are back and want %+v\nfrom\n%s\nto\n%s", back.Plan.Edits, strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
		}
	})
}

// Where nothing decays, and no date, agreed time, word or respect ends, thirty
// idle days move nothing, under whatever settings.
func TestThirtyIdleDaysMoveNothingWithAllSettingsTogether(t *testing.T) {
	t.Parallel()
	settle := strings.NewReplacer("respect_for: 10d", "respect: respect", ", within: 3d", "", ", within: 5d", "",
		", escalate: leadership", "", ", escalate: {role: leadership, takes_over: true}", "", ", escalate: pm", "")
	rapid.Check(t, func(t *rapid.T) {
		text := settle.Replace(anyRules(t))
		rules, err := tryCompile(text)
		if err != nil {
			t.Fatal(err)
		}
		snap := anyMixedWorld(t, rules)
		snap.AsOf = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC) // a quarter, and a month but for its last day
		for _, r := range snap.Records {
			r.Fields["customfield_5"], r.Fields["customfield_6"] = work.Empty(), work.Empty()
			r.Created = snap.AsOf.AddDate(0, 0, -1)
		}
		snap.Previous = nil
		for i := range snap.Overrides {
			snap.Overrides[i].Until = snap.AsOf.AddDate(1, 0, 0)
		}
		first := engine.Evaluate(rules, snap)
		snap = apply(snap, &first, rules)
		was := places(&first)
		for n := range 30 {
			o := engine.Evaluate(rules, snap)
			if len(o.Plan.Edits) > 0 {
				t.Fatalf("%s\nidle day %d gives %+v", text, n, o.Plan.Edits)
			}
			if now := places(&o); !slices.Equal(was, now) {
				t.Fatalf("%s\non idle day %d from\n%s\nto\n%s", text, n, strings.Join(was, "\n"), strings.Join(now, "\n"))
			}
			snap = apply(snap, &o, rules)
			snap.AsOf = snap.AsOf.Add(24 * time.Hour)
		}
	})
}
