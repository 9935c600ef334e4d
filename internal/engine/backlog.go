package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tandem/internal/plan"
	"tandem/internal/plan/backlog"
	"tandem/internal/work"

	"tandem/mapping"
)

// Backlog is what a run found out about one backlog, to be kept.
type Backlog struct {
	Connector, Scope string
	// Seen is the fingerprint of the order that the run looked at: all moves by
	// people in it are known from now on.
	Seen string
	Pins []backlog.Pin
}

// backlogs plans the moves of all backlogs that rules order.
func (e *evaluation) backlogs(o *Outcome) {
	states := slices.Clone(e.snap.Backlogs)
	slices.SortStableFunc(states, func(a, b backlog.State) int {
		return cmp.Or(cmp.Compare(a.Connector, b.Connector), cmp.Compare(a.Scope, b.Scope))
	})
	for i := range states {
		if rule := e.rules.program.Backlog(states[i].Connector); rule != nil {
			s := sorter{evaluation: e, outcome: o, rule: rule, state: &states[i]}
			s.sort()
		}
	}
}

// sorter is the working state for one backlog.
type sorter struct {
	*evaluation

	outcome *Outcome
	rule    *mapping.Backlog
	state   *backlog.State
	ranked  []ranked
	at      map[string]int // where each id is among them
}

// ranked is one record of the backlog.
type ranked struct {
	id     string
	item   *Decided // nil where Tandem does not know the record
	record *work.Record
	// cause and detail say why it is not moved, where that is to be told.
	cause  work.Cause
	detail string
}

func (s *sorter) sort() {
	s.at = make(map[string]int, len(s.state.IDs))
	entries := make([]backlog.Entry, len(s.state.IDs))
	for i, id := range s.state.IDs {
		r := ranked{id: id}
		if at, known := s.outcome.find(work.RefID{Connector: s.state.Connector, ID: id}); known {
			r.record, r.item = s.outcome.records[at], &s.outcome.items[s.outcome.homes[at]]
			entries[i].Stance, entries[i].Place = s.stance(&r), r.item.Place
		}
		s.ranked, s.at[id] = append(s.ranked, r), i
	}
	s.pinUndone()
	v := backlog.Decide(s.state, entries, s.policy())
	for i := range v.Stays {
		s.stay(&v.Stays[i])
	}
	for i := range v.Moves {
		s.move(&v.Moves[i])
	}
	s.outcome.backlogs = append(s.outcome.backlogs, Backlog{
		Connector: s.state.Connector, Scope: s.state.Scope, Seen: s.state.Fingerprint(), Pins: v.Pins,
	})
}

// pinUndone pins what a person let Tandem put back, until the run keeps these
// pins like those of people's moves.
func (s *sorter) pinUndone() {
	s.state.Pins = slices.Clip(s.state.Pins)
	for i := range s.snap.Undone {
		u := &s.snap.Undone[i]
		if u.Target.Path != work.NativeRank || u.Target.Connector != s.state.Connector || u.Target.Element != s.state.Scope ||
			slices.ContainsFunc(s.state.Pins, func(p backlog.Pin) bool { return p.ID == u.Target.ID }) {
			continue
		}
		s.state.Pins = append(s.state.Pins, backlog.Pin{ID: u.Target.ID, Since: u.Since(), By: u.By})
	}
}

func (s *sorter) policy() backlog.Policy {
	p := backlog.Policy{AsOf: s.snap.AsOf, RespectFor: s.rule.Rule.RespectFor, Overrule: s.rule.Rule.Overrule, Released: map[string]bool{}}
	for _, r := range s.snap.Released {
		slot := r.Slot
		if slot.Field == work.Rank && slot.Ref.Connector == s.state.Connector {
			p.Released[slot.Ref.ID] = true
		}
	}
	return p
}

// stance says what may become of a record.
func (s *sorter) stance(r *ranked) backlog.Stance {
	sprint := r.record.Fields[work.NativeSprintState].Text()
	switch {
	case r.item.Item.Done(), r.item.Item.Fields.Get(work.Type) == work.NewText("subtask"),
		s.rule.Active && sprint == "active", s.rule.Future && sprint == "future":
		return backlog.Fixed
	}
	if r.cause, r.detail = s.obstacle(r); r.cause != "" {
		return backlog.Kept
	}
	return backlog.Free
}

// obstacle says what keeps a record from being moved, as it keeps fields from
// being written. A place is as strict as what it is derived from (promise S7).
func (s *sorter) obstacle(r *ranked) (work.Cause, string) {
	from, to := s.rules.rankAudience(r.item), r.record.Audience
	switch {
	case r.record.Fields[work.NativeLabels].Has(plan.HandsOffLabel):
		return work.HandsOff, "the label " + plan.HandsOffLabel + " stands on it"
	case s.evaluation.state.Blocked[r.item.Item.ID] != "":
		return work.DeadLetter, s.evaluation.state.Blocked[r.item.Item.ID]
	case s.rejection(r) != nil:
		return work.RejectedEdit, s.rejection(r).String()
	case r.item.Words.objected():
		return work.ObjectedTo, plan.Objected(r.item.Words.Objections)
	case to == work.UnknownAudience:
		return work.LeakGuard, "nobody knows who can read this place"
	case !from.Reaches(to) && (!s.rule.AllowPublic || to != work.Public || from != work.Internal):
		return work.LeakGuard, from.String() + " data would show in the order of a " + to.String() + " place; the rules may say allow: public"
	default:
		return "", ""
	}
}

