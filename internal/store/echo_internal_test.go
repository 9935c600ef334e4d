package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// An account without persons may say "good" thousands of times.
func TestManyWhoSayTheSameAreFoundInFewPairs(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"), "acme", Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	const n = 200
	at := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	var rows []work.Feedback
	var links [][]evidence.Link
	for i := range n {
		rows = append(rows, work.Feedback{
			Ref: work.NewRef("hotjar", fmt.Sprint(i), ""), Method: work.NPS, Text: "good", Account: "acme", At: at.Add(time.Duration(i) * time.Second), Version: at, Audience: work.Internal,
		})
		links = append(links, []evidence.Link{{Target: "jira:PAY-1", Cause: evidence.ByTag}})
	}
	if _, err := s.SavePage(t.Context(), "hotjar", "answers", connectors.Page{Feedback: rows}, links); err != nil {
		t.Fatal(err)
	}
	err = s.change(t.Context(), "look", normal, func(ctx context.Context, c *change) error {
		ch, err := c.newChorus(ctx)
		if err != nil {
			return err
		}
		var nums []int64
		for i := range n {
			nums = append(nums, int64(i+1))
		}
		pairs, err := ch.near(ctx, nums)
		like := newGroups[int64]()
		for _, p := range pairs {
			like.join(p[0], p[1])
		}
		if len(pairs) > 3*n || len(like.all()) != 1 || len(like.all()[0]) != n {
			t.Errorf("%d pairs of %d rows make %d groups", len(pairs), n, len(like.all()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	said, err := s.Said(t.Context(), []string{"jira:PAY-1"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, l := range said {
		if l.Standing == evidence.Counts {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d of them count", count)
	}
}
