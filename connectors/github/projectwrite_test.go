package github_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// put is an edit of a field of acme/pay#number as a whole; an empty value
// clears it.
func put(number int, path string, value, expect work.Value) work.Edit {
	verb := work.SetField
	if !value.Present() {
		verb = work.ClearField
	}
	return work.Edit{
		ID: fmt.Sprint(number, path, value), Key: fmt.Sprint("acme/pay#", number), Place: "acme/pay", Verb: verb, Value: value, Expect: expect,
		Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(1000 + number)}, Path: path},
	}
}

func onCard(number int, field string, value, expect work.Value) work.Edit {
	return put(number, work.ProjectFieldPrefix+field, value, expect)
}

func text(s string) work.Value { return work.NewText(s) }

// outcomes are states with the start of their causes.
func outcomes(results []work.Result) []string {
	var all []string
	for _, r := range results {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("%s: %s", r.State, r.Detail), ": "))
	}
	return all
}

func TestEveryKindOfFieldIsSetAndCleared(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, nil)
	c := openBoard(t, site, boardSettings)
	day := work.NewTime(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC))
	none := work.Empty()
	edits := []work.Edit{
		onCard(1, "Horizon", text("next"), none), onCard(1, "Estimate", work.NewNumber(2.5), none), onCard(1, "Target", day, none),
		onCard(1, "Notes", text(`a "quoted" text`), none), onCard(1, "Sprint", text("Sprint 2"), none),
	}
	for _, r := range send(t, c, edits...) {
		if r.State != work.Applied {
			t.Errorf("%+v", r)
		}
	}
	ref := work.NewRef("gh", "1001", "acme/pay#1")
	want := map[string]string{
		"Horizon": "text Next", "Estimate": "number 2.5", "Target": "time 2026-03-31T00:00:00Z", "Notes": `text a "quoted" text`, "Sprint": "text Sprint 2",
	}
	if diff := cmp.Diff(want, onBoard(byID(t, c, ref)["acme/pay#1"])); diff != "" {
		t.Errorf("set (-want +got):\n%s", diff)
	}
	for _, r := range send(t, c, edits...) {
		if r.State != work.Unchanged {
			t.Errorf("S3: %+v", r)
		}
	}
	for i := range edits {
		edits[i].Expect, edits[i].Value, edits[i].Verb = edits[i].Value, none, work.ClearField
	}
	edits[0].Expect = text("Next")
	for _, r := range send(t, c, edits...) {
		if r.State != work.Applied {
			t.Errorf("clear: %+v", r)
		}
	}
	if held, _ := site.Project("acme/7"); len(held.Items[0].Values) != 0 {
		t.Errorf("left: %v", held.Items[0].Values)
	}
}

func TestWhatTheBoardCannotTakeIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	site := boarded(t, 4, githubsim.Options{}, func(w *githubsim.World) {
		items := w.Projects[0].Items
		items[0].Values[horizonField] = "o-Later"
		items[1].Archived = true
		w.Projects[0].Items = append(items[:2:2], items[3])
	})
	c := openBoard(t, site, boardSettings, "Horizon", "Estimate", "Target", "Nope")
	got := outcomes(send(
		t, c,
		onCard(1, "Horizon", text("Nexd"), text("Later")),
		onCard(1, "Horizon", text("Next"), text("Now")),
		onCard(1, "Estimate", text("large"), work.Empty()),
		onCard(1, "Target", text("soon"), work.Empty()),
		onCard(1, "Nope", text("x"), work.Empty()),
		onCard(2, "Horizon", text("Next"), work.Empty()),
		onCard(3, "Horizon", text("Next"), work.Value{}),
		onCard(3, "Horizon", text("Next"), text("Now")),
		onCard(3, "Horizon", work.Empty(), work.Value{}),
		onCard(4, "Horizon", text("Now"), work.Empty()),
	))
	want := []string{
		`rejected: the field Horizon of the project has no option "Nexd"; it has: Now, Next, Later; did you mean "Next"?`,
		`conflict: Horizon of acme/pay#1 is Later, and was Now when the edit was planned`,
		`rejected: "large" is no number, and the field Estimate of the project takes nothing else`,
		`rejected: "soon" is no date, and the field Target of the project takes nothing else; write 2026-03-31`,
		`rejected: the project acme/7 has no field "Nope"; did you mean "Notes"?`,
		`rejected: the card of acme/pay#2 is archived; restore it on the project acme/7`,
		`rejected: acme/pay#3 is not on the project acme/7; put it there, or set add_missing: true`,
		`conflict: acme/pay#3 is not on the project acme/7 any more`,
		`unchanged`,
		`applied`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestAThousandProjectFieldsTakeFewRequests(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings string
		cards    bool
	}{
		"on the board":            {boardSettings, true},
		"cards to be added first": {boardSettings + "\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := strings.TrimSpace(c.settings)
			if !c.cards {
				settings = strings.Replace(settings, "acme/7}", "acme/7, add_missing: true}", 1)
			}
			site := boarded(t, 1000, githubsim.Options{}, func(w *githubsim.World) {
				if !c.cards {
					w.Projects[0].Items = nil
				}
			})
			live := openBoard(t, site, settings, "Horizon")
			var edits []work.Edit
			for i := range 1000 {
				edits = append(edits, onCard(i+1, "Horizon", text("Now"), work.Empty()))
			}
			if diff := cmp.Diff(map[work.ResultState]int{work.Applied: 1000}, write(t, live, edits)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			t.Logf("%d requests", site.Calls("", ""))
			if n := site.Calls("", ""); n > 120 {
				t.Errorf("%d requests, want at most 120", n)
			}
			held, _ := site.Project("acme/7")
			set := 0
			for _, i := range held.Items {
				if i.Values[horizonField] == "o-Now" {
					set++
				}
			}
			if set != 1000 || len(held.Items) != 1000 {
				t.Errorf("%d of %d cards are set", set, len(held.Items))
			}
			if again := write(t, live, edits); again[work.Unchanged] != 1000 {
				t.Errorf("S3: a second time %v", again)
			}
		})
	}
}

