package engine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// realistic is a rule set with every section in use.
func realistic(tb testing.TB) string {
	tb.Helper()
	b, err := os.ReadFile("testdata/realistic.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// anyWorld draws a snapshot: records in every state, people's values, old
// ledger lines, feedback.
func anyWorld(t *rapid.T) engine.Snapshot {
	snap := engine.Snapshot{AsOf: day}
	n := rapid.IntRange(1, 12).Draw(t, "records")
	for i := range n {
		jira := rapid.Bool().Draw(t, "jira")
		r := &work.Record{Place: "PAY", Audience: rapid.SampledFrom([]work.Audience{work.Internal, work.Internal, work.Restricted}).Draw(t, "audience"), Created: day.AddDate(0, 0, -i), Fields: map[string]work.Value{}}
		r.Ref = work.NewRef("jira", fmt.Sprint(i), fmt.Sprintf("PAY-%d", i))
		status := rapid.SampledFrom([]string{"new", "new", "indeterminate", "done"}).Draw(t, "status")
		if !jira {
			r.Ref, r.Place = work.NewRef("github", fmt.Sprint(i), fmt.Sprintf("acme/pay#%d", i)), "acme/pay"
			r.Audience = rapid.SampledFrom([]work.Audience{work.Public, work.Internal, work.UnknownAudience}).Draw(t, "audience")
			r.Fields["title"] = work.NewText(rapid.SampledFrom([]string{"x", "PAY-0: x", "PAY-1: x", "[PAY-2] x", "PAY-3 x"}).Draw(t, "title"))
			r.Fields["state"] = work.NewText(map[string]string{"done": "closed"}[status])
			if status != "done" {
				r.Fields["state"] = work.NewText("open")
			}
		} else {
			r.Fields["summary"], r.Fields["status_category"] = work.NewText("item"), work.NewText(status)
			r.Fields["issuetype"] = work.NewText(rapid.SampledFrom([]string{"Bug", "Story", "Epic"}).Draw(t, "kind"))
			r.Fields["priority"] = rapid.SampledFrom([]work.Value{{}, work.Empty(), work.NewText("Major"), work.NewText("Minor"), work.NewText("Blocker"), work.NewText("Odd")}).Draw(t, "priority")
			r.Fields["blocked_by"] = work.NewList(rapid.SliceOfN(rapid.SampledFrom([]string{"PAY-0", "PAY-1", "jira:PAY-2", "acme/pay#3", "PAY-99"}), 0, 2).Draw(t, "blocked by")...)
			for _, f := range []string{"customfield_1", "customfield_2", "customfield_3"} {
				r.Fields[f] = rapid.SampledFrom([]work.Value{work.Empty(), work.NewNumber(1), work.NewNumber(2), work.NewNumber(8), work.NewNumber(13), work.NewText("many")}).Draw(t, f)
			}
		}
		r.Fields["labels"] = work.NewList(rapid.SliceOfN(rapid.SampledFrom([]string{"roadmap/now", "roadmap/later", "roadmap/idea", "priority/p1", "P2", "team", "role/po", "tandem/hands-off"}), 0, 3).Draw(t, "labels")...)
		snap.Records = append(snap.Records, r)
		for _, e := range []plan.Entry{
			{Target: work.Target{RefID: r.RefID, Path: "priority"}, Value: work.NewText("Major"), Written: true},
			{Target: work.Target{RefID: r.RefID, Path: "labels", Element: "roadmap/now"}, Value: work.NewFlag(true), Written: true},
			{Target: work.Target{RefID: r.RefID, Path: "labels", Element: "priority/p1"}, Value: work.NewFlag(false), Written: true},
		} {
			if rapid.IntRange(0, 3).Draw(t, "ledger") == 0 {
				snap.Ledger = append(snap.Ledger, e)
			}
		}
		if rapid.Bool().Draw(t, "voice") {
			snap.Evidence = append(snap.Evidence, evidence.Day{Key: evidence.Key{Target: r.String(), Account: "a", Method: work.Survey, Day: evidence.DayNumber(day) - 3}, Count: 2, Audience: work.Internal})
		}
	}
	return snap
}

func TestS4ApplyingAPlanLeavesNothingToDo(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		first := engine.Evaluate(rules, snap)
		next := apply(snap, &first, rules)
		second := engine.Evaluate(rules, next)
		if len(second.Plan.Edits) > 0 {
			t.Fatalf("after applying %+v\nthe second plan has %+v", first.Plan.Edits, second.Plan.Edits)
		}
		if len(second.Plan.Adopted) > 0 {
			t.Fatalf("the second plan adopts again: %+v", second.Plan.Adopted)
		}
	})
}

