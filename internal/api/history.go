package api

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

// runs lists kept runs.
func (a *API) runs(c *call) (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	all, err := a.Store.KeptRuns(c.Context(), limit)
	return map[string]any{"runs": append([]store.Kept{}, all...)}, err
}

// auditView is an edit that was sent.
type auditView struct {
	editView

	Run    int64            `json:"run"`
	State  work.ResultState `json:"state"`
	Detail string           `json:"detail,omitempty"`
	By     string           `json:"by,omitempty"`
	Errand work.Errand      `json:"errand,omitempty"`
	Begun  time.Time        `json:"begun"`
	Ended  time.Time        `json:"ended,omitzero"`
}

func (l *lens) audit(e *work.AuditEntry) auditView {
	v := auditView{editView: l.bare(&e.Edit), Run: e.Run, State: e.State, Errand: e.Edit.Errand, Begun: e.Begun, Ended: e.Ended}
	if v.Restricted == restrictedItem {
		return v
	}
	v.ID = e.Edit.ID
	if v.Restricted == "" {
		v.By = e.Edit.By
	}
	if l.sees(work.Internal) {
		v.ApprovedBy = e.ApprovedBy
	}
	if l.stranger() == everything || v.Restricted == "" && e.Edit.Verb != work.MoveInBacklog {
		v.Detail = e.Detail // of moves, a service may name others
	}
	return v
}

// audit lists edits that were sent.
func (a *API) audit(c *call) (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	var entries []work.AuditEntry
	if text := c.query.Get("ref"); text == "" {
		entries, err = a.Store.Audit(c.Context(), work.RefID{}, limit)
	} else {
		entries, err = l.history(text, limit)
	}
	if err != nil {
		return nil, err
	}
	all := []auditView{}
	for i := range entries {
		all = append(all, l.audit(&entries[i]))
	}
	return map[string]any{"audit": all}, nil
}

// letterView is something that was set aside.
type letterView struct {
	Restricted string    `json:"restricted,omitempty"`
	ID         int64     `json:"id"`
	What       string    `json:"what"`
	Ref        string    `json:"ref,omitempty"`
	Cause      string    `json:"cause,omitempty"`
	Remedy     string    `json:"remedy,omitempty"`
	At         time.Time `json:"at"`
}

// letterSight says how much of what was set aside may be seen: of a record
// that was not understood nobody knows who may.
func (l *lens) letterSight(e *work.DeadLetterEntry) sight {
	if e.What == "edit" {
		if d, ok := l.outcome.FindKey(e.Ref); ok {
			return l.sightOf(d)
		}
	}
	return l.stranger()
}

// deadLetters lists what was set aside.
func (a *API) deadLetters(c *call) (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	entries, err := a.Store.DeadLetters(c.Context(), limit)
	if err != nil {
		return nil, err
	}
	all := []letterView{}
	for i := range entries {
		e := &entries[i]
		s := l.letterSight(e)
		v := letterView{Restricted: s.restriction(), ID: e.ID, What: e.What, At: e.At}
		if s != nothing {
			v.Ref, v.Remedy = e.Ref, e.Remedy
		}
		if s == everything {
			v.Cause = e.Cause
		}
		all = append(all, v)
	}
	return map[string]any{"dead_letters": all}, nil
}

// approvalView is a person's yes.
type approvalView struct {
	Restricted string           `json:"restricted,omitempty"`
	Edit       string           `json:"edit,omitempty"`
	Ref        string           `json:"ref,omitempty"`
	Field      string           `json:"field,omitempty"`
	By         string           `json:"by,omitempty"`
	Run        int64            `json:"run"`
	AnyHour    bool             `json:"any_hour,omitempty"`
	At         time.Time        `json:"at"`
	Ended      time.Time        `json:"ended,omitzero"`
	End        plan.ApprovalEnd `json:"end,omitempty"`
}

func (l *lens) approval(p *plan.Approval) approvalView {
	s, _ := l.at(p.Slot.Ref)
	v := approvalView{Run: p.Run, AnyHour: p.Quiet, At: p.At, Ended: p.Ended, End: p.End}
	if s == nothing {
		v.Restricted = s.restriction()
		return v
	}
	v.Edit, v.Ref, v.Field, v.By = p.Edit, work.Ref{RefID: p.Slot.Ref, Key: p.Key}.String(), p.Slot.Field.String(), p.By
	return v
}

// approvals lists what people approved.
func (a *API) approvals(c *call) (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	given, err := a.Store.Approvals(c.Context(), limit)
	if err != nil {
		return nil, err
	}
	all := []approvalView{}
	for i := range given {
		all = append(all, l.approval(&given[i]))
	}
	return map[string]any{"approvals": all}, nil
}
