package httpjson

import (
	"context"
	"maps"
	"slices"
	"time"

	"tandem/internal/work"
)

// sums adds up the usage of one window: rows of single people become rows of
// days.
type sums struct {
	rows map[string]*sum
	seen map[string]struct{} // of unique
}

type sum struct {
	metric work.Metric
	count  float64
	users  map[string]struct{}
}

func sumKey(m work.Metric) string {
	return m.Name + "\x00" + m.Account + "\x00" + m.Day.Format(time.DateOnly)
}

// unique is what tells repeats of a row.
func (w *walk) unique(sc scope) string {
	v, _ := w.stream.unique.read(sc)
	return textOf(v)
}

// addUp counts a row: what it says of how often, or once.
func (w *walk) addUp(m work.Metric, user, unique string) *fault {
	if w.sums == nil {
		w.sums = &sums{rows: map[string]*sum{}, seen: map[string]struct{}{}}
	}
	if unique != "" {
		if _, twice := w.sums.seen[unique]; twice {
			return nil
		}
		w.sums.seen[unique] = struct{}{}
	}
	key := sumKey(m)
	s := w.sums.rows[key]
	if s == nil {
		if len(w.sums.rows) >= maxSums {
			return &fault{"too many names and accounts to add up", "leave the account out, name fewer events, or make since.window shorter"}
		}
		s = &sum{metric: m, users: map[string]struct{}{}}
		w.sums.rows[key] = s
	}
	if n, ok := m.Count.Number(); ok {
		s.count += n
	} else {
		s.count++
	}
	if user != "" {
		s.users[user] = struct{}{}
	}
	return nil
}

// flushSums puts the rows of a window on pages.
func (w *walk) flushSums(ctx context.Context) error {
	if w.sums == nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(w.sums.rows)) {
		s := w.sums.rows[key]
		s.metric.Count = work.NewNumber(s.count)
		if len(s.users) > 0 {
			s.metric.Users = work.NewNumber(float64(len(s.users)))
		}
		w.page.Metrics = place1(w, w.page.Metrics, s.metric, key, func(work.Metric) bool { return true })
		if !w.isFull() {
			continue
		}
		if err := w.full(ctx); err != nil {
			return err
		}
	}
	w.sums = nil
	return nil
}
