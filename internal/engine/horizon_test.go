package engine_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// quarterly are the rules of realistic with quarters in place of now and next.
func quarterly(tb testing.TB) string {
	tb.Helper()
	text := regexp.MustCompile(`(?m)^roadmap:.*$`).ReplaceAllString(realistic(tb), "roadmap: {quarters: {count: 2}}")
	if !strings.Contains(text, "quarters") {
		tb.Fatal("the rules have no roadmap")
	}
	return text
}

func TestLawsHoldWithQuarters(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.ReplaceAll(quarterly(t), "evidence.accounts", "item.reach"))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		snap.Evidence = nil
		snap.AsOf = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
		for _, r := range snap.Records { // some were in a quarter before
			if label := rapid.SampledFrom([]string{"", "", "roadmap/2026-Q3", "roadmap/2026-Q4", "roadmap/2031-Q1", "roadmap/later"}).Draw(t, "label"); label != "" {
				r.Fields["labels"] = work.NewList(append(r.Fields["labels"].List(), label)...)
			}
		}
		first := engine.Evaluate(rules, snap)
		for _, e := range first.Plan.Edits {
			if e.Field == work.Horizon && !strings.HasPrefix(e.Target.Element, "roadmap/20") && e.Target.Element != "roadmap/later" {
				t.Fatalf("an edit outside the quarters: %+v", e)
			}
		}
		snap = apply(snap, &first, rules)
		for n := range 30 { // the same day once more, and idle ones
			o := engine.Evaluate(rules, snap)
			for _, e := range o.Plan.Edits {
				if e.Field == work.Horizon {
					t.Fatalf("day %d: %+v", n, e)
				}
			}
			snap = apply(snap, &o, rules)
			snap.AsOf = snap.AsOf.Add(24 * time.Hour)
		}
	})
}

func TestHorizonsRememberSinceWhen(t *testing.T) {
	t.Parallel()
	rules := compile(t, sprintRules+"roadmap: {now: {capacity: 1}}\n")
	snap := sprintWorld("PAY-1 90 15", "PAY-2 80 15")
	first := engine.Evaluate(rules, snap)
	next := apply(snap, &first, rules)
	next.AsOf = day.AddDate(0, 0, 3)
	o := engine.Evaluate(rules, next)
	for _, d := range o.Items {
		if !d.HorizonSince().Equal(day) || d.Horizon != map[string]string{"PAY-1": "now", "PAY-2": "later"}[d.Item.Parts[0].Key] {
			t.Errorf("%s is %s since %s", d.Item.Key(), d.Horizon, d.HorizonSince())
		}
	}
	// The order turns round: within the dwell nobody moves, after it both do.
	turned := sprintWorld("PAY-1 10 15", "PAY-2 80 15")
	for after, want := range map[int]string{3: "now later", 10: "later now"} {
		again := turned
		again.Previous, again.Identities, again.AsOf = next.Previous, next.Identities, day.AddDate(0, 0, after)
		o := engine.Evaluate(rules, again)
		one, _ := o.FindKey("jira:PAY-1")
		two, _ := o.FindKey("jira:PAY-2")
		if got := one.Horizon + " " + two.Horizon; got != want {
			t.Errorf("after %d days: %s, want %s (%s; %s)", after, got, want, one.HorizonBecause, two.HorizonBecause)
		}
	}
}

func TestWhatTheRoadmapCannotKeepIsTold(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.ReplaceAll(sprintRules, "places: {jira: [OPS]}}", "places: {jira: [OPS]}, capacity: {effort: 20, every: 2w}}")+
		"roadmap: {now: {capacity: 1}}\n")
	snap := sprintWorld("PAY-1 90 5 needs=OPS-1", "PAY-2 80 5", "OPS-1 10 10", "OPS-2 90 15")
	for _, r := range snap.Records {
		r.Place, _, _ = strings.Cut(r.Key, "-")
	}
	snap.Records[1].Fields["duedate"] = work.NewText("2026-11-01")
	o := engine.Evaluate(rules, snap)
	d, _ := o.FindKey("jira:PAY-1")
	if want := "effort 5 fits in now (10 of 20 planned); at risk: it needs OPS-1 of team ops first, which is later"; d.HorizonBecause != want {
		t.Errorf("got %q, want %q", d.HorizonBecause, want)
	}
	var told []string
	for _, f := range o.Plan.Findings {
		told = append(told, f.Subject+": "+f.What)
		if f.Remedy == "" {
			t.Errorf("no remedy: %+v", f)
		}
	}
	if want := "jira:PAY-1 horizon: at risk: it needs OPS-1 of team ops first, which is later"; strings.Join(told, "\n") != want {
		t.Errorf("told %q, want %q", told, want)
	}

	// What is stricter than the item has no name.
	snap.Records[2].Audience = work.Restricted
	o = engine.Evaluate(rules, snap)
	if d, _ = o.FindKey("jira:PAY-1"); strings.Contains(d.HorizonBecause, "OPS-1") || !strings.Contains(d.HorizonBecause, "restricted work") {
		t.Error(d.HorizonBecause)
	}
}

func TestTheAdviceAndTheRulesNeverWriteASprint(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.ReplaceAll(sprintRules, "sprint: {owner: jira, jira: {field: sprint}}", "sprint: {owner: github, github: {field: title}, jira: {field: {name: Sprint, id: customfield_10020}}}"))
	slot := rules.Program().Rule(work.Sprint).Slot("jira", "PAY")
	if slot == nil || slot.Writable {
		t.Errorf("a sprint could be written: %+v", slot)
	}
	for _, w := range rules.Writes("jira", []string{"PAY"}, day) {
		if w.Path == "customfield_10020" {
			t.Errorf("%+v is written", w)
		}
	}
}
