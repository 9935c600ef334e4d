package jira_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// TestS1TheChangelogTellsWhatAWriteReplaced: Ana sets a value of each kind, and
// Tandem, who expected another one, writes over it.
func TestS1TheChangelogTellsWhatAWriteReplaced(t *testing.T) {
	t.Parallel()
	date := func(s string) work.Value {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return work.NewTime(at)
	}
	for name, c := range map[string]struct {
		path               string
		ana                func(*jirasim.Issue)
		was, theirs, wrote work.Value
	}{
		"priority": {"priority", func(i *jirasim.Issue) { i.Priority = "10103" }, work.NewText("Major"), work.NewText("Minor"), work.NewText("Critical")},
		"number": {
			"customfield_10026", func(i *jirasim.Issue) { i.Custom["customfield_10026"] = 5.0 },
			work.Empty(), work.NewNumber(5), work.NewNumber(8),
		},
		"date": {"duedate", func(i *jirasim.Issue) { i.Due = "2026-12-01" }, date("2026-11-01"), date("2026-12-01"), date("2027-01-01")},
		"choice": {
			"customfield_10101", func(i *jirasim.Issue) { i.Custom["customfield_10101"] = "10501" },
			work.Empty(), work.NewText("Low"), work.NewText("High"),
		},
		"person": {
			"customfield_10106", func(i *jirasim.Issue) { i.Custom["customfield_10106"] = jirasim.Cy },
			work.Empty(), work.NewText(jirasim.Cy), work.NewText(jirasim.Ana),
		},
		"emptied":         {"duedate", func(i *jirasim.Issue) { i.Due = "" }, date("2026-11-01"), work.Empty(), date("2027-01-01")},
		"cleared by us":   {"customfield_10026", func(i *jirasim.Issue) { i.Custom["customfield_10026"] = 5.0 }, work.NewNumber(3), work.NewNumber(5), work.Empty()},
		"text of a field": {"customfield_10110", func(i *jirasim.Issue) { i.Custom["customfield_10110"] = "a b" }, work.Empty(), work.NewText("a b"), work.NewText("c")},
	} {
		for deployment, where := range map[jirasim.Deployment]string{jirasim.Cloud: "cloud", jirasim.DataCenter: "datacenter"} {
			if where == "datacenter" && name == "person" {
				continue // people have keys there
			}
			t.Run(name+" "+where, func(t *testing.T) {
				t.Parallel()
				w := write(t, setup{options: jirasim.Options{Deployment: deployment}, world: func(world *jirasim.World) {
					for i := range world.Issues {
						world.Issues[i].Due = "2026-11-01"
						world.Issues[i].Custom = map[string]any{}
					}
				}})
				if err := w.site.Edit("PAY-1", jirasim.Ana, c.ana); err != nil {
					t.Fatal(err)
				}
				e := work.Edit{
					ID: "e", Target: work.Target{RefID: work.RefID{Connector: "test", ID: "10000"}, Path: c.path}, Key: "PAY-1", Place: "PAY",
					Verb: work.SetField, Value: c.wrote, Expect: c.theirs, Field: work.Priority, Because: "a test",
				}
				if !c.wrote.Present() {
					e.Verb = work.ClearField
				}
				w.want(t, e, work.Applied, "")
				e.Expect = c.was
				got, err := w.Historian.Replaced(t.Context(), []work.Edit{e})
				if err != nil || len(got) != 1 {
					t.Fatalf("%+v, %v", got, err)
				}
				if got[0].EditID != "e" || !got[0].Value.Says(c.theirs) && got[0].Value != c.theirs || got[0].Value.Kind() != c.theirs.Kind() {
					t.Errorf("replaced %v, want %v", got[0].Value, c.theirs)
				}
				if (where == "cloud" && got[0].By != jirasim.Ana) || got[0].By == "" || got[0].At.IsZero() || got[0].Written.Before(got[0].At) {
					t.Errorf("%+v", got[0])
				}

				if got, err := w.Historian.Later(t.Context(), []work.Edit{e}); err != nil || len(got) != 0 {
					t.Errorf("nobody changed it since: %+v, %v", got, err)
				}

				// Somebody changes it since: there is nothing to tell, but that.
				if err := w.site.Edit("PAY-1", jirasim.Cy, c.ana); err != nil {
					t.Fatal(err)
				}
				later, err := w.Historian.Later(t.Context(), []work.Edit{e})
				if err != nil || len(later) != 1 || later[0].EditID != "e" || where == "cloud" && later[0].By != jirasim.Cy || later[0].At.Before(got[0].Written) || !later[0].Wrote.Equal(got[0].Written) {
					t.Errorf("changed since: %+v, %v", later, err)
				}
				if got, err := w.Historian.Replaced(t.Context(), []work.Edit{e}); err != nil || len(got) != 0 {
					t.Errorf("%+v, %v", got, err)
				}

				// Another edit, which wrote something else, is not what they came over.
				other := e
				other.Verb, other.Value = work.SetField, c.theirs
				if later, err := w.Historian.Later(t.Context(), []work.Edit{other}); err != nil || len(later) != 1 || !later[0].Wrote.IsZero() {
					t.Errorf("another edit: %+v, %v", later, err)
				}
			})
		}
	}
}

// TestAskingWhatWritesReplacedCostsOneCallOnCloud: labels, markers and comments
// replace nothing, and are not asked about.
func TestAskingWhatWritesReplacedCostsOneCallOnCloud(t *testing.T) {
	t.Parallel()
	for deployment, want := range map[jirasim.Deployment][]string{
		jirasim.Cloud:      {"GET myself", "POST changelog/bulkfetch"},
		jirasim.DataCenter: {"GET issue/10000", "GET issue/10001", "GET issue/10002", "GET myself"},
	} {
		w := write(t, setup{options: jirasim.Options{Deployment: deployment}})
		var edits []work.Edit
		for _, id := range []string{"10000", "10001", "10002"} {
			at := func(path, element string) work.Target {
				return work.Target{RefID: work.RefID{Connector: "test", ID: id}, Path: path, Element: element}
			}
			edits = append(
				edits,
				work.Edit{ID: id + "p", Target: at("priority", ""), Verb: work.SetField, Value: work.NewText("Critical"), Expect: work.NewText("Major")},
				work.Edit{ID: id + "l", Target: at(work.NativeLabels, "x"), Verb: work.AddLabel, Value: work.NewFlag(true)},
				work.Edit{ID: id + "m", Target: at(work.NativeMarker, ""), Verb: work.SetField, Value: work.NewText("github:1")},
				work.Edit{ID: id + "c", Target: at(work.NativeComment, ""), Verb: work.SetField, Value: work.NewText("hello")},
			)
		}
		w.calls = nil
		if got, err := w.Historian.Replaced(t.Context(), edits); err != nil || len(got) != 0 {
			t.Errorf("%v: nobody wrote anything: %+v, %v", deployment, got, err)
		}
		slices.Sort(w.calls)
		if d := cmp.Diff(want, w.calls); d != "" {
			t.Errorf("%v: %s", deployment, d)
		}
		w.calls = nil
		if _, err := w.Historian.Replaced(t.Context(), edits[1:2]); err != nil || len(w.calls) > 0 {
			t.Errorf("%v: a label is asked about: %s, %v", deployment, strings.Join(w.calls, ", "), err)
		}
	}
}
