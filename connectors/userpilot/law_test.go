package userpilot_test

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/toolsim"
	"tandem/internal/work"
)

// book is what a store would hold: rows by id, where an older version is
// ignored, and the cursor behind them.
type book struct {
	rows    map[string]work.Feedback
	metrics map[string]work.Metric
	rejects []work.Reject
	cursor  connectors.Cursor
}

func newBook() *book {
	return &book{rows: map[string]work.Feedback{}, metrics: map[string]work.Metric{}}
}

// pull reads until the stream is done, fails, or is cut after so many pages:
// then the last of them is not stored, as when the process dies.
func (b *book) pull(tb testing.TB, h http.Handler, stream, more string, cut int) (done bool, err error) {
	tb.Helper()
	live := connect(tb, connectors.Env{Name: "u", Transport: sim.Network{"127.0.0.1": h, "files.example": h}}, more)
	pages := 0
	for page, err := range live.Source.Pages(tb.Context(), stream, b.cursor) {
		if err != nil {
			return false, err
		}
		if pages++; pages > cut {
			return false, nil
		}
		for _, f := range page.Feedback {
			if old, known := b.rows[f.ID]; !known || !f.Version.Before(old.Version) {
				b.rows[f.ID] = f
			}
		}
		for _, m := range page.Metrics {
			b.metrics[m.Name+"/"+m.Account+"/"+m.Day.Format(time.DateOnly)] = m
		}
		b.rejects = append(b.rejects, page.Rejects...)
		b.cursor, done = page.Cursor, page.Done
	}
	return done, nil
}

// said is what a response comes to.
type said struct {
	Score   string
	Comment string
	Version time.Time
}

// heard is what the responses of all people are, by the rule of the manual and
// not by the code: the events of a person, in order; more than an hour of
// silence or a second score begins the next response.
func heard(events []toolsim.UserpilotEvent) map[string]said {
	all := map[string]said{}
	open := map[string]string{} // person: id of the response
	last := map[string]time.Time{}
	sorted := slices.Clone(events)
	slices.SortFunc(sorted, func(a, b toolsim.UserpilotEvent) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Fields["internal_event_id"].(string), b.Fields["internal_event_id"].(string)))
	})
	for _, e := range sorted {
		who, id := e.Fields["user_id"].(string), e.Fields["internal_event_id"].(string)
		meta, _ := e.Fields["metadata"].(map[string]any)
		current := all[open[who]]
		_, isScore := meta["score"]
		if open[who] == "" || e.At.Sub(last[who]) > time.Hour || isScore && current.Score != "" {
			open[who], current = id, said{}
		}
		if isScore {
			current.Score = fmt.Sprint(meta["score"])
		} else {
			current.Comment = fmt.Sprint(meta["feedback"])
		}
		current.Version = e.At
		last[who], all[open[who]] = e.At, current
	}
	return all
}

