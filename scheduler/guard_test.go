package scheduler_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// roomy gives each team room for everything at once, so that horizons stay.
func roomy() []string { return []string{"effort: 9,", "effort: 9000,"} }

func TestS12MoreEditsThanTheBrakeAllowsWaitForAPerson(t *testing.T) {
	story(t, world{issues: issues("PAY", 12), brake: "{edits: 10, share: 0%}"}, func(f *firm) {
		report := f.run()
		if n := report.Outcome.Plan.Count(plan.Braked); n <= 10 || n != len(report.Outcome.Plan.Edits) {
			f.Fatalf("%d of %d edits are braked", n, len(report.Outcome.Plan.Edits))
		}
		if b := report.Outcome.Plan.Brake; !strings.Contains(b, "the brake allows 10") || !strings.Contains(b, "tandem apply") {
			f.Errorf("the brake says %q", b)
		}
		f.restart()
		f.pass(48 * time.Hour) // waiting is no approval
		f.run()
		same(f, "written without a person", []string{}, f.wrote())

		seen := f.look()
		report = f.runWith(shown(seen))
		same(f, "written with a person", len(seen.Outcome.Plan.Edits), report.Applied())
		f.pass(time.Minute)
		report = f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		f.writtenOnce()
	})
}

// One edit an hour is few, and yet a day's worth of them is too many.
func TestS12TheBrakeCountsARollingDay(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), brake: "{edits: 10, share: 0%}", patch: roomy()}, func(f *firm) {
		f.run()
		begun := len(f.wrote()) // priorities and labels
		for n := range 21 {
			f.pass(time.Hour)
			f.sets("PAY-1", []float64{90, 10}[n%2])
			f.run()
		}
		same(f, "written in 21 hours", 10, len(f.wrote()))
		if begun >= 10 || begun < 5 {
			f.Fatalf("the first cycle wrote %d values", begun)
		}
		report := f.look()
		same(f, "waiting", []string{"brake"}, gates(report))

		f.runWith(shown(report)) // a person lets one through
		same(f, "written with a person", 11, len(f.wrote()))
		f.sets("PAY-1", 10)
		f.run()
		same(f, "written right after", 11, len(f.wrote()))

		f.pass(6 * time.Hour) // the first cycle is more than a day ago, the hours after it are not
		f.run()
		same(f, "written when there is room again", 12, len(f.wrote()))
	})
}

// Ten times 99 edits trip a brake of 100 too, whether one process makes them or
// ten: what counts is the journal. What then waits is neither sent nor lost.
func TestS12TenTimes99EditsTripTheBrakeAcrossRestarts(t *testing.T) {
	w := world{issues: issues("PAY", 99), brake: "{edits: 100, share: 0%}", patch: append(roomy(), "from: roadmap", "from: roadmap\n    write: observe")}
	for i := range w.issues {
		w.issues[i].Custom[valueField] = 50.0
	}
	w.patch = append(w.patch, "1: 80, 2: 60, 3: 30, 4: 0", "1: 80, 2: 70, 3: 30, 4: 0")
	story(t, w, func(f *firm) {
		f.run()
		same(f, "the first 99", 99, len(f.wrote()))
		f.run()
		for n := range 9 {
			f.pass(time.Hour)
			f.restart()
			for _, i := range w.issues {
				f.sets(i.Key, []float64{90, 10}[n%2])
			}
			f.pass(time.Minute)
			report := f.run()
			same(f, "braked", 99, report.Outcome.Plan.Count(plan.Braked))
			if b := report.Outcome.Plan.Brake; !strings.Contains(b, "99 edits wanted and 99 sent in the last 24 hours; the brake allows 100") {
				f.Errorf("the brake says %q", b)
			}
		}
		same(f, "within the day", 99, len(f.wrote()))

		f.pass(14*time.Hour + 50*time.Minute) // 23 hours and 59 minutes after the first
		f.run()
		same(f, "a minute before the day is over", 99, len(f.wrote()))
		f.pass(2 * time.Minute)
		f.restart()
		f.run()
		same(f, "when it is over", 198, len(f.wrote()))
	})
}

// What a person lets through counts too: the daemon then waits all the same.
func TestS12ApprovedEditsCountForTheBrake(t *testing.T) {
	w := world{issues: issues("PAY", 16), brake: "{edits: 10, share: 0%}", patch: append(roomy(), "from: roadmap", "from: roadmap\n    write: observe")}
	story(t, w, func(f *firm) {
		f.runWith(everything)
		n := len(f.wrote())
		if n <= 10 {
			f.Fatalf("%d edits are too few", n)
		}
		f.pass(time.Hour)
		f.restart()
		f.sets("PAY-1", 90)
		report := f.run()
		same(f, "one more", []string{"brake"}, only(gates(report), "brake"))
		same(f, "written", n, len(f.wrote()))
	})
}

// gates returns the gate of each planned edit.
func gates(r scheduler.Report) []string {
	all := []string{}
	for _, e := range r.Outcome.Plan.Edits {
		all = append(all, string(e.Gate))
	}
	return all
}

