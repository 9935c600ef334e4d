package cli

import (
	"fmt"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

// mostVoices is how many voices, and how many insights, are told.
const mostVoices = 8

// seesAs tells what a reader of an audience may see; who reads everything also
// sees what no source gave an audience for.
func seesAs(name string) (func(work.Audience) bool, error) {
	for _, reader := range []work.Audience{work.Public, work.Internal, work.Restricted} {
		if reader.String() == name {
			return func(a work.Audience) bool { return reader == work.Restricted || a.Reaches(reader) }, nil
		}
	}
	return nil, wrong("--audience %s is nobody; write public, internal or restricted", name)
}

// inquiry asks who speaks for an item.
func inquiry(rules *engine.Rules, o *engine.Outcome, d *engine.Decided, sees func(work.Audience) bool) store.Inquiry {
	return store.Inquiry{
		Rules: rules.Evidence(), Targets: o.Targets(rules, d), Goal: rules.GoalName(d), AsOf: o.AsOf, Most: mostVoices, Sees: sees,
	}
}

func (p *printer) evidence(d *engine.Decided) {
	e := d.Evidence
	if e.Signals == 0 {
		p.line("\nEvidence: nobody said anything about it yet.")
	} else {
		p.line("\nEvidence: %s%s from %s, %s; confidence %.2f; latest %s%s", plural(e.Signals, "signal", "signals"), capped(e.Signals, e.Votes),
			plural(e.Accounts, "account", "accounts"), plural(e.People, "person", "people"), e.Confidence, e.Latest.Format("2006-01-02"), scores(&e))
	}
	if e.Insights+e.GoalInsights > 0 {
		p.line("  %s on it, %s on its goal, counted apart", plural(e.Insights, "insight", "insights"), plural(e.GoalInsights, "insight", "insights"))
	}
	if e.Usage.Known() {
		p.line("  used %s times in 28 days%s", rounded(e.Usage), trend(e.UsageTrend))
	}
}

// capped says that an account spoke more often than it counts.
func capped(signals, votes int) string {
	if votes <= signals {
		return ""
	}
	return fmt.Sprintf(" (of %d: of one account only the newest count)", votes)
}

// trend says how usage moves, where that is known.
func trend(v work.Value) string {
	f, ok := v.Number()
	if !ok {
		return ""
	}
	return fmt.Sprintf(", %+.0f %% on an average day against the 28 before", 100*f)
}

func scores(e *work.Evidence) string {
	var b strings.Builder
	score := func(name string, v work.Value, sample int, bounds func() (low, high work.Value)) {
		if v.Present() {
			low, high := bounds()
			fmt.Fprintf(&b, "; %s %s of %s, between %s and %s", name, rounded(v), plural(sample, "answer", "answers"), rounded(low), rounded(high))
		}
	}
	score("NPS", e.NPS, e.NPSSample, e.NPSBounds)
	score("CSAT", e.CSAT, e.CSATSample, e.CSATBounds)
	score("importance", e.Importance.Value(), e.Importance.Sample, e.Importance.Range)
	if e.Satisfaction.Sample > e.CSATSample { // else CSAT says it
		score("satisfaction", e.Satisfaction.Value(), e.Satisfaction.Sample, e.Satisfaction.Range)
	}
	return b.String()
}

// testimony prints who speaks for the item.
func (p *printer) testimony(t *work.Testimony) {
	var rows [][]string
	for i := range t.Voices {
		h := &t.Voices[i]
		rows = append(rows, []string{
			h.At.Format(time.DateOnly), speaker(h), strings.ReplaceAll(string(h.Method), "_", " ") + score(h), fmt.Sprintf("weighs %.2f", h.Weight),
			short(h.Quote, 80), short(h.Because, 50), h.Ref,
		})
	}
	p.section("Strongest voices", rows, true)
	rows = nil
	for i := range t.Insights {
		h := &t.Insights[i]
		rows = append(rows, []string{h.At.Format(time.DateOnly), h.Kind, short(h.Quote, 80), short(h.Because, 50), h.Ref})
	}
	p.section("Insights", rows, true)
	if t.Restricted > 0 {
		p.line("  restricted: %s more, not for this reader", plural(t.Restricted, "voice", "voices"))
	}
	if t.Gone > 0 {
		p.line("  %s that counted then: withdrawn, changed or forgotten since", plural(t.Gone, "voice", "voices"))
	}
}

// speaker is who spoke, as it is stored.
func speaker(h *work.Heard) string {
	who := h.Person
	switch {
	case who == "" && h.Account == "":
		who = "nobody named"
	case who == "":
		who = h.Account
	case h.Account != "":
		who += " of " + h.Account
	}
	if h.Segment != "" {
		who += " (" + h.Segment + ")"
	}
	return short(who, 40)
}

func score(h *work.Heard) string {
	if h.Score == nil {
		return ""
	}
	if h.Scale == "" {
		return " " + h.Score.String()
	}
	return " " + h.Score.String() + " on " + h.Scale
}
