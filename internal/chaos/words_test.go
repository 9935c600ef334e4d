package chaos_test

import (
	"math/rand/v2"
	"strconv"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// wordActs are what people say against decisions. They are drawn from dice of
// their own too, see later.
func wordActs() []act {
	return []act{
		{"override", 4, (*life).overrides, false},
		{"object", 2, (*life).objects, false},
		{"words end", 1, (*life).endsWords, false},
	}
}

// word plays one of them, mostly none.
func (l *life) word() bool {
	dice := rand.New(rand.NewPCG(l.seed, uint64(9000+l.act)))
	if dice.IntN(20) > 0 {
		return false
	}
	l.dice = dice
	l.draw(wordActs())
	return true
}

// overrides says where an item belongs, with sense or without.
func (l *life) overrides() {
	kind := pick(l, []work.OverrideKind{work.Pin, work.Pin, work.MoveHorizon, work.SetPriority})
	l.speaks(kind, pick(l, map[work.OverrideKind][]string{
		work.Pin: {"1", "1", "2", "3", "40"}, work.MoveHorizon: {"now", "next", "later", "soon"}, work.SetPriority: {"1", "2", "3", "4", "9"},
	}[kind]))
}

func (l *life) objects() { l.speaks(work.Objection, "") }

// speaks notes a word at any record that Tandem knows.
func (l *life) speaks(kind work.OverrideKind, value string) {
	if l.proc.last == nil || len(l.proc.last.Items) == 0 {
		return
	}
	d := pick(l, l.proc.last.Items)
	o := d.Speak(pick(l, d.Item.Parts).String(), kind, value)
	o.By, o.Reason = pick(l, []string{"ana", "cy"}), "so be it"
	o.Until = time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1+l.dice.IntN(20))
	l.tells("people: %s of %s", &o, o.Ref)
	_, err := l.proc.db.SaveOverride(l.Context(), o)
	l.ok(err)
}

// endsWords ends whatever people said.
func (l *life) endsWords() {
	open, _, err := l.proc.db.Overrides(l.Context(), time.Now().UTC().Truncate(24*time.Hour), 0)
	l.ok(err)
	var numbers []int64
	for i := range open {
		numbers = append(numbers, open[i].Number)
	}
	_, err = l.proc.db.EndOverrides(l.Context(), numbers, "ana", "enough")
	l.ok(err)
}

// words: what people say counts, or it is told why not.
func (b *book) words(l *life, o *engine.Outcome) {
	if o == nil {
		return
	}
	for _, d := range o.Items {
		if d.Words == nil || d.Place == 0 {
			continue
		}
		told := map[int64]bool{}
		for i := range d.Words.Doubts {
			told[d.Words.Doubts[i].Number] = true
		}
		l.check("a person's word counts, or it is told why not")
		if w := d.Words.Place; w != nil && !told[w.Number] && w.Value != strconv.Itoa(d.TeamPlace) {
			l.broken("words", d.Item.Key(), "%s, and it stands at place %d", w, d.TeamPlace)
		}
		if w := d.Words.Priority; w != nil && !told[w.Number] && d.Tier != w.Value {
			l.broken("words", d.Item.Key(), "%s, and it has %s", w, d.Tier)
		}
		if w := d.Words.Horizon; w != nil && !told[w.Number] && d.Horizon != w.Value {
			l.broken("words", d.Item.Key(), "%s, and it is in %s", w, d.Horizon)
		}
		if len(d.Words.Objections) > 0 {
			l.check("an objection holds what is derived")
			for _, e := range o.Plan.Edits {
				derived := e.Field == work.Priority || e.Field == work.Horizon || e.Field == work.Rank
				if e.Item == d.Item.ID && derived && e.Gate != plan.Observed && e.Errand == "" {
					l.broken("words", d.Item.Key(), "somebody objects, and %s is planned", e.Field)
				}
			}
		}
	}
}
