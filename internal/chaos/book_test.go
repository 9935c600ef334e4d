package chaos_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/sim"
	"tandem/internal/work"
)

// who changed a value last.
type who int

const (
	nobody who = iota
	person
	tandem
)

// slot is one field at one record.
type slot struct {
	where string // jira:10001, github:7001, plan:R-1
	field string
}

// value is what the book knows of a slot.
type value struct {
	key   string // as people call the record
	place string
	group string // id of the issue in Jira; empty where nothing joins it
	is    string // shared spelling; empty is none, ? more than one or unknown
	own   string // as the service spells it, where a move may change that alone
	by    who
	at    time.Time
	// free are values that Tandem may take away here: what it wrote last, what
	// nobody chose, what it wanted itself while a person's stood there.
	free map[string]bool
	// back are values that an undo put there: only an undo takes them away. left is
	// when it did.
	back     map[string]bool
	left     time.Time
	strayed  bool   // people set something else since, though they may have come back
	made     string // what Tandem wrote last but for undo
	ours     string // Tandem's, that people changed last
	written  bool   // by Tandem, ever
	predates bool
	undone   bool // by an undo, ever
	// before are what stood there before Tandem's first write, and what people
	// set that it overruled later.
	before map[string]bool
	// doubt is what stood there before a write of which Tandem may not know that
	// it arrived, since no history tells: whoever puts that back before it is read
	// looks like nobody.
	doubt *string
	// owed is what a person had set when Tandem's write came: it is to stand
	// there again, as that person's.
	owed    *string
	reverts int  // how often people changed what Tandem wrote
	stopped bool // bears tandem/hands-off, or its item is finished
}

// book is what the harness knows by itself.
type book struct {
	slots    map[slot]*value
	seen     map[string]int     // numbers of the logs of writes
	begun    map[string][]int   // where the log of writes was when edits of a record began
	lost     map[sending]int    // requests whose answer was lost, by how many edits of the record had begun
	begunNow map[string]bool    // ids of the edits that began in this cycle
	meant    map[slot]string    // labels that began to be added in cycles that broke off
	rejected map[string]refused // edits that a person said no to
	known    map[string]string  // records that Tandem knows to be stopped: by which promise
	paused   bool
	dragged  map[string]*drag  // by key
	former   map[string]string // ids of moved issues by the keys that they had
	moved    map[string]string // where transferred issues were, by where they are
	tainted  map[string]bool   // groups that were moved, deleted or torn apart
	sent     []time.Time       // effects of cycles
	approved bool              // the cycle that runs was approved by a person
	errand   bool              // what runs is an undo
	writes   int
	cleanAt  time.Time         // when the last clean cycle began
	values   map[string]wishes // by group
	halted   map[string]bool   // records that stand still now
	off      map[string]bool   // records that bear tandem/hands-off now
	closed   map[string]bool   // groups with a closed issue in GitHub
	// hidden are records whose twin Tandem knows to be restricted, joined those
	// of which it knows a twin.
	hidden, joined map[string]bool
	contact        map[string]bool // connectors whose items were read whole once
	// shown is what everybody could read in acme/web at some time.
	shown map[string]bool
	// met are values that a person set right before a write of Tandem arrived.
	met map[slot]string
}

// wishes are what the item's inputs ask for.
type wishes struct {
	key, project           string
	tier, severity         string
	done, hidden, handsOff bool
}

func (b *book) open(l *life) {
	*b = book{
		slots: map[slot]*value{}, seen: map[string]int{}, begun: map[string][]int{}, lost: map[sending]int{}, begunNow: map[string]bool{}, meant: map[slot]string{}, rejected: map[string]refused{}, known: map[string]string{},
		dragged: map[string]*drag{}, former: map[string]string{}, moved: map[string]string{}, contact: map[string]bool{}, tainted: map[string]bool{},
		met: map[slot]string{}, shown: map[string]bool{},
	}
	for at, v := range b.truth(l) {
		v.free = map[string]bool{}
		switch {
		case v.is == "":
			v.free[""] = true
		case at.field == "priority" && v.by == nobody && at.where[:4] == "jira":
			v.free[v.is] = true // the default, which nobody chose
		default:
			v.by, v.predates = person, true
			if !l.shape.keep {
				v.free[v.is] = true
			}
		}
		b.slots[at] = v
	}
	b.agree()
}

