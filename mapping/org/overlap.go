package org

import (
	"slices"
	"strings"
)

// maxSearch bounds the search for a common place. Patterns of real
// organisations need a few dozen steps.
const maxSearch = 20_000

// state is how far each pattern of two claims got: a set of positions for each,
// one byte for one position.
type state string

// search walks all places at once, character by character.
type search struct {
	a, b     claim
	patterns []glob
	alphabet []rune
}

// common finds a place that both claims cover, the shortest there is. Where the
// search grows beyond all bounds it reports an overlap without an example.
func common(a, b claim) (example string, overlap bool) {
	if name, ok := commonLiteral(a, b); ok {
		return name, true
	}
	a.includes, b.includes = onlyPatterns(a.includes), onlyPatterns(b.includes)
	if len(a.includes) == 0 || len(b.includes) == 0 {
		return "", false
	}
	s := search{a: a, b: b, patterns: slices.Concat(a.includes, a.excludes, b.includes, b.excludes)}
	s.alphabet = alphabet(s.patterns)
	return s.run()
}

// commonLiteral looks at the places that one claim writes in full.
func commonLiteral(a, b claim) (string, bool) {
	for _, g := range slices.Concat(a.includes, b.includes) {
		if name, ok := g.literal(); ok && a.covers(name) && b.covers(name) {
			return name, true
		}
	}
	return "", false
}

func onlyPatterns(all []glob) []glob {
	return slices.DeleteFunc(slices.Clone(all), func(g glob) bool { _, literal := g.literal(); return literal })
}

// run walks breadth first, so that the first place found is the shortest.
func (s search) run() (example string, overlap bool) {
	type point struct {
		state state
		named bool // the place does not end where a name must begin
	}
	type step struct {
		point
		place string
	}
	queue := []step{{point: point{state: s.start()}}}
	seen := map[point]bool{queue[0].point: true}
	for len(queue) > 0 {
		now := queue[0]
		queue = queue[1:]
		if now.named && s.both(now.state) {
			return now.place, true
		}
		for _, r := range s.alphabet {
			next := point{s.next(now.state, r), r != '/'}
			if !seen[next] && s.alive(next.state) {
				seen[next] = true
				queue = append(queue, step{next, now.place + string(r)})
			}
		}
		if len(seen) > maxSearch {
			return "perhaps the same places", true
		}
	}
	return "", false
}

// alphabet returns the characters that patterns tell apart, and one that stands
// for all others.
func alphabet(patterns []glob) []rune {
	var set []rune
	for _, g := range patterns {
		for _, r := range g.runes {
			if r != '*' && r != '?' {
				set = append(set, r)
			}
		}
	}
	other := 'a'
	for slices.Contains(set, other) {
		if other++; other == 'z'+1 {
			other = '0'
		} else if other == '9'+1 {
			other = '\u3042' // no letter that repositories are named with
		}
	}
	set = append(set, other)
	slices.Sort(set)
	return slices.Compact(set)
}

// start is the state before the first character.
func (s search) start() state {
	var b strings.Builder
	for _, g := range s.patterns {
		positions := make([]byte, len(g.runes)+1)
		positions[0] = 1
		g.skipStars(positions)
		b.Write(positions)
	}
	return state(b.String())
}

// next is the state after one more character.
func (s search) next(from state, r rune) state {
	var b strings.Builder
	for _, g := range s.patterns {
		n := len(g.runes) + 1
		positions := make([]byte, n)
		for at := range g.runes {
			switch {
			case from[at] == 0:
			case g.runes[at] == '*' && r != '/':
				positions[at] = 1
			case g.runes[at] != '*' && g.accepts(at, r):
				positions[at+1] = 1
			}
		}
		g.skipStars(positions)
		b.Write(positions)
		from = from[n:]
	}
	return state(b.String())
}

// skipStars adds the positions that are reached without a character.
func (g glob) skipStars(positions []byte) {
	for at, r := range g.runes {
		if positions[at] == 1 && r == '*' {
			positions[at+1] = 1
		}
	}
}

// both reports whether the place of the state is covered by both claims.
func (s search) both(now state) bool {
	return s.each(now, func(g glob, part state) bool { return part[len(g.runes)] == 1 }, true)
}

// alive reports whether both claims may still cover a longer place.
func (s search) alive(now state) bool {
	return s.each(now, func(_ glob, part state) bool { return strings.IndexByte(string(part), 1) >= 0 }, false)
}

// each asks whether, in both claims, some include holds and, where asked, no
// exclude does.
func (s search) each(now state, holds func(glob, state) bool, excludes bool) bool {
	for _, c := range []claim{s.a, s.b} {
		covered, excluded := false, false
		for i, g := range slices.Concat(c.includes, c.excludes) {
			n := len(g.runes) + 1
			if holds(g, now[:n]) {
				covered = covered || i < len(c.includes)
				excluded = excluded || i >= len(c.includes)
			}
			now = now[n:]
		}
		if !covered || excludes && excluded {
			return false
		}
	}
	return true
}
