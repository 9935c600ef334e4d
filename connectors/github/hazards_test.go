package github_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// go-github v60 builds our requests and does nothing else, because of what it
// was found to do. Each of these is shown not to be ours:
//
//	 1  a 429 is no limit                          TestS10AfterALimitNobodySends
//	 2  a reset far off counts as Retry-After      below
//	 3  it refuses by itself, with old counters    below
//	 4  label names are put raw into the path      TestLabelNamesArriveAsTheyAre
//	 5  a redirected PATCH is sent as GET          below, TestRedirectsOfWritesAreNotFollowed
//	 6  links are cut at commas, since= ends a walk  link_internal_test.go
//	 7  a milestone cannot be cleared              TestMilestonesAndStatesAreWrittenOneByOneWithoutGraphQL
//	 8  304 and 202 are errors                     below
//	 9  webhooks signed with SHA-1 or not at all   TestOnlySHA256WithTheSecretIsBelieved
//	10  GraphQL on Enterprise Server counts as core  below
//
// And of the libraries beside it:
//
//	 -  retryablehttp repeats a POST after a 5xx   TestAFailedPostIsNotRepeated
//	 -  a cache serves what is a minute old        TestEveryPollAsksTheService

func TestHazard2AResetFarOffIsNoRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, site := metropolis(t, 1)
		site.SetFault(sim.Script("", "", githubsim.SecondaryLimit(403, 0, time.Now()))) // its reset is 55 minutes off
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r := c.Sink.Send(ctx, labelled(site, 1, "x"))[0]
		if wait := time.Until(r.Until); r.State != work.Deferred || wait < time.Minute || wait > 2*time.Minute {
			t.Errorf("%+v: a wait of %s", r, wait)
		}
	})
}

func TestHazard3NothingIsRefusedAfterTheReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, site := metropolis(t, 1)
		site.SetFault(sim.Script("", "", githubsim.RateLimited(403, time.Now().Add(20*time.Minute))))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		r := c.Sink.Send(ctx, labelled(site, 1, "x"))[0]
		cancel()
		if wait := time.Until(r.Until); wait < 19*time.Minute || wait > 21*time.Minute {
			t.Errorf("%+v: a wait of %s", r, wait)
		}
		other, _ := metropolis(t, 1) // other credentials have other counters
		if got := read(t, other, nil); len(got.Records) != 1 {
			t.Errorf("others read %d records", len(got.Records))
		}
		time.Sleep(time.Until(r.Until) + time.Second)
		if got := singly(t, c, labelled(site, 1, "x")); got[work.Applied] != 1 {
			t.Errorf("after the reset %v", got)
		}
	})
}

func TestHazard5APatchThatIsRedirectedIsNotSentAsAGet(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		h := newHub()
		h.open("acme/pay", 1, start())
		got := 0
		h.answer = func(w http.ResponseWriter, r *http.Request) bool {
			switch {
			case r.Method == http.MethodPatch:
				w.Header().Set("Location", h.url+"/repositories/1/issues/1")
				reply(w, status, map[string]any{"message": "Moved Permanently"})
			case strings.Contains(r.URL.Path, "/repositories/1"):
				got++
				reply(w, 200, h.repos["acme/pay"].issues[0])
			default:
				return false
			}
			return true
		}
		c := live(t, h, "repositories: [acme/pay]")
		r := c.Sink.Send(t.Context(), []work.Edit{{
			ID: "1", Key: "acme/pay#1", Place: "acme/pay", Verb: work.SetField, Value: work.NewText("closed"), Expect: work.NewText("open"),
			Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(h.repos["acme/pay"].issues[0].ID)}, Path: "state"},
		}})[0]
		if r.State == work.Applied || r.State == work.Unchanged || got > 0 {
			t.Errorf("%d: %+v, followed %d times", status, r, got)
		}
	}
}

func TestHazard8AcceptedIsNoListAndNotModifiedIsNoError(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 1, start())
	c := live(t, h, "repositories: [acme/pay]")
	first := read(t, c, nil)
	again := read(t, c, first.Cursor) // 304
	if len(first.Records) != 1 || len(again.Records) != 0 {
		t.Errorf("read %d records, then %d", len(first.Records), len(again.Records))
	}
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/issues") {
			reply(w, http.StatusAccepted, []any{})
			return true
		}
		return false
	}
	var last error
	for _, err := range c.Source.Pages(t.Context(), "issues", nil) {
		last = err
	}
	if last == nil {
		t.Error("202 was taken for an empty list")
	}
}

// The quota is told by the answer's own word, not by the address.
func TestHazard10GraphQLOfAnEnterpriseServerIsNotCore(t *testing.T) {
	t.Parallel()
	site := crowd(t, 30, githubsim.Options{Enterprise: true}, nil)
	used := false
	env := connectors.Env{Name: "gh", Now: time.Now, Transport: inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/api/graphql") {
			used = true
			for name, value := range map[string]string{"Limit": "5000", "Remaining": "1", "Reset": fmt.Sprint(time.Now().Add(time.Hour).Unix()), "Resource": "graphql"} {
				w.Header().Set("X-Ratelimit-"+name, value)
			}
		}
		site.ServeHTTP(w, r)
	})}}
	c := connect(t, env, "url: http://127.0.0.1/api/v3\n"+tokenAuth+"repositories: [acme/pay]")
	var refs []work.Ref
	for _, i := range site.World().Issues {
		refs = append(refs, work.NewRef("gh", fmt.Sprint(i.ID), i.Key()))
	}
	for range 2 {
		for _, err := range c.Reader.Read(t.Context(), refs) {
			t.Log(err)
		}
	}
	if got := read(t, c, nil); !used || len(got.Records) != 30 {
		t.Errorf("GraphQL was used: %v; then %d records were read", used, len(got.Records))
	}
}

// A label that was made, a comment that was written: nobody knows whether a
// 5xx came before or after.
func TestAFailedPostIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 502, 503, 504} {
		h := newHub()
		h.open("acme/pay", 1, start())
		posts := 0
		h.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost {
				return false
			}
			posts++
			reply(w, status, map[string]any{"message": "Server Error"})
			return true
		}
		c := live(t, h, "repositories: [acme/pay]")
		h.repos["acme/pay"].labels["x"] = ""
		if r := send(t, c, add("x"))[0]; r.State != work.Uncertain || posts != 1 {
			t.Errorf("%d: sent %d times, %+v", status, posts, r)
		}
	}
}

// GitHub lets answers be kept for a minute. A change within that minute is seen.
func TestEveryPollAsksTheService(t *testing.T) {
	t.Parallel()
	c, site := metropolis(t, 3)
	first := read(t, c, nil)
	if err := site.Edit("acme/pay#2", "ana", func(i *githubsim.Issue) { i.Title = "Changed" }); err != nil {
		t.Fatal(err)
	}
	calls := site.Calls("GET", "/repos/{owner}/{repo}/issues")
	if again := read(t, c, first.Cursor); !strings.Contains(strings.Join(keys(again.Records), " "), "acme/pay#2") || site.Calls("GET", "/repos/{owner}/{repo}/issues") == calls {
		t.Errorf("read %v", keys(again.Records))
	}
}
