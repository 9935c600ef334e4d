package scheduler_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/inbox"
	"tandem/internal/sim/githubsim"
)

// priorityLabels are Tandem's definitions in acme/pay.
func (f *firm) priorityLabels() (names []string) {
	f.Helper()
	for _, l := range f.github.World().Repositories[0].Labels {
		if l.Description != "" {
			names = append(names, l.Name)
		}
	}
	slices.Sort(names)
	return names
}

// Somebody renames the label that Tandem keeps. No issue's time of change
// moves. Tandem goes on with it, says so, and makes no second one.
func TestARenamedLabelIsFollowedOverARestart(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		f.pass(16 * time.Minute)
		f.run() // the names are known now
		before := f.labels("acme/pay#1")
		same(f, "labels", []string{"bug", "priority/p4", "roadmap/now"}, before)
		made := len(f.priorityLabels())
		f.ok(f.github.EditLabel("acme/pay", "priority/p4", "ana-acme", func(l *githubsim.Label) { l.Name = "Later!" }))
		f.pass(16 * time.Minute)
		report := f.run()
		if len(report.Findings) != 1 || !strings.Contains(report.Findings[0].What, `"priority/p4" is called "Later!" now`) {
			f.Errorf("findings %+v", report.Findings)
		}
		same(f, "held", []string{}, slices.DeleteFunc(holds(report), func(h string) bool { return strings.HasPrefix(h, "acme/pay#3") }))
		f.restart()
		f.pass(time.Minute)
		f.sets("PAY-1", 98)
		f.run()
		same(f, "labels", []string{"bug", "priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		f.sets("PAY-1", 2)
		f.run()
		same(f, "labels", []string{"Later!", "bug", "roadmap/now"}, f.labels("acme/pay#1"))
		if names := f.priorityLabels(); len(names) > made || slices.Contains(names, "priority/p4") {
			f.Errorf("the definitions are %v", names)
		}
		f.pass(time.Minute)
		same(f, "left to do", []string{}, edits(f.run()))
	})
}

// Where GitHub tells of it, a label that was deleted is a reason to read the
// issues at once; each is held, and nothing is made anew.
func TestADeletedLabelIsAPersonsChangeOfEachIssue(t *testing.T) {
	w := hubbed()
	w.hooks, w.sees = true, true
	story(t, w, func(f *firm) {
		f.run()
		f.pass(16 * time.Minute)
		f.run()
		f.github.Deliveries()
		f.ok(f.github.DeleteLabel("acme/pay", "priority/p4", "ana-acme"))
		for _, d := range f.github.Deliveries() {
			r, err := d.Request(f.Context(), "https://hooks.acme.example"+inbox.Path("github"))
			f.ok(err)
			same(f, "answer", http.StatusOK, f.post(r))
		}
		f.pass(time.Minute)
		report := f.run()
		if got := holds(report); !slices.Contains(got, "acme/pay#1 priority changed_by_person") {
			f.Errorf("held %v", got)
		}
		if len(report.Findings) != 1 || !strings.Contains(report.Findings[0].What, `"priority/p4" was deleted`) {
			f.Errorf("findings %+v", report.Findings)
		}
		same(f, "labels", []string{"bug", "roadmap/now"}, f.labels("acme/pay#1"))
	})
}