func TestFieldsOfAllKindsGoInOneBatchAndFailAlone(t *testing.T) {
	t.Parallel()
	site := boarded(t, 4, githubsim.Options{Aliases: 3}, nil)
	c := openBoard(t, site, boardSettings, "Horizon")
	site.FailMutations("updateProjectV2ItemFieldValue")
	var edits []work.Edit
	for i := 1; i <= 4; i++ {
		edits = append(
			edits, onCard(i, "Horizon", text("Now"), work.Empty()), put(i, "milestone", text("v1"), work.Empty()),
			label(int64(1000+i), fmt.Sprint("acme/pay#", i), work.AddLabel, "role/pm"),
			put(i, "state_reason", text("not_planned"), work.Empty()), put(i, "state", text("closed"), text("open")),
		)
	}
	states := map[work.ResultState]int{}
	for _, r := range send(t, c, edits...) {
		states[r.State]++
	}
	if diff := cmp.Diff(map[work.ResultState]int{work.Applied: 19, work.Uncertain: 1}, states); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	for _, i := range site.World().Issues {
		if i.Milestone != 1 || i.State != githubsim.Closed || i.StateReason != "not_planned" || len(i.Labels) != 1 {
			t.Errorf("%s: %+v", i.Key(), i)
		}
	}
}

func TestMilestonesAndStatesAreWrittenOneByOneWithoutGraphQL(t *testing.T) {
	t.Parallel()
	for name, graphQL := range map[string]bool{"one issue": true, "no GraphQL": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := boarded(t, 4, githubsim.Options{}, func(w *githubsim.World) {
				w.Issues[1].Milestone, w.Issues[2].State, w.Issues[3].State = 1, githubsim.Closed, githubsim.Closed
			})
			var seen []string
			c := openBoard(t, site, hubSettings+"repositories: [acme/pay]")
			if !graphQL {
				c = connectThrough(t, site, func(r *http.Request) int {
					seen = append(seen, r.Method+" "+r.URL.Path)
					if strings.HasSuffix(r.URL.Path, "/graphql") {
						return http.StatusNotFound
					}
					return 0
				})
			}
			var got []string
			edits := []work.Edit{
				put(1, "milestone", text("v2"), work.Empty()), put(1, "milestone", text("v3"), text("v2")), put(1, "milestone", text("v0"), text("v2")),
				put(2, "milestone", work.Empty(), text("v1")), put(2, "milestone", text("v2"), text("v1")),
				put(3, "state", text("open"), text("closed")), put(3, "state", text("open"), text("closed")),
				put(4, "state_reason", text("not_planned"), text("completed")), put(4, "state", text("todo"), text("closed")), put(4, "state", work.Empty(), text("closed")),
				put(1, "state", text("closed"), text("open")), put(1, "state_reason", text("not_planned"), work.Empty()),
			}
			if graphQL { // issue by issue
				for _, e := range edits[:10] {
					got = append(got, outcomes(send(t, c, e))...)
				}
				got = append(got, outcomes(send(t, c, edits[10:]...))...)
			} else {
				for _, batch := range [][]work.Edit{edits[:1], edits[1:]} {
					got = append(got, outcomes(c.Sink.Send(t.Context(), batch))...)
				}
			}
			const refused = `rejected: acme/pay has no open milestone "%s"; open are: v1, v2; create it there, or correct the value`
			want := []string{
				"applied", fmt.Sprintf(refused, "v3"), fmt.Sprintf(refused, "v0"),
				"applied", "conflict: the milestone of acme/pay#2 is empty, and was v1 when the edit was planned",
				"applied", "unchanged",
				"rejected: acme/pay#4 is closed as completed already, and GitHub changes the reason of no closed issue; reopen it first",
				`rejected: "todo" is no state that can be written; write one of: open, closed`,
				"rejected: an issue always has a state; write one of: open, closed",
				"applied", "applied",
			}
			if !graphQL { // the state of issue 3 was asked for twice in one request
				want[6] = "applied"
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("results (-want +got):\n%s\n%v", diff, seen)
			}
			if i, _ := site.Issue("acme/pay#1"); i.State != githubsim.Closed || i.StateReason != "not_planned" || i.Milestone != 2 {
				t.Errorf("%+v", i)
			}
			if n := site.Calls("PATCH", "/repos/{owner}/{repo}/issues/{issue_number}"); n != 4 {
				t.Errorf("%d PATCH requests, want 4", n)
			}
		})
	}
}

