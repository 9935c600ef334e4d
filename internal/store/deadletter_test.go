package store_test

import (
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

func TestWhatWasSetAsideOfFeedbackEndsWhenItIsUnderstood(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			save := func(page connectors.Page) {
				t.Helper()
				k.clock.pass(time.Second)
				if _, err := k.SavePage(t.Context(), "hotjar", "answers", page, make([][]evidence.Link, len(page.Feedback)+len(page.Insights))); err != nil {
					t.Fatal(err)
				}
			}
			open := func(want ...string) {
				t.Helper()
				letters, err := k.DeadLetters(t.Context(), 100)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, l := range letters {
					got = append(got, l.Ref)
				}
				diff(t, "open", want, got)
			}
			rejects := func(where ...string) (all []work.Reject) {
				for _, w := range where {
					all = append(all, work.Reject{Connector: "hotjar", Where: w, Cause: "odd", Remedy: "look"})
				}
				return all
			}
			save(connectors.Page{Rejects: rejects("r1", "answers, r2", "others, r2", "in1", "a.csv:2", "a.csv:3", "aa.csv:2", "b.csv")})
			save(connectors.Page{
				Feedback: []work.Feedback{feedback("r1", "a", "x"), feedback("r2", "a", "y")},
				Insights: []work.Insight{{Ref: work.NewRef("hotjar", "in1", ""), Title: "t", At: noon, Version: noon, Audience: work.Internal}},
			})
			open("hotjar:b.csv", "hotjar:aa.csv:2", "hotjar:a.csv:3", "hotjar:a.csv:2", "hotjar:others, r2")
			save(connectors.Page{Again: []string{"a.csv", "b.csv"}, Rejects: rejects("a.csv:3")})
			open("hotjar:a.csv:3", "hotjar:aa.csv:2", "hotjar:others, r2")
			save(connectors.Page{Again: []string{"aa.csv:2"}})
			open("hotjar:a.csv:3", "hotjar:others, r2")
			save(connectors.Page{})
			open("hotjar:a.csv:3", "hotjar:others, r2")
		})
	}
}
