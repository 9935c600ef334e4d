package rank

import (
	"cmp"
	"slices"
)

// keys are what the order compares, ready for sorting.
type keys struct {
	all     []key
	entries []Entry
}

// compare orders two keys.
func (k *keys) compare(a, b *key) int {
	switch {
	case a.by != b.by:
		return cmp.Compare(a.by, b.by)
	case a.previous != b.previous:
		return cmp.Compare(a.previous, b.previous)
	}
	if c := a.created.Compare(b.created); c != 0 {
		return c
	}
	return cmp.Compare(k.entries[a.index].ID, k.entries[b.index].ID)
}

// nearby is how many neighbours in a row may have jumped ahead.
const nearby = 8

// mend sorts keys, at a cost that goes with how many of them stand wrong: these
// are taken out, sorted, and merged into the others. From one evaluation to the
// next hardly any does. Where many do it just sorts.
func (k *keys) mend() {
	kept, wrong := make([]key, 0, len(k.all)), make([]key, 0, 16)
	for i := range k.all {
		one := &k.all[i]
		ahead := 0
		for ahead < len(kept) && ahead <= nearby && k.compare(&kept[len(kept)-1-ahead], one) > 0 {
			ahead++
		}
		switch from := len(kept) - ahead; {
		case ahead > nearby:
			wrong = append(wrong, *one)
		default:
			wrong = append(wrong, kept[from:]...)
			kept = append(kept[:from], *one)
		}
		if len(wrong) > 16+len(k.all)/8 {
			slices.SortFunc(k.all, func(a, b key) int { return k.compare(&a, &b) })
			return
		}
	}
	slices.SortFunc(wrong, func(a, b key) int { return k.compare(&a, &b) })
	k.all = k.merge(kept, wrong)
}

// merge adds sorted keys to sorted ones.
func (k *keys) merge(kept, more []key) []key {
	i, at := len(kept), len(kept)+len(more)
	kept = kept[:at]
	for j := len(more); j > 0; {
		at--
		if i > 0 && k.compare(&kept[i-1], &more[j-1]) > 0 {
			i--
			kept[at] = kept[i]
		} else {
			j--
			kept[at] = more[j]
		}
	}
	return kept
}
