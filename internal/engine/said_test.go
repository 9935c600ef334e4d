package engine_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

func TestAWordInForceIsNoChangeInEachRun(t *testing.T) {
	t.Parallel()
	rules := compile(t, wordRules)
	snap := letters("abcdef")
	snap.Overrides = words("priority c 1", "place b 1", "horizon d now")
	first := engine.Evaluate(rules, snap)
	next, last := after(rules, snap, &first)
	now := engine.Evaluate(rules, next)
	if s := now.Compare(next.Previous, last); s == nil || s.Priorities+s.Horizons+s.Moved != 0 {
		t.Errorf("the second run moves %+v", s)
	}
}

func TestAskingWhatItTakesDoubtsNoWordAgain(t *testing.T) {
	t.Parallel()
	rules := compile(t, wordRules)
	snap := letters("abcdef")
	snap.Overrides = words("place a 1", "place b 1", "place e 2")
	o := engine.Evaluate(rules, snap)
	at := slices.IndexFunc(o.Items, func(d *engine.Decided) bool { return d.Item.Key() == "jira:PAY-e" })
	told := func() (n int) {
		for _, d := range o.Items {
			if d.Words != nil {
				n += len(d.Words.Doubts)
			}
		}
		return n
	}
	before := told()
	o.Climb(rules, &snap, o.Items[at])
	if before == 0 || told() != before {
		t.Errorf("%d doubts before, %d after", before, told())
	}
}

// What Tandem wrote stands in the records like what a person wrote; it must not
// be told as somebody's.
func TestAHorizonThatTandemWroteIsNobodysWord(t *testing.T) {
	t.Parallel()
	rules := compile(t, wordRules)
	snap := letters("abcdef")
	first := engine.Evaluate(rules, snap)
	next, last := after(rules, snap, &first)
	labelled := snap
	labelled.Records = slices.Clone(snap.Records)
	for i, r := range labelled.Records {
		if r.Key == "PAY-b" {
			c := *r
			c.Fields = maps.Clone(r.Fields)
			c.Fields["labels"] = work.NewList("roadmap/now")
			labelled.Records[i] = &c
		}
	}
	next.Overrides = words("horizon b later")
	next.Overrides[0].At = last.At.Add(time.Hour)
	then, o := engine.Evaluate(rules, labelled), engine.Evaluate(rules, next)
	s := o.Compare(next.Previous, last)
	s.Attribute(rules, &o, &then, &next, last)
	for _, m := range s.Moves {
		if m.Ref == "jira:PAY-b" && m.Because != "a person said otherwise (horizon)" {
			t.Errorf("because %q", m.Because)
		}
	}
	if len(s.Moves) == 0 {
		t.Error("nothing moved")
	}
}

func TestWhatWaitsForAcceptanceGoesOnce(t *testing.T) {
	t.Parallel()
	rules := compile(t, strings.Replace(wordRules, "route: {default", `route: {routes: [{if: 'item.status == "done"', accountable: po, because: accept it, waiting: true}], default`, 1))
	snap := letters("abc")
	snap.Records = slices.Clone(snap.Records)
	done := *snap.Records[1]
	done.Fields = maps.Clone(done.Fields)
	done.Fields["status_category"] = work.NewText("done")
	snap.Records[1] = &done
	first := engine.Evaluate(rules, snap)
	next, last := after(rules, snap, &first)
	now := engine.Evaluate(rules, next)
	if s := now.Compare(next.Previous, last); s == nil || s.Came+s.Went != 0 {
		t.Errorf("finished before, and told again: %+v", s)
	}
}
