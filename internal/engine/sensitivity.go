package engine

import (
	"cmp"
	"math"
	"slices"

	"tandem/internal/work"

	"tandem/mapping/evidence"
	"tandem/mapping/rank"
)

// Sensitivity is how much one number of the rules may change before the top of
// an order does.
type Sensitivity struct {
	// Number is the path of the number in the rules, Value what stands there.
	Number string `json:"number"`
	Value  string `json:"value"`
	// Lens is the order that is looked at: why, next, or rank where one lens
	// answers both questions.
	Lens string `json:"lens"`
	// First is the smallest change after which another item is first, Set the
	// smallest after which another item is among the first k. They are nil where
	// no change from an eighth to eight times the value does it.
	First *Swap `json:"first,omitempty"`
	Set   *Swap `json:"set,omitempty"`
}

// Swap is a change of the top.
type Swap struct {
	// Value is the number from which on it happens, Factor that over today's.
	Value  string  `json:"value"`
	Factor float64 `json:"factor"`
	// In came to the top, Out left it.
	In  []string `json:"in"`
	Out []string `json:"out"`
}

const (
	// widest is the largest factor that is tried.
	widest = 8.0
	// contenders is how many items stay in the race where there are more than
	// everybody: the first ones as the number is and, where that needs no look at
	// the feedback of all, at both of its ends.
	contenders, everybody = 500, 1000
	// halvings is how often a change is halved to find the smallest.
	halvings = 12
)

// Sensitivity tells for each number that scores depend on the smallest change
// that swaps the top k of an order, of a team or of all items. The order is
// that of a lens alone: by score, equals as they stand; horizons, dwell and
// what people pinned have no say. It scores items anew and decides nothing.
func (o *Outcome) Sensitivity(rules *Rules, snap *Snapshot, k int, team string, all bool) []Sensitivity {
	t := trial{bench: newBench(rules, snap, o), k: k}
	for _, d := range o.Items {
		if d.Place > 0 && (all || d.Item.Team == team) {
			t.items = append(t.items, d)
		}
	}
	var found []Sensitivity
	for _, n := range rules.numbers() {
		for _, lens := range n.lenses {
			found = append(found, t.try(n, lens))
		}
	}
	slices.SortStableFunc(found, func(a, b Sensitivity) int { return cmp.Compare(a.Set.size(), b.Set.size()) })
	return found
}

// size orders swaps, the smallest change first.
func (s *Swap) size() float64 {
	if s == nil {
		return math.Inf(1)
	}
	return math.Abs(math.Log(s.Factor))
}

// trial scores items with one number changed.
type trial struct {
	*bench

	items []*Decided
	k     int
}

// runner is an item in the race.
type runner struct {
	d     Decided
	index int
	said  []evidence.Day
}

func (t *trial) try(n number, lens string) Sensitivity {
	s := Sensitivity{Number: n.path, Value: n.show(n.value), Lens: lens}
	field := t.field(n, lens)
	base := t.top(field, n, lens, 1)
	tops := map[float64][]int{}
	changed := func(factor float64, k int) bool {
		top, known := tops[factor]
		if !known {
			top = t.top(field, n, lens, factor)
			tops[factor] = top
		}
		return otherTop(base[:min(k, len(base))], top, k)
	}
	for _, up := range []bool{true, false} {
		s.First = smaller(s.First, t.swap(n, lens, field, base, 1, up, changed))
		s.Set = smaller(s.Set, t.swap(n, lens, field, base, t.k, up, changed))
	}
	return s
}

func smaller(a, b *Swap) *Swap {
	if b.size() < a.size() {
		return b
	}
	return a
}

// otherTop reports whether other items are among the first k.
func otherTop(base, now []int, k int) bool {
	now = now[:min(k, len(now))]
	for _, i := range now {
		if !slices.Contains(base, i) {
			return true
		}
	}
	return false
}

