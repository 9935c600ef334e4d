package view

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

// Bygones tell where items stood, why they moved, and who spoke for them when.
type Bygones interface {
	PlacesOn(ctx context.Context, day time.Time) (map[work.ItemID]int, error)
	MovesSince(ctx context.Context, after int64, since time.Time, do func(*engine.Stability)) (int64, error)
	EvidenceTrend(ctx context.Context, q store.TrendQuery) (map[work.ItemID][]int, error)
	GoneSince(ctx context.Context, connector, key string) (time.Time, bool, error)
}

// Movement is how the order differs from that of an earlier day, as far as the
// visitor may see it.
type Movement struct {
	// Since is the day at whose end the order was the other one; Known tells
	// whether it is kept.
	Since time.Time `json:"since"`
	Known bool      `json:"known"`
	// Moved counts items that moved by themselves: the fewest that explain the
	// order of today. Those that only made room are not among them.
	Moved int `json:"moved"`
	// Came and Done count items that were not there, and that were finished.
	Came int `json:"came"`
	Done int `json:"done"`
	// Causes count why those moved that did, the most frequent first.
	Causes []CauseCount `json:"causes"`
	// Movers moved furthest, at most ten.
	Movers []Mover `json:"movers"`
}

// CauseCount counts items that moved for one cause.
type CauseCount struct {
	Cause engine.Cause `json:"cause"`
	Count int          `json:"count"`
}

// Mover is an item that moved by itself.
type Mover struct {
	Item
	Shift

	Because string `json:"because,omitempty"`
}

// Shift is how an item moved since an earlier day.
type Shift struct {
	// From was its place; 0 where it was not in the order.
	From int `json:"from,omitempty"`
	// Up is by how many places it moved up, among those that stood in the order
	// then and now; down where it is below 0, and 0 where it only made room.
	Up   int  `json:"up,omitempty"`
	Came bool `json:"came,omitempty"`
}

const (
	mostMovers = 10
	// mostShown is down to which place movement is told: further down the
	// history is coarse, and nobody looks.
	mostShown = 1000
	mostDays  = 6
)

// bygones remembers what was found out about earlier days, which stay as they
// were.
type bygones struct {
	mu     sync.Mutex
	places map[time.Time]map[work.ItemID]int
	tales  map[time.Time]*tale
	// shifts are of one decision.
	of     *decision
	shifts map[time.Time]map[work.ItemID]Shift
}

// tale is why items moved last since a day, up to a run.
type tale struct {
	run  int64
	last map[work.ItemID]engine.Move
}

// shiftsSince tells how each of the first items moved since the end of a day,
// and why up to which run; nil where nothing of that day is kept.
func (l *lens) shiftsSince(day time.Time) (moved map[work.ItemID]Shift, why map[work.ItemID]engine.Move, run int64, err error) {
	b := &l.desk.bygones
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.of != l.decision {
		b.of, b.shifts = l.decision, map[time.Time]map[work.ItemID]Shift{}
	}
	if b.places == nil || len(b.places) > mostDays {
		b.places, b.tales = map[time.Time]map[work.ItemID]int{}, map[time.Time]*tale{}
	}
	places, known := b.places[day]
	if !known {
		if places, err = l.desk.conf.Store.PlacesOn(l.ctx, day); err != nil {
			return nil, nil, 0, err
		}
		b.places[day], b.tales[day] = places, &tale{last: map[work.ItemID]engine.Move{}}
	}
	if len(places) == 0 {
		return nil, nil, 0, nil
	}
	if _, known := b.shifts[day]; !known {
		b.shifts[day] = shifts(l.outcome.Items, places)
	}
	t := b.tales[day]
	newest, err := l.desk.conf.Store.MovesSince(l.ctx, t.run, day.AddDate(0, 0, 1), func(s *engine.Stability) { t.add(s) })
	if err != nil {
		return nil, nil, 0, err
	}
	t.run = newest
	return b.shifts[day], maps.Clone(t.last), newest, nil
}

// add notes why items moved. That others moved is told of those only of which
// nothing else is.
func (t *tale) add(s *engine.Stability) {
	for i := range s.Moves {
		m := s.Moves[i]
		if was, told := t.last[m.Item]; told && slices.Equal(m.Causes, []engine.Cause{engine.Others}) && len(was.Causes) > 0 {
			continue
		}
		t.last[m.Item] = m
	}
}

