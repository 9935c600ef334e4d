package view

import "tandem/internal/work"

// Disagreement is an item about which the two lenses disagree, with whom to
// talk to about it.
type Disagreement struct {
	Item

	// Why and Next are its places among the team's open items by the score of
	// each lens alone.
	Why  int `json:"why_place"`
	Next int `json:"next_place"`
	// WhyScore and NextScore are the scores, 0 to 100 each.
	WhyScore  float64 `json:"why_score"`
	NextScore float64 `json:"next_score"`
	// WhyTerm and NextTerm are what speaks most for the difference.
	WhyTerm  string `json:"why_term"`
	NextTerm string `json:"next_term"`
	// PM and PO are who acts in these roles for the team, for those inside; empty
	// where nobody does.
	PM string `json:"pm,omitempty"`
	PO string `json:"po,omitempty"`
}

// Gap is by how many places the lenses differ; above 0 the PM's puts it higher.
func (d *Disagreement) Gap() int { return d.Next - d.Why }

// Disagreements are where the lenses disagree most.
type Disagreements struct {
	TwoLenses bool           `json:"two_lenses"`
	Items     []Disagreement `json:"items"`
}

// Disagreements lists where the lenses disagree most, of what the visitor may
// see, with who acts for either lens.
func (vi *Visit) Disagreements(q TensionQuery) (Disagreements, error) {
	found, err := vi.Tension(q)
	if err != nil {
		return Disagreements{}, err
	}
	l, err := vi.lens()
	if err != nil {
		return Disagreements{}, err
	}
	v := Disagreements{found.TwoLenses, []Disagreement{}}
	for i := range found.Tensions {
		t := &found.Tensions[i]
		one := Disagreement{
			Item: l.item(t.Decided()), Why: t.Why, Next: t.Next, WhyScore: t.WhyScore, NextScore: t.NextScore, WhyTerm: t.WhyTerm, NextTerm: t.NextTerm,
		}
		if l.sees(work.Internal) {
			org := vi.desk.conf.Rules.Org()
			one.PM, _, _ = org.Acting("pm", t.Team, l.outcome.AsOf)
			one.PO, _, _ = org.Acting("po", t.Team, l.outcome.AsOf)
		}
		v.Items = append(v.Items, one)
	}
	return v, nil
}
