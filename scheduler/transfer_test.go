package scheduler_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/inbox"
	"tandem/internal/plan/undo"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// transferred moves an issue of GitHub to acme/web and makes sure that Tandem
// knows it again: same item, same ledger, nothing written twice.
func transferred(f *firm) string {
	f.Helper()
	before, ok := f.look().Outcome.FindKey("github:acme/pay#3")
	if !ok {
		f.Fatal("the twin is not there")
	}
	id := before.Item.ID
	f.pass(time.Minute)
	key, err := f.github.Transfer("acme/pay#3", "ana-acme", "acme/web")
	f.ok(err)
	f.pass(time.Minute)
	report := f.run()
	after, ok := report.Outcome.FindKey("github:" + key)
	if !ok || after.Item.ID != id || len(after.Item.Parts) != 2 {
		f.Fatalf("after the transfer: %v, %+v, want item %s with two records", ok, after, id)
	}
	if _, ghost := report.Outcome.FindKey("github:acme/pay#3"); ghost {
		f.Error("the old issue is there as well")
	}
	return key
}

// bothOpen lets Tandem write in acme/web too, where the labels exist.
func bothOpen() world {
	w := hubbed()
	w.patch = append(w.patch, "write: observe", "write: auto")
	w.github = append(w.github, twin("acme/web", 1, "no twin", "priority/p1", "roadmap/now", "team", "priority/asap"))
	return w
}

// heldAtTwins are the holds, but for those of the issue that has no twin and
// only lends its labels to the repository.
func heldAtTwins(report scheduler.Report) []string {
	return slices.DeleteFunc(holds(report), func(h string) bool { return strings.HasPrefix(h, "acme/web#1 ") })
}

func TestATransferredIssueKeepsItsHistoryAndItsTwin(t *testing.T) {
	story(t, bothOpen(), func(f *firm) {
		f.run()
		same(f, "labels", []string{"priority/asap", "priority/p1", "roadmap/now", "team"}, f.labels("acme/pay#3"))
		wrote := len(f.hubWrote())
		key := transferred(f)
		same(f, "twins", 3, f.look().Outcome.Twins)
		same(f, "held", []string{}, heldAtTwins(f.look()))
		same(f, "written since", wrote, len(f.hubWrote()))
		// What Tandem wrote before the transfer is its own after it.
		f.pass(time.Minute)
		f.sets("PAY-3", 10)
		f.run()
		same(f, "labels", []string{"priority/asap", "priority/p4", "roadmap/now", "team"}, f.labels(key))
	})
}

func TestS1APersonsLabelBeforeATransferIsHeldAfterIt(t *testing.T) {
	story(t, bothOpen(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.relabel("acme/pay#3", "priority/p2", "roadmap/now", "team")
		same(f, "held", []string{"acme/pay#3 priority changed_by_person"}, heldAtTwins(f.run()))
		f.ok(f.github.Edit("acme/web#1", "ana-acme", func(i *githubsim.Issue) { i.Labels = append(i.Labels, "priority/p2") }))
		key := transferred(f)
		same(f, "held", []string{key + " priority changed_by_person"}, heldAtTwins(f.look()))
		same(f, "labels", []string{"priority/p2", "roadmap/now", "team"}, f.labels(key))
		same(f, "in Jira", "Major", f.priority("PAY-3"))
	})
}

// What somebody put back before a transfer is respected after it, even where rules
// overrule people.
func TestS14WhatWasUndoneBeforeATransferStaysUndoneAfterIt(t *testing.T) {
	w := bothOpen()
	w.patch = append(w.patch, "from: tiers\n    jira:", "from: tiers\n    respect: overrule\n    jira:")
	story(t, w, func(f *firm) {
		run := f.run()
		f.pass(time.Minute)
		f.undoes(run.Outcome.Number, undo.Scope{})
		same(f, "before", []string{"priority/asap", "team"}, f.labels("acme/pay#3"))
		key := transferred(f)
		f.pass(time.Minute)
		again := f.run()
		same(f, "after", []string{"priority/asap", "team"}, f.labels(key))
		i := slices.IndexFunc(again.Outcome.Plan.Holds, func(h work.Hold) bool { return h.Key == key && h.Field == work.Priority })
		if i < 0 || again.Outcome.Plan.Holds[i].By != "ana" || !strings.HasPrefix(again.Outcome.Plan.Holds[i].Detail, "undone on 2026-11-23") {
			f.Errorf("holds %+v", again.Outcome.Plan.Holds)
		}
	})
}

