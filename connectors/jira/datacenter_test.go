package jira_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

func TestDataCenterIsWrittenAsCloudIs(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: reviewed, options: jirasim.Options{Deployment: jirasim.DataCenter}})
	empty := work.Empty()
	batch := []work.Edit{
		field(0, "priority", text("Critical"), text("Major")), edit(0, "labels", "x", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
		field(0, "fix_versions", text("2026.11"), empty), field(0, "components", work.NewList("Checkout"), empty),
		field(0, "customfield_10102", work.NewList("EU", "US"), empty), field(0, "customfield_10105", text("Shop / Cart"), empty),
		field(0, "customfield_10106", text("ana"), empty), field(0, "customfield_10107", work.NewList("ana", "JIRAUSER10101"), empty),
		field(0, "customfield_10108", work.NewTime(time.Date(2026, 12, 24, 9, 30, 0, 0, time.UTC)), empty), field(0, "duedate", text("2026-12-01"), empty), field(0, "marker", text("github:1"), empty),
		status(0, "Fertig", "To Do"), link(0, "https://github.example/acme/pay/issues/12"), remark("Because.", ""),
	}
	for _, want := range []work.ResultState{work.Applied, work.Unchanged} {
		for i, r := range w.Sink.Send(t.Context(), batch) {
			if i == 11 && want == work.Unchanged {
				continue // the status is another than the plan's
			}
			if r.State != want {
				t.Errorf("%+v, want %s", r, want)
			}
		}
	}
	want := []string{
		"PUT issue/10000", "POST issue/10000/transitions", "POST issue/10000/transitions", "POST issue/10000/transitions",
		"POST issue/10000/remotelink", "POST issue/10000/comment",
	}
	if diff := cmp.Diff(want, w.writes()); diff != "" {
		t.Error(diff)
	}
	if w.site.MailCount() == 0 {
		t.Error("nobody was told, though the account administers nothing")
	}
}

func TestTheBucketOfADataCenterKeepsAShareForPeople(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := write(t, setup{options: jirasim.Options{
			Deployment: jirasim.DataCenter, Limits: true, Bucket: jirasim.Bucket{Size: 40, Fill: 10, Every: time.Second},
		}})
		began := time.Now()
		for round := range 20 {
			value, expect := "Critical", "Major"
			if round%2 == 1 {
				value, expect = expect, value
			}
			for n := range 5 {
				w.want(t, field(n, "priority", text(value), text(expect)), work.Applied, "")
			}
		}
		took := time.Since(began)
		t.Logf("%d calls in %v", len(w.calls), took)
		// 40 tokens less the share of 8 at once, then 10 a second, and never 429.
		if least := time.Duration(len(w.calls)-32) * 90 * time.Millisecond; took < least || took > 2*least {
			t.Errorf("%d calls took %v", len(w.calls), took)
		}
		for _, c := range w.site.Counts() {
			if c.Status[http.StatusTooManyRequests] > 0 {
				t.Errorf("%+v", c)
			}
		}
	})
}

func TestAnEmptyBucketIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := write(t, setup{options: jirasim.Options{Deployment: jirasim.DataCenter}})
		w.site.SetFault(sim.Script(http.MethodPut, issueRoute, jirasim.BucketEmpty(0), jirasim.BucketEmpty(2*time.Second)))
		began := time.Now()
		w.want(t, field(0, "priority", text("Critical"), text("Major")), work.Applied, "")
		if took := time.Since(began); took < 3*time.Second || took > 5*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
