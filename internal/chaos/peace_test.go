package chaos_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// patience is in how many cycles the world converges once all trouble ended.
const patience = 8

// peace ends all trouble. The world converges within some cycles, and stays.
func (l *life) peace() {
	l.tells("peace")
	l.job = true
	l.clear("jira")
	l.clear("github")
	l.jira.SetLag(0)
	l.jira.Settle()
	l.doom, l.skew, l.spoiled = nil, 0, ""
	l.unlock("jira")
	l.unlock("github")
	l.weather.lagged = false
	if l.book.paused {
		l.resume()
	}
	l.endsWords()
	time.Sleep(7 * time.Hour) // whatever was hidden is back, and a census is due
	if l.did["opens or closes"] > 0 {
		time.Sleep(17 * time.Hour) // and who may read a quiet repository is asked once a day
	}
	if now := time.Now().UTC(); now.Hour() >= 21 {
		time.Sleep(now.Truncate(24*time.Hour).AddDate(0, 0, 1).Sub(now)) // what people set is respected until a midnight
	}
	for n := range patience {
		l.minute()
		time.Sleep(9 * time.Minute)
		l.mends(n >= patience-2)
		report, whole := l.cycle(everything)
		if !whole {
			l.broken("convergence", "all", "in calm weather a cycle failed: %v", report.Failures)
			return
		}
		if report.Sent > 0 {
			l.converged = n + 1
		}
	}
	if len(l.found) > 0 {
		return
	}
	before := l.book.writes
	for range 3 {
		time.Sleep(10 * time.Minute)
		report, _ := l.cycle(everything)
		if report.Sent > 0 || l.book.writes != before {
			l.broken("S4", "all", "a quiet cycle sent %d edits", report.Sent)
		}
		for _, e := range report.Outcome.Plan.Edits {
			if e.Gate != plan.Observed {
				l.broken("convergence", e.Key, "%s %q→%q is still planned, %s", e.Field, e.Expect, e.Value, e.Gate)
			}
		}
	}
	l.check("S4 quiet cycles send nothing")
	l.owes()
	l.settled()
	l.once()
	l.foreign()
	l.model()
	l.secrets()
	for _, h := range l.proc.last.Plan.Holds {
		l.tells("tandem: holds %s %s %s, has %q, wants %q %s", h.Key, h.Field, h.Cause, h.Have, h.Want, h.Detail)
	}
}

// mends releases what was set aside while the weather was bad. In the last cycles the
// admin has read why, and no longer tries a comment again that a person deleted: that
// is refused for good, and holds up what stands behind it in a backlog.
func (l *life) mends(read bool) {
	for _, connector := range []string{"jira", "github", "plan"} {
		if read && l.deletedOnly(connector) {
			continue
		}
		n, err := l.proc.db.Retry(l.Context(), connector)
		l.ok(err)
		if n > 0 {
			l.tells("admin: %d edits of %s are tried again", n, connector)
			l.did["set aside and tried again"] += n
		}
	}
}

// deletedOnly reports whether all that is set aside of a connector are comments of
// Tandem that people deleted.
func (l *life) deletedOnly(connector string) bool {
	letters, err := l.proc.db.DeadLetters(l.Context(), 1000)
	l.ok(err)
	letters = slices.DeleteFunc(letters, func(d work.DeadLetterEntry) bool {
		return d.What != "edit" || !strings.HasPrefix(d.Ref, connector+":")
	})
	return len(letters) > 0 && !slices.ContainsFunc(letters, func(d work.DeadLetterEntry) bool {
		return !strings.HasPrefix(d.Cause, "a person deleted the comment of ")
	})
}

// owes: what people set between look and write stands there again (S1).
func (l *life) owes() {
	for _, at := range sorted(l.book.slots) {
		if v := l.book.slots[at]; v.owed != nil && !v.stopped && !l.book.tainted[v.group] {
			l.broken("S1", v.key, "Tandem wrote %q over what a person had set, %q, and it was not put back", v.is, *v.owed)
		}
	}
}

// settled: nothing begun is left open (S9).
func (l *life) settled() {
	unsure, unread, err := l.proc.db.Pending(l.Context())
	l.ok(err)
	for _, e := range slices.Concat(unsure, unread) {
		l.broken("S9", e.Key, "an edit of %s is still open in the end", e.Field)
	}
	l.check("S9 nothing is open in the end")
}

