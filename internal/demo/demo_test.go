package demo_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/company"
)

// The demo's story, cycle by cycle, against the oracle: whole worlds, every
// edit, every hold.
func TestTheDemoDoesToTheWorldWhatTheOracleTells(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			f := found(t, seed, size())
			first := f.look()
			if told := f.acts("the first cycle"); len(told.written) < len(first.jira.Issues) || len(told.shown) == 0 || len(told.held) == 0 {
				t.Errorf("the first cycle wrote %d edits, showed %d, held %d: that is no demo", len(told.written), len(told.shown), len(told.held))
			}
			held := f.shows("after the first cycle")
			if second := f.acts("the second cycle"); len(second.written) > 0 {
				t.Errorf("nobody changed anything, and the oracle wants: %v", second.written)
			}

			before := f.look()
			if changed, overridden := f.change(); changed != 7 || overridden != 5 {
				t.Errorf("people changed %d inputs and overrode %d values, want 7 and 5", changed, overridden)
			}
			after := f.look()
			same(t, "issues that people changed", places(f.Company.Changes), changedByHand(before, after))
			if !raced { // in the small firm of the race detector an input may matter to no edit
				f.inputs(before, after)
			}
			third := f.acts("the third cycle")
			f.follows(third)

			same(t, "new holds", overrides(f.Company.Changes), minus(f.shows("after the third cycle"), held))
			f.kept(after)
			f.hidden(first)
			last := f.look()
			if fourth := f.acts("the fourth cycle"); len(fourth.written) > 0 {
				t.Errorf("nobody changed anything, and the oracle wants: %v", fourth.written)
			}
			same(t, "issues that changed in a quiet cycle", []string{}, changedByHand(last, f.look()))
		})
	}
}

func same(tb testing.TB, what string, want, got any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// minus returns what of a is not in b.
func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// acts runs one cycle and compares everything that it did with what the oracle
// tells: what the services counted, each edit, and the whole world.
func (f *firm) acts(name string) told {
	f.Helper()
	want, before, since := f.tell(), f.look(), f.marks()
	sent := f.cycle()
	same(f, name+": what the services say that Tandem changed", want.written, f.effects(since))
	if sent != len(want.written) {
		f.Errorf("%s: Tandem says that it sent %d edits, the services and the oracle say %d", name, sent, len(want.written))
	}
	f.standsAs(want)
	f.onlyWrote(before, f.look(), want.written)
	return want
}

// shows compares a plan right after a cycle with what the oracle tells: there
// is nothing to write, and what is held and only shown is the same. It returns
// what is held.
func (f *firm) shows(when string) []string {
	f.Helper()
	want, plan := f.tell(), f.plan()
	same(f, when+": held", want.held, plan.held())
	same(f, when+": edits", map[string][]string{"observe": want.shown}, plan.edits())
	if len(want.written) > 0 {
		f.Errorf("%s there is something left to do: %v", when, want.written)
	}
	return plan.held()
}

// overrides are the holds that people's changes of Tandem's own values must
// bring: each at the place that they touched, and no others.
func overrides(changes []company.Change) []string {
	all := []string{}
	for _, c := range changes {
		if !c.Override {
			continue
		}
		place := places([]company.Change{c})[0]
		field, cause := fieldPriority, "changed_by_person"
		if c.Field == "labels" && !strings.HasPrefix(c.Remove, "priority/") {
			field = fieldHorizon
		}
		if c.Field == "labels" && c.Remove == "" {
			cause = "ambiguous_label" // Tandem's own still stands beside the new one
		}
		all = append(all, place+" "+field+" "+cause)
	}
	slices.Sort(all)
	return all
}

// inputs asks the oracle what the third cycle would write had one of the seven
// inputs not changed: something else, or the change shows nothing.
func (f *firm) inputs(before, after world) {
	f.Helper()
	all := f.oracle.clone().cycle(after, f.feedback, time.Now())
	for _, c := range f.Company.Changes {
		if c.Override {
			continue
		}
		w, feedback := after, f.feedback
		if len(c.Feedback) > 0 {
			feedback = feedback[:len(feedback)-len(c.Feedback)]
		} else {
			w = w.without(places([]company.Change{c})[0], before)
		}
		less := f.oracle.clone().cycle(w, feedback, time.Now())
		f.Logf("%s: so there are %v instead of %v", c, minus(all.written, less.written), minus(less.written, all.written))
		if slices.Equal(all.written, less.written) {
			f.Errorf("the change of an input has no effect: %s", c)
		}
	}
}

// follows checks that the third cycle touched nothing but the work that people
// changed, and horizons of the same team's work: who moves up or down because
// of somebody else, and nothing else of theirs.
func (f *firm) follows(third told) {
	f.Helper()
	touched, teams := map[*piece]bool{}, map[string]bool{}
	for _, c := range f.Company.Changes {
		name := "jira:" + c.Jira
		if c.GitHub != "" {
			name = "github:" + c.GitHub
		}
		w := third.work[name]
		touched[w], teams[w.team] = true, true
	}
	for _, edit := range third.written {
		name, what, _ := strings.Cut(edit, " ")
		switch w := third.work[name]; {
		case touched[w]:
			f.Logf("changed by people: %s", edit)
		case strings.HasPrefix(what, fieldHorizon+" ") && teams[w.team]:
			f.Logf("follows from the order of team %s: %s", w.team, edit)
		default:
			f.Errorf("nobody changed anything about %s", edit)
		}
	}
}

// kept checks that what people put in place of Tandem's values stands.
func (f *firm) kept(chosen world) {
	f.Helper()
	now := map[string]*issue{}
	for _, i := range f.look().read(f.JiraURL, time.Now()) {
		now[i.name()] = i
	}
	for _, i := range chosen.read(f.JiraURL, time.Now()) {
		for _, hold := range overrides(f.Company.Changes) {
			if words := strings.Fields(hold); words[0] == i.name() {
				same(f, hold+": what stands there", i.shows(words[1]), now[i.name()].shows(words[1]))
			}
		}
	}
}

// hidden checks that nothing of an issue with a security level reached the
// public repository: its twin there stands as it stood before Tandem came.
func (f *firm) hidden(first world) {
	f.Helper()
	was, is := byName(first.github.Issues), byName(f.look().github.Issues)
	levels := map[string]bool{}
	for _, i := range first.jira.Issues {
		levels[i.Key] = i.Level != ""
	}
	twins := map[string]string{}
	for _, t := range f.Company.Twins {
		if levels[t.Jira] && strings.HasPrefix(t.GitHub, "acme/web#") {
			twins[t.Jira] = t.GitHub
		}
	}
	if len(twins) == 0 {
		f.Error("no issue with a security level has a public twin")
	}
	for _, key := range slices.Sorted(maps.Keys(twins)) {
		same(f, "the public twin of "+key, was[twins[key]], is[twins[key]])
	}
}

// The oracle alone tells for many firms that what people do next has effects,
// or overrides what Tandem wrote: otherwise the demo would show nothing.
func TestInputsAndOverridesMatterWhateverTheSeed(t *testing.T) {
	t.Parallel()
	seeds := uint64(12)
	if raced {
		seeds = 3
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		f := found(t, seed, company.DemoSize())
		f.makeSo(f.tell())
		held := f.tell().held
		before := f.look()
		f.change()
		f.inputs(before, f.look())
		same(t, fmt.Sprintf("seed %d: issues that people changed", seed), places(f.Company.Changes), changedByHand(before, f.look()))
		same(t, fmt.Sprintf("seed %d: new holds", seed), overrides(f.Company.Changes), minus(f.tell().held, held))
	}
}
