package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

const wordRules = `
teams:
  pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY], github: [acme/pay]}, capacity: {effort: 4, every: 2w}}
  ops: {roles: {pm: ana, po: ana}, places: {jira: [OPS]}}
people: {ana: {jira: u-ana}}
fields:
  value: {owner: jira, jira: {field: customfield_1}}
  effort: {owner: jira, jira: {field: customfield_2}}
  dependencies: {owner: jira, jira: {field: customfield_3}}
  priority:
    owner: tandem
    jira: {field: priority, values: {1: [High], 2: [Medium], 3: [Low]}}
    github: {label: 'priority/p{value}'}
  horizon: {owner: tandem, jira: {label: 'roadmap/{value}'}}
  rank: {owner: tandem, jira: {backlog: true}}
rank: {method: expression, expression: 'item.value', order: [horizon, next], band: 0%, dwell: 0d, tiers: {of: next, 1: 80, 2: 50, 3: 0}}
roadmap: {now: {capacity: 1}, next: {capacity: 1}, later: {}, band: 0%}
route: {default: {accountable: pm, because: triage}}
`

// letters is a team's issues, the dearest first, two in a horizon, and one issue
// x of another team between the second and the third.
func letters(ids string) engine.Snapshot {
	snap := ranked(ids, ids)
	snap.Backlogs[0].Confirmed = nil
	for _, r := range snap.Records {
		r.Fields["customfield_2"], r.Fields["customfield_3"], r.Fields["priority"] = work.NewNumber(2), work.Empty(), work.Empty()
	}
	snap.Records = append(snap.Records, &work.Record{
		Ref: work.NewRef("jira", "x", "OPS-x"), Place: "OPS", Audience: work.Internal, Created: day,
		Fields: map[string]work.Value{"labels": work.Empty(), "status_category": work.NewText("new"), "customfield_1": work.NewNumber(50)},
	})
	return snap
}

// words reads "KIND ID [VALUE]", one word each, the first one said first.
func words(lines ...string) []work.Override {
	all := make([]work.Override, 0, len(lines))
	for i, line := range lines {
		parts := strings.Fields(line)
		o := work.Override{
			Number: int64(i + 1), Ref: work.NewRef("jira", parts[1], "PAY-"+parts[1]), By: []string{"ana", "cy", "dee", "eve"}[i%4],
			Reason: "so be it", At: day.Add(10 * time.Hour), Until: day.AddDate(0, 0, 14),
		}
		if id, twin := strings.CutPrefix(parts[1], "#"); twin {
			o.Ref = work.NewRef("github", id, "acme/pay#"+id)
		}
		if err := o.Kind.UnmarshalText([]byte(parts[0])); err != nil {
			panic(err)
		}
		if len(parts) > 2 {
			o.Value = parts[2]
		}
		all = append(all, o)
	}
	return all
}

// order is the order of a team as letters, with a stroke between horizons.
func order(o engine.Outcome, team string) string {
	text, horizon := "", ""
	for _, d := range o.Items {
		if d.Item.Team != team || d.Place == 0 {
			continue
		}
		if text != "" && horizon != d.Horizon {
			text += "|"
		}
		text, horizon = text+d.Item.Parts[0].ID, d.Horizon
	}
	return text
}

func doubts(o engine.Outcome) []string {
	all := []string{}
	for _, f := range o.Plan.Findings {
		all = append(all, f.Subject+": "+f.What)
	}
	return all
}

