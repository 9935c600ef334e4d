package jira

import (
	"cmp"
	"slices"
	"sort"
)

// shift is how one order became another, among the ids that are in both.
type shift struct {
	// outside are the ids outside one longest run that kept its order: moving
	// them explains the whole difference.
	outside []string
	// rivals are the other ids that may have been moved instead: they are not in
	// every longest run. Of two that changed places either may be the one.
	rivals []string
}

// compareOrders finds what moved. Ids are in the order of now.
func compareOrders(before, now []string) shift {
	place := make(map[string]int, len(before))
	for i, id := range before {
		place[id] = i
	}
	common := make([]string, 0, len(now))
	for _, id := range now {
		if _, ok := place[id]; ok {
			common = append(common, id)
		}
	}
	at := make([]int, len(common))
	for i, id := range common {
		at[i] = place[id]
	}
	upTo, from := runLengths(at)
	longest := 0
	for _, n := range upTo {
		longest = max(longest, n)
	}
	in := oneRun(at, upTo, longest)
	equals := make([]int, longest+1) // ids that may stand at each place of a longest run
	for i := range at {
		if upTo[i]+from[i]-1 == longest {
			equals[upTo[i]]++
		}
	}
	var s shift
	for i, id := range common {
		if !in[i] {
			s.outside = append(s.outside, id)
		} else if equals[upTo[i]] > 1 {
			s.rivals = append(s.rivals, id)
		}
	}
	return s
}

// arrivals are those that were not there before: somebody may have dragged one
// right after it came.
func arrivals(before, now []string) []string {
	known := make(map[string]bool, len(before))
	for _, id := range before {
		known[id] = true
	}
	return slices.DeleteFunc(slices.Clone(now), func(id string) bool { return known[id] })
}

// runLengths returns for each place the length of the longest ascending run
// that ends and that begins there.
func runLengths(at []int) (upTo, from []int) {
	upTo = endings(at)
	mirrored := make([]int, len(at))
	for i, v := range at {
		mirrored[len(at)-1-i] = -v
	}
	from = endings(mirrored)
	slices.Reverse(from)
	return upTo, from
}

func endings(at []int) []int {
	var least []int // the least end of a run of each length
	lengths := make([]int, len(at))
	for i, v := range at {
		n := sort.SearchInts(least, v)
		if n == len(least) {
			least = append(least, v)
		} else {
			least[n] = v
		}
		lengths[i] = n + 1
	}
	return lengths
}

// oneRun marks the places of one longest run.
func oneRun(at, upTo []int, longest int) []bool {
	in := make([]bool, len(at))
	need, below := longest, -1
	for i := len(at) - 1; i >= 0 && need > 0; i-- {
		if upTo[i] == need && (below < 0 || at[i] < below) {
			in[i], below = true, at[i]
			need--
		}
	}
	return in
}

// windows returns the places of the targets and of their neighbours in an
// order, ascending, each once.
func windows(order, targets []string) []int {
	place := make(map[string]int, len(order))
	for i, id := range order {
		place[id] = i
	}
	var places []int
	for _, id := range targets {
		if i, ok := place[id]; ok {
			places = append(places, i-1, i, i+1)
		}
	}
	places = slices.DeleteFunc(places, func(i int) bool { return i < 0 || i >= len(order) })
	slices.SortFunc(places, cmp.Compare[int])
	return slices.Compact(places)
}
