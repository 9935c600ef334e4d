package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Shipped are items that were finished of late, with who asked for them.
type Shipped struct {
	// Since is the day at whose end they were not finished yet. Exact tells that
	// the order of that day is kept; else the last change of the records counts.
	Since time.Time     `json:"since"`
	Exact bool          `json:"exact"`
	Items []ShippedItem `json:"items"`
	// More is how many others were asked for, and Unasked how many nobody asked
	// for, as far as that was looked at.
	More    int `json:"more,omitempty"`
	Unasked int `json:"unasked"`
}

// mostShipped is how many finished items are looked at.
const mostShipped = 500

// ShippedItem is a finished item with who may be told.
type ShippedItem struct {
	Item

	Asked []Requester `json:"asked"`
	// Silent counts those who did not agree to be asked again, or of whom nobody
	// knows whether they did.
	Silent int `json:"silent"`
	// Restricted counts voices that the visitor may not hear.
	Restricted int `json:"voices_restricted,omitempty"`
}

// Requester is somebody who asked for an item and agreed to be told.
type Requester struct {
	// Ref is where it was said.
	Ref     string      `json:"ref"`
	Person  string      `json:"person,omitempty"`
	Account string      `json:"account,omitempty"`
	Segment string      `json:"segment,omitempty"`
	Method  work.Method `json:"method,omitempty"`
	At      time.Time   `json:"at"`
	URL     string      `json:"url,omitempty"`
}

// ShippedQuery asks for items that were finished since the end of a day: of all
// teams where Team is empty.
type ShippedQuery struct {
	Team  string
	Since time.Time
	// Limit is the most items.
	Limit int
}

// Shipped lists what was finished, with those who asked for it and agreed to
// hear of it. Who asked is for those inside; each voice is cut by its own
// audience.
func (vi *Visit) Shipped(q ShippedQuery) (Shipped, error) {
	v := Shipped{Since: q.Since, Items: []ShippedItem{}}
	l, err := vi.lens()
	if err != nil || !l.sees(work.Internal) {
		return v, err
	}
	places, err := vi.desk.conf.Store.PlacesOn(vi.ctx, q.Since)
	if err != nil {
		return v, err
	}
	v.Exact = len(places) > 0
	after := q.Since.AddDate(0, 0, 1)
	var items []*engine.Decided
	for _, d := range l.outcome.Items {
		if q.Team != "" && d.Item.Team != q.Team || !delivered(d) || l.sightOf(d) == nothing {
			continue
		}
		created, changed := l.outcome.Ages(d)
		if v.Exact && (places[d.Item.ID] > 0 || created.After(after)) || !v.Exact && !changed.Before(after) {
			items = append(items, d)
		}
	}
	items = items[:min(len(items), mostShipped)]
	said, err := l.askedFor(items)
	if err != nil {
		return v, err
	}
	for i, d := range items {
		if len(said[i]) == 0 {
			v.Unasked++
			continue
		}
		one := ShippedItem{Item: l.item(d), Asked: []Requester{}}
		if err := l.requesters(&one, said[i]); err != nil {
			return v, err
		}
		v.Items = append(v.Items, one)
	}
	slices.SortStableFunc(v.Items, func(a, b ShippedItem) int { return cmp.Compare(len(b.Asked), len(a.Asked)) })
	limit := min(atMost(q.Limit), mostShipped)
	v.More, v.Items = max(0, len(v.Items)-limit), v.Items[:min(len(v.Items), limit)]
	return v, nil
}

// delivered reports whether an item is finished, and nobody has to accept it first.
func delivered(d *engine.Decided) bool {
	acceptance := textOf(d, work.Acceptance)
	return d.Item.Done() && acceptance != "waiting" && acceptance != "rejected"
}

// askedFor reads what was said of items, in one question.
func (l *lens) askedFor(items []*engine.Decided) ([][]evidence.Said, error) {
	of, targets := map[string][]int{}, []string{}
	for i, d := range items {
		for _, t := range l.outcome.Targets(l.desk.conf.Rules, d) {
			of[t] = append(of[t], i)
			targets = append(targets, t)
		}
	}
	said := make([][]evidence.Said, len(items))
	if len(targets) == 0 {
		return said, nil
	}
	all, err := l.desk.conf.Store.Said(l.ctx, targets, time.Time{})
	for _, s := range all {
		if s.Standing == evidence.Rejected {
			continue
		}
		for _, i := range of[s.Target] {
			said[i] = append(said[i], s)
		}
	}
	return said, err
}

// requesters adds who may be told: each person once.
func (l *lens) requesters(one *ShippedItem, said []evidence.Said) error {
	var refs []work.RefID
	heard := map[work.RefID]bool{}
	for _, s := range said {
		if heard[s.Of] {
			continue
		}
		heard[s.Of] = true
		if !l.sees(s.Day.Audience) {
			one.Restricted++
			continue
		}
		refs = append(refs, s.Of)
	}
	rows, err := l.desk.conf.Store.FeedbackOf(l.ctx, refs)
	if err != nil {
		return err
	}
	told, silent, no := map[[2]string]bool{}, map[[2]string]bool{}, map[[2]string]bool{}
	for _, ref := range refs {
		row, there := rows[ref]
		switch {
		case !there: // it was withdrawn
		case !l.sees(row.Audience):
			one.Restricted++
		default:
			r := Requester{
				Ref: ref.String(), Person: row.Person, Account: cmp.Or(row.AccountKeys["name"], row.Account), Segment: row.Segment, Method: row.Method, At: row.At.UTC(), URL: row.URL,
			}
			who := [2]string{r.Person, r.Account}
			if who == [2]string{} {
				who[0] = r.Ref
			}
			if !agreed(row.Consent) {
				silent[who] = true
				no[who] = no[who] || strings.TrimSpace(row.Consent) != ""
			} else if !told[who] {
				told[who] = true
				one.Asked = append(one.Asked, r)
			}
		}
	}
	one.Asked = slices.DeleteFunc(one.Asked, func(r Requester) bool { return no[[2]string{r.Person, r.Account}] })
	for who := range silent {
		if !told[who] || no[who] {
			one.Silent++
		}
	}
	return nil
}

// agreed reports whether somebody said yes, in the words that tables have for it.
func agreed(consent string) bool {
	yes := []string{"yes", "y", "true", "1", "ja", "j", "wahr", "given", "granted", "signed", "erteilt", "oui", "sí", "si"}
	return slices.Contains(yes, strings.ToLower(strings.TrimSpace(consent)))
}
