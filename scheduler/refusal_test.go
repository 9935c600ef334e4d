package scheduler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// path is how requests name an issue.
func (f *firm) path(key string) string { return fmt.Sprintf("/issue/%d", f.issue(key).ID) }

// refusesPriority is Jira's answer where a workflow forbids a priority.
func refusesPriority() *sim.Fault {
	return &sim.Fault{
		Name: "refused field", Status: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}},
		Body: `{"errorMessages":[],"errors":{"priority":"Field 'priority' cannot be set. It is not on the appropriate screen, or unknown."}}`,
	}
}

func TestS15OneRefusedEditIsSetAsideAloneAndLaterEditsOfTheItemWait(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), rows: map[string]string{"R-1": "PAY-3"}}, func(f *firm) {
		tries := 0
		f.breaks(func(r *http.Request) *sim.Fault {
			if r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, f.path("PAY-3")) {
				return nil
			}
			if tries++; tries == 1 {
				return refusesPriority()
			}
			return nil
		})
		report := f.run()
		same(f, "set aside", []string{"edit jira:PAY-3"}, f.letters())
		same(f, "refused", 1, report.Failed())
		if d := report.Refused[0].Result.Detail; !strings.Contains(d, "not on the appropriate screen") {
			f.Errorf("the cause is told as %q", d)
		}
		same(f, "priorities", []string{"Trivial", "Minor", "Major"}, []string{f.priority("PAY-1"), f.priority("PAY-2"), f.priority("PAY-3")})
		same(f, "its label", []string{"roadmap/now"}, f.issue("PAY-3").Labels)
		same(f, "its twin", "1", f.planned("R-1"))

		f.pass(time.Minute)
		f.sets("PAY-3", 40) // it would be 3 by now, in both places
		f.sets("PAY-1", 90)
		report = f.run()
		same(f, "held", []string{"PAY-3 priority dead_letter", "R-1 priority dead_letter"}, holds(report))
		same(f, "its twin", "1", f.planned("R-1"))
		same(f, "another issue", "Critical", f.priority("PAY-1"))

		f.release("PAY-3")
		f.run()
		same(f, "set aside after the release", []string{}, f.letters())
		same(f, "both places after the release", []string{"Minor", "3"}, []string{f.priority("PAY-3"), f.planned("R-1")})
		f.pass(time.Minute)
		report = f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
	})
}

func TestS15WhatJiraRefusesIsNotSentAgainUntilItIsReleased(t *testing.T) {
	story(t, world{issues: issues("PAY", 2)}, func(f *firm) {
		refused := 0
		f.breaks(at("PUT", f.path("PAY-2"), func() *sim.Fault { refused++; return refusesPriority() }))
		f.run()
		first := refused
		for range 3 {
			f.pass(time.Minute)
			f.run()
		}
		if refused != first || first == 0 {
			f.Errorf("a refused edit was sent %d times, and %d times later", first, refused-first)
		}
		same(f, "the other issue", "Trivial", f.priority("PAY-1"))
		f.mended()
		f.release("PAY-2")
		f.run()
		same(f, "after the release", "Critical", f.priority("PAY-2"))
	})
}

// Jira fails at one issue each time; nobody knows whether the change was made.
func TestAFailureAtOneIssueStopsNoOther(t *testing.T) {
	story(t, world{issues: issues("PAY", 20), rows: map[string]string{"R-1": "PAY-20"}}, func(f *firm) {
		f.breaks(at("PUT", f.path("PAY-10"), status(http.StatusInternalServerError)))
		report := f.run()
		same(f, "of unknown fate", 2, report.Results[work.Uncertain]) // priority and label
		for n := range 20 {
			key := fmt.Sprintf("PAY-%d", n+1)
			if labelled := len(f.issue(key).Labels) > 0; labelled == (key == "PAY-10") {
				f.Errorf("%s has a label: %v", key, labelled)
			}
		}
		f.mended()
		f.pass(time.Minute)
		f.run()
		same(f, "once Jira is well again", 1, len(f.issue("PAY-10").Labels))
		f.writtenOnce()
	})
}

// A person changes the value after it was read and before it is written.
func TestAChangeBetweenPlanAndWriteIsAConflictAndStays(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		f.before("POST", "/rest/api/2/issue/bulkfetch", func() { // the look right before the writes
			f.person("PAY-3", func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") })
		})
		report := f.run()
		same(f, "conflicts", 1, report.Results[work.Conflict])
		same(f, "the person's priority", "Trivial", f.priority("PAY-3"))
		same(f, "its label", []string{"roadmap/now"}, f.issue("PAY-3").Labels)
		f.pass(time.Minute)
		report = f.run()
		same(f, "held", []string{"PAY-3 priority predates_tandem"}, holds(report))
		same(f, "left to do", []string{}, edits(report))
		same(f, "set aside", []string{}, f.letters())
		same(f, "the person's priority", "Trivial", f.priority("PAY-3"))
	})
}

func TestAnAnswer409IsAConflictAndPlannedAgain(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		f.breaks(at("PUT", f.path("PAY-3"), status(http.StatusConflict)))
		report := f.run()
		same(f, "conflicts", 2, report.Results[work.Conflict])
		same(f, "set aside", []string{}, f.letters())
		same(f, "the others", []string{"Trivial", "Minor"}, []string{f.priority("PAY-1"), f.priority("PAY-2")})
		f.mended()
		f.pass(time.Minute)
		f.run()
		same(f, "later", "Critical", f.priority("PAY-3"))
		f.writtenOnce()
	})
}

