package jobs

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/scheduler"
)

// noon is when all looks are.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// quiet is a connector for which there is nothing to do.
func quiet(name string) view {
	later := noon().Add(time.Minute)
	return view{
		duty: name, token: 7, since: 10, busy: map[kind]bool{}, rest: map[kind]time.Time{},
		outlook: scheduler.Outlook{Poll: later, Read: true, Follows: true, Census: later, Writes: true, Spent: 3},
	}
}

// idle sees two duties for which there is nothing to do.
func idle() look {
	deciding := view{
		duty: work.Deciding, token: 8, busy: map[kind]bool{}, rest: map[kind]time.Time{},
		outlook: scheduler.Outlook{Read: true, Decided: true, Seq: 20, Again: noon().Add(time.Hour)},
	}
	return look{
		now: noon(), pulse: work.Pulse{Seq: 20, Run: 3, Waiting: map[string]work.Waiting{}},
		newest: newest{number: 3, saw: 20, ready: map[string]int{"jira": 2}},
		duties: []view{deciding, quiet("jira")}, clean: noon().Add(time.Hour),
	}
}

func TestTheAgendaIsWhatIsMissing(t *testing.T) {
	t.Parallel()
	before, after := noon().Add(-time.Second), noon().Add(time.Second)
	for name, tc := range map[string]struct {
		change func(l *look, deciding, jira *view)
		want   []kind
	}{
		"nothing to do":                     {func(*look, *view, *view) {}, nil},
		"a stream is due":                   {func(_ *look, _, j *view) { j.outlook.Poll = noon() }, []kind{poll}},
		"a stream is due and the poll runs": {func(_ *look, _, j *view) { j.outlook.Poll, j.busy[poll] = noon(), true }, nil},
		"a hint waits": {func(l *look, _, _ *view) {
			l.pulse.Waiting["jira"] = work.Waiting{Records: 1}
		}, []kind{webhook}},
		"a hint waits and the service did not answer": {func(l *look, _, j *view) {
			l.pulse.Waiting["jira"], j.outlook.Follow = work.Waiting{Records: 1}, after
		}, nil},
		"a hint waits of a connector that another node has": {func(l *look, _, _ *view) {
			l.pulse.Waiting["github"] = work.Waiting{Records: 1}
		}, nil},
		"a reason to poll is new":            {func(l *look, _, _ *view) { l.pulse.Waiting["jira"] = work.Waiting{Poll: 5} }, []kind{webhook}},
		"a reason to poll is known":          {func(l *look, _, j *view) { l.pulse.Waiting["jira"], j.outlook.Reason = work.Waiting{Poll: 5}, 5 }, nil},
		"announcements may have been missed": {func(_ *look, _, j *view) { j.outlook.Missed = noon() }, []kind{webhook}},
		"a census is due":                    {func(_ *look, _, j *view) { j.outlook.Census = before }, []kind{census}},
		"there is no census":                 {func(_ *look, _, j *view) { j.outlook.Census = time.Time{} }, nil},
		"something changed":                  {func(l *look, _, _ *view) { l.pulse.Seq = 21 }, []kind{decide}},
		"something changed and the last decision was just now": {func(l *look, d, _ *view) {
			l.pulse.Seq, d.rest[decide] = 21, after
		}, nil},
		"something changed and Jira was not read yet":        {func(l *look, _, j *view) { l.pulse.Seq, j.outlook.Read = 21, false }, nil},
		"nothing was decided yet":                            {func(_ *look, d, _ *view) { d.outlook.Decided = false }, []kind{decide}},
		"a day begins, or a window ends":                     {func(_ *look, d, _ *view) { d.outlook.Again = noon() }, []kind{decide}},
		"a run has edits":                                    {func(_ *look, _, j *view) { j.outlook.Spent = 2 }, []kind{apply}},
		"a run has edits, and a newer one is there":          {func(l *look, _, j *view) { j.outlook.Spent, l.pulse.Run = 2, 4 }, nil},
		"a run has edits that are older than the first read": {func(_ *look, _, j *view) { j.outlook.Spent, j.since = 2, 21 }, nil},
		"a run has edits, and Jira was not read yet":         {func(_ *look, _, j *view) { j.outlook.Spent, j.outlook.Read = 2, false }, nil},
		"a run has edits of another connector":               {func(l *look, _, j *view) { j.outlook.Spent, l.newest.ready = 2, map[string]int{"github": 1} }, nil},
		"edits waited, and may go now":                       {func(_ *look, _, j *view) { j.outlook.Send = noon() }, []kind{apply}},
		"edits wait":                                         {func(_ *look, _, j *view) { j.outlook.Send = after }, nil},
		"the connector cannot be written":                    {func(_ *look, _, j *view) { j.outlook.Spent, j.outlook.Writes = 2, false }, nil},
		"the house is to be kept":                            {func(l *look, _, _ *view) { l.clean = before }, []kind{housekeeping}},
		"much at a time, the most urgent first": {func(l *look, _, j *view) {
			l.pulse.Waiting["jira"], j.outlook.Poll, j.outlook.Spent = work.Waiting{Records: 9}, before, 1
		}, []kind{webhook, apply, poll}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := idle()
			tc.change(&l, &l.duties[0], &l.duties[1])
			var got []kind
			for _, o := range agenda(l) {
				got = append(got, o.Kind)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// drawn is any look.
func drawn(t *rapid.T) look {
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		return noon().Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "seconds")) * time.Second)
	})
	small := rapid.Int64Range(0, 3)
	l := look{
		now: noon(), clean: moment.Draw(t, "clean"),
		pulse:  work.Pulse{Seq: small.Draw(t, "seq"), Run: small.Draw(t, "run"), Waiting: map[string]work.Waiting{}},
		newest: newest{number: small.Draw(t, "newest"), saw: small.Draw(t, "saw"), ready: map[string]int{}},
	}
	for _, name := range []string{work.Deciding, "github", "jira"} {
		l.pulse.Waiting[name] = work.Waiting{Records: rapid.IntRange(0, 1).Draw(t, "records"), Poll: small.Draw(t, "poll")}
		l.newest.ready[name] = rapid.IntRange(0, 1).Draw(t, "ready")
		if !rapid.Bool().Draw(t, "held") {
			continue
		}
		v := view{duty: name, token: small.Draw(t, "token"), since: small.Draw(t, "since"), busy: map[kind]bool{}, rest: map[kind]time.Time{}}
		v.outlook = scheduler.Outlook{
			Poll: moment.Draw(t, "due"), Read: rapid.Bool().Draw(t, "read"), Follows: rapid.Bool().Draw(t, "follows"), Follow: moment.Draw(t, "follow"),
			Reason: small.Draw(t, "reason"), Census: moment.Draw(t, "census"), Writes: rapid.Bool().Draw(t, "writes"), Spent: small.Draw(t, "spent"),
			Send: moment.Draw(t, "send"), Decided: rapid.Bool().Draw(t, "decided"), Seq: small.Draw(t, "seen"), Again: moment.Draw(t, "again"),
		}
		for _, k := range kinds() {
			v.busy[k], v.rest[k] = rapid.Bool().Draw(t, "busy"), moment.Draw(t, "rest")
		}
		l.duties = append(l.duties, v)
	}
	return l
}

