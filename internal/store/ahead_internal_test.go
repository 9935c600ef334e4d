package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

func TestPartsOfAPageFitIntoTheirTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rows int
		took time.Duration
		want int
	}{
		"as planned":       {rows: 100, took: partTime, want: 100},
		"too slow":         {rows: 100, took: 2 * partTime, want: 50},
		"faster":           {rows: 100, took: partTime * 4 / 5, want: 125},
		"much faster":      {rows: 100, took: partTime / 10, want: 200},
		"no time at all":   {rows: 100, want: 200},
		"a sick disk":      {rows: 100, took: time.Minute, want: leastPart},
		"the fewest there": {rows: leastPart, took: partTime, want: leastPart},
	} {
		if got := nextPart(c.rows, c.took); got != c.want {
			t.Errorf("%s: %d rows, want %d", name, got, c.want)
		}
	}
}

// What is cut short between its parts is read again: nothing is lost, and
// nothing counts twice.
func TestAPageThatIsCutShortIsReadAgainAndCountsOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	writes := 0
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"), "acme-test", Options{Now: func() time.Time {
		if writes++; writes == 0 {
			cancel()
		}
		return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	const rows = 5 * firstPart
	page := connectors.Page{Cursor: connectors.Cursor(`"after"`)}
	links := make([][]evidence.Link, rows)
	for n := range rows {
		page.Feedback = append(page.Feedback, work.Feedback{
			Ref: work.NewRef("hotjar", fmt.Sprint(n), ""), Text: "It drops rows.", Method: work.Survey, Account: fmt.Sprint(n), At: s.now(), Version: s.now(),
		})
		links[n] = []evidence.Link{{Target: "jira:PAY-1", Cause: evidence.ByTag}}
	}
	writes = -3 // the third write from now on is the last
	if _, err := s.SavePage(ctx, "hotjar", "answers", page, links); !errors.Is(err, context.Canceled) {
		t.Fatalf("the page ended with %v", err)
	}
	count := func() (n int) {
		if err := s.reader.QueryRowContext(t.Context(), "SELECT count(*) FROM feedback").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	first := count()
	cursor, err := s.Cursor(t.Context(), "hotjar", "answers")
	if err != nil || cursor != nil || first == 0 || first == rows {
		t.Errorf("cut short it has %d rows behind the cursor %s, %v", first, cursor, err)
	}
	saved, err := s.SavePage(t.Context(), "hotjar", "answers", page, links)
	if err != nil || saved.Same != first || saved.Feedback != rows-first || count() != rows {
		t.Errorf("read again it has %d rows, and tells %+v, %v", count(), saved, err)
	}
	if cursor, err = s.Cursor(t.Context(), "hotjar", "answers"); err != nil || string(cursor) != `"after"` {
		t.Errorf("the cursor is %s, %v", cursor, err)
	}
	snap, err := s.Snapshot(t.Context(), s.now())
	if err != nil {
		t.Fatal(err)
	}
	voices := 0
	for _, d := range snap.Evidence {
		voices += int(d.Count)
	}
	if voices != rows {
		t.Errorf("%d voices are counted, want %d", voices, rows)
	}
}