func TestS12AShareOfTheItemsBrakesToo(t *testing.T) {
	story(t, world{issues: issues("PAY", 40), brake: "{edits: 1000, share: 10%}"}, func(f *firm) {
		report := f.run()
		if b := report.Outcome.Plan.Brake; !strings.Contains(b, "the brake allows 20") { // the least for small backlogs
			f.Errorf("the brake says %q", b)
		}
		same(f, "written", []string{}, f.wrote())
	})
}

// One team is adopted, two are looked at: nothing that they own changes,
// whatever a person approves and whatever happens there.
func TestOneTeamOnAutoAndTwoOnObserve(t *testing.T) {
	w := world{issues: slices.Concat(issues("PAY", 6), issues("WEB", 6), issues("OPS", 6)), rows: map[string]string{"R-1": "PAY-6", "R-2": "WEB-6"}}
	story(t, w, func(f *firm) {
		for n := range 6 {
			f.pass(time.Hour)
			f.sets("PAY-1", []float64{90, 10}[n%2])
			f.sets("WEB-1", []float64{90, 10}[n%2])
			f.person("OPS-2", func(i *jirasim.Issue) { i.Priority = priorityID([]string{"P1", "P2"}[n%2]) })
			report := f.runWith(everything)
			for _, e := range report.Outcome.Plan.Edits {
				if observed := e.Gate == plan.Observed; observed == (e.Team == "pay") {
					f.Errorf("%s of team %q is %s", e.Key, e.Team, e.Gate)
				}
			}
		}
		f.restart()
		f.runWith(everything)
		written := map[string]int{}
		for _, line := range f.wrote() {
			project, _, _ := strings.Cut(line, "-")
			written[project]++
		}
		if len(written) != 1 || written["PAY"] < 10 {
			f.Errorf("values written by project: %v", written)
		}
	})
}

func TestOnProposeEverythingWaitsForApproval(t *testing.T) {
	w := pair()
	w.write = "propose"
	story(t, w, func(f *firm) {
		for range 3 {
			report := f.run()
			same(f, "waiting", []string{"needs_approval", "needs_approval", "needs_approval"}, gates(report))
			f.pass(time.Hour)
		}
		same(f, "written without approval", []string{}, f.wrote())
		same(f, "the twin without approval", "", f.planned("R-1"))
		f.runWith(shown(f.look()))
		same(f, "with approval", []string{"Critical", "1"}, []string{f.priority("PAY-1"), f.planned("R-1")})
	})
}

// What a person approves is what that person saw: an edit that differs from it
// by the time it would be sent waits for another look.
func TestAnApprovalCoversOnlyWhatWasSeen(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), write: "propose", patch: roomy()}, func(f *firm) {
		approve := shown(f.look())
		f.pass(time.Minute)
		f.sets("PAY-1", 90) // was 4, is 1
		f.person("PAY-2", func(i *jirasim.Issue) { i.Priority = priorityID("Critical") })
		report := f.runWith(approve)
		same(f, "not seen before", []string{"PAY-1 priority Major→Critical needs_approval"}, slices.DeleteFunc(edits(report), func(s string) bool {
			return !strings.HasPrefix(s, "PAY-1 priority")
		}))
		same(f, "priorities", []string{"Major", "Critical", "Critical"}, []string{f.priority("PAY-1"), f.priority("PAY-2"), f.priority("PAY-3")})
		same(f, "labels", 3, len(f.issue("PAY-1").Labels)+len(f.issue("PAY-2").Labels)+len(f.issue("PAY-3").Labels))
		same(f, "held", []string{"PAY-2 priority predates_tandem"}, holds(report))
	})
}

// The strictest of the modes counts: a field on observe stays as it is.
func TestAFieldOnObserveIsShownAndNeverWritten(t *testing.T) {
	w := world{issues: issues("PAY", 3)}
	w.patch = []string{"from: roadmap", "from: roadmap\n    write: observe"}
	story(t, w, func(f *firm) {
		report := f.runWith(everything)
		for _, e := range report.Outcome.Plan.Edits {
			if e.Field == work.Horizon && e.Gate != plan.Observed {
				f.Errorf("the label of %s is %s", e.Key, e.Gate)
			}
		}
		for _, line := range f.wrote() {
			if strings.Contains(line, "labels") {
				f.Errorf("Tandem wrote %s", line)
			}
		}
		same(f, "priority", "Critical", f.priority("PAY-3"))
	})
}

// A service's first contact goes slowly where the rules say so.
func TestFirstContactGoesAtTheRampsPace(t *testing.T) {
	w := world{issues: issues("PAY", 10)}
	w.patch = append(roomy(), "route:", "adopt: {ramp: {edits: 3, per: day}}\nroute:")
	story(t, w, func(f *firm) {
		for days, want := range []int{3, 6, 9, 10} {
			for range 4 {
				f.run()
				f.pass(time.Hour)
			}
			touched := map[string]bool{}
			for _, line := range f.wrote() {
				key, _, _ := strings.Cut(line, " ")
				touched[key] = true
			}
			if len(touched) != want {
				f.Errorf("%d issues were touched by day %d, not %d", len(touched), days+1, want)
			}
			f.pass(21 * time.Hour)
		}
	})
}
