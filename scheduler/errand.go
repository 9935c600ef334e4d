package scheduler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

// Errand is what a person ordered: to put back what Tandem wrote, because it
// was wrong or because Tandem leaves.
type Errand struct {
	// Writes are those that it is about.
	Writes []undo.Write
	// Back says what becomes of each.
	Back undo.Plan
	// Outcome holds the edits as the guard judges them.
	Outcome *engine.Outcome
	// leaves tells that Tandem leaves the records, and does not only give up some
	// of their values.
	leaves bool
	// off are records that people keep Tandem away from, or that could not be
	// read. Nothing is swept there.
	off map[work.RefID]bool
}

// Hash stands for all that the errand does and leaves: the same for the same
// plan of the same state.
func (e *Errand) Hash() string {
	sum := sha256.New()
	add := func(words ...string) { _, _ = fmt.Fprintf(sum, "%q\n", words) } // a hash takes everything
	for i := range e.Outcome.Plan.Edits {
		p := &e.Outcome.Plan.Edits[i]
		add("edit", p.ID, string(p.Gate))
	}
	for i := range e.Back.Changed {
		c := &e.Back.Changed[i]
		add("changed", c.Target.String(), c.Target.Path, c.Target.Element, c.Now.String(), c.By)
	}
	for i := range e.Back.Left {
		l := &e.Back.Left[i]
		add("left", l.Target.String(), l.Target.Path, l.Target.Element, l.Why)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

var errUnread = errors.New("nothing was read yet; plan first")

// PlanUndo plans to put back what Tandem wrote in a run, or ever where run is
// 0, as far as the scope has it. Plan comes before it.
func (c *Cycle) PlanUndo(ctx context.Context, run int64, scope undo.Scope, by string) (Errand, error) {
	if c.last == nil {
		return Errand{}, errUnread
	}
	because := "undo by " + by
	now, writes, err := c.writes(ctx)
	if run > 0 && err == nil {
		var sent []work.AuditEntry
		sent, err = c.c.Store.Written(ctx, run)
		writes, because = undo.Fold(sent), fmt.Sprintf("undo of run %d by %s", run, by)
	}
	if err != nil {
		return Errand{}, fmt.Errorf("plan undo: %w", err)
	}
	return c.errand(ctx, now, scope.Of(writes), undo.Errand{Kind: work.Undo, By: by, Because: because, Named: scope.Refs}), nil
}

// PlanRetire plans to remove every trace within the scope. Plan comes before
// it.
func (c *Cycle) PlanRetire(ctx context.Context, scope undo.Scope, by string) (Errand, error) {
	if c.last == nil {
		return Errand{}, errUnread
	}
	now, writes, err := c.writes(ctx)
	if err != nil {
		return Errand{}, fmt.Errorf("plan retirement: %w", err)
	}
	e := c.errand(ctx, now, scope.Of(writes), undo.Errand{Kind: work.Retire, By: by, Because: "retired by " + by})
	e.leaves = true
	return e, nil
}

// PlanRelease plans to remove what nobody owns any more.
func (c *Cycle) PlanRelease(ctx context.Context, orphans []undo.Orphan, by string) (Errand, error) {
	writes := make([]undo.Write, 0, len(orphans))
	for _, o := range orphans {
		writes = append(writes, o.Write)
	}
	now, err := c.stored(ctx)
	if err == nil {
		writes, err = c.addressed(ctx, writes)
	}
	if err != nil {
		return Errand{}, fmt.Errorf("plan release: %w", err)
	}
	return c.errand(ctx, now, writes, undo.Errand{Kind: work.Retire, By: by, Because: "no longer owned; removed by " + by}), nil
}

// stored is what is known right now of what Tandem wrote. What the last evaluation
// looked at may be older: it notes what agrees with Tandem in the end.
type stored struct {
	snapshot engine.Snapshot
	ledger   *plan.Ledger
	sent     []work.AuditEntry // the newest at each target
}

func (c *Cycle) stored(ctx context.Context) (now stored, err error) {
	if now.snapshot, err = c.c.Store.Snapshot(ctx, c.c.Now().UTC().Truncate(24*time.Hour)); err != nil {
		return now, err
	}
	now.ledger = plan.NewLedger(now.snapshot.Ledger)
	now.sent, err = c.c.Store.LastWritten(ctx)
	return now, err
}

// writes is everything that Tandem wrote and still knows of.
func (c *Cycle) writes(ctx context.Context) (stored, []undo.Write, error) {
	now, err := c.stored(ctx)
	if err != nil {
		return now, nil, err
	}
	writes, err := c.addressed(ctx, undo.FromLedger(now.ledger, now.sent, c.Home, c.c.Rules.Program()))
	return now, writes, err
}

// Home finds a record of the last evaluation.
func (c *Cycle) Home(ref work.RefID) (undo.Home, bool) { return HomeIn(c.last, c.c.Rules, ref) }

// HomeIn finds a record of an outcome.
func HomeIn(o *engine.Outcome, rules *engine.Rules, ref work.RefID) (undo.Home, bool) {
	d, ok := o.Find(ref)
	if !ok {
		return undo.Home{}, false
	}
	home := undo.Home{Item: d.Item.ID}
	for i := range d.Item.Parts {
		if p := &d.Item.Parts[i]; p.RefID == ref {
			home.Key, home.Place = p.Key, p.Place
		}
	}
	team, _ := rules.Org().TeamOf(ref.Connector, home.Place)
	home.Team = team.Name
	return home, true
}

// errand reads the records again, by id, and plans.
func (c *Cycle) errand(ctx context.Context, now stored, writes []undo.Write, kind undo.Errand) Errand {
	scene := undo.Scene{
		Ledger: now.ledger, Undone: byTarget(now.snapshot.Undone), Schemas: c.c.Rules.Program().Schemas(), Rules: c.c.Rules.Program(),
		Backlogs: now.snapshot.Backlogs, Moved: map[work.Target]int64{}, Undid: map[work.Target]work.Value{},
		Records: map[work.RefID]*work.Record{}, Unread: map[string]string{}, Later: map[work.Target]work.Touch{},
	}
	for i := range now.sent {
		e := &now.sent[i].Edit
		scene.Moved[e.Target] = now.sent[i].Run
		if e.Errand == work.Undo {
			scene.Undid[e.Target] = e.Value
		}
		if e.Verb == work.AddLabel {
			scene.Put = append(scene.Put, undo.Put{Target: e.Target, Field: e.Field, Run: now.sent[i].Run})
		}
	}
	c.reread(ctx, writes, &scene)
	e := Errand{Writes: writes, Back: undo.New(writes, scene, kind), off: map[work.RefID]bool{}}
	for i := range writes {
		ref := writes[i].Target.RefID
		record := scene.Records[ref]
		e.off[ref] = scene.Unread[ref.Connector] != "" || record != nil && record.Fields[work.NativeLabels].Has(plan.HandsOffLabel)
	}
	e.Outcome = &engine.Outcome{Number: c.last.Number, AsOf: c.last.AsOf, Items: c.last.Items, Ledger: c.last.Ledger}
	for _, edit := range e.Back.Edits {
		e.Outcome.Plan.Edits = append(e.Outcome.Plan.Edits, plan.Planned{Edit: edit})
	}
	guard := c.c.Guard
	guard.At = c.c.Now()
	e.Outcome.Gate(guard, now.snapshot)
	return e
}

func byTarget(all []plan.Undone) map[work.Target]plan.Undone {
	at := make(map[work.Target]plan.Undone, len(all))
	for _, u := range all {
		at[u.Target] = u
	}
	return at
}

// addressed fills in where records were that are gone, and of which the journal
// tells nothing any more: some services read an issue by its key only.
func (c *Cycle) addressed(ctx context.Context, writes []undo.Write) ([]undo.Write, error) {
	var refs []work.RefID
	for i := range writes {
		if writes[i].Key == "" {
			refs = append(refs, writes[i].Target.RefID)
		}
	}
	known, err := c.c.Store.Known(ctx, refs)
	for i := range writes {
		if w := &writes[i]; w.Key == "" {
			w.Key = known[w.Target.RefID].Key
			w.Place = w.Key[:max(strings.LastIndexAny(w.Key, "#-"), 0)] // acme/pay#7, PAY-7
			team, _ := c.c.Rules.Org().TeamOf(w.Target.Connector, w.Place)
			w.Team = team.Name
		}
	}
	return writes, err
}

// reread reads the records of the writes by id. What it reads is looked at and
// not stored: it may hold fields that no rule reads.
func (c *Cycle) reread(ctx context.Context, writes []undo.Write, scene *undo.Scene) {
	refs := map[string][]work.Ref{}
	seen := map[work.RefID]bool{}
	for _, w := range writes {
		if !seen[w.Target.RefID] {
			seen[w.Target.RefID] = true
			refs[w.Target.Connector] = append(refs[w.Target.Connector], w.Ref())
		}
	}
	for name := range refs {
		scene.Unread[name] = "there is no connector " + name + " any more"
	}
	for _, live := range c.c.Connectors {
		asked := refs[live.Name]
		if len(asked) == 0 {
			continue
		}
		delete(scene.Unread, live.Name)
		if live.Wide != nil {
			live.Conn.Reader = live.Wide
		}
		err := live.Failure
		var records []work.Record
		if err == nil {
			_, records, err = c.fetch(ctx, live, asked)
		}
		if err != nil {
			scene.Unread[live.Name] = fmt.Sprintf("%s could not be read: %v", live.Name, err)
			continue
		}
		for i := range records {
			scene.Records[records[i].RefID] = &records[i]
		}
		if err := later(ctx, live, writes, scene); err != nil {
			scene.Unread[live.Name] = fmt.Sprintf("who changed what in %s could not be read: %v", live.Name, err)
		}
	}
}

// Carry sends the edits of an errand: through the journal, like all others,
// and read back.
func (c *Cycle) Carry(ctx context.Context, e Errand, approve Approve) (Report, error) {
	report := newReport()
	report.Outcome = e.Outcome
	if err := c.write(ctx, approve, &report); err != nil {
		return report, err
	}
	if report.Sent == 0 {
		return report, nil
	}
	return report, c.settle(ctx, &report)
}

// Unsent counts edits of a carried errand that never went out, though they
// might have: a service asked to wait, or could not be opened.
func (e *Errand) Unsent(r Report) int {
	n := -len(r.Refused) - r.Applied()
	for _, edit := range e.Outcome.Plan.Edits {
		if mayGo(edit.Gate) {
			n++
		}
	}
	return max(n, 0)
}

// Forget drops the lines of a retirement from the ledger, once they are done
// with, and the adopted lines of its scope. It returns how many of its edits
// are not done: their lines stay, for another time, and so do those of places
// and records in which something is left.
func (c *Cycle) Forget(ctx context.Context, e Errand, scope *undo.Scope, swept []Swept) (open int, err error) {
	snapshot, err := c.c.Store.Snapshot(ctx, c.last.AsOf)
	if err != nil {
		return 0, fmt.Errorf("forget: %w", err)
	}
	ledger := plan.NewLedger(snapshot.Ledger)
	stays := map[work.Target]bool{}
	for _, l := range e.Back.Left {
		stays[l.Target] = l.Later
	}
	for _, edit := range e.Back.Edits {
		line, found := ledger.Entry(edit.Target)
		if !found || line.Pending || line.Value != edit.Value {
			stays[edit.Target] = true
			open++
		}
	}
	var gone []work.Target
	for _, w := range e.Writes {
		if !stays[w.Target] && !leftIn(swept, &w) && (!e.leaves || !e.off[w.Target.RefID]) {
			gone = append(gone, w.Target)
		}
	}
	for _, line := range ledger.All() {
		if scope == nil || line.Written {
			continue
		}
		home, _ := c.Home(line.Target.RefID)
		if scope.Has(&undo.Write{Target: line.Target, Team: home.Team}) {
			gone = append(gone, line.Target)
		}
	}
	if err := c.c.Store.Forget(ctx, gone); err != nil {
		return open, fmt.Errorf("forget: %w", err)
	}
	return open, nil
}

// later asks who changed last what looks as Tandem left it: a person may have
// come back to the same value.
func later(ctx context.Context, live Live, writes []undo.Write, scene *undo.Scene) error {
	if live.Conn.Historian == nil {
		return nil
	}
	var edits []work.Edit
	at := map[string]work.Target{}
	for i := range writes {
		w := &writes[i]
		r := scene.Records[w.Target.RefID]
		if r == nil || w.Target.Connector != live.Name || w.Target.Element != "" || !r.Fields[w.Target.Path].Says(w.Wrote) {
			continue
		}
		e := work.Edit{ID: w.Target.String() + " " + w.Target.Path, Target: w.Target, Key: w.Key, Verb: work.SetField, Value: w.Wrote, Field: w.Field}
		edits, at[e.ID] = append(edits, e), w.Target
	}
	found, err := live.Conn.Historian.Later(ctx, edits)
	for _, l := range found {
		scene.Later[at[l.EditID]] = work.Touch{By: l.By, At: l.At}
	}
	return err
}
