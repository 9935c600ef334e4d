package likeness_test

import (
	"cmp"
	"math"
	"slices"

	"tandem/mapping/evidence"
	"tandem/mapping/likeness"
)

// plain is BM25 as textbooks have it, over the words of title and body alike:
// what the index is measured against.
type plain struct {
	ids    []string
	terms  map[string]map[int]int
	length []int
	mean   float64
}

func newPlain(docs []likeness.Doc) *plain {
	p := &plain{terms: map[string]map[int]int{}}
	total := 0
	for i, d := range docs {
		words := evidence.Terms(d.Title+"\n"+d.Body, "en")
		p.ids, p.length, total = append(p.ids, d.ID), append(p.length, len(words)), total+len(words)
		for _, w := range words {
			if p.terms[w] == nil {
				p.terms[w] = map[int]int{}
			}
			p.terms[w][i]++
		}
	}
	p.mean = float64(total) / float64(len(docs))
	return p
}

// find returns the n best, without the one that asks.
func (p *plain) find(text, self string, n int) []string {
	const k1, b = 1.2, 0.75
	scores := make([]float64, len(p.ids))
	words := evidence.Terms(text, "en")
	slices.Sort(words)
	for _, w := range slices.Compact(words) {
		docs := float64(len(p.terms[w]))
		idf := math.Log(1 + (float64(len(p.ids))-docs+0.5)/(docs+0.5))
		for i, count := range p.terms[w] {
			f := float64(count)
			scores[i] += idf * f * (k1 + 1) / (f + k1*(1-b+b*float64(p.length[i])/p.mean))
		}
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(cmp.Compare(scores[j], scores[i]), cmp.Compare(p.ids[i], p.ids[j])) })
	var found []string
	for _, i := range order {
		if p.ids[i] != self && scores[i] > 0 && len(found) < n {
			found = append(found, p.ids[i])
		}
	}
	return found
}
