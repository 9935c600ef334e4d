package api

import "tandem/internal/engine"

// standingView is what beside the score gave an item its place.
type standingView struct {
	TiedWith  string     `json:"tied_with,omitempty"`
	DecidedBy string     `json:"decided_by,omitempty"`
	NeededBy  *itemView  `json:"needed_by,omitempty"`
	Needs     []itemView `json:"needs"`
	Circle    bool       `json:"circle,omitempty"`
}

func (l *lens) standing(x *engine.Explanation) *standingView {
	v := &standingView{
		TiedWith: engine.PlacesOf(x.Ties), NeededBy: l.neighbour(x.NeededBy), Needs: []itemView{}, Circle: x.Item.Standing.Circle,
	}
	if x.Rival != nil {
		v.DecidedBy = x.Item.Standing.Break.String()
	}
	for _, d := range x.Needs {
		v.Needs = append(v.Needs, *l.neighbour(d))
	}
	return v
}
