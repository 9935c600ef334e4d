package github_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

func TestAFailingRepositoryStopsNoOtherAndIsNamed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer func(w http.ResponseWriter)
		want   string
	}{
		"hidden": {func(w http.ResponseWriter) { missing(w) }, "cannot see it"},
		"forbidden": {func(w http.ResponseWriter) {
			reply(w, 403, map[string]any{"message": "Resource not accessible by integration"})
		}, "grant Issues"},
		"broken":  {func(w http.ResponseWriter) { reply(w, 500, nil) }, "asked again"},
		"no list": {func(w http.ResponseWriter) { reply(w, 200, map[string]any{"message": "?"}) }, "documented form"},
		"web page": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<!DOCTYPE html><title>Sign in</title>")
		}, "login page"},
		"cut off": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, `[{"id":1,"number":1,"ti`)
		}, "cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHub()
			for _, r := range []string{"acme/a", "acme/b", "acme/c"} {
				h.open(r, 1, start())
			}
			h.answer = func(w http.ResponseWriter, r *http.Request) bool {
				bad := r.URL.Path == "/repos/acme/b/issues"
				if bad {
					tc.answer(w)
				}
				return bad
			}
			c := live(t, h, `repositories: ["acme/*"]`)
			all, err := pages(t, c, nil)
			if err == nil || !strings.Contains(err.Error(), "acme/b") || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "acme/c") {
				t.Errorf("error %v, want acme/b and %q", err, tc.want)
			}
			var got []string
			for _, p := range all {
				got = append(got, keys(p.Records)...)
				if p.Done {
					t.Error("a walk with an error says that it is done")
				}
			}
			if diff := cmp.Diff([]string{"acme/a#1", "acme/c#1"}, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			h.answer = nil
			if diff := cmp.Diff([]string{"acme/b#1"}, keys(read(t, c, all[len(all)-1].Cursor).Records)); diff != "" {
				t.Errorf("after mending (-want +got):\n%s", diff)
			}
		})
	}
}

func TestALimitStopsTheWalkUntilItIsOver(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]http.Header{
		"primary":   {"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Reset": {fmt.Sprint(time.Now().Add(40 * time.Minute).Unix())}},
		"secondary": {"Retry-After": {"600"}, "X-Github-Request-Id": {"1"}},
	} {
		for _, status := range []int{403, 429} {
			h := newHub()
			h.open("acme/a", 1, start())
			h.open("acme/b", 1, start())
			h.answer = func(w http.ResponseWriter, _ *http.Request) bool {
				maps.Copy(w.Header(), head)
				reply(w, status, map[string]any{"message": "You have exceeded a limit"})
				return true
			}
			_, err := pages(t, live(t, h, "repositories: [acme/a, acme/b]"), nil)
			if err == nil || !strings.Contains(err.Error(), "wait until") || len(h.taken()) != 1 {
				t.Errorf("%s %d: error %v", name, status, err)
			}
		}
	}
}

func TestAShareOfTheQuotaIsLeftToPeople(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		h.open("acme/a", 1, start())
		left := 1000
		h.answer = func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Ratelimit-Limit", "5000")
			w.Header().Set("X-Ratelimit-Remaining", fmt.Sprint(left))
			w.Header().Set("X-Ratelimit-Reset", fmt.Sprint(time.Now().Add(30*time.Minute).Unix()))
			return false
		}
		c := live(t, h, "repositories: [acme/a]")
		if _, err := pages(t, c, nil); err == nil || !strings.Contains(err.Error(), "left to people") {
			t.Errorf("error: %v", err)
		}
		if n := len(h.taken()); n != 1 {
			t.Errorf("%d calls, want the one that told", n)
		}
		time.Sleep(31 * time.Minute)
		left = 4990
		read(t, c, nil)
	})
}

func TestLinksLeadNowhereElse(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/a", 101, start())
	h.url = "https://evil.example"
	_, err := pages(t, live(t, h, "repositories: [acme/a]"), nil)
	if err == nil || !strings.Contains(err.Error(), "evil.example, which is not 127.0.0.1") {
		t.Errorf("error: %v", err)
	}
}

