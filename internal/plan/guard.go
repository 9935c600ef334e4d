package plan

import (
	"strconv"
	"time"

	"tandem/internal/work"
)

// Gate says whether an edit may go out.
type Gate string

// The gates.
const (
	Ready         Gate = "ready"
	NeedsApproval Gate = "needs_approval" // write: propose
	Observed      Gate = "observe"        // shown, never sent
	Braked        Gate = "brake"          // too many in a rolling day: a person decides
	Ramped        Gate = "ramp"           // first contact goes slowly
	Paused        Gate = "paused"
	Quiet         Gate = "quiet"      // quiet hours: it goes out after them
	Frozen        Gate = "frozen"     // a freeze: nobody overrides it
	Retired       Gate = "retired"    // a person retired the team or the connector
	FirstRead     Gate = "first_read" // a connector was never read whole
)

// Planned is an edit and its gate.
type Planned struct {
	work.Edit

	Gate Gate `json:"gate"`
	*Terms
}

// Plan is everything that one evaluation wants done.
type Plan struct {
	Edits    []Planned      `json:"edits"`
	Holds    []work.Hold    `json:"holds"`
	Adopted  []Entry        `json:"adopted,omitempty"`
	Findings []work.Finding `json:"findings,omitempty"`
	// Brake says why edits wait; empty where the brake is off.
	Brake string `json:"brake,omitempty"`
	// FirstRead names the connectors that were never read whole: until they
	// are, nothing is written.
	FirstRead []string `json:"first_read,omitempty"`
	// RulesHeld: the rules changed, and a person looks before anything is
	// written by them.
	RulesHeld bool `json:"rules_held,omitempty"`
}

// Reopens returns when the first of the windows ends that edits wait for; the
// zero time where none waits.
func (p *Plan) Reopens() time.Time {
	var first time.Time
	for i := range p.Edits {
		if until := p.Edits[i].Until(); !until.IsZero() && (first.IsZero() || until.Before(first)) {
			first = until
		}
	}
	return first
}

// Count returns how many edits have the gate.
func (p *Plan) Count(g Gate) int {
	n := 0
	for _, e := range p.Edits {
		if e.Gate == g {
			n++
		}
	}
	return n
}

// Guard filters a plan. It never adds anything.
type Guard struct {
	Instance   work.WriteMode
	Connectors map[string]work.WriteMode
	// Teams holds the mode of each team; where it is not empty, places of no
	// team are only observed.
	Teams  map[string]work.WriteMode
	Fields map[work.Field]work.WriteMode
	// BrakeEdits and BrakeShare are the most edits in a rolling day: a number
	// (0 holds every edit, below 0 there is no brake), and a share of the
	// items, at least brakeFloor (0 is no share). The smaller one counts.
	BrakeEdits int
	BrakeShare work.Percent
	// Items is the number of items, for the share.
	Items int
	// Used counts edits sent in the last 24 hours that no person approved,
	// UsedFirst those of them that were a record's first.
	Used, UsedFirst int
	// Ramp is the most first edits a day; zero is no ramp.
	Ramp   int
	Ledger *Ledger
	Paused bool
	// Awaited are the streams that bring items. As long as one of them is in
	// Unread's answer nothing goes out but what a person orders (undo, retire).
	Awaited []work.StreamName
	// Unread are connectors of which such a stream was never read to its end.
	Unread []string
	// Calendar says when nothing goes out, At is the moment that counts.
	Calendar Calendar
	At       time.Time
	// Retired is where nothing is written any more but what retires it.
	Retired Retirements
	// Approved are the edits that a person approved, by id: brake and ramp
	// neither count nor hold them.
	Approved map[string]Approval
	// Rules is the hash of the rules that made the plan; empty where it does not
	// matter whether they changed. Standing tells which ones count.
	Rules    string
	Standing Standing
	// Turn is what Apply says of it, for the store.
	Turn Turn
}

// brakeFloor keeps a share of a small backlog from stopping everything.
const brakeFloor = 20

