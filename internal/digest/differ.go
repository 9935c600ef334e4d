package digest

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"tandem/internal/view"
	"tandem/internal/work"
)

// said is what a digest told: where the items that its audience saw stood. It
// names no title, and is compared by those who see the items today alone.
type said struct {
	Role     string `json:"role"`
	Team     string `json:"team"`
	Audience string `json:"audience"`
	Day      string `json:"day"`
	// At is when it was written.
	At     time.Time        `json:"at"`
	Places map[string]place `json:"places"`
}

// place is where an item stood.
type place struct {
	Team    int    `json:"p"`
	Horizon string `json:"h,omitempty"`
}

// remembered returns what a digest told last; nil where it was another digest by
// then.
func remembered(before work.DigestSaid, spec *Spec) *said {
	s := new(said)
	if json.Unmarshal(before.Body, s) != nil || s.Role != spec.Role || s.Team != spec.Team || s.Audience != spec.Audience.String() {
		return nil
	}
	return s
}

// moved is an item that moved; from is 0 where it was not among those that are
// looked at.
type moved struct {
	item *view.Item
	from int
}

// shifted is an item whose horizon is another one.
type shifted struct {
	item *view.Item
	was  string
}

// differences tells what changed since then, the most remarkable first. An item
// moved if it is not among those that stayed in the order that they had, the
// most that there are of each team; who only made room for others did not. Who
// changed places with items that the audience does not see moved too, where that
// shows.
func differences(items []view.Item, then *said) ([]moved, []shifted) {
	var moves []moved
	var shifts []shifted
	teams, seen := map[string][]*view.Item{}, 0
	for i := range items {
		item := &items[i]
		was, known := then.Places[item.Ref]
		if known {
			seen++
		}
		if item.Horizon != was.Horizon && (planned(item.Horizon) || planned(was.Horizon)) {
			shifts = append(shifts, shifted{item, was.Horizon})
		}
		switch {
		case item.TeamPlace == 0 || item.TeamPlace > looked:
		case !known || was.Team == 0 || was.Team > looked:
			moves = append(moves, moved{item, 0})
		default:
			teams[item.Team] = append(teams[item.Team], item)
		}
	}
	others := len(moves) + len(then.Places) - seen // came or went
	for _, order := range teams {
		moves = append(moves, reordered(order, then, others)...)
	}
	slices.SortFunc(moves, func(a, b moved) int { return cmp.Or(cmp.Compare(b.weight(), a.weight()), a.compare(b)) })
	slices.SortFunc(shifts, func(a, b shifted) int { return moved{a.item, 0}.compare(moved{b.item, 0}) })
	return moves, shifts
}

// reordered finds what moved in the order of a team. others is how many came or
// went: by so much an item shifts that stays where it was.
func reordered(order []*view.Item, then *said, others int) []moved {
	was := func(i *view.Item) int { return then.Places[i.Ref].Team }
	stays := longestRun(order, was)
	var moves []moved
	var stayed []*view.Item
	for i, item := range order {
		if stays[i] {
			stayed = append(stayed, item)
		} else {
			moves = append(moves, moved{item, was(item)})
		}
	}
	explained := others + len(moves)
	for i, item := range stayed {
		shift := item.TeamPlace - was(item)
		if abs(shift) > explained && abs(shift-shiftAround(stayed, i, was)) > 1 {
			moves = append(moves, moved{item, was(item)})
		}
	}
	return moves
}

// shiftAround is by how much the items around one shifted, as a rule: what
// nobody sees came or went before them.
func shiftAround(order []*view.Item, at int, was func(*view.Item) int) int {
	const near = 3
	var shifts []int
	for _, item := range order[max(0, at-near):min(len(order), at+near+1)] {
		shifts = append(shifts, item.TeamPlace-was(item))
	}
	slices.Sort(shifts)
	return shifts[len(shifts)/2]
}

func abs(n int) int { return max(n, -n) }

// weight is how far an item moved, as a share: from 3 to 1 is more than from 90
// to 80.
func (m moved) weight() float64 {
	from := cmp.Or(m.from, m.item.TeamPlace+1)
	return float64(max(from, m.item.TeamPlace)) / float64(min(from, m.item.TeamPlace))
}

func (m moved) compare(o moved) int {
	return cmp.Or(cmp.Compare(m.item.TeamPlace, o.item.TeamPlace), cmp.Compare(m.item.Team, o.item.Team), cmp.Compare(m.item.Ref, o.item.Ref))
}

// longestRun marks the most items whose numbers grow from one to the next.
func longestRun[T any](all []T, number func(T) int) []bool {
	ends := []int{} // by length of the run, the index of its smallest end
	before := make([]int, len(all))
	for i, one := range all {
		at, _ := slices.BinarySearchFunc(ends, number(one), func(e, n int) int { return cmp.Compare(number(all[e]), n) })
		if before[i] = -1; at > 0 {
			before[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, i)
		} else {
			ends[at] = i
		}
	}
	in := make([]bool, len(all))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			in[i] = true
		}
	}
	return in
}
