package plan

import (
	"time"

	"tandem/internal/work"
)

// Approval is a person's yes to one edit of a plan. It outlives the command
// that it was given in: whoever writes next carries it out.
type Approval struct {
	// Edit is the id of the edit. Since that is the same for the same change of
	// the same state, another value, or another one that stands there, was
	// never approved.
	Edit string `json:"edit"`
	// Slot and Key name the field and the record for people.
	Slot SlotRef `json:"slot"`
	Key  string  `json:"key"`
	By   string  `json:"by"`
	// At is when it was approved; the store sets it.
	At time.Time `json:"at"`
	// Run is the run whose plan the person saw.
	Run int64 `json:"run"`
	// Quiet: the person wants it written in quiet hours too.
	Quiet bool `json:"in_quiet_hours,omitempty"`
	// Ended is when it was over, and End how; both are empty while it counts.
	Ended time.Time   `json:"ended,omitzero"`
	End   ApprovalEnd `json:"end,omitempty"`
}

// ApprovalEnd is how an approval ended.
type ApprovalEnd string

// The ends of an approval.
const (
	// ApprovalUsed: the edit was sent.
	ApprovalUsed ApprovalEnd = "used"
	// ApprovalStale: a later plan no longer holds the edit.
	ApprovalStale ApprovalEnd = "no_longer_planned"
	// ApprovalPutOff: the service asked to wait, and it counts again.
	ApprovalPutOff ApprovalEnd = "put_off"
	// ApprovalReplaced: the person approved it once more, for quiet hours too.
	ApprovalReplaced ApprovalEnd = "replaced"
)

// Approve makes approvals of the edits with these ids, from the newest plan and
// the run that it is of. An edit that the person saw in an older plan, and that
// is still planned to the letter, has the same id. What cannot be approved is
// returned by id, with the reason.
func Approve(newest *Plan, run int64, ids map[string]bool, by string, quiet bool) (all []Approval, declined map[string]string) {
	declined = map[string]string{}
	for id := range ids {
		declined[id] = "the newest plan does not hold it: it was written, or something changed since; look at the plan again"
	}
	for i := range newest.Edits {
		e := &newest.Edits[i]
		if !ids[e.ID] {
			continue
		}
		if declined[e.ID] = Unapprovable(e.Gate); declined[e.ID] == "" {
			delete(declined, e.ID)
			all = append(all, Approval{Edit: e.ID, Slot: SlotOf(&e.Edit), Key: e.Key, By: by, Run: run, Quiet: quiet})
		}
	}
	return all, declined
}

// Unapprovable says why nobody can approve an edit with the gate; it is empty
// where a person can. What waits for the end of quiet hours or of a freeze is
// approved for the time after it.
func Unapprovable(g Gate) string {
	switch g {
	case NeedsApproval, Braked, Ramped, Quiet, Frozen:
		return ""
	case Ready:
		return "it needs no approval: it goes out by itself"
	case Observed:
		return "write: observe: it is only shown; who wants it written gives the place another mode"
	case Paused:
		return "writing is paused; approve it once that has ended: tandem resume"
	case FirstRead:
		return "a connector was never read whole, so that twins and owners may be missing; tandem status names it and says what to do"
	case Retired:
		return "a person retired the team or the connector; tandem resume --team or --connector ends that"
	default:
		return "it cannot be approved"
	}
}

// Approvals finds approvals that count by the id of the edit.
func Approvals(all []Approval) map[string]Approval {
	if len(all) == 0 {
		return nil
	}
	by := make(map[string]Approval, len(all))
	for _, a := range all {
		by[a.Edit] = a
	}
	return by
}

// Stale returns the approvals that a plan ends: it was made with them in mind
// and does not hold their edits. Where the connector could not be read nothing
// is planned, and nothing is known either: those stay.
func Stale(all []Approval, p *Plan) []string {
	if len(all) == 0 {
		return nil
	}
	planned := make(map[string]bool, len(p.Edits))
	for i := range p.Edits {
		planned[p.Edits[i].ID] = true
	}
	unread := map[SlotRef]bool{}
	for i := range p.Holds {
		if h := &p.Holds[i]; h.Cause == work.ConnectorStale {
			unread[SlotRef{Ref: h.Target.RefID, Field: h.Field}] = true
		}
	}
	var ids []string
	for _, a := range all {
		if !planned[a.Edit] && !unread[a.Slot] {
			ids = append(ids, a.Edit)
		}
	}
	return ids
}
