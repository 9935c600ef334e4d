package evidence

// Terms returns the stems of the words that say something, in the order of the
// text and with repeats: what an index of texts counts. A text of no known
// language is read as English, so that it meets others like it.
func Terms(text, language string) []string {
	said := words(text)
	as := spoken(language, said)[0]
	d := dialectOf(as)
	terms := make([]string, 0, len(said))
	for _, w := range said {
		if !d.stop(w) {
			terms = append(terms, d.stem(w))
		}
	}
	return terms
}