// look compares the world with the book, after an act of people or a job.
func (b *book) look(l *life) {
	truth := b.truth(l)
	byTandem := b.logs(l)
	b.shows(l)
	for _, at := range sorted(truth) {
		now, was := truth[at], b.slots[at]
		if was == nil { // new, such as a transferred issue
			b.slots[at] = b.arrived(at, now)
			if now.group != "" {
				b.tainted[now.group] = true
			}
			continue
		}
		if was.group != now.group {
			b.tainted[was.group], b.tainted[now.group] = true, true
			delete(b.known, now.key)
		}
		was.key, was.place, was.group, was.stopped = now.key, now.place, now.group, now.stopped
		met, isMet := b.met[at]
		delete(b.met, at)
		if isMet && l.shape.overrule {
			was.overruled(met)
		}
		// Who puts back what stood there, between a write whose answer was lost and
		// its repetition, looks like nobody: a known gap.
		if isMet && met != now.is && !l.shape.overrule {
			switch knew := l.expected(at, met, now.is); {
			case !knew: // though it stood there before Tandem's first write of this act
				defer func() { was.owed = &met }()
			case met != was.is: // the first write was refused, and the next one knew
				was.set(met)
			}
		}
		same := was.is == now.is && (was.own == now.own || byTandem[at.where+" "+at.field])
		if was.own = now.own; same {
			continue
		}
		if isMet && met == now.is { // the write did not arrive, or it is put back already
			delete(byTandem, at.where+" "+at.field)
		}
		if byTandem[at.where+" "+at.field] || at.where[:4] == "plan" && b.writesNow(l) {
			b.wrote(l, at, was, now.is)
		} else {
			l.tells("people: %s %s %q→%q", was.key, at.field, was.is, now.is)
			b.people(at, was, now.is)
		}
		was.is = now.is
	}
	for at := range b.slots {
		if truth[at] == nil {
			b.tainted[b.slots[at].group] = true
			delete(b.slots, at)
		}
	}
	delete(b.tainted, "")
	b.agree()
}

// writesNow reports whether the act that was played is Tandem's.
func (b *book) writesNow(l *life) bool { return l.job }

// wrote judges a change of Tandem (S1, S14).
func (b *book) wrote(l *life, at slot, v *value, to string) {
	l.check("S1 a value that Tandem changed was its own to change")
	from := v.is
	l.tells("tandem: %s %s %q→%q", v.key, at.field, from, to)
	free := v.free[from] || !v.written && (from == "" || !l.shape.keep) ||
		at.field == "priority" && l.shape.overrule && !v.back[from] ||
		v.by == tandem || !v.predates && v.by == person && time.Since(v.at) > 29*24*time.Hour && at.field != "severity"
	if b.errand {
		// Labels are put back one by one, so that one of two may go.
		free = v.free[from] || v.back[from] || v.by == tandem || strings.HasPrefix(from, "?") || strings.HasPrefix(to, "?")
	}
	free = free || v.gives(to)
	if !free {
		promise := "S1"
		if b.errand {
			promise = "S14"
		}
		l.broken(promise, v.key, "Tandem changed %s from %q to %q; a person had set it at %s", at.field, from, to, v.at.Format(time.DateTime))
	}
	if v.before == nil {
		v.before = map[string]bool{from: true}
	}
	if v.by == person {
		v.before[from], v.before[v.theirs()] = true, true
	}
	if v.gives(to) {
		l.check("S1 a person's change that came between look and write is put back")
		// It is respected from when Tandem wrote over it: then it was said.
		v.by, v.free, v.back, v.owed, v.doubt = person, map[string]bool{}, nil, nil, nil
		return
	}
	if v.owed != nil && !b.errand {
		l.broken("S1", v.key, "Tandem wrote %q, and owes a person %q", to, *v.owed)
	}
	v.written, v.predates, v.doubt, v.owed = true, false, nil, nil
	if l.struck && !at.chronicled() {
		v.doubt = &from
	}
	if b.errand {
		v.by, v.at, v.left, v.back, v.undone = person, time.Now(), time.Now(), map[string]bool{to: true}, true
		v.strayed, v.free = false, map[string]bool{to: to == v.made} // what Tandem had written is anybody's now
		return
	}
	v.by, v.at, v.free, v.back, v.made = tandem, time.Now(), map[string]bool{to: true}, nil, to
}

// agree frees values that are as somebody else wants them.
func (b *book) agree() {
	for at, v := range b.slots {
		if v.group == "" {
			continue
		}
		w := b.values[v.group]
		switch {
		case at.field == "priority" && v.is == w.tier, at.field == "severity" && v.is == w.severity, at.field == "horizon" && v.is == "now":
			v.free[v.is] = true
		}
		for other, o := range b.slots {
			if other != at && other.field == at.field && o.group == v.group && o.is == v.is && o.by == person {
				v.free[v.is] = true
			}
		}
	}
}

