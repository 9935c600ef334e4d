package view

import (
	"tandem/internal/engine"
	"tandem/internal/work"
)

// Suggested is a feedback that nothing links, with what it may be about.
type Suggested struct {
	Feedback work.Heard `json:"feedback"`
	// Suggestions are of items that the visitor may see, the likest first.
	Suggestions []Suggestion `json:"suggestions"`
}

// Suggestion is an item that a feedback may be about. Nothing counts until a
// person says so.
type Suggestion struct {
	Ref   string `json:"ref"`
	Title string `json:"title"`
	// Shared are the stems of words that both texts share.
	Shared []string `json:"shared"`
}

// Suggestions are feedback that waits for a verdict, the newest first.
type Suggestions struct {
	Feedback []Suggested `json:"feedback"`
	// Before is where the next ones begin; 0 where there are none.
	Before int64 `json:"before,omitempty"`
}

// SuggestionsQuery asks for feedback before a number; 0 is the newest.
type SuggestionsQuery struct {
	Before int64
	Limit  int
}

// What is looked at for one answer: few suggestions for each feedback, out of
// more that the visitor may not see, and no more rows than a person waits for.
const (
	mostSuggested = 3
	considered    = 12
	unlinkedPage  = 200
	unlinkedPages = 10
	taught        = 10_000
)

// Suggestions lists feedback that nothing links, with what it may be about. A
// score without a word is about everything, and not among it.
func (vi *Visit) Suggestions(q SuggestionsQuery) (Suggestions, error) {
	l, err := vi.lens()
	if err != nil {
		return Suggestions{}, err
	}
	found, before, err := l.unlinked(q)
	if err != nil || len(found) == 0 {
		return Suggestions{Feedback: []Suggested{}, Before: before}, err
	}
	teacher, err := l.taught(l.Visit)
	if err != nil {
		return Suggestions{}, err
	}
	v := Suggestions{Feedback: []Suggested{}, Before: before}
	for i := range found {
		f := found[i]
		v.Feedback = append(v.Feedback, Suggested{f.heard, l.suggest(teacher, f.row)})
	}
	return v, nil
}

// unread is a feedback that nothing links.
type unread struct {
	row   *work.Feedback
	heard work.Heard
}

// unlinked reads feedback that nothing links, as far as the visitor may see it.
func (l *lens) unlinked(q SuggestionsQuery) (found []unread, before int64, err error) {
	limit := atMost(q.Limit)
	before = q.Before
	for range unlinkedPages {
		rows, err := l.desk.conf.Store.UnlinkedBefore(l.ctx, before, unlinkedPage)
		if err != nil {
			return nil, 0, err
		}
		for i := range rows {
			before = rows[i].Num
			if rows[i].Text == "" || !l.sees(rows[i].Audience) {
				continue
			}
			if found = append(found, unread{&rows[i].Feedback, rows[i].Heard()}); len(found) == limit {
				return found, before, nil
			}
		}
		if len(rows) < unlinkedPage {
			return found, 0, nil
		}
	}
	return found, before, nil
}

// suggest finds what a feedback may be about, of what the visitor may see.
func (l *lens) suggest(by *engine.Suggester, row *work.Feedback) []Suggestion {
	some := []Suggestion{}
	for _, g := range by.For(row, considered) {
		d := g.Decided()
		if l.sightOf(d) != nothing && len(some) < mostSuggested {
			some = append(some, Suggestion{g.Target, textOf(d, work.Title), append([]string{}, g.Shared...)})
		}
	}
	return some
}

// teacher finds work for feedback, as people taught it.
type teacher struct {
	*engine.Suggester

	verdicts int
	newest   work.LinkVerdict
}

// taughtBefore reports whether somebody asked for suggestions.
func (d *decision) taughtBefore() bool {
	d.teaching.Lock()
	defer d.teaching.Unlock()
	return d.teacher != nil
}

// taught returns who finds work for feedback: once for a decision, and again
// when somebody decided on a link.
func (d *decision) taught(vi *Visit) (*engine.Suggester, error) {
	decided, err := vi.desk.conf.Store.Verdicts(vi.ctx, taught)
	if err != nil {
		return nil, err
	}
	d.teaching.Lock()
	defer d.teaching.Unlock()
	t := &teacher{verdicts: len(decided)}
	if len(decided) > 0 {
		t.newest = decided[0]
	}
	if d.teacher != nil && d.teacher.verdicts == t.verdicts && d.teacher.newest == t.newest {
		return d.teacher.Suggester, nil
	}
	var accepted []work.RefID
	for _, v := range decided {
		if v.Verdict == work.LinkAccepted && !v.Insight {
			accepted = append(accepted, v.Of)
		}
	}
	rows, err := vi.desk.conf.Store.FeedbackOf(vi.ctx, accepted)
	if err != nil {
		return nil, err
	}
	texts := make(map[work.RefID]string, len(rows))
	for of := range rows {
		texts[of] = rows[of].Text
	}
	t.Suggester = d.outcome.Suggester(decided, texts)
	d.teacher = t
	return t.Suggester, nil
}
