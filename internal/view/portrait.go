package view

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Portrait is an item with all that its page shows.
type Portrait struct {
	Explanation

	// Body is its description, as its source spells it.
	Body string `json:"body,omitempty"`
	// History is where it stood, the oldest point first; nil where that may not be
	// seen.
	History []work.Point `json:"history,omitempty"`
	// HandsOff are its records that carry the label which stops Tandem.
	HandsOff []string `json:"hands_off,omitempty"`
	// Horizons and Tiers are what people may set, and Places how many there are in
	// its team.
	Horizons []string `json:"horizons"`
	Tiers    []string `json:"tiers"`
	// AsOf is the day for which it was decided.
	AsOf time.Time `json:"as_of"`
}

// remembersPlaces is how far back a page tells where an item stood.
const remembersPlaces = 182 * 24 * time.Hour

// Portrait tells all about an item: today where run is 0, or in a kept run.
func (vi *Visit) Portrait(ref string, run int64) (Portrait, error) {
	x, err := vi.Explanation(ref, run)
	if err != nil {
		return Portrait{}, err
	}
	l, err := vi.lens()
	if err != nil {
		return Portrait{}, err
	}
	d, ok := l.find(ref)
	if !ok {
		return Portrait{}, noItem()
	}
	rules := vi.desk.conf.Rules
	p := Portrait{Explanation: x, Body: textOf(d, work.Body), Horizons: rules.Horizons(l.outcome.AsOf), Tiers: rules.Tiers(), AsOf: l.outcome.AsOf}
	for _, r := range l.outcome.HandsOff(d) {
		p.HandsOff = append(p.HandsOff, r.String())
	}
	if l.sightOf(d) == everything {
		p.History, err = vi.desk.conf.Store.HistoryOf(vi.ctx, d.Item.ID, l.outcome.AsOf.Add(-remembersPlaces))
	}
	return p, err
}

// Sought is an item that somebody looks for by a name that it may no longer have.
type Sought struct {
	// Ref is how it is called today.
	Ref string
	// Moved tells that it had the other name before.
	Moved bool
}

// Seek finds an item by its name, by a name that it had before, or by its address
// in a browser. Where it is none that the visitor may see, the problem says what
// is known of it.
func (vi *Visit) Seek(ref, address string) (Sought, error) {
	l, err := vi.lens()
	if err != nil {
		return Sought{}, err
	}
	find := func(by func(string) (*engine.Decided, bool), text string) (*engine.Decided, bool) {
		d, ok := by(text)
		return d, ok && l.sightOf(d) != nothing
	}
	if address != "" {
		if d, ok := find(l.findURL, address); ok {
			return Sought{Ref: d.Item.Key()}, nil
		}
		return Sought{}, noneThere("no item has this address, or you may not see it", "copy the address of the issue itself, or search for its key in the order")
	}
	if _, ok := find(l.outcome.FindKey, ref); ok {
		return Sought{Ref: ref}, nil
	}
	if d, ok := find(l.outcome.FindFormer, ref); ok {
		return Sought{Ref: d.Item.Key(), Moved: true}, nil
	}
	if connector, key, ok := work.ParseRef(ref); ok && l.stranger() == everything {
		at, gone, err := vi.desk.conf.Store.GoneSince(vi.ctx, connector, key)
		switch {
		case err != nil:
			return Sought{}, err
		case gone:
			return Sought{}, noneThere("it is no longer in "+connector+": since "+at.UTC().Format(time.DateOnly)+" it was found neither by reading nor by counting",
				"look whether it was deleted, moved out of the places that Tandem reads, or hidden from Tandem's account; the audit keeps what was written there")
		}
	}
	return Sought{}, noneThere("there is no such item, or you may not see it", "search for its key or title in the order; a name looks like jira:PAY-12")
}

func noneThere(detail, remedy string) error {
	return NewProblem(http.StatusNotFound, "not-found", detail, remedy)
}

// findURL returns the item of a record by its address in a browser.
func (l *lens) findURL(address string) (*engine.Decided, bool) {
	want, ok := plainURL(address)
	if !ok {
		return nil, false
	}
	for _, d := range l.outcome.Items {
		for i := range d.Item.Parts {
			p := &d.Item.Parts[i]
			if p.URL == "" {
				continue
			}
			if is, ok := plainURL(p.URL); ok && is == want {
				return d, true
			}
		}
	}
	return nil, false
}

// plainURL is an address without what does not tell things apart.
func plainURL(address string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return "", false
	}
	return strings.ToLower(u.Host) + strings.TrimSuffix(u.EscapedPath(), "/"), true
}
