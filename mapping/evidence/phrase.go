package evidence

import "slices"

// phrase is a curated phrase, read in every dialect.
type phrase struct {
	text   string
	target string
	// stems are the stemmed content words, by dialect; none where the phrase
	// has no content word in that dialect.
	stems [dialects][]string
}

// newPhrase reads the phrase; it reports false when every word of it is one of
// the small words of some language.
func newPhrase(text, target string) (phrase, bool) {
	p := phrase{text: text, target: target}
	for i := range dialects {
		p.stems[i] = contentStems(dialectOf(i), words(text))
	}
	return p, len(p.stems[plain]) > 0
}

// contentStems returns the stems of the words that say something, sorted and
// without repeats.
func contentStems(d dialect, text []string) []string {
	stems := make([]string, 0, len(text))
	for _, w := range text {
		if !d.stop(w) {
			stems = append(stems, d.stem(w))
		}
	}
	slices.Sort(stems)
	return slices.Compact(stems)
}

// heard is a text as phrases look at it: its sorted stems in the dialects in
// which it may be read.
type heard struct {
	as    []int
	stems [dialects][]string
}

func hear(text, language string) heard {
	said := words(text)
	h := heard{as: spoken(language, said)}
	for _, i := range h.as {
		h.stems[i] = contentStems(dialectOf(i), said)
	}
	return h
}

// in reports whether all content words of the phrase are in the text, in one
// of its dialects.
func (p *phrase) in(h *heard) bool {
	for _, i := range h.as {
		if len(p.stems[i]) > 0 && subset(p.stems[i], h.stems[i]) {
			return true
		}
	}
	return false
}

// subset reports whether all of part, a few words, are in the sorted whole.
func subset(part, whole []string) bool {
	for _, s := range part {
		if _, ok := slices.BinarySearch(whole, s); !ok {
			return false
		}
	}
	return true
}
