package likeness

import (
	"cmp"
	"math"
	"slices"
)

// Doc is one piece of work.
type Doc struct {
	// ID is what a match says was found.
	ID          string
	Title, Body string
	// Also are other names of it: curated phrases, and what people said whose
	// feedback was tied to it. Users' words are seldom those of developers.
	Also []string
	// Language is a tag such as de; empty is to be told from the text.
	Language string
}

// The fields of a doc.
const (
	title = iota
	also
	body
	fields
)

// weights are what one word counts for in each field, and slack how much the
// length of the field lessens that (BM25's b). saturation is BM25's k1.
func weights() [fields]float64 { return [fields]float64{title: 3, also: 0.3, body: 1} }
func slack() [fields]float64   { return [fields]float64{title: 0.4, also: 0.9, body: 0.75} }

const saturation = 1.2

// longest is how many words of a field are read: what matters stands first.
const longest = 400

// Index finds docs by their words. It is immutable and may be shared.
type Index struct {
	ids   []string
	terms map[string][]posting
}

// posting says how much a term counts in a doc: the weighted frequency over
// the fields, before saturation.
type posting struct {
	doc    int32
	weight float32
}

// Build makes an index. Docs with the same ID are one: the first counts.
func Build(docs []Doc) *Index {
	docs = slices.Clone(docs)
	slices.SortStableFunc(docs, func(a, b Doc) int { return cmp.Compare(a.ID, b.ID) })
	docs = slices.CompactFunc(docs, func(a, b Doc) bool { return a.ID == b.ID })
	read := make([][fields][]string, len(docs))
	var length, filled [fields]float64
	for i := range docs {
		read[i] = fieldsOf(&docs[i])
		for f, words := range read[i] {
			if len(words) > 0 {
				length[f] += float64(len(words))
				filled[f]++
			}
		}
	}
	x := &Index{ids: make([]string, len(docs)), terms: map[string][]posting{}}
	for i := range docs {
		x.ids[i] = docs[i].ID
		for term, weight := range weigh(read[i], length, filled) {
			x.terms[term] = append(x.terms[term], posting{int32(i), float32(weight)}) //nolint:gosec // docs are fewer than 2³¹
		}
	}
	return x
}

func fieldsOf(d *Doc) (read [fields][]string) {
	read[title] = termsOf(d.Title, d.Language)
	for _, name := range d.Also {
		read[also] = append(read[also], termsOf(name, d.Language)...)
	}
	read[body] = termsOf(d.Body, d.Language)
	for f := range read {
		read[f] = read[f][:min(len(read[f]), longest)]
	}
	return read
}

// weigh sums up how often each term stands in the fields of one doc.
func weigh(read [fields][]string, length, filled [fields]float64) map[string]float64 {
	sums := map[string]float64{}
	w, b := weights(), slack()
	for f, words := range read {
		if len(words) == 0 {
			continue
		}
		mean := length[f] / filled[f]
		one := w[f] / (1 - b[f] + b[f]*float64(len(words))/mean)
		for _, term := range words {
			sums[term] += one
		}
	}
	return sums
}

// rarity is BM25's inverse document frequency, never below zero: a word that
// every second doc has says little, not the opposite.
func (x *Index) rarity(docs int) float64 {
	n := float64(len(x.ids))
	return math.Log(1 + (n-float64(docs)+0.5)/(float64(docs)+0.5))
}
