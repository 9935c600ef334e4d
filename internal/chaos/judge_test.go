package chaos_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/sim"
	"tandem/internal/work"
)

// echo judges what is held as a person's change: Tandem's own is none (S8).
func (b *book) echo(l *life, o *engine.Outcome) {
	if o == nil || l.outdated(o) {
		return
	}
	l.check("S8 what is held as a person's is a person's")
	for _, h := range o.Plan.Holds {
		v := b.slots[slot{h.Target.Connector + ":" + h.Target.ID, h.Field.String()}]
		if h.Cause == work.ChangedByPerson && v != nil && v.by == tandem && v.doubt == nil && v.owed == nil {
			l.broken("S8", v.key, "%s is held as a person's change; Tandem wrote what stands there at %s", h.Field, v.at.Format(time.DateTime))
		}
	}
}

// believes frees priorities that are as Tandem wants them by what a search shows that
// is late, or hides an issue: it takes them for its own, as it would know no better.
func (b *book) believes(l *life, o *engine.Outcome) {
	if o == nil || !l.weather.lagged {
		return
	}
	for _, d := range o.Items {
		for _, p := range d.Item.Parts {
			if v := b.slots[slot{p.Connector + ":" + p.ID, work.Priority.String()}]; v != nil && v.is == d.Tier {
				v.free[v.is] = true
			}
		}
	}
}

// owes reports whether a person's change waits to stand there again.
func (b *book) owes() bool {
	for _, v := range b.slots {
		if v.owed != nil {
			return true
		}
	}
	return false
}

// request judges one request of the service account.
func (b *book) request(l *life, w sim.Write) {
	l.check("S2 requests change one thing at a time")
	if w.Connector == "github" && (w.Method == "PUT" || w.Method == "PATCH") && strings.Contains(w.Route, "labels") {
		l.broken("S2", w.Path, "labels were replaced as a set: %s %s", w.Method, w.Path)
	}
	if b.paused && len(w.Effects) > 0 {
		l.broken("S18", w.Path, "written while writing was paused: %s %s", w.Method, w.Path)
	}
}

// signature is the effect of signing an issue: no value, and nothing that people
// see.
const signature = "property tandem"

// effect judges one value that the service account changed (S2, S7, S9, S17, S18).
func (b *book) effect(l *life, connector, id string, e sim.Effect) {
	l.check("S2 what was written is mapped")
	label := e.From + e.To
	s := l.shape
	place, number, _ := strings.Cut(e.Ref, "#")
	if connector == "jira" {
		place, _, _ = strings.Cut(e.Ref, "-")
	}
	horizon := slices.Contains([]string{"roadmap/now", "roadmap/next", "roadmap/later"}, label)
	tiers := slices.Contains([]string{"priority/p1", "priority/p2", "priority/p3", "priority/p4"}, label)
	severe := slices.Contains([]string{"severity/1", "severity/2", "severity/3"}, label)
	ok := false
	switch {
	case place == "OPS" || place == "acme/ops":
	case e.Field == signature:
		ok = s.signs && (e.To == "" || strings.Contains(e.To, owner().String()))
	case connector == "jira":
		ok = e.Field == "priority" || e.Field == "labels" && horizon || e.Field == "Rank" && s.backlog || strings.HasPrefix(e.Field, "comment") && s.explained
	case number == "": // a label of a repository
		ok = strings.HasPrefix(e.Field, "label ") && (horizon || tiers || severe)
	default:
		ok = e.Field == "labels" && (tiers || severe || horizon && !s.board) || e.Field == "project:Horizon" && s.board || e.Field == "comment" && s.explained
	}
	if !ok {
		l.broken("S2", e.Ref, "Tandem changed %s from %q to %q", e.Field, e.From, e.To)
	}
	if number == "" && connector == "github" {
		return
	}
	if len(b.begun[connector+":"+id]) == 0 {
		l.broken("S9", e.Ref, "%s was written without a line in the journal", e.Field)
	}
	if b.errand && b.off[e.Ref] {
		l.broken("S18", e.Ref, "an errand changed %s from %q to %q under hands-off", e.Field, e.From, e.To)
	}
	if promise := b.known[e.Ref]; b.halted[e.Ref] && promise != "" && !b.errand {
		l.broken(promise, e.Ref, "Tandem changed %s from %q to %q", e.Field, e.From, e.To)
	}
	if place == "acme/web" && l.public() {
		b.leak(l, e, tiers)
	}
	if d := b.dragged[e.Ref]; d != nil && e.Field == "Rank" && !b.errand && time.Since(d.at) < 29*24*time.Hour && !d.moot(l) {
		l.broken("S1", e.Ref, "Tandem moved an issue that a person dragged at %s", d.at.Format(time.DateTime))
	}
}

