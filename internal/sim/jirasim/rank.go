package jirasim

import (
	"slices"
	"strings"

	"tandem/internal/sim"
)

// A LexoRank is "0|", six digits to base 36, a colon and more digits. Here it
// is a fraction: the digits after the bucket, with the colon taken out.
const (
	digits     = "0123456789abcdefghijklmnopqrstuvwxyz"
	rankDigits = 6
)

// spread returns n ranks in ascending order with wide gaps.
func spread(n int) []string {
	ranks := make([]string, n)
	const room = 36 * 36 * 36 * 36 * 36 // below i00000, the middle, there is as much as above
	step := max(room*24/(n+1), 1)
	for i := range ranks {
		v := room*6 + (i+1)*step
		var text [rankDigits]byte
		for d := rankDigits - 1; d >= 0; d-- {
			text[d] = digits[v%36]
			v /= 36
		}
		ranks[i] = "0|" + string(text[:]) + ":"
	}
	return ranks
}

func fraction(rank string) string {
	return strings.Replace(strings.TrimPrefix(rank, "0|"), ":", "", 1)
}

func fromFraction(f string) string {
	for len(f) < rankDigits {
		f += "0"
	}
	return "0|" + f[:rankDigits] + ":" + strings.TrimRight(f[rankDigits:], "0")
}

// between returns a rank between two; an empty one is the end of the list.
func between(low, high string) string {
	a, b := fraction(low), fraction(high)
	digit := func(f string, i, missing int) int {
		if i < len(f) {
			return strings.IndexByte(digits, f[i])
		}
		return missing
	}
	var out []byte
	open := high == ""
	for i := 0; ; i++ {
		from, to := digit(a, i, 0), 36
		if !open {
			to = digit(b, i, 0)
		}
		if to-from > 1 {
			return fromFraction(string(append(out, digits[(from+to)/2])))
		}
		out = append(out, digits[from])
		if to > from {
			open = true // any continuation above a stays below b
		}
	}
}

// last returns a rank behind all issues.
func (s *Site) last() string {
	highest := ""
	for e := range s.index.rank.Down(s.index.rank.Len()) {
		highest = e.Rank
		break
	}
	for _, a := range s.index.pending {
		if a.entry != nil {
			highest = max(highest, a.entry.Rank)
		}
	}
	return between(highest, "")
}

// reorder puts the issues, in their order, directly before or behind the
// anchor and returns what changed. Callers hold the lock.
func (s *Site) reorder(moved []*entry, anchor *entry, before bool, by string) []sim.Effect {
	low, high := s.gap(moved, anchor, before)
	var effects []sim.Effect
	for _, e := range moved {
		if e.ID == anchor.ID {
			continue // relative to itself: accepted, without effect
		}
		low = between(low, high)
		effects = append(effects, s.change(s.current[e.ID], by, nil, func(i *Issue) { i.Rank = low })...)
	}
	return effects
}

// gap returns the ranks that enclose the place next to the anchor, among the
// issues that stay.
func (s *Site) gap(moved []*entry, anchor *entry, before bool) (low, high string) {
	stays := func(e *entry) bool {
		return !slices.ContainsFunc(moved, func(m *entry) bool { return m.ID == e.ID }) && e.ID != anchor.ID
	}
	if before {
		high = anchor.Rank
	} else {
		low = anchor.Rank
	}
	for _, e := range s.current {
		if !stays(e) {
			continue
		}
		if before && e.Rank < anchor.Rank && e.Rank > low {
			low = e.Rank
		}
		if !before && e.Rank > anchor.Rank && (high == "" || e.Rank < high) {
			high = e.Rank
		}
	}
	return low, high
}
