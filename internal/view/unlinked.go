package view

// Unlinked counts the feedback that nothing links and that has words, as far as
// the visitor may see it. More tells that there is more than was looked at.
func (vi *Visit) Unlinked() (count int, more bool, err error) {
	l, err := vi.lens()
	if err != nil {
		return 0, false, err
	}
	found, before, err := l.unlinked(SuggestionsQuery{Limit: MostPage})
	return len(found), before != 0, err
}