// apart are issues of GitHub whose titles name a key that an issue of Jira had
// before Tandem ever read it. No service tells Tandem that the two belong
// together, so that nothing of one goes into the other.
func (b *book) apart(l *life) map[string]bool {
	seen := map[string]bool{}
	for _, d := range l.proc.last.Items {
		for _, p := range d.Item.Parts {
			seen[p.Key] = true
		}
	}
	apart := map[string]bool{}
	for _, i := range l.hub.World().Issues {
		key, _, _ := strings.Cut(i.Title, ":")
		_, remembered := l.proc.last.FindFormer("jira:" + key)
		apart[i.Key()] = b.former[key] != "" && !seen[key] && !remembered
	}
	return apart
}

// repeats reports whether a comment tells nothing but what the record's own labels
// show everybody, such as those that a person put there: they are judged by
// themselves.
func (b *book) repeats(e sim.Effect) bool {
	for line := range strings.Lines(e.To) {
		name, value, told := strings.Cut(strings.TrimSpace(line), ": ")
		field := strings.ToLower(name)
		if !told || field != "priority" && field != "horizon" {
			continue
		}
		shown := false
		for at, v := range b.slots {
			shown = shown || v.key == e.Ref && at.field == field && v.is == value
		}
		if !shown {
			return false
		}
	}
	return true
}

// leak judges what was written where everybody reads (S7).
func (b *book) leak(l *life, e sim.Effect, tiers bool) {
	l.check("S7 nothing internal in public")
	for _, v := range b.slots {
		if v.key == e.Ref && v.group == "" {
			return // nothing but what stands there went into it
		}
	}
	hidden, joined := b.hidden[e.Ref], b.joined[e.Ref]
	// A person takes away what came there before the twin was known or before the
	// place opened, or puts back what everybody could read already.
	goes := b.errand && (e.To == "" || b.shown[e.Ref+" "+e.To])
	tells := e.Field == "comment" && joined && e.To != "" && !b.repeats(e)
	if (tiers || hidden) && !goes || tells && !goes || strings.Contains(e.To, canary) {
		l.broken("S7", e.Ref, "%s %q→%q shows in a public place (restricted: %v)", e.Field, e.From, e.To, hidden)
	}
}

// braked judges the rolling day (S12).
func (b *book) braked(l *life) {
	if l.shape.brake == 0 || b.approved {
		return
	}
	b.sent = slices.DeleteFunc(b.sent, func(at time.Time) bool { return time.Since(at) >= 24*time.Hour })
	l.check("S12 the brake")
	if len(b.sent) > l.shape.brake {
		l.broken("S12", "all", "a value was written without a person, the %dth in a day; the brake allows %d", len(b.sent), l.shape.brake)
	}
}

// begin notes edits that are about to be sent, in one batch.
func (b *book) begin(l *life, edits []work.Edit) {
	last := 0
	if site := l.site(edits[0].Target.Connector); site != nil {
		last = site.Log.Last()
	}
	records := map[string]bool{}
	for _, e := range edits {
		b.means(&e)
		records[e.Target.Connector+":"+e.Target.ID], b.begunNow[e.ID] = true, true
	}
	for record := range records {
		b.begun[record] = append(b.begun[record], last)
	}
}

// sending is a request and one change that it is to make.
type sending struct{ connector, method, path, field, element string }

// again reports whether a change was made by a request that had made it before:
// its answer was lost, so it was sent once more, and met what a person had set
// in between. That is one edit, with one line in the journal, and the brake
// counts edits. Where another edit of the record began in between, it is two.
func (b *book) again(connector, id string, w sim.Write, e sim.Effect) bool {
	s := sending{connector, w.Method, w.Path, e.Field, cmp.Or(e.To, "no "+e.From)}
	begun := 0
	for _, last := range b.begun[connector+":"+id] {
		if last < w.Seq {
			begun++
		}
	}
	before, lost := b.lost[s]
	delete(b.lost, s)
	if w.Lost != "" {
		b.lost[s] = begun
	}
	return lost && begun > 0 && before == begun
}