// However Tandem comes to read the issue at its new place, it knows it again before
// it writes there.
func TestS14ATransferredIssueIsKnownAgainHoweverItIsReadFirst(t *testing.T) {
	for name, reads := range map[string]func(f *firm, key string){
		"by a plan": func(f *firm, _ string) { f.look() },
		"while it cannot be asked by id": func(f *firm, _ string) {
			f.silent()
			f.look()
		},
		"by a process that ends before it asks": func(f *firm, _ string) {
			f.silent()
			f.look()
			f.restart()
		},
		"because it was announced, and not that the old one went": func(f *firm, key string) {
			f.opened(key)
			report, err := f.cycle.Follow(f.Context())
			f.ok(err)
			same(f, "read because announced", 1, report.Hinted)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := bothOpen()
			w.hooks = true
			story(t, w, func(f *firm) {
				run := f.run()
				f.pass(time.Minute)
				f.undoes(run.Outcome.Number, undo.Scope{})
				id, _ := f.known("acme/pay#3")
				f.github.Deliveries()
				f.pass(time.Minute)
				key, err := f.github.Transfer("acme/pay#3", "ana-acme", "acme/web")
				f.ok(err)
				reads(f, key)
				f.github.SetFault(nil)
				f.pass(time.Minute)
				f.run()
				same(f, "labels", []string{"priority/asap", "team"}, f.labels(key))
				if is, there := f.known(key); !there || is != id {
					f.Errorf("%s is item %s, want %s", key, is, id)
				}
			})
		})
	}
}

// silent lets GitHub answer no question for records by id, but list what it has.
func (f *firm) silent() {
	f.github.SetFault(func(r *http.Request) *sim.Fault {
		if r.Method == http.MethodPost && r.URL.Path == "/graphql" {
			return status(http.StatusBadGateway)()
		}
		return nil
	})
}

// opened delivers that an issue is new, and nothing else that was announced.
func (f *firm) opened(key string) {
	f.Helper()
	for _, d := range f.github.Deliveries() {
		if d.Action != "opened" || d.Key != key {
			continue
		}
		r, err := d.Request(f.Context(), "https://hooks.acme.example"+inbox.Path("github"))
		f.ok(err)
		same(f, "answer", http.StatusOK, f.post(r))
	}
}

// known is the item that a key in GitHub belongs to by the last plan.
func (f *firm) known(key string) (work.ItemID, bool) {
	f.Helper()
	d, ok := f.look().Outcome.FindKey("github:" + key)
	if !ok {
		return "", false
	}
	return d.Item.ID, true
}

// GitHub leaves labels behind that the new repository does not have. That is
// no wish of a person: they are put back.
func TestLabelsThatATransferLeftBehindComeAgain(t *testing.T) {
	w := bothOpen()
	w.github[len(w.github)-1].Labels = nil
	story(t, w, func(f *firm) {
		f.run()
		key := transferred(f)
		f.pass(time.Minute)
		same(f, "held", []string{}, holds(f.run()))
		same(f, "labels", []string{"priority/p1", "roadmap/now"}, f.labels(key))
		same(f, "in Jira", "Critical", f.priority("PAY-3"))
	})
}

// Somebody chose another label at the new place before Tandem read it there. That
// one was no value from before Tandem, which the rules would let it replace.
func TestS1WhatAPersonChoseRightAfterATransferIsHeld(t *testing.T) {
	w := bothOpen()
	w.patch = append(w.patch, "\nfields:", "\nadopt: {set_by_person: replace}\nfields:")
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		key, err := f.github.Transfer("acme/pay#3", "ana-acme", "acme/web")
		f.ok(err)
		f.relabel(key, "priority/p3")
		f.pass(time.Minute)
		same(f, "held", []string{key + " priority changed_by_person"}, heldAtTwins(f.run()))
		same(f, "labels", []string{"priority/p3", "roadmap/now"}, f.labels(key))
	})
}

