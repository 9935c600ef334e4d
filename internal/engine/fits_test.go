package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/engine"
	"tandem/internal/work"
)

const sprintRules = `
people: {ana: {jira: a}}
teams:
  pay: {roles: {pm: ana}, places: {jira: [PAY]}, capacity: {effort: 20, every: 2w}}
  ops: {roles: {pm: ana}, places: {jira: [OPS]}}
fields:
  value: {owner: jira, jira: {field: {name: Value, id: customfield_1}}}
  effort: {owner: jira, jira: {field: {name: Effort, id: customfield_2}}}
  dependencies: {owner: jira, jira: {field: {name: Needs, id: customfield_4}}}
  sprint: {owner: jira, jira: {field: sprint}}
readiness: [{if: 'item.severity == 1', because: 'no acceptance criteria'}]
rank: {method: expression, expression: 'item.value', order: [next]}
route: {default: {accountable: pm, because: triage}}
`

// sprintWorld reads "KEY value effort [sprint=N/state] [needs=KEY] [kind=K]
// [status=S]".
func sprintWorld(lines ...string) engine.Snapshot {
	snap := engine.Snapshot{AsOf: day}
	for i, line := range lines {
		words := strings.Fields(line)
		r := &work.Record{Ref: work.NewRef("jira", fmt.Sprintf("%03d", i+1), words[0]), Place: "PAY", Audience: work.Internal, Created: day, Fields: map[string]work.Value{
			"summary": work.NewText("Do " + words[0]), "status_category": work.NewText("new"), "labels": work.Empty(), "sprint": work.Empty(), work.NativeSprintState: work.Empty(),
		}}
		number := func(name, text string) {
			var f float64
			if _, err := fmt.Sscan(text, &f); err == nil {
				r.Fields[name] = work.NewNumber(f)
			}
		}
		number("customfield_1", words[1])
		number("customfield_2", words[2])
		for _, word := range words[3:] {
			switch key, value, _ := strings.Cut(word, "="); key {
			case "sprint":
				name, state, _ := strings.Cut(value, "/")
				r.Fields["sprint"], r.Fields[work.NativeSprintState] = work.NewText(strings.ReplaceAll(name, "_", " ")), work.NewText(state)
			case "needs":
				r.Fields["customfield_4"] = work.NewText(value)
			case "kind":
				r.Fields["issuetype"] = work.NewText(value)
			case "status":
				r.Fields["status_category"] = work.NewText(value)
			}
		}
		snap.Records = append(snap.Records, r)
	}
	return snap
}

