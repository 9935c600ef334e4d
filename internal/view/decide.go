package view

import (
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Reject says no to a proposal: Edit is its id, or Ref and Field name it.
type Reject struct {
	Edit    string `json:"edit"`
	Ref     string `json:"ref"`
	Field   string `json:"field"`
	Because string `json:"because"`
	For     string `json:"for"`
}

// Rejected is what came of it.
type Rejected struct {
	Rejected int       `json:"rejected"`
	Edits    []string  `json:"edits"`
	Until    time.Time `json:"until,omitzero"`
}

// moveRejected is for how long a no to a move holds where nobody says: an order
// changes all the time, so that nothing else ends it.
const moveRejected = 30 * 24 * time.Hour

// Reject says no to a proposal.
func (vi *Visit) Reject(no Reject) (Rejected, error) {
	if err := vi.may(Approver); err != nil {
		return Rejected{}, err
	}
	if strings.TrimSpace(no.Because) == "" {
		return Rejected{}, BadRequest("nobody would know why", "send because: a reason; people see it beside the proposal").onPage("", "write a reason; people see it beside the proposal")
	}
	var span work.Span
	if no.For != "" && span.UnmarshalText([]byte(no.For)) != nil {
		return Rejected{}, BadRequest("for is no length of time", "write 30d, 12h or 2w").onPage("this is no length of time", "")
	}
	run, err := vi.newest()
	if err != nil {
		return Rejected{}, err
	}
	l, err := vi.lens()
	if err != nil {
		return Rejected{}, err
	}
	word := no.Edit
	if word == "" {
		if no.Ref == "" || no.Field == "" {
			return Rejected{}, BadRequest("it is not said what is rejected", "send edit: the id of an edit, or ref and field").onPage("", "reject one of the changes of the plan")
		}
		word = no.Ref + " " + no.Field
	}
	visible := l.visible(&run.Plan)
	ids, unknown := plan.Select(visible, []string{word})
	if len(unknown) > 0 || len(strings.Fields(word)) == 0 {
		return Rejected{}, notFound("edit in the newest plan", "GET "+Base+"/plan lists them").onPage("the newest plan has no such change any more, or you may not see it", "look at the plan again")
	}
	rejections := plan.Reject(visible, ids)
	var until time.Time
	for _, r := range rejections {
		r.By, r.Because, r.Inputs = vi.who.Name, no.Because, l.outcome.InputsOf(vi.desk.conf.Rules, r.Slot)
		switch {
		case span > 0:
			r.Until = vi.desk.conf.Now().Add(time.Duration(span))
		case len(r.Edits) == 0:
			r.Until = vi.desk.conf.Now().Add(moveRejected)
		}
		if err := vi.desk.conf.Store.Reject(vi.ctx, r); err != nil {
			return Rejected{}, err
		}
		until = r.Until
	}
	vi.wake()
	return Rejected{len(rejections), slices.Sorted(maps.Keys(ids)), until.UTC()}, nil
}

// Released is how many holds were ended.
type Released struct {
	Released int `json:"released"`
}

// Release ends the holds of a field at a record, or at all records of the item
// that have one where the reference names any of them.
func (vi *Visit) Release(ref, name string) (Released, error) {
	if err := vi.may(Approver); err != nil {
		return Released{}, err
	}
	field, ok := work.ParseField(name)
	if !ok || ref == "" {
		return Released{}, BadRequest("ref and field do not name a hold", "send both, as in {\"ref\": \"jira:PAY-12\", \"field\": \"priority\"}").onPage("it is not said which hold is to end", "choose one of those on the page of the item")
	}
	run, err := vi.newest()
	if err != nil {
		return Released{}, err
	}
	l, err := vi.lens()
	if err != nil {
		return Released{}, err
	}
	ended := map[plan.SlotRef]bool{}
	for i := range run.Plan.Holds {
		h := &run.Plan.Holds[i]
		slot := plan.SlotRef{Ref: h.Target.RefID, Field: field}
		named := (work.Ref{RefID: h.Target.RefID, Key: h.Key}).String() == ref
		// An objection waits for an answer, which is no release.
		if s, _ := l.at(h.Target.RefID); !named || h.Field != field || s == nothing || ended[slot] || h.Cause == work.ObjectedTo {
			continue
		}
		if err := vi.desk.conf.Store.Release(vi.ctx, plan.ReleaseOf(h), vi.who.Name); err != nil {
			return Released{}, err
		}
		ended[slot] = true
	}
	if len(ended) == 0 {
		return Released{}, notFound("hold in the newest plan", "GET "+Base+"/holds lists them").onPage("", "it may have ended already: look at the page of the item again")
	}
	vi.wake()
	return Released{len(ended)}, nil
}

// Retried is how many edits are tried again.
type Retried struct {
	Retried int `json:"retried"`
}

// Retry lets an edit that was refused be planned anew.
func (vi *Visit) Retry(number int64) (Retried, error) {
	if err := vi.may(Approver); err != nil {
		return Retried{}, err
	}
	l, err := vi.lens()
	if err != nil {
		return Retried{}, err
	}
	letters, err := vi.desk.conf.Store.DeadLetters(vi.ctx, MostRows)
	if err != nil {
		return Retried{}, err
	}
	for i := range letters {
		e := &letters[i]
		if e.ID != number || l.letterSight(e) == nothing {
			continue
		}
		if was, err := vi.desk.conf.Store.RetryLetter(vi.ctx, number); err != nil || was {
			vi.wake()
			return Retried{1}, err
		}
	}
	return Retried{}, notFound("dead letter", "GET "+Base+"/dead-letters lists them; only those of edits can be tried again").onPage("", "it may be tried again already: look at the page Health again")
}

// Paused tells whether all writing is stopped.
type Paused struct {
	Paused bool `json:"paused"`
}

// Pause stops all writing at once.
func (vi *Visit) Pause(because string) (Paused, error) {
	if err := vi.may(Admin); err != nil {
		return Paused{}, err
	}
	return Paused{true}, vi.desk.conf.Store.Pause(vi.ctx, true, vi.who.Name, because)
}

// Resume lets Tandem write again.
func (vi *Visit) Resume() (Paused, error) {
	if err := vi.may(Admin); err != nil {
		return Paused{}, err
	}
	err := vi.desk.conf.Store.Pause(vi.ctx, false, vi.who.Name, "")
	vi.wake()
	return Paused{}, err
}