// once: nothing that is created stands there twice (S9).
func (l *life) once() {
	l.check("S9 comments stand once")
	for _, i := range l.jira.World().Issues {
		n := 0
		for _, c := range i.Comments {
			if strings.HasPrefix(c.Author, "712020:bb") || c.Author == "JIRAUSER10100" {
				n++
			}
		}
		if n > 1 {
			l.broken("S9", i.Key, "%d comments of Tandem stand there", n)
		}
	}
	for _, i := range l.hub.World().Issues {
		n := 0
		for _, c := range i.Comments {
			if c.Author == "tandem-bot" {
				n++
			}
		}
		if n > 1 {
			l.broken("S9", i.Key(), "%d comments of Tandem stand there", n)
		}
	}
}

// foreign: labels of the team are there as people left them (S2).
func (l *life) foreign() {
	l.check("S2 labels of the team stay")
	for _, name := range []string{"jira", "github"} {
		for _, w := range l.site(name).Log.All() {
			for _, e := range w.Effects {
				if w.Service && e.Field == "labels" && fieldOf(e) == "" {
					l.broken("S2", e.Ref, "Tandem changed the label %q", e.From+e.To)
				}
			}
		}
	}
}

// model: what nobody touched since Tandem stands as it should; where people
// said one thing, it stands everywhere.
func (l *life) model() {
	b := &l.book
	fields := []string{"priority", "severity", "horizon"}
	for _, group := range sortedKeys(b.values) {
		w := b.values[group]
		if b.tainted[group] || w.done || b.closed[group] {
			continue
		}
		for _, field := range fields {
			l.modelField(group, w, field)
		}
	}
}

func (l *life) modelField(group string, w wishes, field string) {
	want, sure := "", true
	switch field {
	case "priority":
		want, sure = w.tier, w.tier != ""
	case "severity":
		want, sure = w.severity, true
	case "horizon":
		want, sure = "", false
	}
	persons, maybe := map[string]bool{}, map[string]bool{}
	for at, v := range l.book.slots {
		if v.group != group || at.field != field {
			continue
		}
		if v.stopped || v.place == "OPS" || v.place == "acme/ops" || v.place == "acme/web" {
			if v.by == person || v.predates {
				sure = false
			}
			switch { // what hands-off keeps from standing there again counts all the same, and travels
			case v.owed == nil:
			case time.Since(v.at) > 28*24*time.Hour:
				maybe[*v.owed] = true
			default:
				l.check("S1 a person's value that waits under hands-off counts")
				persons[*v.owed] = true
			}
			continue
		}
		if strings.HasPrefix(v.is, "?") || v.undone || v.reverts > 1 || l.book.said(at) {
			sure = false
		}
		if v.by == person && field != "severity" {
			if v.free[v.is] || !v.written && !v.predates && !l.shape.keep || time.Since(v.at) > 28*24*time.Hour && !v.predates {
				maybe[v.is] = true // it may be anybody's, or Tandem's to replace
				continue
			}
			if sure = sure && (v.written || v.predates || !l.shape.overrule); l.shape.overrule && field == "priority" && !v.predates {
				continue
			}
			persons[v.is] = true
		}
	}
	if len(persons) == 1 {
		for is := range persons {
			// Which of several labels is meant, only people know.
			want, sure = is, (sure || field != "priority") && !strings.HasPrefix(is, "?")
		}
	}
	delete(maybe, want)
	sure = sure && len(maybe) == 0
	if !sure || len(persons) > 1 || field == "severity" && l.hasPersonal(group, field) {
		l.check("final values that only people can judge")
		return
	}
	for _, at := range sorted(l.book.slots) {
		v := l.book.slots[at]
		if v.group != group || at.field != field || v.stopped || v.place == "OPS" || strings.HasPrefix(v.place, "acme/") && v.place != "acme/pay" {
			continue
		}
		if v.by == person && persons[v.is] {
			continue
		}
		if want == "" && strings.HasPrefix(at.where, "jira") && field == "priority" {
			continue // it cannot be empty there
		}
		if l.book.refuses(at, v.is, want) {
			l.check("final values that stay since a person rejected another one")
			continue
		}
		l.check("final values that are as they should be")
		if v.is != want {
			l.broken("convergence", v.key, "%s is %q in the end, and should be %q", field, v.is, want)
		}
	}
}

