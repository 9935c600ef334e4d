package agreement

import "math"

// Persistence is the usual p of rank-biased overlap: a reader goes on from one
// place to the next with 90 %, so that the first ten places carry six sevenths
// of the weight.
const Persistence = 0.9

// RBO is the rank-biased overlap of two orders, extrapolated (Webber, Moffat,
// Zobel 2010, equation 32, RBO_EXT): the share of names that the first d places
// have in common, over all depths d, each weighing p times the one before, and
// going on behind the end as it stood there. Names in one order only count
// against it. 1 is the same list, also where both are empty; 0 is nothing in
// common. p is above 0 and below 1.
func RBO[T comparable](a, b []T, p float64) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	short, long := len(a), len(b)
	if long == 0 {
		return 1
	}
	if short == 0 {
		return 0
	}
	first, second := make(map[T]bool, short), make(map[T]bool, long)
	var common, atShort, sum float64
	weight := 1.0
	for d := 1; d <= long; d++ {
		x := b[d-1]
		second[x] = true
		if d <= short {
			y := a[d-1]
			first[y] = true
			if second[y] {
				common++ // y was met before in b, or is x
			}
			if x != y && first[x] {
				common++
			}
		} else if first[x] {
			common++
		}
		weight *= p
		sum += common / float64(d) * weight
		if d == short {
			atShort = common
		}
		if d > short { // the shorter one goes on as it stood at its end
			sum += atShort * float64(d-short) / (float64(short) * float64(d)) * weight
		}
	}
	rest := (common-atShort)/float64(long) + atShort/float64(short)
	return min(max((1-p)/p*sum+rest*math.Pow(p, float64(long)), 0), 1)
}

// Overlap is the Jaccard index of the first k names of two orders: how many
// are in both, over how many are in either. It is 1 where both are empty.
func Overlap[T comparable](a, b []T, k int) float64 {
	common := Common(a, b, k)
	either := min(k, len(a)) + min(k, len(b)) - common
	if either == 0 {
		return 1
	}
	return float64(common) / float64(either)
}

// Common is how many names are among the first k of both orders.
func Common[T comparable](a, b []T, k int) int {
	top := make(map[T]bool, min(k, len(a)))
	for _, x := range a[:min(k, len(a))] {
		top[x] = true
	}
	n := 0
	for _, x := range b[:min(k, len(b))] {
		if top[x] {
			n++
		}
	}
	return n
}
