package evidence

import (
	"strings"
	"unicode"
)

// words splits a text into lower-case words without accents. Letters and
// digits make words; an apostrophe ends one, so that "user's" is "user" and a
// stray "s", which no phrase asks for.
func words(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// fold lower-cases the text and takes the accents off Latin letters, whether
// they are part of the letter or follow it as a combining mark.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch r = unicode.ToLower(r); {
		case r < 0x80:
			b.WriteByte(byte(r))
		case r == 'ß':
			b.WriteString("ss")
		case unicode.Is(unicode.Mn, r):
		default:
			b.WriteRune(bare(r))
		}
	}
	return b.String()
}

// bare returns the lower-case Latin letter without its accent.
func bare(r rune) rune {
	switch {
	case strings.ContainsRune("àáâãäå", r):
		return 'a'
	case strings.ContainsRune("èéêë", r):
		return 'e'
	case strings.ContainsRune("ìíîï", r):
		return 'i'
	case strings.ContainsRune("òóôõö", r):
		return 'o'
	case strings.ContainsRune("ùúûü", r):
		return 'u'
	case r == 'ñ':
		return 'n'
	case r == 'ç':
		return 'c'
	default:
		return r
	}
}

// dialect is how a text is read: which words say nothing, and how a word is
// cut to its stem.
type dialect struct {
	stop func(word string) bool
	stem func(word string) string
}

// The dialects, in the order of reading. A text in another language is read
// plainly: its words must stand there as the phrase spells them.
const (
	english = iota
	german
	plain
	dialects
)

func dialectOf(i int) dialect {
	switch i {
	case english:
		return dialect{englishStop, stemEnglish}
	case german:
		return dialect{germanStop, stemGerman}
	default:
		return dialect{
			func(w string) bool { return englishStop(w) || germanStop(w) },
			func(w string) string { return w },
		}
	}
}

// spoken returns the dialects in which a text is to be read. Where the source
// names no language, the small words of the text tell; where they do not, it
// is read both ways.
func spoken(language string, text []string) []int {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	switch base {
	case "en", "english":
		return []int{english}
	case "de", "german":
		return []int{german}
	case "":
	default:
		return []int{plain}
	}
	en, de := 0, 0
	for _, w := range text {
		isEnglish, isGerman := englishStop(w), germanStop(w)
		if isEnglish && !isGerman {
			en++
		}
		if isGerman && !isEnglish {
			de++
		}
	}
	switch {
	case en > de:
		return []int{english}
	case de > en:
		return []int{german}
	default:
		return []int{english, german}
	}
}
