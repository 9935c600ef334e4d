package hotjar_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/toolsim"
	"tandem/internal/work"
)

// book is what a store would hold: rows by id, and the cursor behind them.
type book struct {
	rows   map[string]work.Feedback
	cursor connectors.Cursor
}

// pull reads until the stream is done, or until it is cut after so many pages:
// then the last of them is not stored, as when the process dies.
func (b *book) pull(tb testing.TB, t *rapid.T, h http.Handler, more string, cut int) (done bool) {
	tb.Helper()
	live := connect(tb, connectors.Env{Name: "h", Transport: sim.Network{"127.0.0.1": h}}, more)
	pages := 0
	for page, err := range live.Source.Pages(tb.Context(), "responses", b.cursor) {
		if err != nil {
			t.Fatalf("read: %v", err)
		}
		if len(page.Rejects) > 0 {
			t.Fatalf("rejects: %v", page.Rejects)
		}
		if pages++; pages > cut {
			return false
		}
		for _, f := range page.Feedback {
			b.rows[f.ID] = f
		}
		b.cursor = page.Cursor
		done = page.Done
	}
	return done
}

// The service goes on while it is read: responses come in, and partial ones
// are completed. Whatever is cut, nothing is lost and nothing doubled.
func TestWalksThatAreCutAnywhereLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		inBubble(t, func(t *testing.T) { t.Helper(); trial(t, rt) })
	})
}

// inBubble runs a trial where waiting takes no time. What ends it goes on outside,
// where rapid looks for a smaller case.
func inBubble(t *testing.T, trial func(t *testing.T)) {
	t.Helper()
	var ended any
	synctest.Test(t, func(t *testing.T) {
		defer func() { ended = recover() }()
		trial(t)
	})
	if ended != nil {
		panic(ended)
	}
}

func trial(t *testing.T, rt *rapid.T) {
	t.Helper()
	h := service()
	h.PageSize = rapid.IntRange(2, 9).Draw(rt, "page")
	want := map[string]bool{} // id: complete
	clock := time.Now()
	insert := func(survey string, complete bool) {
		clock = clock.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, "apart")) * time.Second)
		if now := time.Now(); clock.After(now) {
			clock = now // several may share a moment
		}
		r := response(fmt.Sprintf("r%04d", len(want)), clock)
		r.Complete = complete
		h.Put(survey, r)
		want[survey+"/"+r.ID] = complete
	}
	surveys := []string{"s1", "s2"}
	for _, s := range surveys {
		h.AddSurvey(nps(s))
	}
	clock = clock.Add(-30 * 24 * time.Hour)
	for range rapid.IntRange(0, 60).Draw(rt, "before") {
		clock = clock.Add(8 * time.Hour)
		insert(rapid.SampledFrom(surveys).Draw(rt, "survey"), rapid.Bool().Draw(rt, "complete"))
	}
	live := true
	h.Before = func(r *http.Request) {
		if !live || !strings.HasSuffix(r.URL.Path, "/responses") {
			return
		}
		for range rapid.IntRange(0, 3).Draw(rt, "meanwhile") {
			insert(rapid.SampledFrom(surveys).Draw(rt, "to"), false)
		}
	}
	b := book{rows: map[string]work.Feedback{}}
	for range rapid.IntRange(1, 8).Draw(rt, "lives") {
		b.pull(t, rt, h, "", rapid.IntRange(0, 6).Draw(rt, "cut"))
		time.Sleep(time.Duration(rapid.IntRange(0, 20).Draw(rt, "pause")) * time.Minute)
	}
	live = false
	for id := range want {
		survey, name, _ := strings.Cut(id, "/")
		if want[id] || b.rows[id].At.Before(time.Now().Add(-13*24*time.Hour)) {
			continue
		}
		r := response(name, b.rows[id].At)
		h.Put(survey, r) // completed later
		want[id] = true
	}
	for range 2 { // what was cut comes to its end; then a poll over the whole overlap
		for !b.pull(t, rt, h, "", 1000) {
			rt.Fatal("a whole read is not done")
		}
		time.Sleep(7 * time.Hour)
	}
	if len(b.rows) != len(want) {
		rt.Fatalf("%d rows of %d responses", len(b.rows), len(want))
	}
	for id, complete := range want {
		f, stored := b.rows[id]
		if !stored || complete != (f.Attributes["complete"] == "") {
			rt.Fatalf("%s: stored %v, complete %v, read as %v", id, stored, complete, f.Attributes)
		}
	}
}

