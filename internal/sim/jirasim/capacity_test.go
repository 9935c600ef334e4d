package jirasim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
)

func big(tb testing.TB, n int) (*jirasim.Site, *sim.Clock) {
	tb.Helper()
	w := jirasim.Sample()
	jirasim.Populate(&w, n, 7, noon())
	clock := sim.NewClock(noon())
	site, err := jirasim.New(w, jirasim.Options{Now: clock.Now})
	if err != nil {
		tb.Fatal(err)
	}
	return site, clock
}

func post(tb testing.TB, site http.Handler, body string) string {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), "POST", "https://"+host+"/rest/api/2/search/jql", strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	req.SetBasicAuth("bot@acme.example", "jira-token")
	req.Header.Set("Content-Type", "application/json")
	resp, err := sim.Network{host: site}.RoundTrip(req)
	if err != nil {
		tb.Fatal(err)
	}
	var b strings.Builder
	if err := resp.Write(&b); err != nil {
		tb.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		tb.Fatal(b.String())
	}
	if err := resp.Body.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// TestALargeSiteIsWalkedOnce reads 20,000 issues while some of them move.
func TestALargeSiteIsWalkedOnce(t *testing.T) {
	t.Parallel()
	site, clock := big(t, 20000)
	w := site.World()
	seen := map[string]bool{}
	token := ""
	for page := 0; ; page++ {
		body := `{"jql":"project in (PAY, WEB, OPS) ORDER BY updated ASC, key ASC","fields":["updated"],"maxResults":100` + token + `}`
		text := post(t, site, body)
		for part := range strings.SplitSeq(text, `"key":"`) {
			key, _, ok := strings.Cut(part, `"`)
			if ok && strings.Contains(key, "-") && len(key) < 12 {
				seen[key] = true
			}
		}
		_, rest, more := strings.Cut(text, `"nextPageToken":"`)
		if !more {
			break
		}
		next, _, _ := strings.Cut(rest, `"`)
		token = `,"nextPageToken":"` + next + `"`
		if page%10 == 0 {
			clock.Advance(time.Second)
			if err := site.Edit(w.Issues[(page*977)%len(w.Issues)].Key, jirasim.Ana, func(i *jirasim.Issue) { i.Summary += "!" }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(seen) != 20000 {
		t.Errorf("saw %d issues, want 20000", len(seen))
	}
}

func BenchmarkSite(b *testing.B) {
	for _, n := range []int{1000, 100000} {
		site, clock := big(b, n)
		w := site.World()
		b.Run(fmt.Sprintf("page/issues=%d", n), func(b *testing.B) {
			for b.Loop() {
				post(b, site, `{"jql":"project in (PAY, WEB, OPS) ORDER BY updated ASC","fields":["summary","status","priority","labels","updated"],"maxResults":100}`)
			}
		})
		b.Run(fmt.Sprintf("idle/issues=%d", n), func(b *testing.B) {
			for b.Loop() {
				post(b, site, `{"jql":"updated >= -5m ORDER BY updated ASC","fields":["summary"],"maxResults":100}`)
			}
		})
		b.Run(fmt.Sprintf("edit/issues=%d", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				clock.Advance(time.Millisecond)
				i++
				if err := site.Edit(w.Issues[i%n].Key, jirasim.Ana, func(is *jirasim.Issue) { is.Summary = fmt.Sprint(i) }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