func TestS16TheOrderOfRecordsChangesNothing(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		a := engine.Evaluate(rules, snap)
		shuffled := snap
		shuffled.Records = rapid.Permutation(snap.Records).Draw(t, "records")
		shuffled.Ledger = rapid.Permutation(snap.Ledger).Draw(t, "ledger")
		shuffled.Evidence = rapid.Permutation(snap.Evidence).Draw(t, "evidence")
		b := engine.Evaluate(rules, shuffled)
		if x, y := asText(t, a), asText(t, b); x != y {
			t.Fatalf("outcomes differ:\n%s\n%s", x, y)
		}
	})
}

func asText(t *rapid.T, o engine.Outcome) string {
	b, err := json.Marshal(o.Plan)
	if err != nil {
		t.Fatal(err)
	}
	return describe(o) + string(b)
}

func TestS3ApplyingTwiceEqualsApplyingOnce(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		o := engine.Evaluate(rules, snap)
		once := apply(snap, &o, rules)
		twice := apply(once, &o, rules)
		for i := range once.Records {
			for k, v := range once.Records[i].Fields {
				if twice.Records[i].Fields[k] != v {
					t.Fatalf("%s %s: %v once, %v twice", once.Records[i].Ref, k, v, twice.Records[i].Fields[k])
				}
			}
		}
	})
}

func TestS2NothingOutsideMappedFieldsAndOwnedLabelsIsEverWritten(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		o := engine.Evaluate(rules, snap)
		for _, e := range o.Plan.Edits {
			owned := e.Target.Path == "priority" && e.Target.Connector == "jira" ||
				strings.HasPrefix(e.Target.Element, "roadmap/") && e.Target.Element != "roadmap/idea" ||
				strings.HasPrefix(e.Target.Element, "priority/p") || strings.HasPrefix(e.Target.Element, "role/")
			if !owned {
				t.Fatalf("edit outside what is mapped: %+v", e)
			}
		}
	})
}

func TestS5ARecordThatIsNotReadIsNotAbsence(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		snap.Stale = []string{"github"}
		for _, e := range engine.Evaluate(rules, snap).Plan.Edits {
			if e.Target.Connector == "github" {
				t.Fatalf("an edit goes to a connector that could not be read: %+v", e)
			}
		}
	})
}

func TestS7NothingStricterReachesALooserPlace(t *testing.T) {
	t.Parallel()
	rules := compile(t, realistic(t))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		o := engine.Evaluate(rules, snap)
		for _, e := range o.Plan.Edits {
			d, _ := o.Find(e.Target.RefID)
			part, _ := d.Item.Part(e.Target.Connector)
			if part.Audience == work.UnknownAudience {
				t.Fatalf("written where nobody knows who reads: %+v", e)
			}
			named := e.Field == work.Horizon && d.Item.Audience == work.Internal // horizon says allow: public
			if !d.Item.Audience.Reaches(part.Audience) && !named {
				t.Fatalf("%s data of %s goes to a %s place: %+v", d.Item.Audience, d.Item.Key(), part.Audience, e)
			}
		}
	})
}

func TestThirtyIdleDaysMoveNoOrderUnderUndecayedInputs(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(realistic(t), "evidence.accounts", "item.reach")
	rules := compile(t, strings.ReplaceAll(text, "owner: tandem\n", "owner: tandem\n    respect: respect\n"))
	rapid.Check(t, func(t *rapid.T) {
		snap := anyWorld(t)
		snap.Evidence = nil
		first := engine.Evaluate(rules, snap)
		snap = apply(snap, &first, rules)
		for range 30 {
			snap.AsOf = snap.AsOf.Add(24 * time.Hour)
			o := engine.Evaluate(rules, snap)
			if len(o.Plan.Edits) > 0 {
				t.Fatalf("an idle day gives edits: %+v", o.Plan.Edits)
			}
			snap = apply(snap, &o, rules)
		}
	})
}
