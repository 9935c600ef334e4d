package view_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"tandem/internal/view"
	"tandem/internal/work"
)

// crowded is a house with so many issues of two teams, of which every tenth is
// restricted, and with a run that kept where they stand.
func crowded(b *testing.B, n int) *house {
	b.Helper()
	h := built(b, rulesText)
	var page []work.Record
	for i := range n {
		audience, key := work.Internal, fmt.Sprintf("PAY-%d", i)
		if i%10 == 0 {
			audience = work.Restricted
		}
		if i%2 == 0 {
			key = fmt.Sprintf("WEB-%d", i)
		}
		more := fields{"summary": work.NewText(fmt.Sprintf("Let the export of invoices number %d be as fast as people expect", i)), "effort": work.NewNumber(float64(i%8 + 1))}
		if i%5 == 0 {
			more["theme"] = work.NewText("export")
		}
		if i%20 == 1 {
			more["needs"] = work.NewList(fmt.Sprintf("PAY-%d", i+20))
		}
		if page = append(page, issue(key, float64(i%97), audience, more)); len(page) == 5000 || i == n-1 {
			h.read(page...)
			page = nil
		}
	}
	h.say(work.Internal, "f1 the export of invoices is slow")
	h.decide()
	return h
}

func BenchmarkPages(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		h := crowded(b, n)
		_, err := h.visit(work.Internal).Items(view.ItemsQuery{})
		h.ok(err)
		for name, ask := range map[string]func(*view.Visit) error{
			"first": func(v *view.Visit) error { return second2(v.Items(view.ItemsQuery{Since: noon()})) },
			"last":  func(v *view.Visit) error { return second2(v.Items(view.ItemsQuery{Page: view.Page{Offset: n - 100}})) },
			"search": func(v *view.Visit) error {
				return second2(v.Items(view.ItemsQuery{Search: "nowhere to be found"}))
			},
			"search_name": func(v *view.Visit) error { return second2(v.Items(view.ItemsQuery{Search: "größe"})) },
			"mine": func(v *view.Visit) error {
				return second2(v.Items(view.ItemsQuery{Person: "ana", Team: "pay", Ready: new(true)}))
			},
			"goals":       func(v *view.Visit) error { return second2(v.Goals("")) },
			"roadmap":     func(v *view.Visit) error { return second2(v.Roadmap(view.RoadmapQuery{})) },
			"blocked":     func(v *view.Visit) error { return second2(v.List(view.ListQuery{Kind: view.Blocked})) },
			"not_ready":   func(v *view.Visit) error { return second2(v.List(view.ListQuery{Kind: view.NotReady})) },
			"suggestions": func(v *view.Visit) error { return second2(v.Suggestions(view.SuggestionsQuery{Limit: 20})) },
			"explanation": func(v *view.Visit) error { return second2(v.Explanation("board:PAY-77", 0)) },
			"inbox":       func(v *view.Visit) error { return second2(v.Inbox(view.InboxQuery{})) },
			"tension":     func(v *view.Visit) error { return second2(v.Tension(view.TensionQuery{})) },
			"fits":        func(v *view.Visit) error { return second2(v.Fits(view.FitsQuery{})) },
			"plan":        func(v *view.Visit) error { return second2(v.Plan(view.PlanQuery{})) },
			"status":      func(v *view.Visit) error { return second2(v.Status()) },
			"health":      func(v *view.Visit) error { return second2(v.Health()) },
			"folds":       func(v *view.Visit) error { return second2(v.Folds(view.PlanQuery{})) },
			"holds":       func(v *view.Visit) error { return second2(v.Holds(view.HoldsQuery{})) },
			"shipped": func(v *view.Visit) error {
				return second2(v.Shipped(view.ShippedQuery{Since: noon().AddDate(0, 0, -30)}))
			},
			"outline":  func(v *view.Visit) error { return second2(v.Outline(nil, 20)) },
			"themes":   func(v *view.Visit) error { return second2(v.Themes("")) },
			"movement": func(v *view.Visit) error { return second2(v.Movement(noon().AddDate(0, 0, -1), "")) },
			"trails":   func(v *view.Visit) error { return second2(v.Trails("", 20, noon().AddDate(0, 0, -30))) },
			"load":     func(v *view.Visit) error { return second2(v.Load()) },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					h.ok(ask(h.visit(work.Internal)))
				}
			})
			b.Run(fmt.Sprintf("%s_anew/%d", name, n), func(b *testing.B) { h.anew(b, ask) })
		}
	}
}

// anew asks at once after something was stored, where the desk is kept up to
// date beside the visitors.
func (h *house) anew(b *testing.B, ask func(*view.Visit) error) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	var group sync.WaitGroup
	group.Go(func() { h.desk.Keep(ctx) })
	defer group.Wait()
	defer cancel()
	h.ok(ask(h.visit(work.Internal)))
	for b.Loop() {
		b.StopTimer()
		h.pass(time.Second)
		changed := issue("PAY-77", float64(h.clock().Second()), work.Internal, nil)
		changed.Version = h.clock()
		h.read(changed)
		b.StartTimer()
		h.ok(ask(h.visit(work.Internal)))
	}
}