// Whatever a look sees: only duties that are held, under the lease that is
// held, nothing twice, nothing that is queued already; and once what is on the
// agenda is queued, the same look finds nothing more.
func TestTheAgendaAddsNothingThatIsThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawn(t)
		seen := map[order]bool{}
		for _, o := range agenda(l) {
			if seen[o] {
				t.Fatalf("twice: %+v", o)
			}
			seen[o] = true
			held := false
			for _, v := range l.duties {
				if v.duty == o.Duty {
					held = v.token == o.Token && !v.busy[o.Kind]
					v.busy[o.Kind] = true
				}
			}
			if !held {
				t.Fatalf("nobody's, or queued already: %+v", o)
			}
		}
		if more := agenda(l); len(more) > 0 {
			t.Fatalf("more: %+v", more)
		}
	})
}

// Nothing is written that was decided before the connector was read under this
// lease, nor of a run that is not the newest.
func TestTheAgendaAppliesOnlyWhatIsFresh(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawn(t)
		for _, o := range agenda(l) {
			for _, v := range l.duties {
				if o.Kind == apply && v.duty == o.Duty && (!v.outlook.Read || l.newest.saw < v.since || l.newest.number != l.pulse.Run) {
					t.Fatalf("%+v of %+v", o, l)
				}
			}
		}
	})
}

// All duties are somebody's, and nobody has two more than another.
func TestSharesAreFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		duties, nodes := rapid.IntRange(0, 40).Draw(t, "duties"), rapid.IntRange(0, 9).Draw(t, "nodes")
		if s := share(duties, nodes); s*max(nodes, 1) < duties || (s-1)*max(nodes, 1) >= max(duties, 1) {
			t.Fatalf("%d duties, %d nodes: %d each", duties, nodes, s)
		}
	})
}

// The names of queues are made of what River allows, and differ where duties
// or nodes do.
func TestQueueNamesAreAllowedAndDiffer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z][a-z0-9_]{0,70}|decide\*`)
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		for _, duty := range []string{a, b} {
			queue := queueOf(duty, "abcdefgh2345")
			if !allowed(queue) {
				t.Fatalf("%q is queue %q", duty, queue)
			}
		}
		if a != b && queueOf(a, "n") == queueOf(b, "n") {
			t.Fatalf("%q and %q share a queue", a, b)
		}
	})
}

// allowed is River's own rule: words of letters and digits, with a hyphen
// between them, at most 64 characters.
func allowed(queue string) bool {
	word := false
	for _, r := range queue {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			word = true
		case r == '-' && word:
			word = false
		default:
			return false
		}
	}
	return word && len(queue) <= 64
}
