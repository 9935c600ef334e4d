package engine

import "sync"

// halves is how many parts a large loop is cut into; items do not bear on each
// other there, so the outcome is the same.
const halves = 4

// split runs work over 0..n in parts, side by side where n is large.
func split(n int, work func(from, to int)) {
	if n < 1000 {
		work(0, n)
		return
	}
	var group sync.WaitGroup
	for i := range halves {
		from, to := n*i/halves, n*(i+1)/halves
		group.Go(func() { work(from, to) })
	}
	group.Wait()
}
