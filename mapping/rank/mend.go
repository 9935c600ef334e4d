package rank

import (
	"cmp"
	"slices"
)

// keys are what the order compares, ready for sorting.
type keys struct {
	all     []key
	wrong   []key // room for those that stand wrong
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
	kept, wrong := k.all[:0], k.wrong
	for _, one := range k.all {
		ahead := 0
		for ahead < len(kept) && ahead <= nearby && k.compare(&kept[len(kept)-1-ahead], &one) > 0 {
			ahead++
		}
		if from := len(kept) - ahead; ahead > nearby {
			wrong = append(wrong, one)
		} else {
			wrong = append(wrong, kept[from:]...)
			kept = append(kept[:from], one)
		}
		if len(wrong) > 16+len(k.all)/8 {
			copy(k.all[len(kept):], wrong) // what follows is still there
			k.sort(k.all)
			return
		}
	}
	k.sort(wrong)
	k.wrong = wrong
	k.all = k.merge(kept, wrong)
}

func (k *keys) sort(some []key) {
	slices.SortFunc(some, func(a, b key) int { return k.compare(&a, &b) })
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
