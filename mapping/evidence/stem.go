package evidence

import "strings"

// minStem is the fewest letters that a stem keeps: shorter ones meet words
// that have nothing to do with each other.
const minStem = 3

// stemEnglish cuts the endings that make "created", "creates", "creating" and
// "creation" four words. Its results are no words, and need not be: a phrase
// and a text are cut alike. On the IS-22 reviews it finds what the Porter
// stemmer finds (see TestPhrasesFindTheRightReviews).
func stemEnglish(w string) string {
	if len(w) <= minStem {
		return w
	}
	w = cutPlural(w)
	w = cutTense(w)
	w = cutDerivation(w)
	switch {
	case len(w) > minStem && strings.HasSuffix(w, "e"):
		return w[:len(w)-1]
	case len(w) > minStem && strings.HasSuffix(w, "y"):
		return w[:len(w)-1] + "i"
	default:
		return w
	}
}

func cutPlural(w string) string {
	switch {
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "ies") && len(w) > minStem+1:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	case strings.HasSuffix(w, "s"):
		return w[:len(w)-1]
	default:
		return w
	}
}

func cutTense(w string) string {
	for _, ending := range []string{"ing", "ed"} {
		stem, ok := strings.CutSuffix(w, ending)
		if !ok || len(stem) < minStem || !strings.ContainsAny(stem, "aeiouy") {
			continue
		}
		if n := len(stem); n > minStem && stem[n-1] == stem[n-2] && !strings.ContainsRune("lsz", rune(stem[n-1])) {
			return stem[:n-1] // "planned", "plan"
		}
		return stem
	}
	return w
}

// cutDerivation takes the ending off nouns made from verbs and adverbs made
// from adjectives. The first ending that fits is the only one.
func cutDerivation(w string) string {
	for _, cut := range [][2]string{
		{"ification", "ify"},
		{"ization", "iz"},
		{"isation", "is"},
		{"ation", "at"},
		{"ition", "it"},
		{"ction", "ct"},
		{"ment", ""},
		{"ness", ""},
		{"fully", "ful"},
		{"ably", "abl"},
		{"ally", "al"},
		{"ly", ""},
	} {
		if stem, ok := strings.CutSuffix(w, cut[0]); ok && len(stem) >= minStem {
			return stem + cut[1]
		}
	}
	return w
}

// stemGerman cuts endings from the right until none is left, after Caumanns'
// idea of 1999: "Listen" and "Liste", "Exporte" and "Export" meet.
func stemGerman(w string) string {
	for len(w) > minStem {
		switch n := len(w); {
		case n > minStem+3 && (strings.HasSuffix(w, "ung") || strings.HasSuffix(w, "nd")):
			w = strings.TrimSuffix(strings.TrimSuffix(w, "nd"), "ung")
		case n > minStem+1 && (strings.HasSuffix(w, "em") || strings.HasSuffix(w, "er")):
			w = w[:n-2]
		case strings.ContainsRune("esnt", rune(w[n-1])):
			w = w[:n-1]
		default:
			return w
		}
	}
	return w
}
