package view

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Edit is an edit of a plan.
type Edit struct {
	// Restricted is item where nothing of it may be seen, reasons where the
	// reasons may not.
	Restricted string      `json:"restricted,omitempty"`
	Gate       plan.Gate   `json:"gate,omitempty"`
	ID         string      `json:"id,omitempty"`
	Ref        string      `json:"ref,omitempty"`
	Connector  string      `json:"connector,omitempty"`
	Place      string      `json:"place,omitempty"`
	Team       string      `json:"team,omitempty"`
	Field      string      `json:"field,omitempty"`
	Verb       work.Verb   `json:"verb,omitempty"`
	Element    string      `json:"element,omitempty"`
	From       *work.Value `json:"from,omitempty"`
	To         *work.Value `json:"to,omitempty"`
	Because    string      `json:"because,omitempty"`
	Until      time.Time   `json:"until,omitzero"`
	Window     string      `json:"window,omitempty"`
	ApprovedBy string      `json:"approved_by,omitempty"`
	AnyHour    bool        `json:"any_hour,omitempty"`
}

// edit shows a planned edit.
func (l *lens) edit(e *plan.Planned, approvals map[string]plan.Approval) Edit {
	v := l.bare(&e.Edit)
	v.Gate = e.Gate
	if v.Restricted == restrictedItem {
		return v
	}
	v.ID, v.Until, v.AnyHour = e.ID, e.Until(), e.AnyHour()
	if l.sees(work.Internal) { // names of people, and texts of the settings
		v.Window, v.ApprovedBy = e.Window(), e.ApprovedBy()
		if approval, ok := approvals[e.ID]; ok {
			v.ApprovedBy, v.AnyHour = approval.By, approval.Quiet
		}
	}
	return v
}

const restrictedItem = "item"

// bare shows an edit without its gate.
func (l *lens) bare(e *work.Edit) Edit {
	s, _ := l.at(e.Target.RefID)
	if s == nothing {
		return Edit{Restricted: s.restriction()}
	}
	v := Edit{
		Restricted: s.restriction(), Ref: e.Ref().String(), Connector: e.Target.Connector, Place: e.Place, Team: e.Team,
		Field: e.Field.String(), Verb: e.Verb, Element: e.Target.Element,
	}
	if !l.names(e) {
		v.Restricted, v.Element = sight(surface).restriction(), ""
		return v
	}
	switch {
	case s != everything:
	case e.Word != 0 && !l.sees(work.Internal): // names of people, and their reasons
		v.Because = someone
	default:
		v.Because = e.Because
	}
	v.From, v.To = &e.Expect, &e.Value
	if e.Verb == work.MoveInBacklog {
		v.From = nil // a fingerprint says nothing to people
	}
	return v
}

// shows reports whether a visitor sees what an edit writes.
func (l *lens) shows(e *work.Edit) bool {
	s, _ := l.at(e.Target.RefID)
	return s != nothing && l.names(e)
}

// names reports whether all that an edit names beside its own record may be
// seen: the neighbours of a move, the twin of a marker or a link.
func (l *lens) names(e *work.Edit) bool {
	if l.who.Audience == work.Restricted {
		return true
	}
	seen := func(id string) bool {
		s, _ := l.at(work.RefID{Connector: e.Target.Connector, ID: id})
		return s != nothing
	}
	switch {
	case e.Verb == work.MoveInBacklog:
		to, ok := work.ParseAnchor(e.Value)
		return ok && seen(to.ID)
	case e.Target.Path == work.NativeMarker, e.Target.Path == work.NativeRemoteLink:
		return l.twins(e)
	default:
		return true
	}
}

// twins reports whether what a marker or a link names is a part of the same
// item today, and so as visible as the record is.
func (l *lens) twins(e *work.Edit) bool {
	_, d := l.at(e.Target.RefID)
	if d == nil {
		return false
	}
	for i := range d.Item.Parts {
		p := &d.Item.Parts[i]
		if p.RefID.String() == e.Value.Text() || e.Target.Element == "tandem="+p.RefID.String() {
			return !e.Expect.Present()
		}
	}
	return false
}

// Hold is a value that Tandem would write and does not.
type Hold struct {
	Restricted string      `json:"restricted,omitempty"`
	Cause      work.Cause  `json:"cause"`
	Ref        string      `json:"ref,omitempty"`
	Connector  string      `json:"connector,omitempty"`
	Field      string      `json:"field,omitempty"`
	Have       *work.Value `json:"have,omitempty"`
	Want       *work.Value `json:"want,omitempty"`
	Since      time.Time   `json:"since,omitzero"`
	By         string      `json:"by,omitempty"`
	Detail     string      `json:"detail,omitempty"`
}

// unnamed is what the public is told of a hold that says who gave which reason;
// empty for others.
func unnamed(c work.Cause) string {
	switch c {
	case work.ObjectedTo:
		return "somebody objects"
	case work.RejectedEdit:
		return "somebody rejected it"
	default:
		return ""
	}
}

func (l *lens) hold(h *work.Hold) Hold {
	s, _ := l.at(h.Target.RefID)
	// A clash names another item, a rejection or a hold of a place may.
	if names := h.Cause == work.AmbiguousTwin || h.Field == work.Rank || h.Field == work.Links; names && s == everything {
		s = min(s, max(surface, l.stranger()))
	}
	v := Hold{Restricted: s.restriction(), Cause: h.Cause}
	if s == nothing {
		return v
	}
	v.Ref, v.Connector, v.Field, v.Since = work.Ref{RefID: h.Target.RefID, Key: h.Key}.String(), h.Target.Connector, h.Field.String(), h.Since
	if h.Cause != work.AmbiguousTwin || s == everything {
		v.Have = &h.Have
	}
	if who := unnamed(h.Cause); s == everything && who != "" && !l.sees(work.Internal) { // names of people, and their reasons
		v.Want, v.Detail = &h.Want, who
		return v
	}
	if s == everything {
		v.Want, v.Detail = &h.Want, h.Detail
		if h.By != "" {
			v.By = l.desk.conf.Who(h.Target.Connector, h.By)
		}
	}
	return v
}
