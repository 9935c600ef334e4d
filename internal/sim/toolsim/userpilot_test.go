package toolsim_test

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/toolsim"
)

const exports = "/api/v1/analytics/exports"

type jobState struct {
	Job       string `json:"job_id"`
	Status    string `json:"status"`
	Addresses []struct {
		Name string `json:"filename"`
		URL  string `json:"url"`
	} `json:"presigned_urls"`
}

func TestUserpilotRefusesWhatTheExportRefuses(t *testing.T) {
	t.Parallel()
	clock := sim.NewClock(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	u := &toolsim.Userpilot{Key: "k", Now: clock.Now, Takes: time.Minute, Files: "https://files.example"}
	const key, right = "Token k", `{"from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z","event_type":["interaction"],"format":"ndjson"}`
	for name, c := range map[string]struct {
		method, path, auth, body string
		want                     int
	}{
		"no key":              {"POST", exports, "", right, 401},
		"a bearer":            {"POST", exports, "Bearer k", right, 401},
		"no JSON":             {"POST", exports, key, "x", 400},
		"no times":            {"POST", exports, key, `{"format":"ndjson"}`, 422},
		"times the other way": {"POST", exports, key, `{"from":"2026-11-01T00:00:00Z","to":"2026-10-01T00:00:00Z","format":"ndjson"}`, 422},
		"another type":        {"POST", exports, key, strings.Replace(right, "interaction", "click", 1), 422},
		"another job":         {"GET", exports + "/jobs/none", key, "", 404},
		"another lookup":      {"GET", exports + "/lookups/none", key, "", 404},
		"another method":      {"DELETE", exports + "/jobs/", key, "", 405},
		"surveys":             {"GET", exports + "/lookups/surveys", key, "", 200},
		"jobs":                {"GET", exports + "/jobs/", key, "", 200},
	} {
		if got := ask(t, u, c.method, c.path, c.auth, c.body, nil); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if got := ask(t, u, "POST", exports, key, right, nil); got != 201 {
		t.Fatalf("an export: %d", got)
	}
	if got := ask(t, u, "POST", exports, key, right, nil); got != 409 {
		t.Errorf("a second export: %d", got)
	}
	clock.Advance(time.Minute)
	if got := ask(t, u, "POST", exports, key, right, nil); got != 201 {
		t.Errorf("an export after the first: %d", got)
	}
	u.NoExport = true
	if got := ask(t, u, "POST", exports, key, right, nil); got != 403 {
		t.Errorf("another plan: %d", got)
	}
}

func TestUserpilotHandsOutPartsForAWhileAndToNobodyWithCredentials(t *testing.T) {
	t.Parallel()
	clock := sim.NewClock(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	u := &toolsim.Userpilot{Key: "k", Now: clock.Now, Takes: time.Minute, Files: "https://files.example", PartSize: 2}
	for i := range 5 {
		u.Track(toolsim.UserpilotEvent{At: clock.Now().Add(-time.Duration(i+1) * time.Hour), Type: []string{"interaction", "page_view"}[i%2]})
	}
	var began, running, done jobState
	ask(t, u, "POST", exports, "Token k", `{"from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z","event_type":["interaction"],"format":"ndjson"}`, &began)
	ask(t, u, "GET", exports+"/jobs/"+began.Job, "Token k", "", &running)
	clock.Advance(time.Minute)
	ask(t, u, "GET", exports+"/jobs/"+began.Job, "Token k", "", &done)
	if running.Status != "running" || len(running.Addresses) != 0 || done.Status != "completed" || len(done.Addresses) != 2 {
		t.Fatalf("running %+v, done %+v", running, done)
	}
	address := done.Addresses[0].URL
	fetch := func(address, auth string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		r.Header.Set("Authorization", auth)
		w := httptest.NewRecorder()
		u.ServeHTTP(w, r)
		return w
	}
	resp := fetch(address, "")
	if _, err := gzip.NewReader(resp.Body); resp.Code != 200 || err != nil {
		t.Errorf("a part: %d, %v", resp.Code, err)
	}
	if resp := fetch(address, "Token k"); resp.Code != 400 || u.Betrayed() != 1 {
		t.Errorf("a part with credentials: %d, counted %d", resp.Code, u.Betrayed())
	}
	if resp := fetch(strings.Replace(address, "signature=", "signature=x", 1), ""); resp.Code != 403 {
		t.Errorf("another signature: %d", resp.Code)
	}
	clock.Advance(49 * time.Hour)
	if resp := fetch(address, ""); resp.Code != 403 {
		t.Errorf("an address that ended: %d", resp.Code)
	}
	if got := ask(t, u, "GET", exports+"/jobs/"+began.Job, "Token k", "", nil); got != 200 {
		t.Errorf("the status after two days: %d", got)
	}
	clock.Advance(24 * time.Hour)
	if got := ask(t, u, "GET", exports+"/jobs/"+began.Job, "Token k", "", nil); got != 404 {
		t.Errorf("the status after three days: %d", got)
	}
}