func shownFits(all []engine.Fit) string {
	var texts []string
	for _, f := range all {
		text := f.Item.Item.Parts[0].Key
		if f.Because != "" {
			text += " (" + f.Because + ")"
		}
		if f.Past != nil {
			text += " past " + f.Past.Item.Parts[0].Key
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

func TestWhatFitsIntoTheNextSprint(t *testing.T) {
	t.Parallel()
	rules := compile(t, sprintRules)
	o := engine.Evaluate(rules, sprintWorld(
		"PAY-1 90 5", "PAY-2 85 ?", "PAY-3 80 30", "PAY-4 75 4 needs=PAY-9", "PAY-5 70 3 needs=PAY-1", "PAY-6 65 3 sprint=Payments_9/active",
		"PAY-7 60 2 sprint=Payments_10/future", "PAY-8 55 1 sprint=Payments_11/future", "PAY-9 50 16", "PAY-10 45 1", "PAY-11 40 5 kind=Epic",
		"PAY-12 30 1 status=done needs=PAY-1", "PAY-13 20 2 sprint=Payments_9/active status=done",
	))
	all, findings := o.Fits(rules, "", engine.NextSprint)
	if len(all) != 1 || len(findings) != 1 || findings[0].Subject != "team ops" || findings[0].Remedy == "" {
		t.Fatalf("got %d teams, findings %+v", len(all), findings)
	}
	f := all[0]
	got := []string{
		fmt.Sprintf("%s: %v of %v left, %v used, coming %v", f.Sprint, f.Room, f.Capacity, f.Used, f.Coming),
		shownFits(f.Carried), shownFits(f.Planned), shownFits(f.Fit), shownFits(f.Miss),
	}
	want := []string{
		"Payments 10: 15 of 20 left, 9 used, coming [Payments 10 Payments 11]",
		"PAY-6", "PAY-7",
		"PAY-1, PAY-5 past PAY-9, PAY-10 past PAY-9",
		"PAY-2 (no estimate), PAY-3 (too large for one period: 30 of 20; split it), PAY-9 (no room: 10 of 20 left, this needs 16), " +
			"PAY-4 (it needs PAY-9 first), PAY-8 (it is planned in Payments 11), PAY-11 (it is an epic: its parts go into sprints)",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("fits (-want +got):\n%s", d)
	}

	all, _ = o.Fits(rules, "pay", "Payments 11")
	if f := all[0]; f.Sprint != "Payments 11" || shownFits(f.Planned) != "PAY-8" || f.Room != 16 {
		t.Errorf("Payments 11 has %s, room for %v", shownFits(f.Planned), f.Room)
	}
	all, _ = o.Fits(rules, "pay", "Payments 99")
	if f := all[0]; len(f.Notes) != 1 || !strings.Contains(f.Notes[0], "nothing of the team is in Payments 99") {
		t.Errorf("notes %q", f.Notes)
	}
}

func TestWithoutSprintsWhatIsInProgressCounts(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.ReplaceAll(sprintRules, "  sprint: {owner: jira, jira: {field: sprint}}\n", ""))
	o := engine.Evaluate(rules, sprintWorld("PAY-1 90 5 status=indeterminate", "PAY-2 80 8", "PAY-3 70 8"))
	all, _ := o.Fits(rules, "pay", engine.NextSprint)
	f := all[0]
	if shownFits(f.Carried) != "PAY-1" || shownFits(f.Fit) != "PAY-2" || len(f.Notes) != 1 || !strings.Contains(f.Notes[0], "sprint: {owner: jira") {
		t.Errorf("got %+v", f)
	}
}

// TestATeamThatPlansInNoSprintsCarriesOverWhatIsInProgress: others of the firm may,
// so that the rules read sprints.
func TestATeamThatPlansInNoSprintsCarriesOverWhatIsInProgress(t *testing.T) {
	t.Parallel()
	rules := compile(t, sprintRules)
	for sprint, want := range map[string]string{
		"":                          "PAY-1 | PAY-2, PAY-3 | nothing of the team is in a sprint, so what is in progress counts as carried over",
		" sprint=Payments_9/active": "PAY-3 | PAY-1, PAY-2 | ", " sprint=Payments_9/future": " | PAY-1, PAY-2 | ",
	} {
		o := engine.Evaluate(rules, sprintWorld("PAY-1 90 5 status=indeterminate", "PAY-2 80 8", "PAY-3 70 7"+sprint))
		all, _ := o.Fits(rules, "pay", engine.NextSprint)
		if got := fmt.Sprintf("%s | %s | %s", shownFits(all[0].Carried), shownFits(all[0].Fit), strings.Join(all[0].Notes, "; ")); got != want {
			t.Errorf("%q: got %q, want %q", sprint, got, want)
		}
	}
}

func TestWhatIsNotReadyDoesNotFit(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.ReplaceAll(sprintRules, "'item.severity == 1'", "'item.value < 80'"))
	o := engine.Evaluate(rules, sprintWorld("PAY-1 90 5", "PAY-2 70 5"))
	all, _ := o.Fits(rules, "pay", engine.NextSprint)
	if got := shownFits(all[0].Miss); got != "PAY-2 (not ready: no acceptance criteria)" {
		t.Error(got)
	}
}

func TestFitsNeverTakesMoreThanThereIsRoom(t *testing.T) {
	t.Parallel()
	rules := compile(t, sprintRules)
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for i := range rapid.IntRange(0, 20).Draw(t, "items") {
			line := fmt.Sprintf("PAY-%d %d %d", i+1, rapid.IntRange(1, 99).Draw(t, "value"), rapid.IntRange(0, 25).Draw(t, "effort"))
			switch rapid.IntRange(0, 5).Draw(t, "sprint") {
			case 0:
				line += " sprint=A/active"
			case 1:
				line += " sprint=B/future"
			}
			if rapid.Bool().Draw(t, "needs") {
				line += fmt.Sprintf(" needs=PAY-%d", rapid.IntRange(1, 20).Draw(t, "need"))
			}
			lines = append(lines, line)
		}
		snap := sprintWorld(lines...)
		o := engine.Evaluate(rules, snap)
		all, _ := o.Fits(rules, "pay", engine.NextSprint)
		f := all[0]
		if f.Used > f.Room+1e-9 || len(f.Carried)+len(f.Planned)+len(f.Fit)+len(f.Miss) != len(lines) {
			t.Fatalf("%v of %v used; %+v", f.Used, f.Room, f)
		}
		mixed := snap
		mixed.Records = rapid.Permutation(snap.Records).Draw(t, "mixed")
		other := engine.Evaluate(rules, mixed)
		again, _ := other.Fits(rules, "pay", engine.NextSprint)
		if shownFits(f.Fit) != shownFits(again[0].Fit) || shownFits(f.Miss) != shownFits(again[0].Miss) {
			t.Fatal("another order of records, another answer")
		}
	})
}
