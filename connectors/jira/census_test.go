package jira_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// counted lists what a census yields.
func counted(tb testing.TB, c *connectors.Connector) []string {
	tb.Helper()
	var all []string
	done := false
	for page, err := range c.Census.IDs(tb.Context(), time.Now(), nil) {
		if err != nil {
			tb.Fatal(err)
		}
		for _, r := range page.Records {
			if r.Fields != nil || !r.Version.IsZero() && !page.Aside || r.Connector != "jira" {
				tb.Errorf("a census yields %+v", r)
			}
			if !r.Version.IsZero() {
				continue // listed again, as changed lately
			}
			all = append(all, r.ID+" "+r.Key)
		}
		done = page.Done
	}
	if !done {
		tb.Error("the last page is not Done")
	}
	return all
}

func TestTheCensusListsEveryIssueOfTheProjects(t *testing.T) {
	t.Parallel()
	for name, deployment := range map[string]jirasim.Deployment{"cloud": jirasim.Cloud, "data center": jirasim.DataCenter} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			censusOf(t, deployment)
		})
	}
}

func censusOf(t *testing.T, deployment jirasim.Deployment) {
	t.Helper()
	j := judge.New(judge.Find())
	described := judge.Jira
	if deployment == jirasim.DataCenter {
		described = judge.JiraDC
	}
	c, site := liveOn(t, deployment, 2150, func(next http.RoundTripper) http.RoundTripper { return j.Transport(described, next) }, connectors.Env{})
	got := counted(t, c)
	slices.Sort(got)
	if got = slices.Compact(got); len(got) != 2150 {
		t.Errorf("%d issues of 2150", len(got))
	}
	// 22 for all, and one for each hundred of those that were changed lately.
	if calls := site.Calls("", ""); calls > 22+6 {
		t.Errorf("%d calls", calls)
	}
	t.Logf("%d calls", site.Calls("", ""))
	// What the restriction leaves out is there all the same; what was deleted
	// or moved away is not, and what was moved has its new key.
	for _, err := range []error{
		site.Edit("PAY-3", jirasim.Ana, func(i *jirasim.Issue) { i.Status = "10001" }),
		site.Delete("PAY-4", jirasim.Ana),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	away, err := site.Move("PAY-5", jirasim.Ana, "OPS")
	if err != nil {
		t.Fatal(err)
	}
	moved, err := site.Move("PAY-6", jirasim.Ana, "WEB")
	if err != nil {
		t.Fatal(err)
	}
	after := counted(t, c)
	for entry, want := range map[string]bool{"10002 PAY-3": true, "10003 PAY-4": false, "10004 " + away: false, "10005 " + moved: true} {
		if slices.Contains(after, entry) != want {
			t.Errorf("%s is listed: %v", entry, !want)
		}
	}
	for _, v := range j.Violations() {
		t.Error(v)
	}
}

// A page that fails ends the census with an error: it is never a short list.
func TestACensusThatIsCutShortSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, site := live(t, 2500, plain)
		calls := 0
		site.SetFault(func(*http.Request) *sim.Fault {
			if calls++; calls == 1 {
				return nil
			}
			return &sim.Fault{Status: http.StatusInternalServerError}
		})
		var last error
		n := 0
		for page, err := range c.Census.IDs(t.Context(), time.Time{}, nil) {
			n += len(page.Records)
			if page.Done {
				t.Error("a page says that all was listed")
			}
			last = err
		}
		if n == 0 || last == nil || !strings.Contains(last.Error(), "jira") {
			t.Errorf("%d issues, error %v", n, last)
		}
	})
}

func TestACensusStopsWhenItsReaderStops(t *testing.T) {
	t.Parallel()
	c, site := live(t, 1500, plain)
	for _, err := range c.Census.IDs(t.Context(), time.Time{}, nil) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if calls := site.Calls("", ""); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestReadByIDOfWhatACensusMisses(t *testing.T) {
	t.Parallel()
	c, site := live(t, 3, plain)
	if err := site.Delete("PAY-1", jirasim.Ana); err != nil {
		t.Fatal(err)
	}
	moved, err := site.Move("PAY-2", jirasim.Ana, "OPS")
	if err != nil {
		t.Fatal(err)
	}
	refs := []work.Ref{work.NewRef("jira", "10000", "PAY-1"), work.NewRef("jira", "10001", "PAY-2"), work.NewRef("jira", "10002", "PAY-3")}
	var got []string
	for page, err := range c.Reader.Read(t.Context(), refs) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			got = append(got, r.Key)
		}
	}
	slices.Sort(got)
	if fmt.Sprint(got) != fmt.Sprint([]string{moved, "PAY-3"}) {
		t.Errorf("found %v", got)
	}
}

// A search hid a change, and the daemon stood still for days: the next census still
// lists it with its time. After the usual six hours only what is new is listed so.
func TestACensusListsWhatChangedSinceTheOneBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, site := live(t, 20, plain)
		time.Sleep(10 * 24 * time.Hour)
		if err := site.Edit("PAY-3", jirasim.Ana, func(i *jirasim.Issue) { i.Summary = "changed" }); err != nil {
			t.Fatal(err)
		}
		edited := time.Now()
		time.Sleep(80 * time.Hour)
		for name, of := range map[string]struct {
			since time.Time
			want  int
		}{
			"right before the change": {edited.Add(-time.Hour), 1},
			"six hours ago":           {time.Now().Add(-6 * time.Hour), 0},
			"never":                   {time.Time{}, 20},
		} {
			timed := map[string]bool{}
			for page, err := range c.Census.IDs(t.Context(), of.since, nil) {
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page.Records {
					if !r.Version.IsZero() {
						timed[r.Key] = true
					}
				}
			}
			if len(timed) != of.want || of.want > 0 && !timed["PAY-3"] {
				t.Errorf("%s: with its time is listed %v", name, timed)
			}
		}
	})
}