func TestWhatPeoplePinStandsWhereTheySay(t *testing.T) {
	t.Parallel()
	rules := compile(t, wordRules)
	cases := []struct {
		name  string
		words []string
		want  string
		told  []string
	}{
		{"nobody says anything", nil, "ab|cd|ef", nil},
		{"within the horizon", []string{"place b 1"}, "ba|cd|ef", nil},
		{"to the front", []string{"place e 1"}, "e|ab|cd|f", []string{"jira:PAY-e place: pinned at place 1 by ana: it stands among now, although its horizon is later"}},
		{"to the end", []string{"place a 6"}, "b|cd|ef|a", []string{"jira:PAY-a place: pinned at place 6 by ana: it stands among later, although its horizon is now"}},
		{"with its horizon", []string{"place e 1", "horizon e now"}, "ea|bc|df", nil},
		{"two of them", []string{"place b 1", "place a 2"}, "ba|cd|ef", nil},
		{"two at one place", []string{"place a 1", "place b 1"}, "ba|cd|ef", []string{
			"jira:PAY-a place: pinned at place 1 by ana: it stands at place 2, since jira:PAY-b has its place by the later word, pinned at place 1 by cy",
		}},
		{"the other way round", []string{"place b 1", "place a 1"}, "ab|cd|ef", []string{
			"jira:PAY-b place: pinned at place 1 by ana: it stands at place 2, since jira:PAY-a has its place by the later word, pinned at place 1 by cy",
		}},
		{"beyond the end", []string{"place f 99"}, "ab|cd|ef", []string{"jira:PAY-f place: pinned at place 99 by ana: that is place 6: the team has no more items"}},
		{"no place", []string{"place a 0", "place a x"}, "ab|cd|ef", []string{
			"jira:PAY-a place: pinned at place 0 by ana: ignored: a place is a number from 1 on",
			"jira:PAY-a place: pinned at place x by cy: ignored: a place is a number from 1 on",
		}},
		{"twice of one issue", []string{"place a 2", "place a 1"}, "ab|cd|ef", []string{
			"jira:PAY-a place: pinned at place 1 by cy: this counts, and no longer the earlier word, pinned at place 2 by ana at jira:PAY-a",
		}},
		{"horizons that nobody knows", []string{"horizon a soon", "priority a 9"}, "ab|cd|ef", []string{
			"jira:PAY-a horizon: moved to soon by ana: ignored: the rules know no such horizon",
			"jira:PAY-a priority: set to 9 by cy: ignored: the rules know no such priority",
		}},
		{"a horizon uses capacity", []string{"horizon f now"}, "af|bc|de", nil},
		{"what is gone says nothing", []string{"place z 1", "objection z"}, "ab|cd|ef", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			snap := letters("abcdef")
			snap.Overrides = words(c.words...)
			o := engine.Evaluate(rules, snap)
			if diff := cmp.Diff(c.want, order(o, "pay")); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, c.told...), doubts(o)); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if x, _ := o.FindKey("OPS-x"); x.Place != 7 || x.TeamPlace != 1 {
				t.Errorf("the other team's item comes to place %d, %d of its team", x.Place, x.TeamPlace)
			}
			slices.Reverse(snap.Overrides)
			if diff := cmp.Diff(c.want, order(engine.Evaluate(rules, snap), "pay")); diff != "" {
				t.Errorf("read in another order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPinAgainstADependencyIsTold(t *testing.T) {
	t.Parallel()
	rules := compile(t, wordRules)
	for _, c := range []struct{ word, want string }{
		{"place c 1", "it stands before jira:PAY-a, which must come first"},
		{"place a 3", "it stands behind jira:PAY-c, which needs it first"},
	} {
		snap := letters("abc")
		snap.Records[2].Fields["customfield_3"] = work.NewList("PAY-a", "PAY-gone")
		snap.Overrides = words(strings.Replace(c.word, " 3", " 3", 1), "horizon a now", "horizon b now", "horizon c now")
		o := engine.Evaluate(rules, snap)
		if len(o.Plan.Findings) != 1 || !strings.Contains(o.Plan.Findings[0].What, c.want) {
			t.Errorf("%s: %+v", c.word, o.Plan.Findings)
		}
	}
}

// A word travels as what Tandem derives does: to all mapped places, with who
// said it and why, and never to a looser place than its item.
func TestAPersonsWordTravelsWithItsReason(t *testing.T) {
	t.Parallel()
	rules := compile(t, wordRules)
	snap := letters("abcd")
	snap.Overrides = words("priority d 1", "horizon d now")
	because := map[string]string{}
	o := engine.Evaluate(rules, snap)
	for _, e := range o.Plan.Edits {
		if e.Target.ID == "d" && e.Verb != work.MoveInBacklog {
			because[e.Field.String()+" "+e.Target.Element+e.Value.String()] = e.Because
		}
	}
	want := map[string]string{
		"priority High":           "set to 1 by ana until 2026-12-04: so be it",
		"horizon roadmap/nowtrue": "moved to now by cy until 2026-12-04: so be it",
	}
	if diff := cmp.Diff(want, because); diff != "" {
		t.Errorf("because (-want +got):\n%s", diff)
	}
	d, _ := o.FindKey("PAY-d")
	if want := "moved to now by cy until 2026-12-04: so be it; uses 2 of now's 4"; d.HorizonBecause != want || d.HorizonFixed || d.Tier != "1" {
		t.Errorf("%q, fixed %v, tier %s", d.HorizonBecause, d.HorizonFixed, d.Tier)
	}
	for _, f := range []work.Field{work.Priority, work.Horizon} {
		if w := engine.WishOf(rules, d, f); w.Audience != work.Internal {
			t.Errorf("%s is %s", f, w.Audience)
		}
	}
}

// What a person set in a service, and the label hands-off, win over a word.
func TestS1AndHandsOffWinOverAPersonsWord(t *testing.T) {
	t.Parallel()
	rules := compile(t, wordRules)
	snap := letters("ab")
	snap.Records[0].Fields["priority"] = work.NewText("Low")
	snap.Records[1].Fields["labels"] = work.NewList(plan.HandsOffLabel)
	snap.Ledger = []plan.Entry{{Target: work.Target{RefID: snap.Records[0].RefID, Path: "priority"}, Value: work.NewText("Medium"), Written: true}}
	snap.Overrides = words("priority a 1", "horizon b later", "place b 1", "priority b 2")
	o := engine.Evaluate(rules, snap)
	held := map[string]work.Cause{}
	for _, h := range o.Plan.Holds {
		held[h.Key+" "+h.Field.String()] = h.Cause
	}
	want := map[string]work.Cause{"PAY-a priority": work.ChangedByPerson, "PAY-b horizon": work.HandsOff, "PAY-b priority": work.HandsOff, "PAY-b rank": work.HandsOff}
	if diff := cmp.Diff(want, held); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	if told := doubts(o); len(told) == 0 || !strings.Contains(told[0], "does not count: 3 stands there") || o.Plan.Findings[0].Remedy != "let the word count: tandem release jira:PAY-a priority; or end it: tandem override jira:PAY-a --end" {
		t.Errorf("told %q", o.Plan.Findings)
	}
	snap.Released = []plan.Release{{Slot: plan.SlotRef{Ref: snap.Records[0].RefID, Field: work.Priority}}}
	released := engine.Evaluate(rules, snap)
	if !slices.ContainsFunc(released.Plan.Edits, func(e plan.Planned) bool { return e.Target.ID == "a" && e.Value == work.NewText("High") }) {
		t.Errorf("released, the word does not count: %+v", released.Plan.Edits)
	}
}

func TestAnObjectionHoldsWhatIsDerivedUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	rules := compile(t, wordRules)
	snap := letters("abc")
	snap.Backlogs[0].IDs = []string{"c", "a", "b"}
	free := engine.Evaluate(rules, snap)
	snap.Overrides = words("objection c", "objection c")
	o := engine.Evaluate(rules, snap)
	for _, e := range o.Plan.Edits {
		if e.Target.ID == "c" {
			t.Errorf("written all the same: %+v", e)
		}
	}
	held := []string{}
	for _, h := range o.Plan.Holds {
		held = append(held, fmt.Sprint(h.Key, " ", h.Field, " ", h.Cause, " ", h.By, ": ", h.Detail))
	}
	const detail = " objection ana: objected to by ana until 2026-12-04: so be it; objected to by cy until 2026-12-04: so be it"
	if diff := cmp.Diff([]string{"PAY-c horizon" + detail, "PAY-c priority" + detail, "PAY-c rank" + detail}, held); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	snap.AsOf = day.AddDate(0, 0, 14)
	over := engine.Evaluate(rules, snap)
	if len(over.Plan.Edits) != len(free.Plan.Edits) || len(over.Plan.Holds) > 0 {
		t.Errorf("when it is over: %d edits, %d without it, holds %+v", len(over.Plan.Edits), len(free.Plan.Edits), over.Plan.Holds)
	}
}

// Twins that join bring the words of both: the later one counts.
func TestTheLaterWordOfTwoTwinsCounts(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.Replace(wordRules, "rank: {method", "twins: {join: [{key_at_start_of: github.title}]}\nrank: {method", 1))
	snap := letters("abc")
	snap.Records[2].Key = "PAY-3"
	snap.Records = append(snap.Records, &work.Record{
		Ref: work.NewRef("github", "7", "acme/pay#7"), Place: "acme/pay", Audience: work.Internal, Created: day,
		Fields: map[string]work.Value{"labels": work.Empty(), "state": work.NewText("open"), "title": work.NewText("PAY-3: twin")},
	})
	snap.Overrides = words("place c 1", "place #7 2", "priority #7 1")
	o := engine.Evaluate(rules, snap)
	d, _ := o.FindKey("PAY-3")
	if d.TeamPlace != 2 || d.Tier != "1" || len(d.Words.All()) != 2 || len(d.Words.Doubts) == 0 ||
		d.Words.Doubts[0].What != "pinned at place 2 by cy: this counts, and no longer the earlier word, pinned at place 1 by ana at jira:PAY-c" {
		t.Errorf("place %d, tier %s, %+v", d.TeamPlace, d.Tier, d.Words.Doubts)
	}
	wrote := 0
	for _, e := range o.Plan.Edits {
		if e.Item == d.Item.ID && e.Field == work.Priority && strings.HasPrefix(e.Because, "set to 1 by dee") {
			wrote++
		}
	}
	if wrote != 2 {
		t.Errorf("written at %d of both twins: %+v", wrote, o.Plan.Edits)
	}
}

