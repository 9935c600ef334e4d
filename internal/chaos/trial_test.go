package chaos_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
)

// later are acts that came to the simulation later. They are drawn from dice of
// their own, so that lives of before stay what they were but for these.
func later() []act {
	return []act{
		{"reject", 2, (*life).reject, false},
		{"service refuses one record", 2, (*life).spoil, false},
		{"service takes it again", 1, (*life).unspoil, false},
	}
}

// trial plays a later act, mostly none.
func (l *life) trial() bool {
	dice := rand.New(rand.NewPCG(l.seed, uint64(5000+l.act)))
	if dice.IntN(15) > 0 {
		return false
	}
	l.dice = dice
	l.draw(later())
	return true
}

// reject is a person's no to what Tandem proposes for a field that is one edit.
func (l *life) reject() {
	if l.proc.last == nil {
		return
	}
	var open []plan.Planned
	for _, e := range l.proc.last.Plan.Edits {
		if e.Gate != plan.Observed && e.Target.Element == "" && e.Verb == work.SetField && e.Target.Path != work.NativeComment {
			open = append(open, e)
		}
	}
	if len(open) == 0 {
		return
	}
	e := pick(l, open)
	r := plan.Reject([]plan.Planned{e}, map[string]bool{e.ID: true})[0]
	r.By, r.Because = "ana", "agreed otherwise"
	l.tells("people: reject %s %s %q→%q", e.Key, e.Field, e.Expect, e.Value)
	l.ok(l.proc.db.Reject(l.Context(), r))
	l.book.rejected[e.ID] = refused{slot: r.Slot, from: shared(e.Expect), to: shared(e.Value)}
}

// refused is an edit that a person said no to. Its values are known in the
// shared spelling where only the case of the native one differs.
type refused struct {
	slot     plan.SlotRef
	from, to string
}

func shared(v work.Value) string {
	if !v.Present() {
		return ""
	}
	return strings.ToLower(v.Text())
}

func (r refused) at(at slot) bool {
	return r.slot.Ref.String() == at.where && r.slot.Field.String() == at.field
}

// said reports whether a person rejected something at a slot.
func (b *book) said(at slot) bool {
	for _, r := range b.rejected {
		if r.at(at) {
			return true
		}
	}
	return false
}

// refuses reports whether a person rejected that a slot gets another value, so
// that it must stay as it is, whatever people said in another place.
func (b *book) refuses(at slot, from, to string) bool {
	for _, r := range b.rejected {
		if r.at(at) && r.from == from && r.to == to {
			return true
		}
	}
	return false
}

// spoil lets a service refuse whatever is written to one record.
func (l *life) spoil() {
	if l.spoiled = l.some(); l.dice.IntN(2) == 0 {
		l.spoiled = l.someHub()
	}
	l.tells("weather: whatever is written to %s is refused", l.spoiled)
}

func (l *life) unspoil() { l.spoiled = "" }

