package view

import "tandem/internal/engine"

// Standing is what beside the score gave an item its place.
type Standing struct {
	TiedWith string `json:"tied_with,omitempty"`
	// Ties are the first of those, and Rival the one against which was decided.
	Ties      []Item `json:"ties,omitempty"`
	Rival     *Item  `json:"rival,omitempty"`
	DecidedBy string `json:"decided_by,omitempty"`
	NeededBy  *Item  `json:"needed_by,omitempty"`
	Needs     []Item `json:"needs"`
	Circle    bool   `json:"circle,omitempty"`
}

func (l *lens) standing(x *engine.Explanation) *Standing {
	v := &Standing{
		TiedWith: engine.PlacesOf(x.Ties), NeededBy: l.neighbour(x.NeededBy), Needs: []Item{}, Circle: x.Item.Standing.Circle > 0,
	}
	v.Ties, v.Rival = l.ties(x.Ties), l.neighbour(x.Rival)
	if x.Rival != nil {
		v.DecidedBy = x.Item.Standing.Break.String()
	}
	for _, d := range x.Needs {
		v.Needs = append(v.Needs, *l.neighbour(d))
	}
	return v
}