// logs judges what the service account did since the last look, and returns
// which slots it touched.
func (b *book) logs(l *life) map[string]bool {
	touched := map[string]bool{}
	ids := b.ids(l)
	for _, name := range []string{"jira", "github"} {
		site := l.site(name)
		for _, w := range site.Log.Since(b.seen[name]) {
			b.seen[name] = w.Seq
			if !w.Service {
				continue
			}
			b.request(l, w)
			for _, e := range w.Effects {
				b.writes++
				again := b.again(name, ids[e.Ref], w, e)
				if !b.errand && !again && !b.givesBack(ids, e) && !strings.HasPrefix(e.Field, "label ") && !strings.HasPrefix(e.Field, "comment ") && e.Field != signature {
					b.sent = append(b.sent, w.At)
					b.braked(l)
				}
				b.effect(l, name, ids[e.Ref], e)
				if field := fieldOf(e); field != "" {
					touched[name+":"+ids[e.Ref]+" "+field] = true
				}
			}
		}
	}
	return touched
}

// givesBack reports whether a change puts back what a person had set: no brake
// counts it.
func (b *book) givesBack(ids map[string]string, e sim.Effect) bool {
	at := slot{"jira:" + ids[e.Ref], "priority"}
	v := b.slots[at]
	if e.Field != "priority" || v == nil {
		return false
	}
	to := tierOfNative(v.place, e.To)
	met, isMet := b.met[at]
	return v.gives(to) || isMet && to == met
}

func fieldOf(e sim.Effect) string {
	label := e.From + e.To
	switch {
	case e.Field == "priority", e.Field == "labels" && strings.HasPrefix(label, "priority/p"):
		return "priority"
	case e.Field == "project:Horizon", e.Field == "labels" && strings.HasPrefix(label, "roadmap/"):
		return "horizon"
	case e.Field == "labels" && strings.HasPrefix(label, "severity/"):
		return "severity"
	default:
		return ""
	}
}

// ids are the ids of records by key.
func (b *book) ids(l *life) map[string]string {
	ids := map[string]string{}
	for _, i := range l.jira.World().Issues {
		ids[i.Key] = strconv.FormatInt(i.ID, 10)
	}
	for _, i := range l.hub.World().Issues {
		ids[i.Key()] = strconv.FormatInt(i.ID, 10)
	}
	return ids
}

// clean is told when a whole cycle went by without trouble: from here on
// Tandem knows what stands there.
func (b *book) clean(l *life) {
	b.cleanAt = l.began
	b.known, b.hidden, b.joined = map[string]string{}, map[string]bool{}, map[string]bool{}
	apart := b.apart(l)
	for _, d := range b.dragged {
		d.known = true
	}
	for _, v := range b.slots {
		if !v.back[v.is] {
			v.back = nil // Tandem read that another value stands there
		}
		twin, joined := b.values[v.group], v.group != "" && !apart[v.key]
		b.hidden[v.key], b.joined[v.key] = joined && twin.hidden, joined
		switch {
		case joined && twin.done:
			b.known[v.key] = "S17"
		case b.off[v.key]:
			b.known[v.key] = "S18"
		}
	}
	l.check("S17 and S18 leave alone what they name")
}

// met notes that a stream was read to its end.
func (l *life) met(connector, stream string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if stream == map[string]string{"jira": "issues", "github": "issues", "plan": "items"}[connector] {
		l.book.contact[connector] = true
	}
}

// begins judges edits that are about to be sent (S5, S13).
func (p *process) begins(edits []work.Edit) {
	l := p.l
	p.mu.Lock()
	stale := []string{}
	for _, stream := range slices.Sorted(maps.Keys(p.stale)) {
		if connector, _, _ := strings.Cut(stream, " "); p.stale[stream] && connector == edits[0].Target.Connector {
			stale = append(stale, stream)
		}
	}
	p.mu.Unlock()
	l.mu.Lock()
	l.book.begin(l, edits)
	l.checked["S13 edits with a reason"] += len(edits)
	l.mu.Unlock()
	for _, e := range edits {
		if _, no := l.book.rejected[e.ID]; no && e.Errand == "" {
			l.broken("S1", e.Key, "%s is written though a person rejected it", e.Field)
		}
		if e.Because == "" {
			l.broken("S13", e.Key, "an edit of %s has no reason", e.Field)
		}
		if !e.Expect.Known() && e.Verb != work.PutLink && e.Verb != work.MoveInBacklog && e.Target.Path != "comment" {
			l.broken("S1", e.Key, "an edit of %s does not say what it expects", e.Field)
		}
	}
	l.mu.Lock()
	met := len(l.book.contact)
	l.checked["S17 nothing is written before all was read once"]++
	l.mu.Unlock()
	if met < 3 && !l.book.errand {
		l.broken("S17", edits[0].Key, "written though of three connectors only %d were ever read whole", met)
	}
	if len(stale) > 0 && !l.book.errand {
		l.broken("S5", edits[0].Key, "written though %v could not be read", stale)
	}
}
