package view

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/internal/store"
	"tandem/internal/work"
)

// Aside is a feedback or an insight that a person set aside: it is about nothing
// that is planned. Who and why is for those inside.
type Aside struct {
	Of      string    `json:"of"`
	Insight bool      `json:"insight"`
	Words   string    `json:"words"`
	Because string    `json:"because,omitempty"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at"`
}

// Asides are a part of what was set aside, the newest first.
type Asides struct {
	Window

	Asides []Aside `json:"asides"`
}

// longestReason is how long a reason is at most, in characters.
const longestReason = 500

// SetAside puts a feedback or an insight out of the way, with a reason. No link
// of it changes.
func (vi *Visit) SetAside(of, because string) (Aside, error) {
	if err := vi.may(Approver); err != nil {
		return Aside{}, err
	}
	because = strings.TrimSpace(because)
	if n := utf8.RuneCountInString(because); n == 0 || n > longestReason {
		return Aside{}, BadRequest("nobody would know why", "send because: a reason of at most 500 characters").onPage("", "write a reason of at most 500 characters")
	}
	said, err := vi.said(of)
	if err != nil {
		return Aside{}, err
	}
	a := work.Aside{Insight: said.insight, Of: said.of, Because: because, By: vi.who.Name, At: vi.desk.conf.Now().UTC()}
	if err := vi.desk.conf.Store.SetAside(vi.ctx, a); errors.Is(err, store.ErrNoFeedback) {
		return Aside{}, noFeedback() // it was withdrawn meanwhile
	} else if err != nil {
		return Aside{}, err
	}
	return vi.aside(&a, said.words), nil
}

func (vi *Visit) aside(a *work.Aside, words string) Aside {
	v := Aside{Of: a.Of.String(), Insight: a.Insight, Words: words, At: a.At}
	if vi.sees(work.Internal) {
		v.Because, v.By = a.Because, a.By
	}
	return v
}

// TakeBack lets what was set aside wait for somebody again.
func (vi *Visit) TakeBack(of string) (Aside, error) {
	if err := vi.may(Approver); err != nil {
		return Aside{}, err
	}
	said, err := vi.said(of)
	if err != nil {
		return Aside{}, err
	}
	was, err := vi.desk.conf.Store.TakeBack(vi.ctx, said.of, said.insight)
	if err == nil && !was {
		err = notFound("such feedback or insight that was set aside", "GET "+Base+"/asides lists them").onPage("", "it may be taken back already: look at the page again")
	}
	return Aside{Of: said.of.String(), Insight: said.insight, Words: said.words, At: vi.desk.conf.Now().UTC()}, err
}

// Asides lists what was set aside, as far as the visitor may see it.
func (vi *Visit) Asides(page Page) (Asides, error) {
	all, err := vi.desk.conf.Store.Asides(vi.ctx)
	if err != nil {
		return Asides{}, err
	}
	var refs []work.RefID
	for i := range all {
		if !all[i].Insight {
			refs = append(refs, all[i].Of)
		}
	}
	rows, err := vi.desk.conf.Store.FeedbackOf(vi.ctx, refs)
	if err != nil {
		return Asides{}, err
	}
	insights, err := vi.desk.conf.Store.Insights(vi.ctx)
	if err != nil {
		return Asides{}, err
	}
	found := make(map[work.RefID]string, len(insights))
	for i := range insights {
		if vi.sees(insights[i].Audience) {
			found[insights[i].RefID] = titleOf(&insights[i])
		}
	}
	var seen []Aside
	for i := range all {
		a := &all[i]
		words, there := found[a.Of]
		if row, spoke := rows[a.Of]; !a.Insight {
			words, there = shortened(row.Text), spoke && vi.sees(row.Audience)
		}
		if there {
			seen = append(seen, vi.aside(a, words))
		}
	}
	w, from, to := page.cut(len(seen))
	return Asides{w, append([]Aside{}, seen[from:to]...)}, nil
}
