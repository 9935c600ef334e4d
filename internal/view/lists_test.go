package view_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tandem/internal/view"
	"tandem/internal/work"
)

func TestListsNameWhatSomebodyShouldDoSomethingAbout(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	for _, c := range []struct {
		kind                view.ListKind
		public, inside, all string
	}{
		{view.NotReady, "PAY-3", "PAY-3", "zqxPAY-5 PAY-3"},
		{view.MissingEffort, "PAY-3", "PAY-3", "zqxPAY-5 PAY-3"},
		{view.Unaccepted, "", "PAY-7", "PAY-7 zqxPAY-8"},
		{view.EpicsWithoutGoal, "", "PAY-3", "zqxPAY-5 PAY-3"},
		{view.Blocked, "", "PAY-1", "PAY-1"},
	} {
		for audience, want := range map[work.Audience]string{work.Public: c.public, work.Internal: c.inside, work.Restricted: c.all} {
			list, err := h.visit(audience).List(view.ListQuery{Kind: c.kind, Team: "pay"})
			h.ok(err)
			items := []view.Item{}
			for i := range list.Items {
				items = append(items, list.Items[i].Item)
				if len(list.Items[i].Because) == 0 {
					t.Errorf("%s: nobody says why %s", c.kind, list.Items[i].Ref)
				}
			}
			same(t, string(c.kind)+" for "+audience.String(), want, refs(items))
			same(t, "total", len(items), list.Total)
		}
		h.safe(string(c.kind), true, func(v *view.Visit) (any, error) { return v.List(view.ListQuery{Kind: c.kind}) })
		other, err := h.visit(work.Restricted).List(view.ListQuery{Kind: c.kind, Team: "web"})
		h.ok(err)
		same(t, "of another team", 0, other.Total)
	}
	blocked, err := h.visit(work.Internal).List(view.ListQuery{Kind: view.Blocked})
	h.ok(err)
	same(t, "why", []string{"it needs board:PAY-6 first", "it needs restricted work first"}, blocked.Items[0].Because)
	same(t, "what", "PAY-6 #1", refs(blocked.Items[0].Needs))
	_, err = h.visit(work.Internal).List(view.ListQuery{Kind: "late"})
	if p, ok := errors.AsType[*view.Problem](err); !ok || p.Status != 400 || !strings.Contains(p.Remedy, "not_ready") {
		t.Errorf("an unknown list is answered with %v", err)
	}
}

func TestGoalsTellWhatPullsToThem(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	all, err := h.visit(work.Restricted).Goals("")
	h.ok(err)
	inside, err := h.visit(work.Internal).Goals("pay")
	h.ok(err)
	told := func(g view.Goals) string {
		text := fmt.Sprintf("%d, %d without:", g.Top, g.Without)
		for _, one := range g.Goals {
			text += fmt.Sprintf(" %s ×%v %d/%d %.2f", one.Name, one.Weight, one.Items, one.Top, one.Share)
		}
		return text
	}
	same(t, "all", "8, 4 without: exporters ×2 4/4 0.50 growth ×1 0/0 0.00", told(all))
	same(t, "inside", "4, 2 without: exporters ×2 2/2 0.50 growth ×1 0/0 0.00", told(inside))
	same(t, "words", []string{"export errors per week", "< 10", "2026-Q4", "export"}, append([]string{all.Goals[0].Measure, all.Goals[0].Target, all.Goals[0].Period}, all.Goals[0].Themes...))
	public, err := h.visit(work.Public).Goals("")
	h.ok(err)
	same(t, "the public", view.Goals{Goals: []view.Goal{}}, public)
	h.safe("goals", false, func(v *view.Visit) (any, error) { return v.Goals("") })
}

