package view

import (
	"errors"

	"tandem/internal/store"
	"tandem/internal/work"
)

// Linked is what was decided of a feedback and an item.
type Linked struct {
	Of      string       `json:"of"`
	Ref     string       `json:"ref"`
	Verdict work.Verdict `json:"verdict,omitempty"`
}

// AcceptLink says that a feedback or an insight is about an item, whatever rules say.
func (vi *Visit) AcceptLink(of, ref string) (Linked, error) {
	return vi.link(of, ref, work.LinkAccepted)
}

// RefuseLink says that a feedback or an insight is not about an item: neither rules nor
// suggestions tie them again.
func (vi *Visit) RefuseLink(of, ref string) (Linked, error) {
	return vi.link(of, ref, work.LinkRejected)
}

// ForgetLink forgets what was decided: what rules say holds again.
func (vi *Visit) ForgetLink(of, ref string) (Linked, error) { return vi.link(of, ref, "") }

func (vi *Visit) link(of, ref string, verdict work.Verdict) (Linked, error) {
	if err := vi.may(Approver); err != nil {
		return Linked{}, err
	}
	v, err := vi.verdict(of, ref)
	if err != nil {
		return Linked{}, err
	}
	v.Verdict, v.By, v.At = verdict, vi.who.Name, vi.desk.conf.Now().UTC()
	if verdict == "" {
		was, err := vi.desk.conf.Store.UndoVerdict(vi.ctx, v)
		if err == nil && !was {
			err = notFound("decision on this link", "accept or refuse it")
		}
		if err != nil {
			return Linked{}, err
		}
	} else if err := vi.desk.conf.Store.SaveVerdict(vi.ctx, v); errors.Is(err, store.ErrNoFeedback) {
		return Linked{}, noFeedback() // it was withdrawn meanwhile
	} else if err != nil {
		return Linked{}, err
	}
	vi.wake()
	return Linked{v.Of.String(), v.Target, verdict}, nil
}

func noFeedback() error {
	return notFound("feedback and no insight", "name it as CONNECTOR:ID, such as hotjar:r-71")
}

// verdict finds both ends of a link, as far as the visitor may see them.
func (vi *Visit) verdict(of, ref string) (work.LinkVerdict, error) {
	v := work.LinkVerdict{}
	said, err := vi.said(of)
	if err != nil {
		return v, err
	}
	v.Of, v.Insight = said.of, said.insight
	l, err := vi.lens()
	if err != nil {
		return v, err
	}
	d, ok := l.find(ref)
	if !ok {
		return v, notFound("item", "name it as CONNECTOR:KEY, such as jira:PAY-12")
	}
	v.Target = d.Item.Key()
	if connector, _, ok := work.ParseRef(ref); ok {
		if p, has := d.Item.Part(connector); has {
			v.Target = p.String()
		}
	}
	return v, nil
}

// spoken is a feedback or an insight.
type spoken struct {
	of      work.RefID
	insight bool
	// words begin what was said.
	words string
}

// said finds a feedback or an insight that the visitor may see.
func (vi *Visit) said(of string) (spoken, error) {
	connector, id, ok := work.ParseRef(of)
	if !ok {
		return spoken{}, noFeedback()
	}
	v := spoken{of: work.RefID{Connector: connector, ID: id}}
	rows, err := vi.desk.conf.Store.FeedbackOf(vi.ctx, []work.RefID{v.of})
	if err != nil {
		return v, err
	}
	if row, there := rows[v.of]; there && vi.sees(row.Audience) {
		v.words = shortened(row.Text)
		return v, nil
	}
	insights, err := vi.desk.conf.Store.Insights(vi.ctx)
	if err != nil {
		return v, err
	}
	for i := range insights {
		if in := &insights[i]; in.RefID == v.of && vi.sees(in.Audience) {
			v.insight, v.words = true, titleOf(in)
			return v, nil
		}
	}
	return v, noFeedback()
}
