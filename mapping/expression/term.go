package expression

import (
	"maps"
	"math"
	"slices"
	"time"

	"tandem/internal/work"
)

// kind is what a part of an expression yields.
type kind uint8

const (
	broken  kind = iota // a mistake was already reported
	nothing             // the literal unknown
	flag
	number
	text
	moment
	list
	numbers // a literal list of numbers
)

// String returns the kind as it stands in messages.
func (k kind) String() string {
	return [...]string{"a mistake", "unknown", "a yes/no answer", "a number", "a text", "a time", "a list", "a list of numbers"}[k]
}

// env is what closures get: it travels in registers.
type env struct {
	subject *Subject
	element string // the # of a closure
}

// term is one compiled part. Only the function of its kind is set. Functions
// report false where the value is unknown.
type term struct {
	kind    kind
	truth   func(env) Truth
	number  func(env) (float64, bool)
	text    func(env) (string, bool)
	moment  func(env) (time.Time, bool)
	list    func(env) elements
	numbers []float64
	// literal and texts hold the content of a literal text and list of texts.
	literal *string
	texts   []string
}

// known returns the function that reports whether the term has a value.
func (t term) known() func(env) bool {
	switch t.kind {
	case flag:
		return func(e env) bool { return t.truth(e) != UnknownTruth }
	case number:
		return func(e env) bool { _, ok := t.number(e); return ok }
	case text:
		return func(e env) bool { _, ok := t.text(e); return ok }
	case moment:
		return func(e env) bool { _, ok := t.moment(e); return ok }
	case list:
		return func(e env) bool { return t.list(e).size() > 0 }
	default:
		return func(env) bool { return false }
	}
}

// value computes the term as a Value.
func (t term) value(e env) work.Value {
	switch t.kind {
	case flag:
		if answer := t.truth(e); answer != UnknownTruth {
			return work.NewFlag(answer == True)
		}
	case number:
		if f, ok := t.number(e); ok {
			return work.NewNumber(f)
		}
	case text:
		if s, ok := t.text(e); ok {
			return work.NewText(s)
		}
	default:
		// No rule asks for a time or a list.
	}
	return work.Value{}
}

// finite makes what no number can be unknown: the result of a division by
// zero, or one beyond all bounds.
func finite(f float64) (float64, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// elements is a list of texts, read without copying it. At most one source is
// set; a list that is not known has none.
type elements struct {
	ok     bool
	value  work.Value
	fixed  []string
	parts  []work.Part
	places bool // of parts: their places, not their connectors
}

// elementsOf reads a value as a list. An empty value is a list without elements.
func elementsOf(v work.Value) elements {
	return elements{ok: v.Kind() == work.List || v.Kind() == work.Text || v.Kind() == work.None, value: v}
}

// all calls yield for each element until it returns false.
func (l elements) all(yield func(string) bool) {
	switch {
	case l.fixed != nil:
		for _, s := range l.fixed {
			if !yield(s) {
				return
			}
		}
	case l.parts != nil:
		for i := range l.parts {
			s := l.parts[i].Connector
			if l.places {
				s = l.parts[i].Place
			}
			if s != "" && !l.seen(s, i) && !yield(s) {
				return
			}
		}
	default:
		l.value.Elements(yield)
	}
}

// seen reports whether an earlier part than i has the same element.
func (l elements) seen(s string, i int) bool {
	return slices.ContainsFunc(l.parts[:i], func(p work.Part) bool {
		return l.places && p.Place == s || !l.places && p.Connector == s
	})
}

// has reports whether the list has the element.
func (l elements) has(element string) bool {
	for s := range l.all {
		if s == element {
			return true
		}
	}
	return false
}

// size counts the elements.
func (l elements) size() int {
	n := 0
	for range l.all {
		n++
	}
	return n
}

// equal reports whether both lists hold the same elements.
func (l elements) equal(o elements) bool {
	if l.size() != o.size() {
		return false
	}
	if l.size() > fewElements {
		return maps.Equal(l.set(), o.set())
	}
	for s := range l.all {
		if !o.has(s) {
			return false
		}
	}
	return true
}

// fewElements is how many elements are compared one by one: that takes the
// square of their number.
const fewElements = 16

// set holds each element once.
func (l elements) set() map[string]bool {
	set := map[string]bool{}
	for s := range l.all {
		set[s] = true
	}
	return set
}
