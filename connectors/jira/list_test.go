package jira

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

func TestEveryKindOfFieldIsSpelledAsItsScreenWants(t *testing.T) {
	t.Parallel()
	list := work.NewList
	batch := []work.Edit{
		set("fix_versions", list("1.1", "1.0"), list("0.9", "1.0")),
		set("components", work.NewText("Export"), work.Empty()),
		set("customfield_7", list("Web", "App"), list("Old", "Web")),
		set("customfield_10", list("b", "c"), list("a", "b")),
		set("customfield_11", work.NewText("Europe / North / West"), work.NewText("Europe / South")),
		set("customfield_12", work.Empty(), list("x", "y")),
		set("customfield_13", work.NewText("https://acme.example/x"), work.Empty()),
		set("duedate", work.NewTime(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)), work.NewText("2026-03-01")),
	}
	d := newDesk()
	s := &stub{answer: d.answer}
	live := connect(t, s, testConfig())
	for _, r := range live.Sink.Send(t.Context(), batch) {
		if r.State != work.Applied {
			t.Errorf("%+v", r)
		}
	}
	body := `{"fields":{"customfield_11":{"child":{"id":"52"},"id":"51"},"customfield_13":"https://acme.example/x","duedate":"2026-04-01"},
		"update":{"components":[{"add":{"id":"31"}}],"customfield_10":[{"remove":{"accountId":"a"}},{"add":{"accountId":"c"}}],
		"customfield_12":[{"remove":"x"},{"remove":"y"}],"customfield_7":[{"remove":{"id":"61"}},{"add":{"id":"63"}}],
		"fixVersions":[{"remove":{"id":"20"}},{"add":{"id":"22"}}]}}`
	if len(d.bodies) != 1 {
		t.Fatalf("%d requests", len(d.bodies))
	}
	if d := cmp.Diff(indent(t, body), indent(t, d.bodies[0])); d != "" {
		t.Error(d)
	}
	s.reset()
	for _, r := range live.Sink.Send(t.Context(), batch) {
		if r.State != work.Unchanged {
			t.Errorf("again: %+v", r)
		}
	}
	if d := cmp.Diff([]string{"GET issue/10001"}, s.paths()); d != "" {
		t.Error(d)
	}
}

func TestWhatAPersonPutIntoAListIsAConflictOrStays(t *testing.T) {
	t.Parallel()
	d := newDesk()
	live := connect(t, &stub{answer: d.answer}, testConfig())
	got := live.Sink.Send(t.Context(), []work.Edit{set("fix_versions", work.NewText("2.0"), work.NewList("1.0"))})
	if got[0].State != work.Conflict || len(d.bodies) != 0 {
		t.Errorf("%+v, %v", got, d.bodies)
	}
	// Between the read and the write: only the difference is sent, so that it
	// stays.
	d.fields["fixVersions"] = `[{"id":"21","name":"1.0"}]`
	d.refuse = func(http.ResponseWriter, update) bool {
		d.fields["fixVersions"] = `[{"id":"21","name":"1.0"},{"id":"22","name":"1.1"}]`
		return false
	}
	got = live.Sink.Send(t.Context(), []work.Edit{set("fix_versions", work.NewText("2.0"), work.NewText("1.0"))})
	if got[0].State != work.Applied || !strings.Contains(d.fields["fixVersions"], "1.1") || strings.Contains(d.fields["fixVersions"], "1.0") {
		t.Errorf("%+v, %v", got, d.fields["fixVersions"])
	}
}

func TestValuesThatAListCannotTakeAreRejectedWithWhatItHas(t *testing.T) {
	t.Parallel()
	cases := []struct {
		edit work.Edit
		want string
	}{
		{set("fix_versions", work.NewList("3.0"), work.NewList("0.9", "1.0")), `PAY has no version "3.0"; it has: 1.0, 1.1, 2.0; create it in Jira`},
		{set("fix_versions", work.NewList("0.9", "1.0", "9"), work.NewList("0.9", "1.0")), `no version "9"`},
		{set("components", work.NewText("Nowhere"), work.Empty()), `Components has no value "Nowhere" here; it has: Export, Import`},
		{set("customfield_11", work.NewText("Europe / East"), work.NewText("Europe / South")), `has no value "Europe / East" here; it has: Europe, Europe / North / West, Europe / South, Asia`},
		{set("customfield_12", work.NewList("two words"), work.NewList("x", "y")), "contains a space"},
		{set("duedate", work.Empty(), work.NewText("2026-03-01")), "is required here and cannot be cleared"},
	}
	for _, c := range cases {
		d := newDesk()
		got := connect(t, &stub{answer: d.answer}, testConfig()).Sink.Send(t.Context(), []work.Edit{c.edit, add("x")})
		if got[0].State != work.Rejected || !strings.Contains(got[0].Detail, c.want) || got[1].State != work.Applied {
			t.Errorf("%+v, want %q", got, c.want)
		}
	}
	// An archived version is told from one that does not exist.
	d := newDesk()
	d.fields["fixVersions"] = `[]`
	got := connect(t, &stub{answer: d.answer}, testConfig()).Sink.Send(t.Context(), []work.Edit{set("fix_versions", work.NewText("0.9"), work.Empty())})
	if got[0].State != work.Rejected || !strings.Contains(got[0].Detail, `the version "0.9" of PAY is archived`) {
		t.Errorf("%+v", got)
	}
}