func TestVisibilityIsTheAudience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		h.open("acme/a", 2, start())
		c := live(t, h, "repositories: [acme/a]")
		first := read(t, c, nil)
		if first.Records[0].Audience != work.Internal {
			t.Fatalf("audience %v", first.Records[0].Audience)
		}
		h.repos["acme/a"].private = false
		if page := read(t, c, first.Cursor); len(page.Records) > 0 {
			t.Errorf("nothing should be seen yet: %v", keys(page.Records))
		}
		time.Sleep(25 * time.Hour)
		second := read(t, c, first.Cursor)
		if len(second.Records) != 2 || second.Records[1].Audience != work.Public {
			t.Errorf("a day after it was made public: %+v", second.Records)
		}
		h.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/repos/acme/a" {
				reply(w, 200, map[string]any{"full_name": "acme/a"})
			}
			return r.URL.Path == "/repos/acme/a"
		}
		if page := read(t, c, nil); len(page.Records) != 2 || page.Records[0].Audience != work.UnknownAudience {
			t.Errorf("no visibility known: %+v", page.Records)
		}
	})
}

func TestGlobsAreLookedUpOnceAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		for _, name := range []string{"acme/pay", "acme/web", "acme/old-archive", "acme/x"} {
			h.open(name, 1, start())
		}
		c := live(t, h, `repositories: [acme/pay, "acme/*", "!acme/*-archive", "!acme/x"]`)
		first := read(t, c, nil)
		if diff := cmp.Diff([]string{"acme/pay#1", "acme/web#1"}, keys(first.Records)); diff != "" {
			t.Errorf("records (-want +got):\n%s", diff)
		}
		h.open("acme/zoo", 1, start())
		h.taken()
		time.Sleep(30 * time.Minute)
		second := read(t, c, first.Cursor)
		if calls := h.taken(); len(calls) != 2 || len(second.Records) > 0 {
			t.Errorf("within the hour: %v", calls)
		}
		time.Sleep(31 * time.Minute)
		h.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasPrefix(r.URL.Path, "/orgs") {
				reply(w, 500, nil)
			}
			return strings.HasPrefix(r.URL.Path, "/orgs")
		}
		all, err := pages(t, c, second.Cursor)
		if err == nil || !strings.Contains(err.Error(), "list the repositories of acme") || len(all) != 1 {
			t.Errorf("with a broken list the old one is used, and the error told: %v", err)
		}
		h.answer = nil
		if third := read(t, c, second.Cursor); !slices.Contains(keys(third.Records), "acme/zoo#1") {
			t.Errorf("the new repository was not found: %v", keys(third.Records))
		}
	})
}

func TestARenamedRepositoryIsReadUnderItsTrueName(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/new", 1, start())
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		rest, old := strings.CutPrefix(r.URL.Path, "/repos/acme/old")
		if old {
			w.Header().Set("Location", h.url+"/repos/acme/new"+rest+"?"+r.URL.RawQuery)
			reply(w, 301, map[string]any{"message": "Moved Permanently"})
		}
		return old
	}
	page := read(t, live(t, h, "repositories: [acme/old]"), nil)
	if len(page.Records) != 1 || page.Records[0].Key != "acme/new#1" || page.Records[0].Place != "acme/new" {
		t.Errorf("records: %+v", page.Records)
	}
}

