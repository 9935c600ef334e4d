package likeness

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Query is what somebody said.
type Query struct {
	// Title counts more than Text; feedback has none.
	Title, Text string
	// Language is a tag such as de; empty is to be told from the text.
	Language string
}

// Match is a doc that the query may be about.
type Match struct {
	ID    string
	Score float64
	// Shared are the stems that both have, the weightiest first; at most five.
	Shared []string
}

// titleWeight is how often a word of the query's title counts.
const titleWeight = 3

// Find returns the n likest docs, the likest first; ties by ID. Docs that skip
// names are left out. A doc that shares a single word with a longer query is
// no match, unless the word is rare.
func (x *Index) Find(q Query, n int, skip func(id string) bool) []Match {
	asked := asked(q)
	scores := make(map[int32]*hit)
	for _, term := range slices.Sorted(maps.Keys(asked)) {
		list := x.terms[term]
		if len(list) == 0 {
			continue
		}
		rare := x.rarity(len(list)) * asked[term]
		for _, p := range list {
			h := scores[p.doc]
			if h == nil {
				h = &hit{doc: p.doc}
				scores[p.doc] = h
			}
			w := float64(p.weight)
			gain := rare * w * (saturation + 1) / (w + saturation)
			h.score += gain
			h.words = append(h.words, word{term, gain})
		}
	}
	hits := make([]*hit, 0, len(scores))
	for _, h := range scores {
		if len(h.words) > 1 || len(asked) == 1 || x.telling(h.words[0].term) {
			hits = append(hits, h)
		}
	}
	slices.SortFunc(hits, func(a, b *hit) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc)) })
	matches := make([]Match, 0, n)
	for _, h := range hits {
		if len(matches) == n {
			break
		}
		if id := x.ids[h.doc]; skip == nil || !skip(id) {
			matches = append(matches, Match{ID: id, Score: h.score, Shared: h.shared()})
		}
	}
	return matches
}

// hit is a doc while its score is added up.
type hit struct {
	doc   int32
	score float64
	words []word
}

type word struct {
	term string
	gain float64
}

func (h *hit) shared() []string {
	slices.SortFunc(h.words, func(a, b word) int { return cmp.Or(cmp.Compare(b.gain, a.gain), cmp.Compare(a.term, b.term)) })
	var terms []string
	for _, w := range h.words[:min(len(h.words), 5)] {
		terms = append(terms, w.term)
	}
	return terms
}

// telling reports whether one word alone makes a match: few docs have it.
func (x *Index) telling(term string) bool {
	return len(x.terms[term]) <= max(3, len(x.ids)/50)
}

// asked counts the words of a query; how often one is repeated matters less
// and less.
func asked(q Query) map[string]float64 {
	counts := map[string]float64{}
	for _, t := range termsOf(q.Title, q.Language) {
		counts[t] += titleWeight
	}
	said := termsOf(q.Text, q.Language)
	for _, t := range said[:min(len(said), longest)] {
		counts[t]++
	}
	for t, c := range counts {
		counts[t] = math.Log1p(c)
	}
	return counts
}
