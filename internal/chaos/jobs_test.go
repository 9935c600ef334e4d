package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/inbox"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

func everything(plan.Planned) bool { return true }

// cycle runs one cycle and judges it; a process that died is replaced.
func (l *life) cycle(approve scheduler.Approve) (report scheduler.Report, whole bool) {
	l.book.approved = approve != nil
	calm := l.calmNow()
	l.began, l.cutOff = time.Now(), false
	clear(l.book.begunNow)
	var err error
	switch {
	case approve == nil && l.shape.jobs:
		report, err = l.proc.round()
	case approve == nil:
		report, err = l.proc.cycle.Run(l.Context(), scheduler.None)
	default:
		report, err = l.proc.cycle.Run(l.Context(), approve)
	}
	l.finished(err)
	decided := err == nil && report.Outcome != nil // a node that comes late decides nothing
	whole = decided && calm && len(report.Failures) == 0
	if decided {
		l.tells("cycle: sent %d %v, left %d, failures %v", report.Sent, report.Results, report.Left, sortedKeys(report.Failures))
		for _, r := range report.Refused {
			l.tells("tandem: %s %s %s: %s", r.Edit.Key, r.Edit.Field, r.Result.State, r.Result.Detail)
		}
		l.proc.last = report.Outcome
		for _, h := range report.Outcome.Plan.Holds {
			if *item != "" {
				l.tells("tandem: holds %s %s %s, has %q, wants %q %s", h.Key, h.Field, h.Cause, h.Have, h.Want, h.Detail)
			}
		}
		for _, e := range report.Outcome.Plan.Edits {
			if *item != "" {
				l.tells("tandem: plans %s %s %s %s%s %q→%q %s, %s", e.Key, e.Field, e.Verb, e.Target.Path, e.Target.Element, e.Expect, e.Value, e.Gate, e.Because)
			}
		}
		l.same()
	}
	l.book.look(l)
	if decided {
		l.book.echo(l, report.Outcome)
	}
	l.book.believes(l, report.Outcome)
	l.book.words(l, report.Outcome)
	l.book.approved = false
	if whole {
		clear(l.book.meant)
		l.book.others(l, report, l.public())
		l.book.clean(l)
	}
	return report, whole
}

// finished looks at how a job ended. One may fail only where something struck.
func (l *life) finished(err error) {
	l.settles()
	if err != nil {
		l.tells("tandem: %s", said(err))
		if !l.excused(err) {
			l.broken("S15", "all", "a job failed though nothing struck the store: %v", err)
		}
	}
	if l.proc.isDead() {
		l.doom = nil
		l.restart()
	}
	if errors.Is(err, work.ErrLeaseLost) || errors.Is(err, context.DeadlineExceeded) {
		l.check("the fence stopped a node that was late")
	}
}

// calmNow reports whether nothing is wrong with the world.
func (l *life) calmNow() bool {
	return l.doom == nil && l.weather.calm() && l.skew == 0
}

func (l *life) cycleAct() { l.cycle(nil) }

// twice runs two cycles at once: the second finds nothing to do (S3, S4).
func (l *life) twice() {
	first, whole := l.cycle(nil)
	if !whole || l.shape.jobs || l.shape.brake > 0 || l.shape.ramp > 0 || first.Left > 0 { // jobs read what is due, not everything
		return
	}
	// A person came in between: that is given back before anything is judged. What
	// was planned for fewer readers than a place has by now is planned anew, and what
	// was held for more. And the hour of a census may have come in between, which finds
	// what silence cannot tell.
	fewer := func(e plan.Planned) bool { return outgrown(e, l.public()) }
	more := func(h work.Hold) bool { return h.Cause == work.LeakGuard && !l.public() }
	if l.book.owes() || slices.ContainsFunc(first.Outcome.Plan.Edits, fewer) || slices.ContainsFunc(first.Outcome.Plan.Holds, more) {
		if first, whole = l.cycle(nil); !whole || first.Left > 0 {
			return
		}
	}
	second, whole := l.cycle(nil)
	news := func(c scheduler.Census) bool { return c.Gone+c.Moved+c.Back+c.Missed > 0 }
	if whole && slices.ContainsFunc(slices.Collect(maps.Values(second.Census)), news) {
		second, whole = l.cycle(nil)
	}
	if l.check("S3 applying twice is applying once"); whole && second.Sent > 0 {
		l.broken("S3", "all", "a cycle right after another one sent %d edits", second.Sent)
	}
}

func (l *life) lookAct() {
	before := l.book.writes
	report, err := l.proc.cycle.Plan(l.Context())
	l.finished(err)
	if err == nil {
		l.proc.last = report.Outcome
	}
	l.book.look(l)
	if l.book.writes != before {
		l.broken("S2", "all", "a look wrote something")
	}
}

// death lets the process die at some step of the next cycle.
func (l *life) death() {
	l.doom = &doom{left: 1 + l.dice.IntN(40), after: l.dice.IntN(2) == 0}
	if l.dice.IntN(3) == 0 {
		l.doom.left = 1 + l.dice.IntN(8)
	}
	l.cycle(nil)
	l.doom = nil
}

func (l *life) restartAct() { l.restart() }

func (l *life) approve() { l.cycle(everything) }

