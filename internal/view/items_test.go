package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/internal/view"
	"tandem/internal/work"
)

// refs names items; what is hidden is named by its place.
func refs(items []view.Item) string {
	var all []string
	for i := range items {
		name := strings.TrimPrefix(items[i].Ref, "board:")
		if name == "" {
			name = fmt.Sprint("#", items[i].Place)
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func TestItemsAreSearchedAndFilteredByWhatTheVisitorSees(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	for _, c := range []struct {
		name  string
		query view.ItemsQuery
		// inside sees what is internal, all everything.
		inside, all string
	}{
		{"none", view.ItemsQuery{}, "#1 PAY-6 PAY-1 #4 PAY-2 WEB-1 PAY-9 PAY-3", "zqxPAY-4 PAY-6 PAY-1 zqxPAY-5 PAY-2 WEB-1 PAY-9 PAY-3"},
		{"key", view.ItemsQuery{Search: " pay-2 "}, "PAY-2", "PAY-2"},
		{"whole name", view.ItemsQuery{Search: "board:web"}, "WEB-1", "WEB-1"},
		{"title in other letters", view.ItemsQuery{Search: "größe DER export"}, "PAY-3", "PAY-3"},
		{"title", view.ItemsQuery{Search: "exporte"}, "PAY-3", "PAY-3"},
		{"hidden", view.ItemsQuery{Search: marker}, "", "zqxPAY-4 zqxPAY-5"},
		{"kind", view.ItemsQuery{Kind: "epic"}, "PAY-6 PAY-3", "PAY-6 zqxPAY-5 PAY-3"},
		{"priority", view.ItemsQuery{Priority: "1"}, "PAY-1", "zqxPAY-4 PAY-1"},
		{"team and ready", view.ItemsQuery{Team: "pay", Ready: new(true)}, "PAY-6 PAY-1 PAY-9", "zqxPAY-4 PAY-6 PAY-1 PAY-2 PAY-9"},
		{"not ready", view.ItemsQuery{Ready: new(false)}, "PAY-3", "zqxPAY-5 PAY-3"},
		{"role", view.ItemsQuery{Accountable: "pm", Team: "pay"}, "PAY-6 PAY-1 PAY-9 PAY-3", "zqxPAY-4 PAY-6 PAY-1 zqxPAY-5 PAY-2 PAY-9 PAY-3"},
		{"other role", view.ItemsQuery{Accountable: "po"}, "", ""},
		{"person", view.ItemsQuery{Person: "ana", Team: "web"}, "WEB-1", "WEB-1"},
		{"goal", view.ItemsQuery{Goal: "exporters"}, "PAY-6 PAY-1", "zqxPAY-4 PAY-6 PAY-1 PAY-2"},
		{"done too", view.ItemsQuery{Done: true, Search: "pay-7"}, "PAY-7", "PAY-7"},
		{"part", view.ItemsQuery{Page: view.Page{Offset: 3, Limit: 2}}, "#4 PAY-2", "zqxPAY-5 PAY-2"},
	} {
		for audience, want := range map[work.Audience]string{work.Internal: c.inside, work.Restricted: c.all} {
			got, err := h.visit(audience).Items(c.query)
			h.ok(err)
			same(t, c.name+" for "+audience.String(), want, refs(got.Items))
		}
	}
	for _, q := range []view.ItemsQuery{{}, {Search: marker}, {Kind: "story"}, {Person: "ana"}, {Goal: "exporters"}, {Done: true}} {
		h.safe(fmt.Sprintf("%+v", q), true, func(v *view.Visit) (any, error) { return v.Items(q) })
	}
	public, err := h.visit(work.Public).Items(view.ItemsQuery{Search: "pay"})
	h.ok(err)
	if got := public.Items; len(got) != 1 || got[0].Person != "" || got[0].Goal != "" || len(got[0].Links) != 1 {
		t.Errorf("the public sees %+v", got)
	}
}

func TestAnExplanationTellsWhatItTakesToClimbWithinTheAudience(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	again := issue("PAY-9", 8, work.Internal, fields{"effort": work.NewNumber(1)})
	again.Version, again.Touched = noon(), map[string]work.Touch{"value": {By: "u-cy", At: noon()}}
	other := issue("PAY-1", 91, work.Internal, fields{"effort": work.NewNumber(4), "needs": work.NewList("PAY-6", marker+"PAY-5")})
	other.Version = noon()
	h.read(again, other)
	h.pass(time.Minute)
	h.decide()
	x, err := h.visit(work.Internal).Explanation("board:PAY-9", 0)
	h.ok(err)
	if x.Climb == nil || len(x.Climb.Place) == 0 || len(x.Scores.Parts) == 0 {
		t.Fatalf("explained as %+v %+v", x.Climb, x.Scores)
	}
	if x.Since == nil || x.Since.To != 7 || x.Since.From != 6 || !strings.Contains(x.Since.Because, "value 12 → 8") {
		t.Errorf("moved %+v", x.Since)
	}
	by := map[string]string{}
	for _, in := range x.Inputs {
		by[in.Field] += in.By
	}
	same(t, "first step", "value 11 instead of 8", x.Climb.Place[0].Text)
	same(t, "who set the value", "cy", by["value"])
	for run := range int64(2) {
		for _, ref := range []string{"board:PAY-1", "board:PAY-6", "board:WEB-1", "board:PAY-3"} {
			for _, audience := range []work.Audience{work.Public, work.Internal} {
				x, err := h.visit(audience).Explanation(ref, run)
				if err != nil {
					continue // the public sees two of them
				}
				if text := fmt.Sprintf("%+v %+v %+v %+v", x.Climb, x.Inputs, x.Standing, x.Since); strings.Contains(text, marker) {
					t.Errorf("%s of run %d for %s: %s", ref, run, audience, text)
				}
				for _, in := range x.Inputs {
					if audience == work.Public && in.By != "" {
						t.Errorf("the public is told who set %s of %s", in.Field, ref)
					}
				}
			}
		}
	}
	hidden, err := h.visit(work.Internal).Explanation("board:PAY-2", 0)
	h.ok(err)
	if hidden.Climb != nil || hidden.Inputs != nil || hidden.Since != nil || hidden.Standing != nil {
		t.Errorf("what rests on feedback that is stricter is told: %+v", hidden)
	}
}
