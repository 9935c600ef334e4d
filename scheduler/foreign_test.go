package scheduler_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/work"
	"tandem/scheduler"
)

// foreign are labels that are nobody's business but their team's, although two
// of them begin as Tandem's do, and three are hard to spell in an address.
func foreign() []string {
	return []string{"100%", "area/ui", "c#", "priority/needs-info", "roadmap/blocked"}
}

// withForeign are n twins, all with labels of the team.
func withForeign(n int) world {
	w := world{issues: issues("PAY", n), patch: roomy(), oneWriter: true}
	for k := range n {
		w.github = append(w.github, twin("acme/pay", k+1, fmt.Sprintf("PAY-%d", k+1), foreign()...))
	}
	// The transferred one keeps labels that the other repository has as well.
	w.github = append(w.github, twin("acme/web", 1, "no twin", append(foreign(), "priority/p1", "priority/p4", "roadmap/now")...))
	w.patch = append(w.patch, "write: observe", "write: auto")
	return w
}

// unharmed checks that an issue has all labels of its team, and returns the
// others.
func (f *firm) unharmed(key string) []string {
	f.Helper()
	all := f.labels(key)
	for _, label := range foreign() {
		if !slices.Contains(all, label) {
			f.Errorf("%s lost %s: %v", key, label, all)
		}
	}
	return slices.DeleteFunc(all, func(l string) bool { return slices.Contains(foreign(), l) })
}

func TestLabelsOfTeamsUnderAnOwnedPrefixSurviveEverything(t *testing.T) {
	story(t, withForeign(45), func(f *firm) {
		f.run()
		for round := range 3 { // swaps, by GraphQL: 45 issues at a time
			f.pass(time.Hour)
			value, label := []float64{90, 10}[round%2], []string{"priority/p1", "priority/p4"}[round%2]
			for n := range 45 {
				f.sets(fmt.Sprintf("PAY-%d", n+1), value)
			}
			f.run()
			for n := range 45 {
				same(f, "own labels", []string{label, "roadmap/now"}, f.unharmed(fmt.Sprintf("acme/pay#%d", n+1)))
			}
		}
		f.pass(time.Hour)
		f.sets("PAY-1", 10) // by REST: one issue
		f.run()
		same(f, "own labels", []string{"priority/p4", "roadmap/now"}, f.unharmed("acme/pay#1"))

		f.pass(time.Hour)
		key := transferred(f)
		same(f, "own labels", []string{"priority/p1", "roadmap/now"}, f.unharmed(key))

		f.withdraw(append(f.keys("acme/pay"), key))
		for _, key := range append(f.keys("acme/pay"), key) {
			same(f, "own labels after all was withdrawn", []string{}, f.unharmed(key))
		}
		f.clean()
	})
}

// keys are the issues of a repository.
func (f *firm) keys(repository string) []string {
	f.Helper()
	var all []string
	for _, i := range f.github.World().Issues {
		if i.Repository == repository {
			all = append(all, i.Key())
		}
	}
	return all
}

// withdraw takes off everything that is Tandem's, as somebody who gives it up
// would: every owned value of every axis, whether it stands there or not.
func (f *firm) withdraw(keys []string) {
	f.Helper()
	at := slices.IndexFunc(f.live, func(l scheduler.Live) bool { return l.Name == "github" })
	sink := f.live[at].Conn.Sink
	var edits []work.Edit
	for _, key := range keys {
		i, _ := f.github.Issue(key)
		for _, axis := range f.rules.Program().Axes("github") {
			for _, label := range axis.Owned() {
				edits = append(edits, work.Edit{
					ID: key + label, Key: key, Place: i.Repository, Verb: work.RemoveLabel, Value: work.NewFlag(false),
					Expect: work.NewFlag(slices.Contains(i.Labels, label)),
					Target: work.Target{RefID: work.RefID{Connector: "github", ID: fmt.Sprint(i.ID)}, Path: work.NativeLabels, Element: label},
				})
			}
		}
	}
	for _, batch := range sink.Batches(edits) {
		for n, r := range sink.Send(f.Context(), batch) {
			if r.State != work.Applied && r.State != work.Unchanged {
				f.Errorf("%s: %+v", batch[n].ID, r)
			}
		}
	}
}

// clean checks that Tandem wrote labels of its own only, and never a set.
func (f *firm) clean() {
	f.Helper()
	for _, line := range f.hubWrote() {
		for _, label := range foreign() {
			if strings.Contains(line, label) {
				f.Errorf("Tandem wrote %s", line)
			}
		}
	}
	for _, c := range f.github.Counts() {
		if c.Method == http.MethodPut || c.Method == http.MethodPatch {
			f.Errorf("labels were replaced as a set: %+v", c)
		}
	}
}

// GitHub lets an issue have a hundred labels. One that is full is set aside
// with its remedy, and its team's labels stay.
func TestTheHundredthLabelIsWrittenAndTheNextOneIsSetAside(t *testing.T) {
	w := hubbed()
	crowd := make([]string, 97)
	for n := range crowd {
		crowd[n] = fmt.Sprintf("crowd/%02d", n)
	}
	full := []string{"one/more", "two/more", "priority/needs-info"}
	w.github[0].Labels, w.github[1].Labels = crowd, append(slices.Clone(crowd), full...)
	story(t, w, func(f *firm) {
		f.run()
		same(f, "labels", 99, len(f.labels("acme/pay#1")))
		f.pass(time.Hour)
		f.sets("PAY-1", 90)
		f.run() // the new label is the hundredth until the old one goes
		same(f, "own labels", []string{"priority/p1", "roadmap/now"}, f.without("acme/pay#1", crowd))
		same(f, "labels of the full one", 100, len(f.labels("acme/pay#2")))
		same(f, "beside the crowd", []string{"one/more", "priority/needs-info", "two/more"}, f.without("acme/pay#2", crowd))
		same(f, "set aside", []string{"edit github:acme/pay#2", "edit github:acme/pay#2"}, f.letters())
		same(f, "the others", []string{"priority/asap", "priority/p1", "roadmap/now", "team"}, f.labels("acme/pay#3"))
	})
}

// without are the labels of an issue but for some.
func (f *firm) without(key string, others []string) []string {
	f.Helper()
	return slices.DeleteFunc(f.labels(key), func(l string) bool { return slices.Contains(others, l) })
}