// Two labels that stand at one of two twins are nothing that the other one could bear.
func TestTheModelExpectsNoTwoLabelsAtATwin(t *testing.T) {
	t.Parallel()
	for is, judged := range map[string]bool{"next": true, "?now+next": false} {
		t.Run(is, func(t *testing.T) {
			t.Parallel()
			l := &life{checked: map[string]int{}, book: book{slots: map[slot]*value{
				{"jira:10004", "horizon"}:  {key: "PAY-4", place: "PAY", group: "10004", is: is, by: person, at: time.Now(), written: true, undone: true},
				{"github:7003", "horizon"}: {key: "acme/pay#3", place: "acme/pay", group: "10004", is: "later", by: tandem, at: time.Now(), written: true},
			}}}
			if l.modelField("10004", wishes{}, "horizon"); len(l.found) > 0 != judged {
				t.Errorf("found %v", l.found)
			}
		})
	}
}

func (l *life) hasPersonal(group, field string) bool {
	for at, v := range l.book.slots {
		if v.group == group && at.field == field && v.by == person {
			return true
		}
	}
	return false
}

// secrets stand in no log and in no row (S11).
func (l *life) secrets() {
	l.check("S11 secrets stand nowhere")
	texts := map[string][]byte{"log": l.logged.Bytes()}
	stored, err := l.plot.texts()
	l.ok(err)
	texts["store"] = stored
	for where, text := range texts {
		for _, secret := range []string{"jira-token", "github-token", hookSecret} {
			if bytes.Contains(text, []byte(secret)) {
				l.broken("S11", "all", "%s stands in the %s", secret, where)
			}
		}
	}
}

// tell is the story of what went wrong.
func (l *life) tell(t *testing.T) string {
	t.Helper()
	if *shrink && l.skip == nil {
		l = l.shortened(t)
	}
	var b strings.Builder
	names := []string{}
	for _, v := range l.found {
		fmt.Fprintf(&b, "seed %d breaks %s at %s, act %d: %s\n", l.seed, v.promise, v.item, v.act, v.what)
		names = append(names, v.item)
	}
	where := ""
	if l.wire != nil {
		where = "STORE=postgres "
	}
	if l.isDense() {
		where += "DENSE=1 "
	}
	fmt.Fprintf(&b, "replay: make sim %sSEED=%d\n", where, l.seed)
	fmt.Fprintf(&b, "played %d of %d acts; the story of %s:\n", l.acted, l.shape.acts, strings.Join(names, ", "))
	related := l.related(names)
	for _, e := range l.story {
		if e.concerns(related) {
			fmt.Fprintln(&b, "  "+e.String())
		}
	}
	return b.String()
}

// related are the keys of everything that is one item with the named.
func (l *life) related(names []string) []string {
	groups := map[string]bool{}
	for _, v := range l.book.slots {
		groups[v.group] = groups[v.group] || slices.Contains(names, v.key)
	}
	all := slices.Clone(names)
	for _, v := range l.book.slots {
		if v.group != "" && groups[v.group] && !slices.Contains(all, v.key) {
			all = append(all, v.key)
		}
	}
	return all
}

// concerns reports whether a line belongs to the story of records: it names
// one, or it names none.
func (e entry) concerns(names []string) bool {
	if slices.Contains(names, "all") || slices.ContainsFunc(names, func(n string) bool { return strings.Contains(e.what, n) }) {
		return true
	}
	return !strings.HasPrefix(e.what, "people:") && !strings.HasPrefix(e.what, "tandem:")
}

// shortened leaves out acts as long as the same promise is broken.
func (l *life) shortened(t *testing.T) *life {
	t.Helper()
	best, skip := l, map[int]bool{}
	until := time.Now().Add(6 * time.Second)
	for size := l.shape.acts / 2; size > 0; size /= 2 {
		for at := 0; at < l.shape.acts; at += size {
			if time.Now().After(until) {
				return best
			}
			try := map[int]bool{}
			for n := range l.shape.acts {
				try[n] = skip[n] || n >= at && n < at+size
			}
			if again := play(t, l.ground, l.seed, try); len(again.found) > 0 && again.found[0].promise == l.found[0].promise {
				best, skip = again, try
			}
		}
	}
	return best
}