// stay tells of a record that is not moved: always where a person put it
// there, else where Tandem wants it elsewhere.
func (s *sorter) stay(stay *backlog.Stay) {
	r := &s.ranked[s.at[stay.ID]]
	if stay.Pin == nil {
		if r.cause != "" && stay.Have != stay.Want {
			s.hold(r, r.cause, r.detail, stay.Have, stay.Want)
		}
		return
	}
	detail := "moved there on " + stay.Pin.Since.Format(time.DateOnly)
	if respect := s.rule.Rule.RespectFor; respect > 0 {
		detail += ", respected until " + stay.Pin.Since.Add(time.Duration(respect)).Format(time.DateOnly)
	}
	h := s.hold(r, work.ChangedByPerson, detail, stay.Have, stay.Want)
	h.Since, h.By = stay.Pin.Since, stay.Pin.By
}

// rejection is a person's no to moves of the record; nil where there is none.
func (s *sorter) rejection(r *ranked) *plan.Rejection {
	all := s.evaluation.state.Rejected[plan.SlotRef{Ref: r.record.RefID, Field: work.Rank}]
	if len(all) == 0 {
		return nil
	}
	return &all[len(all)-1]
}

func (s *sorter) hold(r *ranked, cause work.Cause, detail string, have, want int) *work.Hold {
	target := s.target(r)
	held, known := s.evaluation.state.Held(plan.HoldKey{Slot: plan.SlotRef{Ref: target.RefID, Field: work.Rank}, Cause: cause})
	if !known {
		held.Since = s.snap.AsOf
	}
	s.outcome.Plan.Holds = append(s.outcome.Plan.Holds, work.Hold{
		Item: r.item.Item.ID, Target: target, Key: r.record.Key, Field: work.Rank, Cause: cause,
		Have: work.NewNumber(float64(have)), Want: work.NewNumber(float64(want)), Since: held.Since, Detail: detail,
	})
	h := &s.outcome.Plan.Holds[len(s.outcome.Plan.Holds)-1]
	switch cause {
	case work.RejectedEdit:
		h.By = s.rejection(r).By
	case work.ObjectedTo:
		h.By = r.item.Words.Objections[0].By
	default:
	}
	return h
}

func (s *sorter) target(r *ranked) work.Target {
	return work.Target{RefID: r.record.RefID, Path: work.NativeRank, Element: s.state.Scope}
}

// move plans one move. None is planned on what may be out of date: while the
// answer to an earlier one is out, or the connector cannot be read.
func (s *sorter) move(m *backlog.Move) {
	r := &s.ranked[s.at[m.ID]]
	if s.state.Waiting {
		return
	}
	if s.evaluation.state.Stale[s.state.Connector] {
		s.hold(r, work.ConnectorStale, "the last read of "+s.state.Connector+" failed", s.at[m.ID]+1, m.Place)
		return
	}
	team, _ := s.rules.org.TeamOf(s.state.Connector, r.record.Place)
	edit := work.Edit{
		Target: s.target(r), Key: r.record.Key, Place: r.record.Place, Verb: work.MoveInBacklog,
		Value: m.Anchor.Value(), Expect: work.NewText(s.state.Fingerprint()),
		Item: r.item.Item.ID, Team: team.Name, Field: work.Rank, Because: s.because(r.item, m.Anchor),
		From: backlog.Stood(s.state.IDs, m.ID), Audience: r.record.Audience,
	}
	if r.item.pinned() {
		edit.Word = r.item.Words.Place.Number
	}
	edit.ID = plan.EditID(&edit)
	s.outcome.Plan.Edits = append(s.outcome.Plan.Edits, plan.Planned{Edit: edit})
}

// because says where it goes, and why there.
func (s *sorter) because(d *Decided, to work.Anchor) string {
	neighbour, word := to.ID, "behind "
	if r := s.ranked[s.at[to.ID]]; r.record != nil {
		neighbour = r.record.Key
	}
	if to.Before {
		word = "before "
	}
	if d.pinned() {
		return neighbourhood(word, neighbour, d) + ", " + d.Words.Place.String()
	}
	horizon := ""
	if d.Horizon != "" {
		horizon = ", horizon " + d.Horizon
	}
	return fmt.Sprintf("%s, score %s%s", neighbourhood(word, neighbour, d), strconv.FormatFloat(d.Scored.Next.Value, 'f', 1, 64), horizon)
}

func neighbourhood(word, neighbour string, d *Decided) string {
	return fmt.Sprintf("%s%s: place %d of team %s", word, neighbour, d.TeamPlace, teamName(d))
}