// detour answers with a status in place of the site where answer says so.
type detour struct {
	next   http.RoundTripper
	answer func(r *http.Request) int
}

func (d detour) RoundTrip(r *http.Request) (*http.Response, error) {
	status := d.answer(r)
	if status == 0 {
		return d.next.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}, "Location": {"http://127.0.0.1/repositories/1/issues/1"}},
		Body:   io.NopCloser(bytes.NewReader([]byte(`{"message": "taken over", "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Resource limits for this query exceeded."}]}`))),
	}, nil
}

func connectThrough(t *testing.T, site *githubsim.Site, answer func(r *http.Request) int) *connectors.Connector {
	t.Helper()
	env := connectors.Env{
		Name: "gh", Now: time.Now, Features: []string{"project_field"}, Fields: []string{work.ProjectFieldPrefix + "Horizon"},
		Transport: detour{sim.Network{"127.0.0.1": site}, answer},
	}
	return connect(t, env, boardSettings+"\nwrite_pause: 0s")
}

func TestAPatchIsNeverFollowedAnywhere(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 307, 308} {
		site := boarded(t, 1, githubsim.Options{}, nil)
		calls := 0
		c := connectThrough(t, site, func(r *http.Request) int {
			calls++
			if r.Method == http.MethodPatch {
				return status
			}
			return 0
		})
		got := send(t, c, put(1, "state", text("closed"), text("open")))
		if got[0].State != work.Conflict || calls != 2 {
			t.Errorf("%d: %+v after %d calls", status, got[0], calls)
		}
	}
}

func TestPagesOfCardsShrinkWhereTheyAreTooHeavy(t *testing.T) {
	t.Parallel()
	site := boarded(t, 130, githubsim.Options{}, nil)
	var asked []string
	c := connectThrough(t, site, func(r *http.Request) int {
		if r.Body == nil {
			return 0
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return http.StatusInternalServerError
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		_, first, found := strings.Cut(string(body), `"first":`)
		if !found {
			return 0
		}
		first = strings.TrimRight(first[:min(3, len(first))], ",}")
		asked = append(asked, first)
		if len(first) > 2 || first == "50" {
			return http.StatusOK // the error is inside of the answer
		}
		return 0
	})
	if all, _ := stream(t, c, "project", nil); len(all) != 130 {
		t.Errorf("%d records", len(all))
	}
	if got := strings.Join(asked, " "); !strings.HasSuffix(got, "25 25 25 25 25 25") || !strings.HasPrefix(got, "100") {
		t.Errorf("pages of %s", got)
	}
}

func TestGraphQLThatWasNotToBeHadIsTriedAgainAfterAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site := boarded(t, 1, githubsim.Options{}, func(w *githubsim.World) { w.Projects[0].Items[0].Values[horizonField] = "o-Now" })
		missing, asked := true, 0
		c := connectThrough(t, site, func(r *http.Request) int {
			if !strings.HasSuffix(r.URL.Path, "/graphql") {
				return 0
			}
			if asked++; missing {
				return http.StatusNotFound
			}
			return 0
		})
		for range 3 {
			if listed, _ := stream(t, c, "issues", nil); len(listed) != 1 || len(onBoard(listed["acme/pay#1"])) != 0 {
				t.Errorf("listed %v", listed)
			}
		}
		if got := says(t, c, onCard(1, "Horizon", text("Next"), text("Now"))); got != "rejected: fields of a project are written by GraphQL alone, which is not to be had with these credentials; map the field to a label" {
			t.Errorf("a write: %s", got)
		}
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
		missing = false
		time.Sleep(61 * time.Minute)
		if listed, _ := stream(t, c, "issues", nil); onBoard(listed["acme/pay#1"])["Horizon"] != "text Now" {
			t.Errorf("listed %v", listed)
		}
	})
}
