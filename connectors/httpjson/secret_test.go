package httpjson_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A service may repeat the whole query in the next address, the key in it.
func TestAKeyInTheNextAddressIsNotStored(t *testing.T) {
	t.Setenv("HTTPJSON_TEST_KEY", "geheim")
	asked := 0
	tool := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Query().Get("api_key") != "geheim" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		body := `{"rows":[{"id":"1","at":"2026-01-01"}],"next":"https://api.example.com/s?api_key=geheim&cursor=2"}`
		if r.URL.Query().Get("cursor") == "2" {
			body = `{"rows":[{"id":"2","at":"2026-01-01"}]}`
		}
		_, _ = w.Write([]byte(body))
	})
	entry := strings.Replace(simple("request: {path: /s}", "records: rows", "page: {kind: next_url, next: next}"),
		"  max_mb", "  auth: {query: {name: api_key, value: {env: HTTPJSON_TEST_KEY}}}\n  max_mb", 1)
	pages := mustRead(t, open(t, to(tool), entry), "s", nil)
	var ids []string
	for _, p := range pages {
		if strings.Contains(string(p.Cursor), "geheim") {
			t.Errorf("a cursor holds the key: %s", p.Cursor)
		}
	}
	for _, f := range feedbackOf(pages) {
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	if diff := cmp.Diff([]string{"1", "2"}, ids); diff != "" || asked != 2 {
		t.Errorf("%d requests %s", asked, diff)
	}
}

func TestADayIsThatOfItsZone(t *testing.T) {
	t.Parallel()
	body := `{"rows":[{"n":"a","day":"2026-03-29","c":1},{"n":"b","day":"2026-03-28T23:30:00Z","c":1},{"n":"c","day":"2026-06-30T22:30:00Z","c":1}]}`
	for zone, want := range map[string][]string{
		"Europe/Berlin":       {"a 2026-03-29", "b 2026-03-29", "c 2026-07-01"},
		"America/Los_Angeles": {"a 2026-03-29", "b 2026-03-28", "c 2026-06-30"},
		"UTC":                 {"a 2026-03-29", "b 2026-03-28", "c 2026-06-30"},
	} {
		entry := "tool:\n  kind: http\n  url: https://api.example.com\n  streams:\n    s:\n      yields: metrics\n" +
			"      request: {path: /s}\n      records: rows\n      fields: {name: n, day: {path: day, zone: " + zone + "}, count: c}\n"
		live := open(t, to(answering(200, "application/json", []byte(body))), entry)
		var got []string
		for _, p := range mustRead(t, live, "s", nil) {
			for _, m := range p.Metrics {
				if !m.Day.Equal(m.Day.UTC().Truncate(24 * time.Hour)) {
					t.Errorf("%s is no whole day", m.Day)
				}
				got = append(got, m.Name+" "+m.Day.Format(time.DateOnly))
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", zone, diff)
		}
	}
}

// A row may be stricter than its connector, never looser.
func TestARowIsNeverSeenByMoreThanItsConnector(t *testing.T) {
	t.Parallel()
	body := `{"rows":[{"id":"1","at":"2026-01-01","who":"public"},{"id":"2","at":"2026-01-01","who":"restricted"},
		{"id":"3","at":"2026-01-01"},{"id":"4","at":"2026-01-01","who":"internal"},{"id":"5","at":"2026-01-01","who":"everybody"}]}`
	for audience, want := range map[string][]string{
		"public":     {"1 public", "2 restricted", "3 public", "4 internal"},
		"internal":   {"1 internal", "2 restricted", "3 internal", "4 internal"},
		"restricted": {"1 restricted", "2 restricted", "3 restricted", "4 restricted"},
	} {
		for _, yields := range []string{"feedback", "insights", "items"} {
			entry := "tool:\n  kind: http\n  url: https://api.example.com\n  audience: " + audience + "\n  streams:\n    s:\n      yields: " + yields +
				"\n      request: {path: /s}\n      records: rows\n      fields: {id: id, audience: who, " +
				map[string]string{"feedback": "at: at", "insights": "at: at, title: id", "items": "title: id"}[yields] + "}\n"
			pages := mustRead(t, open(t, to(answering(200, "application/json", []byte(body))), entry), "s", nil)
			var got []string
			for _, p := range pages {
				for _, f := range p.Feedback {
					got = append(got, f.ID+" "+f.Audience.String())
				}
				for _, in := range p.Insights {
					got = append(got, in.ID+" "+in.Audience.String())
				}
				for _, r := range p.Records {
					got = append(got, r.ID+" "+r.Audience.String())
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" || len(rejectsOf(pages)) != 1 {
				t.Errorf("%s of %s (-want +got):\n%s", yields, audience, diff)
			}
		}
	}
}