// refuses answers a write to the record that is spoiled.
func (l *life) refuses(r *http.Request) *http.Response {
	if l.spoiled == "" || !isWrite(r) {
		return nil
	}
	path := "/issue/" + l.spoiled
	if place, number, hub := strings.Cut(l.spoiled, "#"); hub {
		path = "/repos/" + place + "/issues/" + number
	}
	i, _ := l.jira.Issue(l.spoiled)
	if at := r.URL.Path + "/"; !strings.Contains(at, path+"/") && (i.ID == 0 || !strings.Contains(at, fmt.Sprintf("/issue/%d/", i.ID))) {
		return nil
	}
	l.strikes("record refused", l.spoiled)
	return &http.Response{
		Status: "400 Bad Request", StatusCode: http.StatusBadRequest, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"errorMessages":["no"],"errors":{},"message":"no"}`)),
	}
}

// others: what one record is refused stops no edit of another item (S15). Where a
// record is gone, or its place got other readers since, the first of its edits
// meets that and the later ones wait.
func (b *book) others(l *life, report scheduler.Report, public bool) {
	if l.spoiled == "" || l.shape.jobs {
		return
	}
	items := map[work.ItemID]bool{}
	for _, d := range report.Outcome.Items {
		for _, p := range d.Item.Parts {
			items[d.Item.ID] = items[d.Item.ID] || p.Key == l.spoiled
		}
	}
	met := map[work.RefID]bool{}
	for _, e := range report.Outcome.Plan.Edits {
		meets := !b.stands(e.Target.RefID) || outgrown(e, public)
		met[e.Target.RefID] = met[e.Target.RefID] || b.begunNow[e.ID] && meets
	}
	l.check("S15 one refused record stops no other")
	for _, e := range report.Outcome.Plan.Edits {
		if e.Gate == plan.Ready && e.Verb != work.MoveInBacklog && !items[e.Item] && !met[e.Target.RefID] && !b.begunNow[e.ID] {
			l.broken("S15", e.Key, "%s was not even tried in a calm cycle in which only %s was refused", e.Field, l.spoiled)
		}
	}
}

// stands reports whether a record is where the book last saw the world.
func (b *book) stands(id work.RefID) bool {
	_, is := b.slots[slot{id.Connector + ":" + id.ID, work.Priority.String()}]
	return is
}

// epilogue is what some lives end with: a copy of the store that must not
// write, and a retirement that leaves nothing behind.
func (l *life) epilogue() {
	dice := rand.New(rand.NewPCG(l.seed, 3))
	copied, retired := dice.IntN(10) == 0, dice.IntN(5) == 0 && *retire
	if copied && len(l.found) == 0 {
		l.copies()
	}
	if retired && len(l.found) == 0 {
		l.retires()
	}
}

// copies starts Tandem from a copy of its store, at another place, with values
// to write.
func (l *life) copies() {
	l.did["a copied store"]++
	l.proc.close()
	l.setsValue()
	l.book.look(l)
	address, err := l.plot.copied()
	l.ok(err)
	l.start()
	p := l.proc
	db, err := store.Open(l.Context(), address, "acme-chaos", store.Options{Now: l.now, Log: l.log()})
	l.ok(err)
	before := l.book.writes
	for range 2 {
		l.minute()
		_, err := p.newCycle(&vault{Store: db, p: p}, p.open()...).Run(l.Context(), everything)
		l.ok(err)
	}
	l.ok(db.Close())
	l.book.look(l)
	if l.check("S9 a copied store writes nothing"); l.book.writes != before {
		l.broken("S9", "all", "a copied store wrote %d times", l.book.writes-before)
	}
}

// retires takes back everything. What Tandem put somewhere and nobody changed
// since is again as it was before.
func (l *life) retires() {
	l.did["retire"]++
	l.tells("people: retire everything")
	if _, err := l.proc.cycle.Plan(l.Context()); err != nil {
		l.ok(err)
	}
	errand, err := l.proc.cycle.PlanRetire(l.Context(), undo.Scope{}, "ana")
	l.ok(err)
	l.ok(l.proc.db.Retire(l.Context(), plan.Retirement{Kind: plan.RetiredAll, By: "ana"}))
	l.book.errand = true
	_, err = l.proc.cycle.Carry(l.Context(), errand, everything)
	l.ok(err)
	swept := l.proc.cycle.Sweep(l.Context(), errand, false)
	mine := map[slot]bool{}
	for at, v := range l.book.slots {
		mine[at] = v.by == tandem && v.written
	}
	l.book.look(l)
	l.book.errand = false
	for at, v := range l.book.slots {
		if l.check("S14 what Tandem wrote is as it was, once it is retired"); mine[at] && !v.before[v.is] && !v.stopped && !l.book.tainted[v.group] {
			if l.reopened() && v.guarded(errand.Back.Left, at) {
				l.check("S14 what more people would see by now is listed as left")
				continue
			}
			l.broken("S14", v.key, "%s is %q after everything was retired; before Tandem and by people it was %q", at.field, v.is, sortedKeys(v.before))
		}
	}
	for _, i := range l.jira.World().Issues {
		l.bare(errand, i.Key, i.Labels, at(i.Comments, func(n int) string { return i.Comments[n].Author }))
		if l.check("S18 no signature is left"); i.Properties["tandem"] != nil && !slices.Contains(i.Labels, plan.HandsOffLabel) && !unswept(swept, i.Project) {
			l.broken("S18", i.Key, "it bears the signature %s after everything was retired", i.Properties["tandem"])
		}
	}
	for _, i := range l.hub.World().Issues {
		l.bare(errand, i.Key(), i.Labels, at(i.Comments, func(n int) string { return i.Comments[n].Author }))
	}
	before := l.book.writes
	time.Sleep(10 * time.Minute)
	report, _ := l.cycle(everything)
	if l.book.writes != before || report.Sent > 0 {
		l.broken("S18", "all", "%d edits were sent after everything was retired", report.Sent)
	}
}

// unswept reports whether Tandem says that a place could not be swept.
func unswept(all []scheduler.Swept, place string) bool {
	return slices.ContainsFunc(all, func(s scheduler.Swept) bool { return s.Place == place && s.Failure != "" })
}

func at[T any](list []T, of func(int) string) (all []string) {
	for n := range list {
		all = append(all, of(n))
	}
	return all
}

// bare: nothing of Tandem's own making is left, but where people keep Tandem
// away: there it is left, and listed.
func (l *life) bare(errand scheduler.Errand, key string, labels, authors []string) {
	if slices.Contains(labels, plan.HandsOffLabel) && slices.ContainsFunc(errand.Back.Left, func(w undo.Left) bool { return w.Key == key && w.Target.Path == work.NativeComment && w.Later }) {
		l.check("S18 what stays for hands-off is listed")
		return
	}
	for _, a := range authors {
		if strings.HasPrefix(a, "712020:bb") || a == "JIRAUSER10100" || a == "tandem-bot" {
			l.broken("S18", key, "a comment of Tandem stands there after everything was retired")
		}
	}
}