// undo takes back what a run wrote, or what stands at an item.
func (l *life) undo() {
	runs, err := l.proc.db.Runs(l.Context(), 5)
	l.ok(err)
	if len(runs) == 0 || l.book.paused {
		return
	}
	run := pick(l, runs).Run
	if _, err := l.proc.cycle.Plan(l.Context()); err != nil {
		l.finished(err)
		return
	}
	errand, err := l.proc.cycle.PlanUndo(l.Context(), run, undo.Scope{}, "ana")
	if err != nil {
		l.finished(err)
		return
	}
	l.tells("people: undo run %d, %d edits", run, len(errand.Back.Edits))
	l.book.look(l)
	l.book.errand = true
	_, err = l.proc.cycle.Carry(l.Context(), errand, everything)
	l.finished(err)
	l.book.look(l)
	l.book.errand = false
}

func (l *life) pause() {
	l.tells("people: pause")
	l.ok(l.proc.db.Pause(l.Context(), true, "ana", "migration"))
	l.book.paused = true
}

func (l *life) resume() {
	if l.book.paused {
		l.tells("people: resume")
		l.ok(l.proc.db.Pause(l.Context(), false, "ana", ""))
		l.book.paused = false
	}
}

// release ends a hold.
func (l *life) release() {
	if l.proc.last == nil || len(l.proc.last.Plan.Holds) == 0 {
		return
	}
	h := pick(l, l.proc.last.Plan.Holds)
	l.tells("people: release %s %s (%s)", h.Key, h.Field, h.Cause)
	l.ok(l.proc.db.Release(l.Context(), plan.ReleaseOf(&h), "ana"))
	maps.DeleteFunc(l.book.rejected, func(_ string, r refused) bool { return r.slot == plan.SlotRef{Ref: h.Target.RefID, Field: h.Field} })
	l.book.released(slot{h.Target.Connector + ":" + h.Target.ID, h.Field.String()}, h.Have)
	if h.Field.String() == "rank" {
		delete(l.book.dragged, h.Key)
	}
}

// changesRules lets an admin change the rules and start Tandem again.
func (l *life) changesRules() {
	l.high = []int{80, 70, 90}[l.dice.IntN(3)]
	l.tells("admin: the first tier begins at %d", l.high)
	l.write("rules.yaml", l.shape.rules(l.high))
	l.restart()
}

// delivery is a webhook on its way.
type delivery struct {
	connector, id string
	request       func() (*http.Request, error)
}

// delivers brings what was announced: some of it twice, late, never, and in
// any order.
func (l *life) delivers() {
	for _, d := range l.jira.Deliveries() {
		l.mail = append(l.mail, delivery{"jira", d.ID, func() (*http.Request, error) {
			return d.Request(l.Context(), "https://hooks.acme.example"+inbox.Path("jira"))
		}})
	}
	for _, d := range l.hub.Deliveries() {
		l.mail = append(l.mail, delivery{"github", d.ID, func() (*http.Request, error) {
			return d.Request(l.Context(), "https://hooks.acme.example"+inbox.Path("github"))
		}})
	}
	inboxes := map[string]connectors.Inbox{}
	for _, live := range l.proc.live {
		if live.Conn.Inbox != nil {
			inboxes[live.Name] = live.Conn.Inbox
		}
	}
	handler := inbox.Handler(inbox.Config{Inboxes: inboxes, Store: l.proc.db, Wake: func() {}, Log: l.log()})
	l.dice.Shuffle(len(l.mail), func(i, j int) { l.mail[i], l.mail[j] = l.mail[j], l.mail[i] })
	var left []delivery
	for n, d := range l.mail {
		what := l.dice.IntN(8)
		switch what {
		case 0:
			left = append(left, d) // later
			l.strikes("webhook late", d.connector)
			continue
		case 1:
			l.strikes("webhook lost", d.connector)
			continue
		case 2:
			left = append(left, d) // and now
			l.strikes("webhook twice", d.connector)
		}
		if n > 0 {
			l.faults["webhook out of order"]++
		}
		r, err := d.request()
		l.ok(err)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			l.broken("S15", "all", "a delivery of %s was answered with %d", d.connector, w.Code)
		}
	}
	l.mail = left
}

// same samples promise S16: the plan does not depend on the order in which a
// snapshot lists things.
func (l *life) same() {
	if l.dice.IntN(6) > 0 {
		return
	}
	snap, err := l.proc.db.Snapshot(l.Context(), time.Now().UTC().Truncate(24*time.Hour))
	l.ok(err)
	one := planned(engine.Evaluate(l.proc.rules, snap))
	shuffle(l, snap.Records)
	shuffle(l, snap.Ledger)
	shuffle(l, snap.Holds)
	shuffle(l, snap.Released)
	shuffle(l, snap.Undone)
	snap.Records, snap.Ledger = slices.Clone(snap.Records), slices.Clone(snap.Ledger)
	two := planned(engine.Evaluate(l.proc.rules, snap))
	if l.check("S16 the order of a snapshot changes nothing"); one != two {
		l.broken("S16", "all", "another order of the same snapshot gives another plan:\n%s\nand\n%s", one, two)
	}
}

func shuffle[T any](l *life, list []T) {
	l.dice.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func planned(o engine.Outcome) string {
	var b strings.Builder
	for _, e := range o.Plan.Edits {
		fmt.Fprintln(&b, e.ID, e.Key, e.Field, e.Because)
	}
	for _, h := range o.Plan.Holds {
		fmt.Fprintln(&b, h.Key, h.Field, h.Cause, h.Since, h.Want, h.Have)
	}
	return b.String()
}

var (
	_ = githubsim.Open
	_ = jirasim.Ana
)