func TestACursorThatHotjarForgotBeginsTheWalkAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := filled(350)
		forgets := false
		forgetful := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if forgets && r.URL.Query().Get("cursor") != "" {
				forgets = false
				sim.WriteJSON(w, http.StatusBadRequest, "application/json", map[string]string{"error": "invalid_cursor"})
				return
			}
			h.ServeHTTP(w, r)
		})
		live := connect(t, connectors.Env{Name: "h", Transport: sim.Network{"127.0.0.1": forgetful}}, "")
		var cursor connectors.Cursor
		for page, err := range live.Source.Pages(t.Context(), "responses", nil) {
			if err != nil {
				t.Fatal(err)
			}
			if cursor = page.Cursor; len(page.Feedback) > 0 {
				break
			}
		}
		forgets = true
		seen := map[string]bool{}
		for page, err := range live.Source.Pages(t.Context(), "responses", cursor) {
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range page.Feedback {
				seen[f.ID] = true
			}
		}
		if len(seen) != 350 || forgets {
			t.Errorf("%d of 350 responses are read", len(seen))
		}
	})
}

// filled has a survey with so many responses.
func filled(n int) *toolsim.Hotjar {
	h := service()
	h.AddSurvey(nps("s1"))
	for i := range n {
		h.Put("s1", response(fmt.Sprintf("r%03d", i), time.Now().Add(-time.Duration(i+1)*time.Minute)))
	}
	return h
}

func TestAUsualPollAsksForOnePageOfASurvey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := filled(350)
		calls := 0
		h.Before = func(r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/responses") {
				calls++
			}
		}
		b := book{rows: map[string]work.Feedback{}}
		read := func() int {
			calls = 0
			live := connect(t, connectors.Env{Name: "h", Transport: sim.Network{"127.0.0.1": h}}, "")
			for page, err := range live.Source.Pages(t.Context(), "responses", b.cursor) {
				if err != nil {
					t.Fatal(err)
				}
				b.cursor = page.Cursor
			}
			return calls
		}
		got := []int{read(), read()}
		time.Sleep(deep)
		got = append(got, read())
		if want := []int{4, 1, 4}; !slices.Equal(got, want) {
			t.Errorf("requests of the first, the next and the deep poll: %v, want %v", got, want)
		}
	})
}

const deep = 6 * time.Hour

func TestATokenThatEndedIsRenewedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := filled(250)
		live := connect(t, connectors.Env{Name: "h", Transport: sim.Network{"127.0.0.1": h}}, "")
		read := func() (n int, err error) {
			for page, last := range live.Source.Pages(t.Context(), "responses", nil) {
				if last != nil {
					return n, last
				}
				n += len(page.Feedback)
				h.EndTokens()
			}
			return n, nil
		}
		if n, err := read(); n != 250 || err != nil {
			t.Fatalf("%d responses, %v", n, err)
		}
		if h.Issued() != 3 {
			t.Errorf("%d tokens, want one for each of three pages", h.Issued())
		}
		before := h.Issued()
		time.Sleep(59 * time.Minute)
		if _, err := read(); err != nil || h.Issued() == before {
			t.Errorf("%v; %d tokens", err, h.Issued())
		}
		h.KeyEnded = true
		h.EndTokens()
		_, err := read()
		if err == nil || !strings.Contains(err.Error(), "end after one year") {
			t.Errorf("%v", err)
		}
	})
}
