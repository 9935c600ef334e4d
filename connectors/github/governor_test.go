package github_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

const publicSettings = "auth: {token: {env: GITHUB_TEST_TOKEN}}\nwrite_pause: 0s\n"

// metropolis is github.com with its limits, and n issues.
func metropolis(t *testing.T, n int) (*connectors.Connector, *githubsim.Site) {
	t.Helper()
	at := time.Now().UTC().Add(-90 * 24 * time.Hour).Truncate(time.Second)
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
	}
	for i := range n {
		w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/pay", Title: fmt.Sprint(i), Created: at, Updated: at.Add(time.Duration(i) * time.Second), Labels: []string{"bug"}})
	}
	site, err := githubsim.New(w, githubsim.Options{Now: time.Now, Limits: true, URL: "https://api.github.com"})
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, connectors.Env{Name: "gh", Transport: sim.Network{"api.github.com": site}, Now: time.Now}, publicSettings+"repositories: [acme/pay]")
	return c, site
}

// labelled are edits of each issue by itself.
func labelled(site *githubsim.Site, n int, labels ...string) (edits []work.Edit) {
	for _, i := range site.World().Issues[:n] {
		for _, l := range labels {
			edits = append(edits, work.Edit{
				ID: i.Key() + l, Key: i.Key(), Place: i.Repository, Verb: work.AddLabel, Value: work.NewFlag(true), Expect: work.NewFlag(false),
				Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(i.ID)}, Path: work.NativeLabels, Element: l},
			})
		}
	}
	return edits
}

// singly sends one by one: no batch is large enough for GraphQL.
func singly(t *testing.T, c *connectors.Connector, edits []work.Edit) map[work.ResultState]int {
	t.Helper()
	states := map[work.ResultState]int{}
	for _, e := range edits {
		for _, r := range c.Sink.Send(t.Context(), []work.Edit{e}) {
			states[r.State]++
		}
	}
	return states
}

func limitAnswers(site *githubsim.Site) (n int) {
	for _, c := range site.Counts() {
		n += c.Status[http.StatusForbidden] + c.Status[http.StatusTooManyRequests]
	}
	return n
}

// S10: what no answer tells of is counted, and a share is left to people.
func TestS10PointsOfAMinuteAreNeverSpentWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, site := metropolis(t, 400)
		began := time.Now()
		got := singly(t, c, labelled(site, 400, "priority/p1"))
		if got[work.Applied] != 400 || limitAnswers(site) > 0 {
			t.Errorf("results %v, %d answers were limits", got, limitAnswers(site))
		}
		// 400 reads and 400 writes are 2,400 points; 720 a minute are ours.
		if took := time.Since(began); took < 3*time.Minute || took > 5*time.Minute {
			t.Errorf("it took %s", took)
		}
	})
}

func TestS10CreationsArePacedByTheMinuteAndTheHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, site := metropolis(t, 1)
		var labels []string
		for i := range 90 {
			labels = append(labels, fmt.Sprintf("area/%d", i))
		}
		began := time.Now()
		got := singly(t, c, labelled(site, 1, labels...)) // each label is created first
		if got[work.Applied] != 90 || limitAnswers(site) > 0 {
			t.Errorf("results %v, %d answers were limits", got, limitAnswers(site))
		}
		if took := time.Since(began); took < time.Minute || took > 3*time.Minute {
			t.Errorf("90 creations took %s, 64 a minute are ours", took)
		}
	})
}

