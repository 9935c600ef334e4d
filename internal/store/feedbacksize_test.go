package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// crowd is the n-th feedback of a big import: two tools, 200,000 persons with
// one or two keys of 20,000 accounts, and every tenth row says again in one
// tool what was said in the other.
func crowd(n int) work.Feedback {
	said := n
	if n%10 == 9 {
		said = n - 9
	}
	person, account := said*7919%200_000, said*7919%20_000
	f := work.Feedback{
		Ref: work.NewRef([]string{"hotjar", "intercom"}[n%2], strconv.Itoa(n), ""), Kind: []string{"request", "bug", "praise"}[said%3],
		Method: work.Methods()[said%len(work.Methods())], Account: strconv.Itoa(account), Person: strconv.Itoa(person),
		Text:  fmt.Sprintf("The export of report %d drops rows again and again, and I have to count them by hand every week.", said),
		Value: work.NewNumber(float64(account)), At: noon.Add(-time.Duration(n%400*24) * time.Hour), Audience: work.Internal, Version: noon,
		Segment: []string{"free", "pro", "enterprise"}[account%3], Score: work.NewNumber(float64(said % 11)), Scale: "0-10",
		PersonKeys:  map[string]string{"user_id": strconv.Itoa(person)},
		AccountKeys: map[string]string{"account_id": strconv.Itoa(account)},
	}
	if n%2 == 0 {
		f.PersonKeys["email"] = fmt.Sprintf("%x@acme.example", person*2654435761)
	}
	return f
}

// TestHowFastFeedbackIsStored imports TANDEM_FEEDBACK rows in pages of 500:
// time, the slowest pages, memory, and what a snapshot takes.
func TestHowFastFeedbackIsStored(t *testing.T) {
	rows, err := strconv.Atoi(os.Getenv("TANDEM_FEEDBACK"))
	if err != nil || rows == 0 {
		t.Skip("TANDEM_FEEDBACK names no number of rows: make feedback ROWS=1000000 runs it, for some minutes")
	}
	k := openStore(t)
	if os.Getenv("TANDEM_BENCH_STORE") == "postgres" {
		k = openServer(t)
	}
	var took []time.Duration
	var most uint64
	long := &longWrites{}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	k.Store, err = store.Open(t.Context(), k.address, "acme-test", store.Options{Now: k.clock.Now, Log: slog.New(long)})
	if err != nil {
		t.Fatal(err)
	}
	for from := 0; from < rows; from += 500 {
		page := connectors.Page{Cursor: connectors.Cursor(strconv.Itoa(from))}
		var links [][]evidence.Link
		for n := from; n < min(from+500, rows); n++ {
			f := crowd(n)
			page.Feedback = append(page.Feedback, f)
			links = append(links, about("jira:PAY-"+strconv.Itoa(n/10*31%5000)))
		}
		began := time.Now()
		if _, err := k.SavePage(t.Context(), "hotjar", "answers", page, links); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(began))
		if len(took)%100 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.Sys-m.HeapReleased)
		}
	}
	var total time.Duration
	for _, d := range took {
		total += d
	}
	slices.Sort(took)
	began := time.Now()
	snap := k.snapshot()
	read := time.Since(began)
	voices := int32(0)
	for _, d := range snap.Evidence {
		voices += d.Count
	}
	t.Logf("%d rows in %s: %.0f rows/s; a page takes %s, one of 100 more than %s, the slowest %s; %d MB of memory",
		rows, total.Round(time.Millisecond), float64(rows)/total.Seconds(), took[len(took)/2].Round(time.Millisecond), took[len(took)*99/100].Round(time.Millisecond),
		took[len(took)-1].Round(time.Millisecond), most>>20)
	slices.Sort(long.took)
	for _, part := range []int{50, 90, 99} {
		if at := len(long.took) * part / 100; at < len(long.took) {
			t.Logf("%d transactions took longer than %s; %d of 100 of those less than %s", len(long.took), 50*time.Millisecond, part, long.took[at].Round(time.Millisecond))
		}
	}
	t.Logf("%d aggregates of %d voices (the others repeat one) are read in %s", len(snap.Evidence), voices, read.Round(time.Millisecond))
	if want := rows - rows/10; int(voices) != want {
		t.Errorf("%d voices, want %d", voices, want)
	}
}

// longWrites collects how long writes took that kept others waiting.
type longWrites struct{ took []time.Duration }

// Enabled reports that everything is told.
func (*longWrites) Enabled(context.Context, slog.Level) bool { return true }

// Handle takes the time of a write.
func (w *longWrites) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "took" {
			w.took = append(w.took, a.Value.Duration())
		}
		return true
	})
	return nil
}

// WithAttrs and WithGroup change nothing.
func (w *longWrites) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup changes nothing.
func (w *longWrites) WithGroup(string) slog.Handler { return w }
