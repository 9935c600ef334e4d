package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

func TestFiguresCountWithoutNames(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			began := k.clock.Now()
			hold := func(id string, cause work.Cause, since time.Time) work.Hold {
				return work.Hold{
					Target: work.Target{RefID: work.RefID{Connector: "jira", ID: id}, Path: "priority"}, Field: work.Priority, Cause: cause,
					Since: since, Detail: `a text with "since":"2001-01-01T00:00:00Z" in it`,
				}
			}
			run := engine.Run{Plan: plan.Plan{
				Brake: "200 edits wanted; look",
				Holds: []work.Hold{hold("1", work.Fighting, began.Add(-time.Hour)), hold("2", work.Fighting, began.Add(-40*time.Hour)), hold("3", work.HandsOff, began)},
			}, AsOf: began, At: began}
			if _, err := k.SaveRun(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			if err := k.Begin(t.Context(), 1, []work.Edit{edit("1", "High", "Low")}); err != nil {
				t.Fatal(err)
			}
			if _, err := k.SaveHints(t.Context(), "jira", "d1", []connectors.Hint{{Ref: work.Ref{RefID: work.RefID{Connector: "jira", ID: "9"}}}}); err != nil {
				t.Fatal(err)
			}
			if err := k.SaveSkews(t.Context(), map[string]time.Duration{"jira": time.Hour}); err != nil {
				t.Fatal(err)
			}
			f, err := k.Figures(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want := []work.Pile{{Connector: "jira", Kind: "fighting", Count: 2, Oldest: began.Add(-40 * time.Hour)}, {Connector: "jira", Kind: "hands_off", Count: 1, Oldest: began}}
			if diff := cmp.Diff(want, f.Held); diff != "" {
				t.Errorf("held:\n%s", diff)
			}
			if len(f.Day) != 1 || f.Day[0].Kind != "begun" || f.Day[0].Count != 1 || len(f.Hints) != 1 || f.Hints[0].Count != 1 {
				t.Errorf("day %+v, hints %+v", f.Day, f.Hints)
			}
			if !strings.HasPrefix(f.Brake, "200 edits") || !f.Braked.Equal(began) || f.Skews["jira"] != time.Hour || f.Bytes <= 0 || f.Copied != nil || f.StoreID == "" {
				t.Errorf("%+v", f)
			}
			refused := work.Result{EditID: edit("1", "High", "Low").ID, State: work.Rejected, Detail: connectors.Refusal("acme/K3TQ")}
			if err := k.Finish(t.Context(), []work.Result{refused}); err != nil {
				t.Fatal(err)
			}
			if f, err := k.Figures(t.Context()); err != nil || len(f.Rivals) != 1 || f.Rivals[0].Kind != "acme/K3TQ" || f.Rivals[0].Count != 1 || f.Rivals[0].Connector != "jira" {
				t.Errorf("rivals %+v, %v", f.Rivals, err)
			}
			run.Plan.Brake = ""
			if _, err := k.SaveRun(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			if f, err := k.Figures(t.Context()); err != nil || f.Brake != "" {
				t.Errorf("the brake is still on: %q, %v", f.Brake, err)
			}
		})
	}
}

// A dump of a server that was restored somewhere else has another number.
func TestASchemaThatWasRestoredElsewhereWritesNothing(t *testing.T) {
	t.Parallel()
	k := openServer(t)
	if err := k.Begin(t.Context(), 1, []work.Edit{edit("1", "High", "Low")}); err != nil {
		t.Fatal(err)
	}
	k.exec(`UPDATE meta SET value = replace(value, '"schema":"', '"schema":"other_') WHERE key = 'home'`)
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	k.open()
	wantError(t, k.Begin(t.Context(), 1, []work.Edit{edit("2", "High", "Low")}), store.ErrPaused, "a copy of it", "resume --here")
	if ok, err := k.Adopt(t.Context()); err != nil || !ok {
		t.Fatalf("%v %v", ok, err)
	}
	if err := k.Begin(t.Context(), 1, []work.Edit{edit("2", "High", "Low")}); err != nil {
		t.Error(err)
	}
}
