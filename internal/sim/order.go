package sim

import (
	"iter"
	"slices"
	"sort"
)

const blockSize = 512

// Order keeps values sorted while they come and go. Insert, Delete and a
// position cost a search over blocks of at most 512 values, so that a page of
// a list costs the page, not the list. Values must be distinct under the
// comparison. Order is not safe for concurrent use.
type Order[T any] struct {
	compare func(a, b T) int
	blocks  [][]T
	length  int
}

// NewOrder returns an order of the given values, which it sorts in place.
func NewOrder[T any](compare func(a, b T) int, values ...T) *Order[T] {
	slices.SortFunc(values, compare)
	o := &Order[T]{compare: compare, length: len(values)}
	for chunk := range slices.Chunk(values, blockSize/2) {
		o.blocks = append(o.blocks, slices.Clone(chunk))
	}
	return o
}

// Len returns the number of values.
func (o *Order[T]) Len() int { return o.length }

// Insert adds a value.
func (o *Order[T]) Insert(v T) {
	o.length++
	if len(o.blocks) == 0 {
		o.blocks = [][]T{{v}}
		return
	}
	b := min(o.block(v), len(o.blocks)-1)
	at, _ := slices.BinarySearchFunc(o.blocks[b], v, o.compare)
	o.blocks[b] = slices.Insert(o.blocks[b], at, v)
	if full := o.blocks[b]; len(full) > blockSize {
		half := slices.Clone(full[len(full)/2:])
		o.blocks[b] = slices.Clone(full[:len(full)/2])
		o.blocks = slices.Insert(o.blocks, b+1, half)
	}
}

// Delete removes the value that compares equal, and reports whether there was
// one.
func (o *Order[T]) Delete(v T) bool {
	b := o.block(v)
	if b == len(o.blocks) {
		return false
	}
	at, found := slices.BinarySearchFunc(o.blocks[b], v, o.compare)
	if !found {
		return false
	}
	o.length--
	o.blocks[b] = slices.Delete(o.blocks[b], at, at+1)
	if len(o.blocks[b]) == 0 {
		o.blocks = slices.Delete(o.blocks, b, b+1)
	}
	return true
}

// block returns the first block whose last value is not before v.
func (o *Order[T]) block(v T) int {
	return sort.Search(len(o.blocks), func(i int) bool {
		last := o.blocks[i][len(o.blocks[i])-1]
		return o.compare(last, v) >= 0
	})
}

// Position returns how many values come before the first one for which
// reached is true. Reached must stay true once it is.
func (o *Order[T]) Position(reached func(T) bool) int {
	b := sort.Search(len(o.blocks), func(i int) bool { return reached(o.blocks[i][len(o.blocks[i])-1]) })
	before := 0
	for _, block := range o.blocks[:b] {
		before += len(block)
	}
	if b == len(o.blocks) {
		return before
	}
	return before + sort.Search(len(o.blocks[b]), func(i int) bool { return reached(o.blocks[b][i]) })
}

// Up yields the values from a position on, ascending.
func (o *Order[T]) Up(from int) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, block := range o.blocks {
			if from >= len(block) {
				from -= len(block)
				continue
			}
			for _, v := range block[max(from, 0):] {
				if !yield(v) {
					return
				}
			}
			from = 0
		}
	}
}

// Down yields the values before a position, descending.
func (o *Order[T]) Down(before int) iter.Seq[T] {
	return func(yield func(T) bool) {
		skip := o.length - before
		for _, block := range slices.Backward(o.blocks) {
			if skip >= len(block) {
				skip -= len(block)
				continue
			}
			for _, v := range slices.Backward(block[:len(block)-max(skip, 0)]) {
				if !yield(v) {
					return
				}
			}
			skip = 0
		}
	}
}