// swap finds the smallest change in one direction: the first of growing steps
// that changes the top, then halved down.
func (t *trial) swap(n number, lens string, field []runner, base []int, k int, up bool, changed func(float64, int) bool) *Swap {
	way := func(f float64) float64 {
		if up {
			return f
		}
		return 1 / f
	}
	low, high := 1.0, 0.0
	for _, f := range []float64{1.01, 1.02, 1.05, 1.1, 1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 5.5, widest} {
		if changed(way(f), k) {
			high = f
			break
		}
		low = f
	}
	if high == 0 {
		return nil
	}
	for range halvings {
		if middle := math.Sqrt(low * high); changed(way(middle), k) {
			high = middle
		} else {
			low = middle
		}
	}
	s := &Swap{Value: n.show(n.value * way(high)), Factor: way(high)}
	before, after := base[:min(k, len(base))], t.top(field, n, lens, way(high))
	after = after[:min(k, len(after))]
	for _, i := range after {
		if !slices.Contains(before, i) {
			s.In = append(s.In, t.items[i].Item.Key())
		}
	}
	for _, i := range before {
		if !slices.Contains(after, i) {
			s.Out = append(s.Out, t.items[i].Item.Key())
		}
	}
	return s
}

// field picks who may come to the top: all, or where they are many those who
// lead as the number is and at both of its ends.
func (t *trial) field(n number, lens string) []runner {
	picked := make([]bool, len(t.items))
	if len(t.items) <= everybody {
		for i := range picked {
			picked[i] = true
		}
	} else {
		for _, factor := range []float64{1, widest, 1 / widest} {
			if n.evidence && factor != 1 {
				continue
			}
			scores := make([]float64, len(t.items))
			rules := n.with(t.rules, n.value*factor)
			split(len(t.items), func(_, from, to int) {
				for i := from; i < to; i++ {
					scores[i] = t.rescore(rules, t.items[i], t.items[i].Evidence, lens)
				}
			})
			for _, i := range leaders(scores, contenders) {
				picked[i] = true
			}
		}
	}
	var field []runner
	for i, in := range picked {
		if in {
			r := runner{d: t.plain(t.items[i]), index: i}
			if n.evidence {
				r.said = t.said(t.items[i], 0)
			}
			field = append(field, r)
		}
	}
	return field
}

// leaders are the indices of the largest scores, equals in their order.
func leaders(scores []float64, n int) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return order[:min(n, len(order))]
}

// top is who leads with the number multiplied by a factor.
func (t *trial) top(field []runner, n number, lens string, factor float64) []int {
	rules := n.with(t.rules, n.value*factor)
	scores := make([]float64, len(field))
	for i := range field {
		scores[i] = t.rescore(rules, &field[i].d, t.heard(rules, n, &field[i]), lens)
	}
	order := leaders(scores, t.k)
	for i, at := range order {
		order[i] = field[at].index
	}
	return order
}

// heard is what feedback says of an item by other rules. What insights and
// usage say stays.
func (t *trial) heard(rules *Rules, n number, r *runner) work.Evidence {
	was := r.d.Evidence
	if !n.evidence {
		return was
	}
	said, _ := rules.evidence.Summarise(r.said, t.o.AsOf)
	said.Insights, said.GoalInsights, said.Usage, said.UsageTrend = was.Insights, was.GoalInsights, was.Usage, was.UsageTrend
	return said
}

// rescore is the score of an item by other rules.
func (t *trial) rescore(rules *Rules, d *Decided, said work.Evidence, lens string) float64 {
	x := Decided{Judged: &Judged{Item: d.Item, Evidence: said}}
	s := rules.subject(&x, t.o.AsOf)
	return valueIn(rules.ranker.Score(&s), lens)
}

func valueIn(s rank.Scored, lens string) float64 {
	if lens == "why" {
		return s.Why.Value
	}
	return s.Next.Value
}