const voiceRules = `
teams: {pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY]}}}
people: {ana: {jira: u-ana}}
fields:
  value: {owner: jira, jira: {field: customfield_1}}
  title: {owner: jira, jira: {field: summary}}
  priority: {owner: tandem, jira: {field: priority, values: {1: [High], 2: [Medium], 3: [Low]}}}
evidence: {half_life: {default: 30d}}
rank: {method: expression, expression: '(item.value ?? 0) + min(evidence.weight, 1)', order: [next], band: 0%, dwell: 0d, tiers: {of: next, 1: 80, 2: 50, 3: 0}}
route: {default: {accountable: pm, because: triage}}
`

// A rejected proposal comes back when what it was made of changes, and not by
// the clock.
func TestARejectedProposalReturnsOnlyWhenItsInputsChange(t *testing.T) {
	t.Parallel()
	rules := compile(t, voiceRules)
	said := func(account string) evidence.Day {
		return evidence.Day{Key: evidence.Key{Target: "jira:PAY-a", Account: account, Method: work.Survey, Day: evidence.DayNumber(day) - 3}, Count: 1, Audience: work.Internal}
	}
	world := func() engine.Snapshot {
		snap := letters("ab")
		snap.Evidence = []evidence.Day{said("globex")}
		return snap
	}
	rejected := world()
	o := engine.Evaluate(rules, rejected)
	ids := map[string]bool{}
	for _, e := range o.Plan.Edits {
		ids[e.ID] = e.Target.ID == "a"
	}
	var no []plan.Rejection
	for _, r := range plan.Reject(o.Plan.Edits, ids) {
		r.By, r.Because, r.At, r.Inputs = "ana", "not now", day, o.InputsOf(rules, r.Slot)
		no = append(no, r)
	}
	if len(no) != 1 || no[0].Inputs == "" {
		t.Fatalf("rejected %+v", no)
	}
	cases := []struct {
		name   string
		change func(*engine.Snapshot)
		back   bool
	}{
		{"nothing", func(*engine.Snapshot) {}, false},
		{"half a year", func(s *engine.Snapshot) { s.AsOf = day.AddDate(0, 6, 0) }, false},
		{"a title", func(s *engine.Snapshot) { s.Records[0].Fields["summary"] = work.NewText("other") }, false},
		{"another item", func(s *engine.Snapshot) { s.Records[1].Fields["customfield_1"] = work.NewNumber(100) }, false},
		{"another voice", func(s *engine.Snapshot) { s.Evidence = append(s.Evidence, said("initech")) }, true},
		{"what ranking reads", func(s *engine.Snapshot) { s.Records[0].Fields["customfield_1"] = work.NewNumber(91) }, true},
		{"what stands there", func(s *engine.Snapshot) {
			s.Records[0].Fields["priority"] = work.NewText("Low")
			s.Ledger = []plan.Entry{{Target: work.Target{RefID: s.Records[0].RefID, Path: "priority"}, Value: work.NewText("Low"), Written: true}}
		}, true},
		{"a person's word", func(s *engine.Snapshot) { s.Overrides = words("priority a 1") }, true},
		{"an override of another field", func(s *engine.Snapshot) { s.Overrides = words("place a 2") }, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			snap := world()
			snap.Rejected = no
			c.change(&snap)
			o := engine.Evaluate(rules, snap)
			back := slices.ContainsFunc(o.Plan.Edits, func(e plan.Planned) bool { return e.Target.ID == "a" && e.Field == work.Priority })
			held := slices.ContainsFunc(o.Plan.Holds, func(h work.Hold) bool { return h.Target.ID == "a" && h.Cause == work.RejectedEdit })
			if back != c.back || held == back {
				t.Errorf("comes back %v, held %v", back, held)
			}
		})
	}
	another := compile(t, strings.Replace(voiceRules, ", 1)", ", 2)", 1))
	snap := world()
	snap.Rejected = no
	if o := engine.Evaluate(another, snap); len(o.Plan.Holds) > 0 {
		t.Errorf("by other rules of ranking it is another proposal: %+v", o.Plan.Holds)
	}
}