// Where the title changed as well, a census finds where it went.
func TestACensusFindsWhereATransferredIssueWent(t *testing.T) {
	story(t, bothOpen(), func(f *firm) {
		report := f.run()
		item, _ := report.Outcome.FindKey("github:acme/pay#3")
		id := item.Item.ID
		f.pass(time.Minute)
		key, err := f.github.Transfer("acme/pay#3", "ana-acme", "acme/web")
		f.ok(err)
		f.ok(f.github.Edit(key, "ana-acme", func(i *githubsim.Issue) { i.Title = "PAY-3: do it soon" }))
		var found []scheduler.Census
		stop := f.looping()
		f.pass(61 * time.Minute)
		for _, r := range stop() {
			if c, ok := r.Census["github"]; ok {
				found = append(found, c)
			}
		}
		if len(found) != 1 || found[0].Moved != 1 || found[0].Gone != 0 || found[0].Failure != "" {
			f.Errorf("census %+v", found)
		}
		after, ok := f.look().Outcome.FindKey("github:" + key)
		if !ok || after.Item.ID != id {
			f.Errorf("after the census %v, item %+v, want %s", ok, after, id)
		}
		same(f, "held", []string{}, heldAtTwins(f.look()))
	})
}

// The transfer comes between the read and the write: the write meets another
// issue at the address, and goes to the new one a cycle later.
func TestAWriteToAnIssueThatWasJustTransferredIsMadeAtItsNewPlace(t *testing.T) {
	story(t, bothOpen(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.sets("PAY-3", 10)
		key := ""
		f.github.SetFault(func(r *http.Request) *sim.Fault {
			if key == "" && r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/acme/pay/issues/3") {
				var err error
				key, err = f.github.Transfer("acme/pay#3", "ana-acme", "acme/web")
				f.ok(err)
			}
			return nil
		})
		report := f.run()
		if key == "" || len(report.Refused) == 0 || report.Results[work.Rejected] > 0 {
			f.Fatalf("transferred to %q, refused %+v", key, report.Refused)
		}
		f.github.SetFault(nil)
		f.pass(time.Minute)
		f.run()
		same(f, "labels", []string{"priority/asap", "priority/p4", "roadmap/now", "team"}, f.labels(key))
		same(f, "set aside", []string{}, f.letters())
	})
}

// What GitHub announces comes twice and in the wrong order, and no poll helps.
func TestAnAnnouncedTransferIsFollowedWithoutAPoll(t *testing.T) {
	w := bothOpen()
	w.hooks = true
	story(t, w, func(f *firm) {
		f.paced("github", time.Hour)
		before, _ := f.run().Outcome.FindKey("github:acme/pay#3")
		id := before.Item.ID
		wrote := len(f.hubWrote())
		f.github.Deliveries()
		f.pass(time.Second)
		stop := f.looping()
		f.pass(5 * time.Second) // a process that starts anew reads everything once
		key, err := f.github.Transfer("acme/pay#3", "ana-acme", "acme/web")
		f.ok(err)
		list := f.github.Deliveries()
		slices.Reverse(list)
		for _, d := range slices.Concat(list, list) {
			r, err := d.Request(f.Context(), "https://hooks.acme.example"+inbox.Path("github"))
			f.ok(err)
			same(f, "answer", http.StatusOK, f.post(r))
		}
		f.pass(2 * time.Second)
		stop()
		report := f.look()
		after, ok := report.Outcome.FindKey("github:" + key)
		if !ok || after.Item.ID != id || len(after.Item.Parts) != 2 {
			f.Errorf("%s: %v, %+v", key, ok, after)
		}
		same(f, "held", []string{}, heldAtTwins(report))
		same(f, "written since", wrote, len(f.hubWrote()))
	})
}
