package view

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

// Runs are kept runs, the newest first.
type Runs struct {
	Runs []store.Kept `json:"runs"`
}

// Runs lists kept runs.
func (vi *Visit) Runs(limit int) (Runs, error) {
	all, err := vi.desk.conf.Store.KeptRuns(vi.ctx, atMost(limit))
	return Runs{append([]store.Kept{}, all...)}, err
}

// AuditEntry is an edit that was sent.
type AuditEntry struct {
	Edit

	Run    int64            `json:"run"`
	State  work.ResultState `json:"state"`
	Detail string           `json:"detail,omitempty"`
	By     string           `json:"by,omitempty"`
	Errand work.Errand      `json:"errand,omitempty"`
	Begun  time.Time        `json:"begun"`
	Ended  time.Time        `json:"ended,omitzero"`
}

func (l *lens) audit(e *work.AuditEntry) AuditEntry {
	v := AuditEntry{Edit: l.bare(&e.Edit), Run: e.Run, State: e.State, Errand: e.Edit.Errand, Begun: e.Begun, Ended: e.Ended}
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

// Audit is what was sent, the newest first.
type Audit struct {
	Audit []AuditEntry `json:"audit"`
}

// Audit lists edits that were sent: of an item, or of all where ref is empty.
func (vi *Visit) Audit(ref string, limit int) (Audit, error) {
	l, err := vi.lens()
	if err != nil {
		return Audit{}, err
	}
	var entries []work.AuditEntry
	if ref == "" {
		entries, err = vi.desk.conf.Store.Audit(vi.ctx, work.RefID{}, atMost(limit))
	} else {
		entries, err = l.history(ref, atMost(limit))
	}
	if err != nil {
		return Audit{}, err
	}
	all := Audit{[]AuditEntry{}}
	for i := range entries {
		all.Audit = append(all.Audit, l.audit(&entries[i]))
	}
	return all, nil
}

// Letter is something that was set aside.
type Letter struct {
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

// Letters are what was set aside.
type Letters struct {
	Letters []Letter `json:"dead_letters"`
}

// DeadLetters lists what was set aside.
func (vi *Visit) DeadLetters(limit int) (Letters, error) {
	l, err := vi.lens()
	if err != nil {
		return Letters{}, err
	}
	entries, err := vi.desk.conf.Store.DeadLetters(vi.ctx, atMost(limit))
	if err != nil {
		return Letters{}, err
	}
	all := Letters{[]Letter{}}
	for i := range entries {
		all.Letters = append(all.Letters, l.letter(&entries[i]))
	}
	return all, nil
}

func (l *lens) letter(e *work.DeadLetterEntry) Letter {
	s := l.letterSight(e)
	v := Letter{Restricted: s.restriction(), ID: e.ID, What: e.What, At: e.At}
	if s != nothing {
		v.Ref, v.Remedy = e.Ref, e.Remedy
	}
	if s == everything {
		v.Cause = e.Cause
	}
	return v
}

// Approval is a person's yes.
type Approval struct {
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

func (l *lens) approval(p *plan.Approval) Approval {
	s, _ := l.at(p.Slot.Ref)
	v := Approval{Run: p.Run, AnyHour: p.Quiet, At: p.At, Ended: p.Ended, End: p.End}
	if s == nothing {
		v.Restricted = s.restriction()
		return v
	}
	v.Edit, v.Ref, v.Field, v.By = p.Edit, work.Ref{RefID: p.Slot.Ref, Key: p.Key}.String(), p.Slot.Field.String(), p.By
	return v
}

// Approvals are what people approved.
type Approvals struct {
	Approvals []Approval `json:"approvals"`
}

// Approvals lists what people approved.
func (vi *Visit) Approvals(limit int) (Approvals, error) {
	l, err := vi.lens()
	if err != nil {
		return Approvals{}, err
	}
	given, err := vi.desk.conf.Store.Approvals(vi.ctx, atMost(limit))
	if err != nil {
		return Approvals{}, err
	}
	all := Approvals{[]Approval{}}
	for i := range given {
		all.Approvals = append(all.Approvals, l.approval(&given[i]))
	}
	return all, nil
}
