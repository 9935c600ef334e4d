package plan

import "time"

// Terms tell what an edit waits for, and who approved it. Edits share them:
// nobody may change them.
type Terms struct {
	// Until is when the window ends that the edit waits for, and Window names
	// it; both only where the gate is Quiet or Frozen.
	Until  time.Time `json:"until,omitzero"`
	Window string    `json:"window,omitempty"`
	// ApprovedBy is who approved it, and AnyHour that quiet hours do not count.
	ApprovedBy string `json:"approved_by,omitempty"`
	AnyHour    bool   `json:"any_hour,omitempty"`
}

// terms are those of an edit; most edits have none.
func (p *Planned) terms() Terms {
	if p.Terms == nil {
		return Terms{}
	}
	return *p.Terms
}

// Until is when the window ends that the edit waits for.
func (p *Planned) Until() time.Time { return p.terms().Until }

// Window names the window that the edit waits for.
func (p *Planned) Window() string { return p.terms().Window }

// ApprovedBy is who approved it; empty where nobody did.
func (p *Planned) ApprovedBy() string { return p.terms().ApprovedBy }

// AnyHour reports that quiet hours do not count for it.
func (p *Planned) AnyHour() bool { return p.terms().AnyHour }

// wait lets the edit wait for the same window. Who approved it stays.
func (p *Planned) wait(like *Terms) {
	own := p.terms()
	if like != nil {
		own.Until, own.Window = like.Until, like.Window
	} else {
		own.Until, own.Window = time.Time{}, ""
	}
	switch {
	case own == Terms{}:
		p.Terms = nil
	case like != nil && own == *like:
		p.Terms = like
	default:
		p.Terms = &own
	}
}
