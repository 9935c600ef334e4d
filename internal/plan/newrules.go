package plan

import "strconv"

// Turn is what a run says of rules that changed. Empty is nothing: they count
// already, are held already, or it cannot be told yet.
type Turn string

// The turns that rules take.
const (
	RulesTaken Turn = "taken" // they count from now on
	RulesHeld  Turn = "held"  // a person looks first
)

// Standing is which rules count, by their hashes, as earlier runs left it.
type Standing struct {
	// InForce are the rules under which edits went out last; empty before the
	// first run.
	InForce string
	// Held are rules that a person must look at first; empty where there are
	// none.
	Held string
}

// turn holds everything that changed rules want where it would trip the brake:
// also what waits for quiet hours, so that a mistake is not written later. What
// the ramp lets out slowly is first contact, and guarded by that. The rules count once nothing is left that nobody approved, or once
// they want less than the brake allows. Going back to the rules in force ends it.
func (g *Guard) turn(p *Plan) {
	was := g.Standing
	switch {
	case g.Rules == "" || g.Rules == was.InForce && was.Held == "":
		return
	case g.Rules == was.InForce:
		g.Turn = RulesTaken
		return
	case was.InForce != "" && g.Paused:
		p.hold() // what would go out is known when the pause ends
		return
	case len(g.Unread) > 0:
		return
	}
	held, wanted := was.Held == g.Rules, g.wanted(p)
	limit, on := g.limit()
	if was.InForce == "" || wanted == 0 || !on || !held && g.Used+wanted <= limit {
		g.Turn = RulesTaken
		return
	}
	if !held {
		g.Turn = RulesHeld
	}
	p.hold()
	p.Brake = "the rules or their places changed, and nothing is written by the new ones: " + strconv.Itoa(wanted) + " edits would follow, " + strconv.Itoa(g.Used) +
		" were sent in the last 24 hours, and the brake allows " + strconv.Itoa(limit) + "; look at the plan, then put the old rules back, or: tandem apply"
	brake(p)
}

// hold keeps what a plan by new rules would leave behind: what they find right
// is not remembered as ours, or it would be ours when the old rules are back.
func (p *Plan) hold() { p.RulesHeld, p.Adopted = true, nil }

// wanted counts the edits that would go out sooner or later without a person.
func (g *Guard) wanted(p *Plan) int {
	n := 0
	for i := range p.Edits {
		e := &p.Edits[i]
		if e.ApprovedBy() != "" || e.Errand != "" {
			continue
		}
		switch e.Gate {
		case Ready, Braked, Quiet, Frozen:
			n++
		case NeedsApproval, Observed, Paused, Ramped, Retired, FirstRead:
		}
	}
	return n
}