func TestS10AShortPauseThatJiraAsksForIsKeptAndTheEditArrives(t *testing.T) {
	story(t, world{issues: issues("PAY", 1)}, func(f *firm) {
		var asked time.Time
		f.breaks(at("PUT", "/issue/", func() *sim.Fault {
			switch {
			case asked.IsZero():
				asked = time.Now()
				return jirasim.RateLimited("jira-burst-based", 4*time.Second, asked)
			case time.Since(asked) < 4*time.Second:
				f.Errorf("asked again after %s", time.Since(asked))
			}
			return nil
		}))
		report := f.run()
		same(f, "arrived", report.Sent, report.Applied())
		same(f, "priority", "Trivial", f.priority("PAY-1"))
	})
}

// Jira wants no call for ten minutes. The cycle ends, and those that come
// before the time is up leave Jira alone.
func TestS10ALongPauseThatJiraAsksForIsKeptByLaterCycles(t *testing.T) {
	story(t, world{issues: issues("PAY", 40), rows: map[string]string{"R-1": "PAY-40"}}, func(f *firm) {
		var until time.Time
		var early []string
		puts := 0
		f.breaks(func(r *http.Request) *sim.Fault {
			write := r.Method == http.MethodPut
			if write {
				puts++
			}
			switch {
			case until.IsZero() && write:
				until = time.Now().Add(10 * time.Minute)
			case until.IsZero() || !time.Now().Before(until):
				return nil
			}
			if write && puts > 4 { // as many as were on their way already
				early = append(early, fmt.Sprintf("%s %s", time.Now().Format(time.TimeOnly), r.URL.Path))
			}
			return jirasim.RateLimited("jira-quota-tenant-based", time.Until(until), time.Now())
		})
		report := f.run()
		same(f, "sent", 0, report.Results[work.Applied]-1) // the file's
		for range 12 {
			f.pass(time.Minute)
			f.run()
		}
		if len(early) > 0 {
			f.Errorf("Jira was written to before the pause was over: %d times, first %v", len(early), early[:min(len(early), 5)])
		}
		same(f, "in the end", []string{"Trivial", "Critical"}, []string{f.priority("PAY-1"), f.priority("PAY-40")})
		same(f, "set aside", []string{}, f.letters())
		f.writtenOnce()
	})
}

// The limit of one issue stops no other issue.
func TestS10ALimitOfOneIssueStopsNoOther(t *testing.T) {
	story(t, world{issues: issues("PAY", 12)}, func(f *firm) {
		until := time.Now().Add(5 * time.Minute)
		early := 0
		f.breaks(at("PUT", f.path("PAY-6"), func() *sim.Fault {
			if early++; time.Now().Before(until) {
				return jirasim.RateLimited("jira-per-issue-on-write", time.Until(until), time.Now())
			}
			return nil
		}))
		f.run()
		var bare []string
		for n := range 12 {
			if key := fmt.Sprintf("PAY-%d", n+1); len(f.issue(key).Labels) == 0 {
				bare = append(bare, key)
			}
		}
		same(f, "not written yet", []string{"PAY-6"}, bare)
		for range 4 {
			f.pass(time.Minute)
			f.run()
		}
		same(f, "tries before the time was up", 1, early)
		f.pass(2 * time.Minute)
		f.run()
		same(f, "labels in the end", 1, len(f.issue("PAY-6").Labels))
	})
}

// GitHub takes labels of many issues in one request, and each comment in one of
// its own: they share a request and are refused alone.
func TestS15ARefusedCommentStopsNoIssueWhoseLabelsWentInTheSameRequest(t *testing.T) {
	w := hubbed()
	w.patch = append(w.patch, "fields:\n", "fields:\n  explanation: {owner: tandem, github: {field: comment}}\n")
	story(t, w, func(f *firm) {
		f.github.SetFault(at("POST", "/repos/acme/pay/issues/3/comments", status(http.StatusBadRequest)))
		report := f.run()
		same(f, "refused", 1, report.Failed())
		same(f, "waiting behind it", 0, report.Left)
		for n, comments := range []int{1, 1, 0} {
			key := fmt.Sprintf("acme/pay#%d", n+1)
			issue, _ := f.github.Issue(key)
			same(f, "comments at "+key, comments, len(issue.Comments))
		}
	})
}

// What follows at an issue that a person deleted waits behind the first edit that
// finds it gone, and is planned no more once that is read.
func TestS15WhatIsWrittenToADeletedIssueStopsNoOther(t *testing.T) {
	w := hubbed()
	w.patch = append(w.patch, "fields:\n", "fields:\n  explanation: {owner: tandem, github: {field: comment}}\n")
	story(t, w, func(f *firm) {
		f.run()
		f.ok(f.github.Delete("acme/pay#2", "ana-acme"))
		for n := range 3 {
			f.sets(fmt.Sprintf("PAY-%d", n+1), 85-10*float64(n))
		}
		f.pass(time.Minute)
		report := f.run()
		var met []string
		for _, r := range report.Refused {
			met = append(met, r.Edit.Key+" "+r.Edit.Field.String()+" "+string(r.Result.State))
		}
		same(f, "met", []string{"acme/pay#2 priority conflict", "acme/pay#2 priority conflict"}, met)
		same(f, "waiting behind it", 1, report.Left)
		for _, key := range []string{"acme/pay#1", "acme/pay#3"} {
			issue, _ := f.github.Issue(key)
			same(f, "when the comment was written at "+key, time.Now(), issue.Comments[0].Updated)
		}
		report = f.run()
		same(f, "sent and waiting once it was read", []int{0, 0}, []int{report.Sent, report.Left})
	})
}