func TestReadByIDTellsAbsenceFromFailure(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 3, start())
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/issues/7"):
			reply(w, 410, map[string]any{"message": "This issue was deleted"})
		case strings.HasSuffix(r.URL.Path, "/issues/8"):
			reply(w, 301, map[string]any{"message": "Moved Permanently"}) // without Location
		case strings.HasSuffix(r.URL.Path, "/issues/9"):
			reply(w, 500, nil)
		default:
			return false
		}
		return true
	}
	c := live(t, h, "repositories: [acme/pay]")
	ref := func(number int) work.Ref {
		return work.NewRef("gh", fmt.Sprint(3_001_000_000+number), fmt.Sprintf("acme/pay#%d", number))
	}
	by := func(refs ...work.Ref) ([]string, error) {
		var got []string
		for page, err := range c.Reader.Read(context.Background(), refs) {
			if err != nil {
				return got, err
			}
			got = append(got, keys(page.Records)...)
		}
		return got, nil
	}
	transferred := work.NewRef("gh", "5", "acme/pay#3")
	got, err := by(ref(1), ref(7), ref(8), ref(99), transferred, ref(2))
	if diff := cmp.Diff([]string{"acme/pay#1", "acme/pay#3", "acme/pay#2"}, got); diff != "" || err != nil {
		t.Errorf("read (-want +got):\n%s\nerror %v", diff, err)
	}
	if got, err = by(ref(1), ref(9), ref(2)); err == nil || len(got) != 1 || !strings.Contains(err.Error(), "acme/pay#9") {
		t.Errorf("a failure: %v and error %v", got, err)
	}
}

// A repository that appears under a glob later is read, and not written before
// an admin lists it by name. That outlives a restart.
func TestANewRepositoryIsReadAndNotWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site, err := githubsim.New(githubsim.World{
			Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
			Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
			Issues:       []githubsim.Issue{{Repository: "acme/pay", Title: "A"}},
		}, githubsim.Options{Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		tag := func(c *connectors.Connector, repository, name string) work.Result {
			i, _ := site.Issue(repository + "#1")
			return c.Sink.Send(t.Context(), []work.Edit{{
				ID: name, Key: i.Key(), Place: i.Repository, Verb: work.AddLabel, Value: work.NewFlag(true), Expect: work.NewFlag(false),
				Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(i.ID)}, Path: work.NativeLabels, Element: name},
			}})[0]
		}
		open := func(repositories string) *connectors.Connector {
			return connect(t, connectors.Env{Name: "gh", Transport: sim.Network{"127.0.0.1": site}, Now: time.Now}, hubSettings+"repositories: ["+repositories+"]")
		}
		c := open(`"acme/*"`)
		at := read(t, c, nil).Cursor
		if r := tag(c, "acme/pay", "a"); r.State != work.Applied {
			t.Errorf("in a known repository: %+v", r)
		}
		if err := site.AddRepository(githubsim.Repository{Name: "acme/new", Private: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := site.Create("ana", githubsim.Issue{Repository: "acme/new", Title: "B"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		found := read(t, c, at)
		var told []string
		for _, f := range found.Findings {
			told = append(told, f.Subject+": "+f.What+"; "+f.Remedy)
		}
		if diff := cmp.Diff([]string{`gh acme/new: it is new: it is read, and not written; to have Tandem write there, list it by name: repositories: ["acme/*", acme/new]`}, told); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
		if again := read(t, c, found.Cursor); len(again.Findings) > 0 {
			t.Errorf("told again: %v", again.Findings)
		}
		if !slices.Contains(keys(found.Records), "acme/new#1") {
			t.Errorf("read %v", keys(found.Records))
		}
		for range 2 {
			if r := tag(c, "acme/new", "b"); r.State != work.Deferred || r.Scope != "issue" || !strings.Contains(r.Detail, "add it to repositories:") {
				t.Errorf("in a new repository: %+v", r)
			}
			if r := tag(c, "acme/pay", "a"); r.State != work.Unchanged {
				t.Errorf("in a known repository: %+v", r)
			}
			time.Sleep(2 * time.Hour)
			c = open(`"acme/*"`) // a restart
			at = read(t, c, found.Cursor).Cursor
		}
		for _, repositories := range []string{`"acme/*", acme/new`, `"acme/*", "other/*", acme/new`} {
			c = open(repositories)
			at = read(t, c, at).Cursor
			if r := tag(c, "acme/new", repositories); r.State != work.Applied {
				t.Errorf("listed by name: %+v", r)
			}
		}
	})
}