// S10: after an answer that is a limit nobody sends any more, neither writers
// side by side nor readers.
func TestS10AfterALimitNobodySends(t *testing.T) {
	t.Parallel()
	limits := map[string]func() *sim.Fault{
		"403 with Retry-After":     func() *sim.Fault { return githubsim.SecondaryLimit(403, 5*time.Minute, time.Now()) },
		"429 with Retry-After":     func() *sim.Fault { return githubsim.SecondaryLimit(429, 5*time.Minute, time.Now()) },
		"403 without Retry-After":  func() *sim.Fault { return githubsim.SecondaryLimit(403, 0, time.Now()) },
		"429 without Retry-After":  func() *sim.Fault { return githubsim.SecondaryLimit(429, 0, time.Now()) },
		"403 of the primary limit": func() *sim.Fault { return githubsim.RateLimited(403, time.Now().Add(20*time.Minute)) },
		"429 of the primary limit": func() *sim.Fault { return githubsim.RateLimited(429, time.Now().Add(20*time.Minute)) },
		"429 and not a word": func() *sim.Fault {
			return &sim.Fault{Status: 429, Header: http.Header{"X-Github-Request-Id": {"1"}, "Content-Type": {"application/json"}}, Body: `{}`}
		},
	}
	for name, limit := range limits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, site := metropolis(t, 40)
				var mu sync.Mutex
				met, after := 0, 0
				site.SetFault(func(r *http.Request) *sim.Fault {
					mu.Lock()
					defer mu.Unlock()
					switch {
					case met > 0:
						after++
						return limit()
					case r.Method != http.MethodGet:
						met++
						return limit()
					}
					return nil
				})
				edits := labelled(site, 40, "bug2")
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
				defer cancel()
				var results []work.Result
				for _, e := range edits[:4] {
					results = append(results, c.Sink.Send(ctx, []work.Edit{e})...)
				}
				for _, r := range results {
					if r.State != work.Deferred || r.Scope != "connector" || r.Until.Before(time.Now().Add(50*time.Second)) {
						t.Errorf("result %+v", r)
					}
				}
				for page, err := range c.Source.Pages(ctx, "issues", nil) {
					if err == nil && len(page.Records) > 0 {
						t.Error("a page was read")
					}
				}
				if met != 1 || after > 0 {
					t.Errorf("%d limits, and %d requests after them", met, after)
				}
			})
		})
	}
}

// Limits that follow each other ask for longer and longer pauses.
func TestS10LimitsThatFollowEachOtherGrow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, site := metropolis(t, 3)
		site.SetFault(func(*http.Request) *sim.Fault { return githubsim.SecondaryLimit(403, 0, time.Now()) })
		var waits []time.Duration
		for range 7 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			r := c.Sink.Send(ctx, labelled(site, 1, "x"))[0]
			cancel()
			wait := time.Until(r.Until).Round(time.Second)
			waits = append(waits, wait)
			time.Sleep(wait + time.Second)
		}
		want := []time.Duration{time.Minute, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute}
		if !slices.Equal(waits, want) {
			t.Errorf("waits %v, want %v", waits, want)
		}
		site.SetFault(nil)
		if got := singly(t, c, labelled(site, 1, "x")); got[work.Applied] != 1 {
			t.Errorf("in the end %v", got)
		}
	})
}

// GraphQL's limits stand inside of answers with status 200.
func TestS10LimitsInsideOfGraphQLAnswersAreKept(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func() *sim.Fault{
		"primary": func() *sim.Fault {
			return githubsim.GraphQLLimit("RATE_LIMITED", "API rate limit exceeded for user ID 1.", time.Now().Add(20*time.Minute))
		},
		"secondary": func() *sim.Fault {
			return githubsim.GraphQLLimit("", "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", time.Now())
		},
		"too quickly":       func() *sim.Fault { return githubsim.GraphQLLimit("", "was submitted too quickly", time.Now()) },
		"secondary, by 403": func() *sim.Fault { return githubsim.SecondaryLimit(403, 0, time.Now()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, site := metropolis(t, 60)
				met, after := 0, 0
				site.SetFault(func(r *http.Request) *sim.Fault {
					switch {
					case met > 0:
						after++
						return fault()
					case strings.HasSuffix(r.URL.Path, "/graphql"):
						met++
						return fault()
					}
					return nil
				})
				states := map[work.ResultState]int{}
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
				defer cancel()
				for _, batch := range c.Sink.Batches(labelled(site, 60, "priority/p1")) {
					for _, r := range c.Sink.Send(ctx, batch) {
						states[r.State]++
						if r.Until.Before(time.Now().Add(50 * time.Second)) {
							t.Errorf("until %s", r.Until)
						}
					}
				}
				if states[work.Deferred] != 60 || met != 1 || after > 0 {
					t.Errorf("results %v; %d limits, and %d requests after them", states, met, after)
				}
			})
		})
	}
}

// A short pause is kept in place, and the request is sent again: also a write,
// since what was refused for a limit was not done.
func TestAShortPauseIsKeptInPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, site := metropolis(t, 1)
		site.SetFault(sim.Script("POST", "/repos/{owner}/{repo}/issues/{issue_number}/labels", githubsim.SecondaryLimit(403, 20*time.Second, time.Now())))
		began := time.Now()
		if got := singly(t, c, labelled(site, 1, "bug2")); got[work.Applied] != 1 || time.Since(began) < 20*time.Second {
			t.Errorf("results %v after %s", got, time.Since(began))
		}
	})
}
