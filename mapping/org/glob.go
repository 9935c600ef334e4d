package org

import (
	"strings"
	"unicode"
)

// glob is a pattern of a place: * stands for any characters and ? for one,
// neither for a slash, as in path.Match. Case does not count.
type glob struct {
	text  string
	runes []rune // folded
}

// maxGlob bounds a pattern; the names of repositories and projects are shorter.
const maxGlob = 200

// parseGlob reads a pattern. It returns a remedy for what is none.
func parseGlob(text string) (g glob, remedy string) {
	switch {
	case text == "":
		return glob{}, `write a project key or a repository, as in PAY or acme/pay`
	case len(text) > maxGlob:
		return glob{}, "write a shorter pattern"
	case strings.HasPrefix(text, "/"), strings.HasSuffix(text, "/"):
		return glob{}, "write it without a slash at the ends"
	case strings.ContainsAny(text, `[]{}\ !`):
		return glob{}, "use letters, * for any characters and ? for one"
	}
	g.text = text
	for _, r := range text {
		if r == '*' && len(g.runes) > 0 && g.runes[len(g.runes)-1] == '*' {
			continue // ** is no more than *: neither crosses a slash
		}
		g.runes = append(g.runes, fold(r))
	}
	return g, ""
}

func fold(r rune) rune { return unicode.ToLower(r) }

// literal returns the place of a pattern without * and ?.
func (g glob) literal() (string, bool) {
	return g.text, !strings.ContainsAny(g.text, "*?")
}

// match reports whether the pattern covers the place. It goes back to the last
// star only, which is enough: its cost is bounded by the product of lengths.
func (g glob) match(place string) bool {
	name := []rune(place)
	at, star, mark := 0, -1, 0
	for i := 0; i < len(name); {
		switch {
		case at < len(g.runes) && g.runes[at] == '*':
			star, mark = at, i
			at++
		case at < len(g.runes) && g.accepts(at, fold(name[i])):
			at, i = at+1, i+1
		case star >= 0 && name[mark] != '/':
			mark++
			at, i = star+1, mark
		default:
			return false
		}
	}
	for at < len(g.runes) && g.runes[at] == '*' {
		at++
	}
	return at == len(g.runes)
}

// accepts reports whether one position other than a star takes the rune.
func (g glob) accepts(at int, r rune) bool {
	return g.runes[at] == r || g.runes[at] == '?' && r != '/'
}
