package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/view"
	"tandem/internal/work"
)

func troubled(o *office) {
	o.desk.Inspect = func(context.Context) (view.Inspection, error) {
		return view.Inspection{
			Troubles: []view.Trouble{{Severity: "stopped", Code: "connector_stale", About: "jira", What: "jira is stale: " + marker + " was said", Remedy: "write another token"}},
			Jobs:     []work.JobCount{{Kind: "poll", State: "available", Count: 3}}, Every: map[string]time.Duration{"jira": time.Minute, "hotjar": time.Hour},
			Census: map[string]work.CensusFound{"jira": {At: noon().Add(-time.Hour), Listed: 10, Gone: 2, Missed: 1}},
		}, nil
	}
	o.serve()
}

func TestHealthSaysInPlainWordsWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := opened(t)
	troubled(o)
	got := o.get("restricted-admin", "/health")
	o.shows(got, "Stopped · jira", "write another token", "hotjar", "not read yet", "it stood there before Tandem", "Nothing was set aside", "poll: 3 available", "Pause all writing", "10 listed, 2 gone, 1 that no search had shown")
}

func TestS7HealthTellsNothingThatAServiceSaid(t *testing.T) {
	t.Parallel()
	o := opened(t)
	troubled(o)
	for _, client := range []string{"public-viewer", "internal-approver", "internal-admin"} {
		got := o.get(client, "/health")
		o.hides(got, marker)
		o.shows(got, "a connector cannot be read")
	}
}

func TestAConnectorOfFeedbackCountsItsRowsAndIsNamedOnce(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.desk.Inspect = func(context.Context) (view.Inspection, error) {
		return view.Inspection{Troubles: []view.Trouble{{Severity: "warning", Code: "dead_letters", About: "voices", What: "voices: 2 records were not understood", Remedy: "mend them"}}}, nil
	}
	o.serve()
	got := o.get("restricted-admin", "/health")
	o.shows(got, "· voices: 2 records were not understood", "2 rows of feedback")
	o.hides(got, "voices: voices:")
}

func TestAPauseIsSaidWithItsReasonAndEnds(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.follow("internal-admin", o.post("internal-admin", "/health/pause", url.Values{"because": {"a release"}}))
	o.shows(o.get("internal-admin", "/health"), "Writing is paused by web:internal-admin@acme.example", "a release", "Write again")
	if got := o.post("internal-approver", "/health/resume", nil); got.status != http.StatusForbidden {
		t.Errorf("an approver ends a pause: %d", got.status)
	}
	o.shows(o.follow("internal-admin", o.post("internal-admin", "/health/resume", nil)), "Tandem writes again", "Pause all writing")
}

func TestAPageIsToldOfChangesUntilTheDaemonEnds(t *testing.T) {
	t.Parallel()
	o := opened(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.web.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, person("internal-admin"))))
	}))
	defer server.Close()
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/health/events", http.NoBody)
	o.ok(err)
	answer, err := server.Client().Do(ask)
	o.ok(err)
	defer func() { _ = answer.Body.Close() }()
	if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("the stream is %q", got)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(answer.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	await(t, lines, "data: <h2>Connectors</h2>")
	o.ok(o.db.Pause(t.Context(), true, "ana", "told live"))
	await(t, lines, "data: <p>Last decided")
	o.web.Close()
	for range lines { // until the stream ends
	}
}

func await(t *testing.T, lines <-chan string, want string) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		select {
		case line, open := <-lines:
			if !open {
				t.Fatalf("the stream ended before %q", want)
			}
			if strings.HasPrefix(line, want) {
				return
			}
		case <-late:
			t.Fatalf("%q did not come", want)
		}
	}
}
