package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

// spoken is what people said of the items of a plan, by number.
func (v *sheet) spoken() []work.Override {
	var all []work.Override
	for _, d := range v.Outcome.Items {
		for _, o := range d.Words.All() {
			all = append(all, *o)
		}
	}
	slices.SortFunc(all, func(a, b work.Override) int { return int(a.Number - b.Number) })
	return all
}

// spoken lists what people said.
func (p *printer) spoken(all []work.Override, every bool) {
	rows := make([][]string, 0, len(all))
	for i := range all {
		rows = append(rows, wordRow(&all[i])[1:])
	}
	p.section("Said by people", rows, every)
}

// words tells what people said of an item, and what comes of it.
func (p *printer) words(d *engine.Decided) {
	if d.Words == nil {
		return
	}
	p.line("\nSaid by people")
	for _, o := range d.Words.All() {
		p.line("  %s, said on %s at %s", short(o.String(), 300), o.At.Local().Format(time.DateOnly), o.Ref)
	}
	for _, doubt := range d.Words.Doubts {
		p.line("  ! %s", short(doubt.What, 300))
		if doubt.Remedy != "" {
			p.line("    %s", short(doubt.Remedy, 200))
		}
	}
	objected := len(d.Words.Objections) > 0
	if objected {
		p.line("  answer with: tandem object %s --answer '…'", d.Item.Key())
	}
	if len(d.Words.All()) > len(d.Words.Objections) {
		p.line("  end it with: tandem override %s --end", d.Item.Key())
	}
}

// spokenJSON is the same as an object.
func spokenJSON(d *engine.Decided) map[string]any {
	words, doubts := []work.Override{}, []work.Finding{}
	for _, o := range d.Words.All() {
		words = append(words, *o)
	}
	if d.Words != nil {
		for _, doubt := range d.Words.Doubts {
			doubts = append(doubts, doubt.Finding)
		}
	}
	return map[string]any{"words": wordsJSON(words), "doubts": doubts}
}

// endingSoon lists the words that end within a week, the first to end first.
func endingSoon(ctx context.Context, db *store.Store) ([]wordJSON, error) {
	today := time.Now().UTC().Truncate(24 * time.Hour)
	open, _, err := db.Overrides(ctx, today, 0)
	if err != nil {
		return nil, err
	}
	open = slices.DeleteFunc(open, func(o work.Override) bool { return o.Until.After(today.AddDate(0, 0, 7)) })
	slices.SortStableFunc(open, func(a, b work.Override) int { return a.Until.Compare(b.Until) })
	return wordsJSON(open), nil
}

// endingSoon counts what people said and lists what is about to end.
func (p *printer) endingSoon(st status) {
	if st.Overrides+st.Objections == 0 {
		return
	}
	var parts []string
	if st.Overrides > 0 {
		parts = append(parts, plural(st.Overrides, "override", "overrides"))
	}
	if st.Objections > 0 {
		parts = append(parts, plural(st.Objections, "objection that waits for an answer", "objections that wait for an answer"))
	}
	p.line("\nSaid by people: %s. tandem override --list lists them.", strings.Join(parts, ", "))
	rows := make([][]string, 0, len(st.EndSoon))
	for _, w := range st.EndSoon {
		rows = append(rows, wordRow(w.Override)[1:])
	}
	p.section("Ending within a week", rows, false)
}
