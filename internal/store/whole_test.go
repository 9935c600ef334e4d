package store_test

import (
	"slices"
	"testing"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestAStreamIsWholeOnceItWasReadToItsEnd(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			whole := func() []work.StreamName { return k.snapshot().Whole }
			k.page(issue("1", 1, "High"))
			if err := k.SaveFailure(t.Context(), "github", "", "401"); err != nil {
				t.Fatal(err)
			}
			diff(t, "after a page of more", []work.StreamName(nil), whole())
			last := connectors.Page{Cursor: connectors.Cursor(`{"at":2}`), Done: true}
			k.grows(true, "the end of the first read", func() { k.save(last) })
			diff(t, "after the last page", []work.StreamName{{Connector: "jira", Stream: "issues"}}, whole())
			k.grows(false, "the end of another read", func() { k.save(last) })
			if err := k.SaveFailure(t.Context(), "jira", "issues", "502"); err != nil {
				t.Fatal(err)
			}
			k.page(issue("1", 2, "Low"))
			k.reopen()
			diff(t, "after a failure and the beginning of another read", []work.StreamName{{Connector: "jira", Stream: "issues"}}, whole())

			k.grows(true, "a person's word", func() {
				if err := k.BelieveRead(t.Context(), "github"); err != nil {
					t.Fatal(err)
				}
			})
			diff(t, "after a person's word", []work.StreamName{{Connector: "github"}, {Connector: "jira", Stream: "issues"}}, whole())
			if all, _, err := k.Stale(t.Context(), k.seq()-1, "jira"); err != nil || !all {
				t.Errorf("plans of before count on after a person's word: %v", err)
			}
			k.page(issue("1", 3, "Low"))
			for _, s := range k.status().Streams {
				if s.Connector == "jira" && !s.Whole {
					t.Errorf("%s of %s is not shown as whole", s.Stream, s.Connector)
				}
			}
		})
	}
}

func TestFiguresNameTheConnectorsThatWritingWaitsFor(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			for i, want := range [][]string{nil, {"github", "plan"}, nil, {"github", "plan"}, nil} {
				size := 1 + i/3*200 // large plans are packed
				brake := map[bool]string{true: "too many"}[want != nil]
				k.run(engine.Run{Plan: plan.Plan{Brake: brake, FirstRead: want, Findings: slices.Repeat([]work.Finding{{What: `"first_read":["no"]`}}, size)}})
				f, err := k.Figures(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				diff(t, "waits for", want, f.FirstRead)
				diff(t, "brake", brake, f.Brake)
			}
		})
	}
}