func TestTheRoadmapTellsHorizonsAndCapacity(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	told := func(audience work.Audience, q view.RoadmapQuery) []string {
		all, err := h.visit(audience).Roadmap(q)
		h.ok(err)
		var lines []string
		for _, r := range all {
			lines = append(lines, fmt.Sprintf("%s %v %s hides %d", r.Team, r.Capacity, r.Every, r.Restricted))
			for _, lane := range r.Lanes {
				items := []view.Item{}
				for i := range lane.Cards {
					items = append(items, lane.Cards[i].Item)
				}
				line := fmt.Sprintf("  %s: %s", lane.Horizon, refs(items))
				if lane.Capacity != nil {
					line += fmt.Sprintf(" (%v of %v)", *lane.Used, *lane.Capacity)
				}
				lines = append(lines, line)
			}
		}
		return lines
	}
	same(t, "all", []string{
		"pay 6 14d hides 0", "  now: zqxPAY-4 PAY-6 (4 of 6)", "  next: PAY-1 zqxPAY-5 PAY-2 PAY-9 PAY-3 (11 of 12)", "  later: ",
		"web 0  hides 0", "  now: ", "  next: ", "  later: WEB-1",
	}, told(work.Restricted, view.RoadmapQuery{}))
	same(t, "inside", []string{"pay 6 14d hides 3", "  now: PAY-6 (4 of 6)", "  next: PAY-1 PAY-9 PAY-3 (11 of 12)", "  later: "}, told(work.Internal, view.RoadmapQuery{Team: "pay"}))
	same(t, "public", []string{"pay 0  hides 0", "  next: PAY-3"}, told(work.Public, view.RoadmapQuery{Team: "pay", Horizon: "next"}))
	same(t, "part", []string{"pay 6 14d hides 3", "  next: PAY-9 (11 of 12)"}, told(work.Internal, view.RoadmapQuery{Team: "pay", Horizon: "next", Page: view.Page{Offset: 1, Limit: 1}}))
	h.safe("roadmap", true, func(v *view.Visit) (any, error) { return v.Roadmap(view.RoadmapQuery{}) })

	// What is used is what the reasons of the rules say.
	all, err := h.visit(work.Restricted).Roadmap(view.RoadmapQuery{Team: "pay"})
	h.ok(err)
	for _, lane := range all[0].Lanes {
		for _, card := range lane.Cards {
			if lane.Capacity == nil {
				continue
			}
			if want := fmt.Sprintf("%s (%v of %v planned", lane.Horizon, *lane.Used, *lane.Capacity); !strings.Contains(card.Because, want) {
				t.Errorf("%s is there because %q, want %q in it", card.Ref, card.Because, want)
			}
		}
	}
}

func TestFeedbackIsTriagedByWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	h.say(work.Internal, "f1 invoices come late, faster please")
	h.say(work.Restricted, marker+"f2 invoices are slow")
	h.say(work.Public, "f3 do pay-1 please")
	told := func(audience work.Audience) (all []string) {
		s, err := h.visit(audience).Suggestions(view.SuggestionsQuery{})
		h.ok(err)
		for _, f := range s.Feedback {
			line := f.Feedback.Ref + ":"
			for _, g := range f.Suggestions {
				line += " " + g.Ref
			}
			all = append(all, line)
		}
		return all
	}
	inside := told(work.Internal)
	if len(inside) != 2 || !strings.HasPrefix(inside[0], "voices:f3:") || !strings.Contains(inside[1], "voices:f1: board:PAY-9") {
		t.Errorf("inside sees %q", inside)
	}
	same(t, "the public sees", 1, len(told(work.Public)))
	same(t, "all", 3, len(told(work.Restricted)))
	h.safe("suggestions", true, func(v *view.Visit) (any, error) { return v.Suggestions(view.SuggestionsQuery{}) })

	first, err := h.visit(work.Restricted).Suggestions(view.SuggestionsQuery{Limit: 1})
	h.ok(err)
	second, err := h.visit(work.Restricted).Suggestions(view.SuggestionsQuery{Limit: 1, Before: first.Before})
	h.ok(err)
	same(t, "page by page", []string{"voices:f3", "voices:" + marker + "f2"}, []string{first.Feedback[0].Feedback.Ref, second.Feedback[0].Feedback.Ref})

	linked, err := h.visit(work.Internal).AcceptLink("voices:f1", "board:PAY-9")
	h.ok(err)
	same(t, "linked", view.Linked{Of: "voices:f1", Ref: "board:PAY-9", Verdict: work.LinkAccepted}, linked)
	same(t, "left", 1, len(told(work.Internal)))
	_, err = h.visit(work.Internal).RefuseLink("voices:f3", "board:PAY-1")
	h.ok(err)
	if left := told(work.Internal); slices.ContainsFunc(left, func(s string) bool { return strings.Contains(s, "PAY-1") }) {
		t.Errorf("suggested again: %q", left)
	}
	_, err = h.visit(work.Internal).ForgetLink("voices:f1", "board:PAY-9")
	h.ok(err)
	same(t, "left then", 2, len(told(work.Internal)))
	same(t, "the daemon was woken", 3, h.woke)

	viewer := h.desk.Visit(t.Context(), view.Who{Name: "web:v", Role: view.Viewer, Audience: work.Restricted})
	for what, err := range map[string]error{
		"403": second2(viewer.AcceptLink("voices:f1", "board:PAY-9")),
		"404": second2(h.visit(work.Internal).AcceptLink("voices:"+marker+"f2", "board:PAY-3")),
		// What is hidden cannot be told from what is not there.
		"404 ":  second2(h.visit(work.Internal).AcceptLink("voices:f1", "board:"+marker+"PAY-4")),
		"404  ": second2(h.visit(work.Internal).ForgetLink("voices:f1", "board:PAY-9")),
	} {
		p, ok := errors.AsType[*view.Problem](err)
		if !ok || fmt.Sprint(p.Status) != strings.TrimSpace(what) || strings.Contains(p.Error(), marker) || p.Remedy == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func second2[T any](_ T, err error) error { return err }
