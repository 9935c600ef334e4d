package toolsim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/toolsim"
)

// ask sends a request without a socket and decodes the answer.
func ask(t *testing.T, h http.Handler, method, path, auth, body string, into any) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if auth != "" {
		r.Header.Set("Authorization", auth)
	}
	if strings.Contains(body, "grant_type") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	return w.Code
}

func hotjar(clock *sim.Clock) *toolsim.Hotjar {
	h := &toolsim.Hotjar{Site: "991", ClientID: "c1", ClientSecret: "s1", Plan: "Ask Scale", Now: clock.Now}
	h.AddSurvey(toolsim.HotjarSurvey{ID: "a", Name: "A", Questions: []toolsim.HotjarQuestion{{ID: "q", Type: "nps"}}})
	for i := range 150 {
		h.Put("a", toolsim.HotjarResponse{ID: fmt.Sprintf("r%03d", i), Created: clock.Now().Add(time.Duration(i) * time.Minute)})
	}
	return h
}

func token(t *testing.T, h http.Handler) string {
	t.Helper()
	var answer struct {
		Access  string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"c1"}, "client_secret": {"s1"}}
	if status := ask(t, h, "POST", "/v1/oauth/token", "", form.Encode(), &answer); status != 200 || answer.Seconds != 3600 {
		t.Fatalf("token: %d %+v", status, answer)
	}
	return "Bearer " + answer.Access
}

func TestHotjarRefusesWhatTheAPIRefuses(t *testing.T) {
	t.Parallel()
	clock := sim.NewClock(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	h := hotjar(clock)
	bearer := token(t, h)
	const list = "/v1/sites/991/surveys"
	for name, c := range map[string]struct {
		method, path, auth, body string
		want                     int
	}{
		"another grant":      {"POST", "/v1/oauth/token", "", "grant_type=password&client_id=c1&client_secret=s1", 400},
		"another secret":     {"POST", "/v1/oauth/token", "", "grant_type=client_credentials&client_id=c1&client_secret=x", 401},
		"no form":            {"POST", "/v1/oauth/token", "", `{}`, 400},
		"a token by GET":     {"GET", "/v1/oauth/token", "", "", 405},
		"no token":           {"GET", list, "", "", 401},
		"another token":      {"GET", list, "Bearer x", "", 401},
		"a write":            {"POST", list, bearer, "", 405},
		"another site":       {"GET", "/v1/sites/1/surveys", bearer, "", 404},
		"another survey":     {"GET", list + "/b/responses", bearer, "", 404},
		"too many at a time": {"GET", list + "/a/responses?limit=101", bearer, "", 400},
		"none at a time":     {"GET", list + "?limit=0", bearer, "", 400},
		"another cursor":     {"GET", list + "/a/responses?cursor=x", bearer, "", 400},
		"heatmaps":           {"GET", "/v1/sites/991/heatmaps", bearer, "", 404},
		"surveys":            {"GET", list, bearer, "", 200},
		"one survey":         {"GET", list + "/a", bearer, "", 200},
		"responses":          {"GET", list + "/a/responses?limit=100", bearer, "", 200},
	} {
		if got := ask(t, h, c.method, c.path, c.auth, c.body, nil); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	clock.Advance(time.Hour)
	if got := ask(t, h, "GET", list, bearer, "", nil); got != 401 {
		t.Errorf("a token that ended: %d", got)
	}
	h.Plan = "Observe Scale"
	if got := ask(t, h, "GET", list, token(t, h), "", nil); got != 403 {
		t.Errorf("another plan: %d", got)
	}
	h.KeyEnded = true
	if got := ask(t, h, "POST", "/v1/oauth/token", "", "grant_type=client_credentials&client_id=c1&client_secret=s1", nil); got != 401 {
		t.Errorf("a key that ended: %d", got)
	}
}

func TestHotjarListsTheNewestFirstWhateverComesIn(t *testing.T) {
	t.Parallel()
	clock := sim.NewClock(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	h := hotjar(clock)
	bearer := token(t, h)
	var ids []string
	cursor := ""
	for {
		var page struct {
			Results []struct{ ID string }
			Next    *string `json:"next_cursor"`
		}
		ask(t, h, "GET", "/v1/sites/991/surveys/a/responses?limit=40&cursor="+cursor, bearer, "", &page)
		for _, r := range page.Results {
			ids = append(ids, r.ID)
		}
		h.Put("a", toolsim.HotjarResponse{ID: "new" + cursor, Created: clock.Now().AddDate(0, 0, 1)})
		if page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	for i, id := range ids {
		if want := fmt.Sprintf("r%03d", 149-i); id != want {
			t.Fatalf("place %d: %s, want %s", i, id, want)
		}
	}
	if len(ids) != 150 {
		t.Errorf("%d responses", len(ids))
	}
}
