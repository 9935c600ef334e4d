package likeness

import (
	"strings"
	"unicode"

	"tandem/mapping/evidence"
)

// termsOf returns the words of a text that say something, stemmed. Names in
// code are kept whole and taken apart beside.
func termsOf(text, language string) []string {
	terms := evidence.Terms(text, language)
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if parts := humps(name); len(parts) > 1 {
			terms = append(terms, evidence.Terms(strings.Join(parts, " "), language)...)
		}
	}
	return terms
}

// humps takes a camel-case name apart: "FSDownload" is FS and Download. A word
// without an inner capital is one part.
func humps(name string) []string {
	var parts []string
	runes := []rune(name)
	start := 0
	for i := 1; i < len(runes); i++ {
		up := unicode.IsUpper(runes[i])
		before := unicode.IsLower(runes[i-1]) || unicode.IsDigit(runes[i-1])
		after := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if up && (before || after && unicode.IsUpper(runes[i-1])) {
			parts = append(parts, string(runes[start:i]))
			start = i
		}
	}
	return append(parts, string(runes[start:]))
}