func TestExportsThatAreCutAnywhereLoseAndDoubleNothing(t *testing.T) {
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
	u := service()
	u.PartSize = rapid.IntRange(4, 40).Draw(rt, "part")
	u.Takes = time.Duration(rapid.SampledFrom([]int{0, 3, 60, 900}).Draw(rt, "takes")) * time.Second
	var events []toolsim.UserpilotEvent
	people := rapid.IntRange(0, 2).Draw(rt, "people")
	// people talk up to now
	talk := func(from time.Time) {
		for at := from; ; {
			apart := rapid.SampledFrom([]int{5, 20, 30, 40, 50, 55, 58, 61, 300}).Draw(rt, "apart") // some talk for hours
			at = at.Add(time.Duration(apart) * time.Minute).Truncate(time.Microsecond)
			if at.After(time.Now()) {
				return
			}
			id, who := fmt.Sprintf("e%04d", len(events)), fmt.Sprintf("u%d", rapid.IntRange(0, people).Draw(rt, "who"))
			e := comment(id, who, at, "because "+id)
			if rapid.Bool().Draw(rt, "score") {
				e = score(id, who, at, rapid.IntRange(0, 10).Draw(rt, "n"))
			}
			events = append(events, e)
			u.Track(e)
		}
	}
	talked := time.Now()
	talk(talked.Add(-2 * 24 * time.Hour))
	b := newBook()
	const window = "  window: 8d\n"
	for range rapid.IntRange(1, 8).Draw(rt, "lives") {
		switch rapid.IntRange(0, 6).Draw(rt, "trouble") {
		case 0:
			u.Occupy(time.Duration(rapid.IntRange(1, 600).Draw(rt, "occupied")) * time.Second)
		case 1:
			u.Fail = rapid.IntRange(1, 2).Draw(rt, "failing")
		}
		if _, err := b.pull(t, u, "answers", window, rapid.IntRange(0, 12).Draw(rt, "cut")); err != nil && !strings.Contains(err.Error(), "failed three times") {
			rt.Fatalf("read: %v", err)
		}
		talked = time.Now()
		time.Sleep(time.Duration(rapid.SampledFrom([]int{1, 20, 61, 300, 3000}).Draw(rt, "pause")) * time.Minute)
		talk(talked)
	}
	u.Fail, u.Takes = 0, 0
	for range 8 { // until a poll finds nothing to export
		time.Sleep(2 * time.Hour)
		if _, err := b.pull(t, u, "answers", window, 1000); err != nil && !strings.Contains(err.Error(), "failed three times") {
			rt.Fatalf("read: %v", err)
		}
	}
	got := map[string]said{}
	for id, f := range b.rows {
		s := said{Version: f.Version, Comment: f.Text}
		if n, ok := f.Score.Number(); ok {
			s.Score = fmt.Sprint(n)
		}
		got[id] = s
	}
	if diff := gocmp.Diff(heard(events), got); diff != "" || len(b.rejects) > 0 {
		rt.Fatalf("responses (-said +stored):\n%s\nrejects %v", diff, b.rejects)
	}
	if u.Betrayed() > 0 {
		rt.Fatalf("%d requests to the storage bore credentials", u.Betrayed())
	}
}

func TestDaysAreCountedOnceHoweverExportsAreCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		inBubble(t, func(t *testing.T) { t.Helper(); countTrial(t, rt) })
	})
}

func countTrial(t *testing.T, rt *rapid.T) {
	t.Helper()
	u := service()
	u.PartSize = rapid.IntRange(1, 20).Draw(rt, "part")
	b := newBook()
	want, users := map[string]int{}, map[string]map[string]bool{}
	for range rapid.IntRange(1, 8).Draw(rt, "lives") {
		for range rapid.IntRange(0, 30).Draw(rt, "uses") {
			at := time.Now().Add(-time.Duration(rapid.IntRange(0, 50).Draw(rt, "ago")) * time.Minute)
			who, company := rapid.SampledFrom([]string{"ana", "bo", "cy"}).Draw(rt, "who"), rapid.SampledFrom([]string{"acme", ""}).Draw(rt, "company")
			u.Track(used("track_feature", "2", "", who, company, at))
			key := "Search/" + company + "/" + at.UTC().Format(time.DateOnly)
			if users[key] == nil {
				users[key] = map[string]bool{}
			}
			want[key]++
			users[key][who] = true
		}
		if rapid.IntRange(0, 4).Draw(rt, "trouble") == 0 {
			u.Fail = 1
		}
		if _, err := b.pull(t, u, "usage", "", rapid.IntRange(0, 8).Draw(rt, "cut")); err != nil && !strings.Contains(err.Error(), "failed three times") {
			rt.Fatalf("read: %v", err)
		}
		time.Sleep(time.Duration(rapid.SampledFrom([]int{1, 60, 500, 2000}).Draw(rt, "pause")) * time.Minute)
	}
	u.Fail, u.Takes = 0, 0
	for range 8 {
		time.Sleep(7 * time.Hour)
		if _, err := b.pull(t, u, "usage", "", 1000); err != nil && !strings.Contains(err.Error(), "failed three times") {
			rt.Fatalf("read: %v", err)
		}
	}
	got, gotUsers := map[string]int{}, map[string]int{}
	for key, m := range b.metrics {
		n, _ := m.Count.Number()
		people, _ := m.Users.Number()
		got[key], gotUsers[key] = int(n), int(people)
	}
	wantUsers := map[string]int{}
	for key, people := range users {
		wantUsers[key] = len(people)
	}
	if diff := gocmp.Diff([]map[string]int{want, wantUsers}, []map[string]int{got, gotUsers}); diff != "" {
		rt.Fatalf("counts and users (-want +got):\n%s", diff)
	}
}