func TestAListStandsForItselfWhateverItsElementsHold(t *testing.T) {
	t.Parallel()
	if same(work.NewList("a, b"), work.NewList("a", "b")) || !same(work.NewList("a"), work.NewText("a")) || same(work.NewList("a"), work.Empty()) {
		t.Error("lists are compared by their text")
	}
}

func TestS1ALabelWhoseFieldAPersonChangedIsAConflict(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*work.Edit){
		"another label came":              func(e *work.Edit) { e.Unless = work.NewList("team", "c") },
		"the label that it replaces went": func(e *work.Edit) { e.While = work.NewList("c") },
	} {
		d := newDesk()
		d.fields["labels"] = `["team"]`
		live := connect(t, &stub{answer: d.answer}, testConfig())
		e := add("x")
		edit(&e)
		if got := live.Sink.Send(t.Context(), []work.Edit{e}); got[0].State != work.Conflict || len(d.bodies) != 0 {
			t.Errorf("%s: %+v, %v", name, got, d.bodies)
		}
		e.Unless, e.While = work.NewList("c"), work.NewList("team")
		if got := live.Sink.Send(t.Context(), []work.Edit{e}); got[0].State != work.Applied {
			t.Errorf("%s: a swap: %+v", name, got)
		}
		e.Verb, e.Target.Element, e.Value, e.Expect = work.RemoveLabel, "team", work.NewFlag(false), work.NewFlag(true)
		e.Unless, e.While, e.Keeps = work.Value{}, work.Value{}, work.NewList("y")
		if got := live.Sink.Send(t.Context(), []work.Edit{e}); got[0].State != work.Conflict {
			t.Errorf("%s: the label that was to stay went: %+v", name, got)
		}
		e.Keeps = work.NewList("x")
		if got := live.Sink.Send(t.Context(), []work.Edit{e}); got[0].State != work.Applied {
			t.Errorf("%s: one of two labels: %+v", name, got)
		}
	}
}

func TestOneVersionIsSwappedAndTheTeamsOwnStay(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.fields["fixVersions"] = `[{"id":"20","name":"0.9"},{"id":"21","name":"1.0"}]`
	batch := []work.Edit{
		{ID: "add", Target: target("fix_versions", "1.1"), Key: "PAY-1", Verb: work.AddLabel, Value: work.NewFlag(true), Unless: work.NewList("2.0"), While: work.NewText("1.0")},
		{ID: "remove", Target: target("fix_versions", "1.0"), Key: "PAY-1", Verb: work.RemoveLabel, Value: work.NewFlag(false), While: work.NewText("1.1")},
	}
	s := &stub{answer: d.answer}
	live := connect(t, s, testConfig())
	for _, r := range live.Sink.Send(t.Context(), batch) {
		if r.State != work.Applied {
			t.Errorf("%+v", r)
		}
	}
	body := `{"fields":{},"update":{"fixVersions":[{"add":{"id":"22"}},{"remove":{"id":"21"}}]}}`
	if len(d.bodies) != 1 || !strings.Contains(indent(t, d.bodies[0]), `"22"`) || strings.Contains(d.bodies[0], `"20"`) {
		t.Errorf("sent %v, want %s", d.bodies, body)
	}
	if got := d.fields["fixVersions"]; !strings.Contains(got, "0.9") || !strings.Contains(got, "1.1") || strings.Contains(got, "1.0") {
		t.Errorf("%s stands there", got)
	}
	for _, r := range live.Sink.Send(t.Context(), batch) {
		if r.State != work.Unchanged {
			t.Errorf("again: %+v", r)
		}
	}

	missing := []work.Edit{{ID: "add", Target: target("fix_versions", "2027-Q1"), Key: "PAY-1", Verb: work.AddLabel, Value: work.NewFlag(true)}}
	got := live.Sink.Send(t.Context(), missing)
	if got[0].State != work.Rejected || !strings.Contains(got[0].Detail, `PAY has no version "2027-Q1"; it has: `) || !strings.Contains(got[0].Detail, "create it in Jira") {
		t.Errorf("%+v", got)
	}
}
