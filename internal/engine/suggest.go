package engine

import (
	"tandem/internal/work"

	"tandem/mapping/likeness"
)

// Suggestion is work that a feedback may be about. It links nothing.
type Suggestion struct {
	// Target is "connector:key" of the work, Title what it is called.
	Target string `json:"target"`
	Title  string `json:"title"`
	// Shared are the stems that both texts share, the weightiest first.
	Shared []string `json:"shared"`

	item *Decided
}

// Decided returns the item.
func (s *Suggestion) Decided() *Decided { return s.item }

// Suggester finds work for feedback that nothing links.
type Suggester struct {
	index *likeness.Index
	items map[string]*Decided
	said  map[work.RefID]map[work.RefID]bool
}

// Suggester looks among the open items. decided are what people said of links,
// texts what the accepted ones of them said, by the feedback's id: it teaches
// the words of users.
func (o *Outcome) Suggester(decided []work.LinkVerdict, texts map[work.RefID]string) *Suggester {
	s := &Suggester{items: map[string]*Decided{}, said: map[work.RefID]map[work.RefID]bool{}}
	also := map[work.RefID][]string{}
	for _, v := range decided {
		at := work.RefID{Connector: connectorOf(v.Target), ID: v.Record}
		if s.said[v.Of] == nil {
			s.said[v.Of] = map[work.RefID]bool{}
		}
		s.said[v.Of][at] = true
		if text := texts[v.Of]; v.Verdict == work.LinkAccepted && text != "" {
			also[at] = append(also[at], text)
		}
	}
	var docs []likeness.Doc
	for _, d := range o.Items {
		if d.Item.Done() {
			continue
		}
		doc := likeness.Doc{ID: string(d.Item.ID), Title: textOf(&d.Item, work.Title), Body: textOf(&d.Item, work.Body)}
		for _, p := range d.Item.Parts {
			doc.Also = append(doc.Also, also[p.RefID]...)
		}
		docs, s.items[doc.ID] = append(docs, doc), d
	}
	s.index = likeness.Build(docs)
	return s
}

// For returns the n likest items, the likest first, without those on which a
// person has decided.
func (s *Suggester) For(f *work.Feedback, n int) []Suggestion {
	skip := func(id string) bool {
		for _, p := range s.items[id].Item.Parts {
			if s.said[f.RefID][p.RefID] {
				return true
			}
		}
		return false
	}
	var all []Suggestion
	for _, m := range s.index.Find(likeness.Query{Text: f.Text, Language: f.Language}, n, skip) {
		d := s.items[m.ID]
		all = append(all, Suggestion{Target: d.Item.Key(), Title: textOf(&d.Item, work.Title), Shared: m.Shared, item: d})
	}
	return all
}

func textOf(item *work.Item, field work.Field) string {
	if v := item.Fields.Get(field); v.Present() {
		return v.Text()
	}
	return ""
}

func connectorOf(target string) string {
	connector, _, _ := work.ParseRef(target)
	return connector
}
