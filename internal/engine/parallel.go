package engine

import "sync"

// parts is how many parts a large loop is cut into; items do not bear on each
// other there, so the outcome is the same.
const parts = 8

// split runs work over 0..n in parts, side by side where n is large. Parts are
// numbered from 0 in the order of what they cover.
func split(n int, work func(part, from, to int)) {
	if n < 1000 {
		work(0, 0, n)
		return
	}
	var group sync.WaitGroup
	for i := range parts {
		group.Go(func() { work(i, n*i/parts, n*(i+1)/parts) })
	}
	group.Wait()
}

// both runs two jobs that do not bear on each other side by side.
func both(one, other func()) {
	var group sync.WaitGroup
	group.Go(one)
	other()
	group.Wait()
}
