package backlog

import (
	"math"
	"slices"
)

// ending returns for each number the length of the longest increasing run
// that ends with it. The numbers are distinct.
func ending(numbers []int) []int {
	lengths := make([]int, len(numbers))
	var tails []int // least last number of a run of each length
	for i, x := range numbers {
		at, _ := slices.BinarySearch(tails, x)
		if at == len(tails) {
			tails = append(tails, x)
		} else {
			tails[at] = x
		}
		lengths[i] = at + 1
	}
	return lengths
}

// starting returns for each number the length of the longest increasing run
// that starts with it.
func starting(numbers []int) []int {
	turned := make([]int, len(numbers))
	for i, x := range numbers {
		turned[len(numbers)-1-i] = -x
	}
	lengths := ending(turned)
	slices.Reverse(lengths)
	return lengths
}

// longest marks the numbers of one longest increasing run.
func longest(numbers []int) []bool {
	lengths := ending(numbers)
	marked := make([]bool, len(numbers))
	want, bound := 0, math.MaxInt
	for _, n := range lengths {
		want = max(want, n)
	}
	for i := len(numbers) - 1; i >= 0; i-- {
		if lengths[i] == want && numbers[i] < bound {
			marked[i], bound, want = true, numbers[i], want-1
		}
	}
	return marked
}

// inAll marks the numbers that are in every longest increasing run.
func inAll(numbers []int) []bool {
	before, after := ending(numbers), starting(numbers)
	most := 0
	for _, n := range before {
		most = max(most, n)
	}
	count := make([]int, most+1) // numbers that can be the n-th of such a run
	for i := range numbers {
		if before[i]+after[i]-1 == most {
			count[before[i]]++
		}
	}
	marked := make([]bool, len(numbers))
	for i := range numbers {
		marked[i] = before[i]+after[i]-1 == most && count[before[i]] == 1
	}
	return marked
}

// crossed marks the numbers that are out of order with some other number.
func crossed(numbers []int) []bool {
	marked := make([]bool, len(numbers))
	for i, high := 0, -1; i < len(numbers); i++ {
		marked[i] = numbers[i] < high
		high = max(high, numbers[i])
	}
	for i, low := len(numbers)-1, math.MaxInt; i >= 0; i-- {
		marked[i] = marked[i] || numbers[i] > low
		low = min(low, numbers[i])
	}
	return marked
}

// rising reports whether the numbers increase, leaving out some.
func rising(numbers []int, without func(i int) bool) bool {
	last := -1
	for i, x := range numbers {
		if without(i) {
			continue
		}
		if x < last {
			return false
		}
		last = x
	}
	return true
}
