package view

import (
	"cmp"
	"slices"
	"time"

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
}

// Insights are findings.
type Insights struct {
	Window

	Insights []Insight `json:"insights"`
}

// Insights lists the findings that the visitor may see, the newest first.
func (vi *Visit) Insights(page Page) (Insights, error) {
	all, err := vi.desk.conf.Store.Insights(vi.ctx)
	if err != nil {
		return Insights{}, err
	}
	all = slices.DeleteFunc(all, func(in work.Insight) bool { return !vi.sees(in.Audience) })
	slices.SortStableFunc(all, func(a, b work.Insight) int { return b.At.Compare(a.At) })
	w, from, to := page.cut(len(all))
	v := Insights{w, []Insight{}}
	for i := range all[from:to] {
		in := &all[from+i]
		one := Insight{
			Ref: in.RefID.String(), Title: cmp.Or(in.Title, shortened(in.Text)), Kind: in.Kind, Study: in.Study, At: in.At.UTC(), URL: in.URL, Goals: []string{},
		}
		if vi.sees(work.Internal) {
			one.Goals = append(one.Goals, in.Goals...)
		}
		v.Insights = append(v.Insights, one)
	}
	return v, nil
}

// shortened is the beginning of a text.
func shortened(text string) string {
	const most = 160
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}