// Apply sets the gate of every edit. Moves in one backlog go out in their order
// or not at all: each stands behind an earlier one. So once one is not ready,
// no later one is.
func (g *Guard) Apply(p *Plan) {
	p.waitFor(g.Unread)
	ready := 0
	firsts := g.UsedFirst
	touched := map[work.RefID]bool{}
	shut := map[Scope]*Planned{}
	closed := map[place]closure{}
	for i := range p.Edits {
		e := &p.Edits[i]
		g.judge(e, closed)
		if first := shut[ScopeOf(e.Edit)]; first != nil && (e.Gate == Ready || first.Gate == Observed) {
			e.Gate = first.Gate
			e.wait(first.Terms)
		}
		counts := e.ApprovedBy() == "" && e.Gate == Ready && e.Errand != work.GiveBack
		if counts && g.Ramp > 0 && !touched[e.Target.RefID] {
			if !g.Ledger.Touched(e.Target.RefID) {
				firsts++
			}
			touched[e.Target.RefID] = firsts <= g.Ramp || g.Ledger.Touched(e.Target.RefID)
		}
		if counts && g.Ramp > 0 && !touched[e.Target.RefID] {
			e.Gate = Ramped
		}
		if counts && e.Gate == Ready {
			ready++
		}
		if scope := ScopeOf(e.Edit); e.Gate != Ready && scope != (Scope{}) && shut[scope] == nil {
			shut[scope] = e
		}
	}
	if limit, on := g.limit(); on && ready > 0 && g.Used+ready > limit {
		p.Brake = strconv.Itoa(ready) + " edits wanted and " + strconv.Itoa(g.Used) + " sent in the last 24 hours; the brake allows " +
			strconv.Itoa(limit) + "; look at the plan, then: tandem apply"
		brake(p)
	}
	g.turn(p)
}

// brake holds every edit that would go out and that nobody approved, and
// approved moves that stand behind one of them.
func brake(p *Plan) {
	held := map[Scope]bool{}
	for i := range p.Edits {
		e := &p.Edits[i]
		scope := ScopeOf(e.Edit)
		if e.Gate != Ready || e.Errand == work.GiveBack || e.ApprovedBy() != "" && (scope == Scope{} || !held[scope]) {
			continue
		}
		e.Gate = Braked
		held[scope] = true
	}
}

// judge sets the gate of one edit by modes, approvals and windows.
func (g *Guard) judge(e *Planned, closed map[place]closure) {
	e.Gate, e.Terms = g.gate(e.Edit), nil
	if approval, ok := g.Approved[e.ID]; ok {
		e.Terms = &Terms{ApprovedBy: approval.By, AnyHour: approval.Quiet}
		if e.Gate == NeedsApproval {
			e.Gate = Ready
		}
	}
	g.close(e, closed)
}

// place is where windows are the same for all edits.
type place struct{ connector, team string }

// closure is what a place is closed by, as its edits share it.
type closure struct {
	gate  Gate
	terms *Terms
}

// close lets an edit that would go out, now or once a person approves it, wait
// for the end of quiet hours and freezes.
func (g *Guard) close(e *Planned, known map[place]closure) {
	if e.Gate != Ready && e.Gate != NeedsApproval {
		return
	}
	at := place{e.Target.Connector, e.Team}
	closed, ok := known[at]
	if !ok {
		c := g.Calendar.At(g.At, at.connector, at.team)
		closed = closure{c.Gate, &Terms{Until: c.Until, Window: c.Window}}
		known[at] = closed
	}
	if closed.gate != "" && (closed.gate != Quiet || !e.AnyHour()) {
		e.Gate = closed.gate
		e.wait(closed.terms)
	}
}

// Scope names the backlog that an edit moves a record in.
type Scope struct{ Connector, Name string }

// ScopeOf returns the backlog of a move; the zero Scope for other edits.
func ScopeOf(e work.Edit) Scope {
	if e.Verb != work.MoveInBacklog {
		return Scope{}
	}
	return Scope{Connector: e.Target.Connector, Name: e.Target.Element}
}

// limit is the smaller of the number and the share; false where there is none.
func (g *Guard) limit() (limit int, on bool) {
	limit, on = g.BrakeEdits, g.BrakeEdits >= 0
	if g.BrakeShare > 0 {
		share := max(brakeFloor, int(float64(g.BrakeShare)*float64(g.Items)))
		if !on || share < limit {
			limit, on = share, true
		}
	}
	return limit, on
}

// gate applies the strictest of the write modes.
func (g *Guard) gate(e work.Edit) Gate {
	mode := g.Instance.Stricter(g.Connectors[e.Target.Connector]).Stricter(g.Fields[e.Field])
	if len(g.Teams) > 0 {
		team, known := g.Teams[e.Team]
		if !known {
			team = work.Observe
		}
		mode = mode.Stricter(team)
	}
	switch {
	case e.Errand == work.Retire && g.Paused:
		return Paused
	case e.Errand == work.Retire: // whatever the mode: it ends all writing there
		return NeedsApproval
	case g.Retired.Covers(e.Target.Connector, e.Team):
		return Retired
	case mode <= work.Observe:
		return Observed
	case g.Paused:
		return Paused
	case len(g.Unread) > 0 && e.Errand == "":
		return FirstRead
	case e.Errand == work.GiveBack: // it mends what was written, with approval or without
		return Ready
	case mode == work.Propose:
		return NeedsApproval
	default:
		return Ready
	}
}