// shifts compares an order with places of before, as far down as anybody looks.
func shifts(items []*engine.Decided, places map[work.ItemID]int) map[work.ItemID]Shift {
	found := map[work.ItemID]Shift{}
	var common []*engine.Decided
	for _, d := range items {
		was := places[d.Item.ID]
		switch {
		case d.Place == 0 && was > 0:
			found[d.Item.ID] = Shift{From: was}
		case d.Place > 0 && was == 0:
			found[d.Item.ID] = Shift{Came: true}
		case d.Place > 0 && (d.Place <= mostShown || was <= mostShown):
			common = append(common, d)
		}
	}
	before := make([]int, len(common)) // the places among those that are in both orders, by the order of today
	order := slices.Clone(common)
	slices.SortStableFunc(order, func(a, b *engine.Decided) int { return cmp.Compare(places[a.Item.ID], places[b.Item.ID]) })
	rank := make(map[work.ItemID]int, len(order))
	for i, d := range order {
		rank[d.Item.ID] = i
	}
	for i, d := range common {
		before[i] = rank[d.Item.ID]
	}
	stay := longestRun(before)
	for i, d := range common {
		s := Shift{From: places[d.Item.ID]}
		if !stay[i] {
			s.Up = before[i] - i
		}
		found[d.Item.ID] = s
	}
	return found
}

// longestRun marks the numbers of one longest increasing run.
func longestRun(numbers []int) []bool {
	ends, back := []int{}, make([]int, len(numbers)) // the last of the best run of each length, and who is before each
	for i, n := range numbers {
		at, _ := slices.BinarySearchFunc(ends, n, func(e, n int) int { return cmp.Compare(numbers[e], n) })
		if back[i] = -1; at > 0 {
			back[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, i)
		} else {
			ends[at] = i
		}
	}
	marks := make([]bool, len(numbers))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = back[i] {
			marks[i] = true
		}
	}
	return marks
}

// Movement tells how the order differs from that at the end of a day: of all
// teams where team is empty. What rests on what the visitor may not see counts
// nowhere.
func (vi *Visit) Movement(since time.Time, team string) (Movement, error) {
	l, err := vi.lens()
	if err != nil {
		return Movement{}, err
	}
	moved, why, run, err := l.shiftsSince(since)
	if err != nil || moved == nil {
		return Movement{Since: since, Causes: []CauseCount{}, Movers: []Mover{}}, err
	}
	of := since.Format(time.DateOnly) + " " + strconv.FormatInt(run, 10) + " " + team
	once := asking(l, false, func(l *lens) (Movement, error) { return l.movement(since, team, moved, why), nil })
	return recalledAs[Movement](l, question{what: "movement", of: of, audience: l.who.Audience}, once)
}

func (l *lens) movement(since time.Time, team string, moved map[work.ItemID]Shift, why map[work.ItemID]engine.Move) Movement {
	m := Movement{Since: since, Causes: []CauseCount{}, Movers: []Mover{}}
	m.Known = true
	causes := map[engine.Cause]int{}
	var movers []*engine.Decided
	for _, d := range l.outcome.Items {
		s, told := moved[d.Item.ID]
		if !told || l.sightOf(d) != everything || team != "" && d.Item.Team != team {
			continue
		}
		switch {
		case d.Place == 0:
			if d.Item.Done() {
				m.Done++
			}
			continue
		case s.Came:
			m.Came++
		case s.Up != 0:
			m.Moved++
			movers = append(movers, d)
		default:
			continue
		}
		for _, c := range why[d.Item.ID].Causes {
			causes[c]++
		}
	}
	m.Causes = counted(causes)
	slices.SortStableFunc(movers, func(a, b *engine.Decided) int {
		return cmp.Compare(abs(moved[b.Item.ID].Up), abs(moved[a.Item.ID].Up))
	})
	for _, d := range movers[:min(len(movers), mostMovers)] {
		v := Mover{Item: l.item(d), Shift: moved[d.Item.ID]}
		if l.sees(work.Internal) { // it may tell what a person said
			v.Because = why[d.Item.ID].Because
		}
		m.Movers = append(m.Movers, v)
	}
	return m
}

func abs(n int) int { return max(n, -n) }

func counted(causes map[engine.Cause]int) []CauseCount {
	all := []CauseCount{}
	for _, c := range slices.Sorted(maps.Keys(causes)) {
		all = append(all, CauseCount{c, causes[c]})
	}
	slices.SortStableFunc(all, func(a, b CauseCount) int { return cmp.Compare(b.Count, a.Count) })
	return all
}
