package view

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Insight is a finding about market, competitors or users.
type Insight struct {
	Ref   string    `json:"ref"`
	Title string    `json:"title"`
	Kind  string    `json:"kind,omitempty"`
	Study string    `json:"study,omitempty"`
	At    time.Time `json:"at"`
	URL   string    `json:"url,omitempty"`
	// Goals are those that it speaks for, for those inside.
	Goals []string `json:"goals"`
	// Items are those to which it is tied and that the visitor may see.
	Items []string `json:"items"`
	// Suggestions are items that it may be about, where nothing ties it.
	Suggestions []Suggestion `json:"suggestions,omitempty"`
}

// Insights are findings.
type Insights struct {
	Window

	Insights []Insight `json:"insights"`
}

// InsightsQuery asks for insights: for all, or only for those that wait: nothing
// ties them to an item or a goal, and nobody set them aside.
type InsightsQuery struct {
	Page

	Waiting bool
}

// Insights lists the findings that the visitor may see, the newest first.
func (vi *Visit) Insights(q InsightsQuery) (Insights, error) {
	all, err := vi.desk.conf.Store.Insights(vi.ctx)
	if err != nil {
		return Insights{}, err
	}
	tied, err := vi.desk.conf.Store.InsightTargets(vi.ctx)
	if err != nil {
		return Insights{}, err
	}
	aside := map[work.RefID]bool{}
	if q.Waiting {
		if aside, err = vi.insightsAside(); err != nil {
			return Insights{}, err
		}
	}
	all = slices.DeleteFunc(all, func(in work.Insight) bool {
		return !vi.sees(in.Audience) || q.Waiting && (aside[in.RefID] || len(tied[in.RefID])+len(in.Goals) > 0)
	})
	slices.SortStableFunc(all, func(a, b work.Insight) int { return b.At.Compare(a.At) })
	w, from, to := q.cut(len(all))
	v := Insights{w, []Insight{}}
	if from == to {
		return v, nil
	}
	l, err := vi.lens()
	if err != nil {
		return v, err
	}
	var teacher *engine.Suggester
	if q.Waiting {
		if teacher, err = l.taught(vi); err != nil {
			return v, err
		}
	}
	for i := range all[from:to] {
		in := &all[from+i]
		one := l.insight(in, tied[in.RefID])
		if teacher != nil {
			one.Suggestions = l.suggest(teacher, &work.Feedback{Ref: in.Ref, Text: in.Title + "\n" + in.Text})
		}
		v.Insights = append(v.Insights, one)
	}
	return v, nil
}

func (vi *Visit) insightsAside() (map[work.RefID]bool, error) {
	all, err := vi.desk.conf.Store.Asides(vi.ctx)
	aside := map[work.RefID]bool{}
	for i := range all {
		if all[i].Insight {
			aside[all[i].Of] = true
		}
	}
	return aside, err
}

func (l *lens) insight(in *work.Insight, targets []string) Insight {
	v := Insight{
		Ref: in.RefID.String(), Title: titleOf(in), Kind: in.Kind, Study: in.Study, At: in.At.UTC(), URL: in.URL, Goals: []string{}, Items: []string{},
	}
	if l.sees(work.Internal) {
		v.Goals = append(v.Goals, in.Goals...)
	}
	for _, target := range targets {
		if d, ok := l.find(target); ok && !slices.Contains(v.Items, d.Item.Key()) {
			v.Items = append(v.Items, d.Item.Key())
		}
	}
	return v
}

func titleOf(in *work.Insight) string { return cmp.Or(in.Title, shortened(in.Text)) }

// shortened is the beginning of a text.
func shortened(text string) string {
	const most = 160
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}
