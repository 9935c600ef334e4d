package scheduler_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Everything that bears on a decision changes at random: records, the ledger,
// holds, releases, rejections, words of people, approvals, feedback, undos,
// rules, days, faults and restarts. Whatever is decided from changes alone is
// what deciding all gives. TANDEM_LIVES is how many lives are played, TANDEM_LIFE
// the first one.
func TestS16WhateverHappensDecidingWhatChangedEqualsDecidingAll(t *testing.T) {
	lives, first := numberOf(t, "TANDEM_LIVES", 3), numberOf(t, "TANDEM_LIFE", 0)
	for seed := range lives {
		seed += first
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(monday()))
				playDoubted(t, seed)
			})
		})
	}
}

// numberOf reads a number of the environment.
func numberOf(t *testing.T, name string, usual uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// doubtedWorld is one of several that differ in what rules use.
func doubtedWorld(seed uint64) world {
	w := world{
		issues: issues("PAY", 5), unjudged: true, oneWriter: true, patch: []string{
			"effort: 9,", "effort: " + []string{"9000", "5", "9"}[seed%3] + ",", "band: 0%\n  dwell: 0d", "band: 5%\n  dwell: " + strconv.FormatUint(seed%2, 10) + "d",
			"later: {}, dwell: 0d", "later: {}, dwell: " + strconv.FormatUint(seed%4, 10) + "d",
		},
		github: []githubsim.Issue{twin("acme/pay", 1, "PAY-1", "bug"), twin("acme/pay", 2, "PAY-2"), twin("acme/pay", 3, "PAY-3", "priority/asap", "team")},
	}
	switch seed % 5 {
	case 1:
		w.write = "propose"
	case 2:
		w.brake = "{edits: 6, share: 0%}"
	case 3:
		w.rows = map[string]string{"R-1": "PAY-4"}
	case 4:
		w.patch = append(w.patch, "tiers: {of: next", "order: [horizon, next]\n  tiers: {of: next")
	}
	return w
}

func playDoubted(t *testing.T, seed uint64) {
	t.Helper()
	l := &doubtedLife{life: life{rng: rand.New(rand.NewPCG(seed, 11))}, usual: seed%6 == 5}
	w := doubtedWorld(seed)
	if l.usual { // as in TestS1WhateverHappensNoPersonsChangeIsEverOverwritten
		w = hubbed()
		w.unjudged = true
	}
	l.firm = found(t, w)
	l.large, l.doubted, l.doubtEvery = 1, true, 5+int(seed%4)*20
	l.restart()
	for range 80 {
		l.happen()
		if t.Failed() {
			t.Fatal("the last steps were:\n" + strings.Join(l.story, "\n"))
		}
	}
	if l.decided < 5 {
		t.Errorf("only %d decisions were made from what changed", l.decided)
	}
}

// doubtedLife is a life in which people do more.
type doubtedLife struct {
	life

	usual bool
	story []string
	fed   int
}

func (l *doubtedLife) tell(format string, args ...any) {
	l.story = append(l.story, time.Now().Format("01-02 15:04:05 ")+fmt.Sprintf(format, args...))
}

// happen lets one thing happen, then mostly a cycle.
func (l *doubtedLife) happen() {
	if l.usual {
		l.step()
		return
	}
	key := fmt.Sprintf("PAY-%d", 1+l.rng.IntN(5))
	if _, there := l.jira.Issue(key); !there {
		key = "PAY-1"
	}
	deeds := []func(key string){
		l.releases, l.rejects, l.objects, l.ends, l.approves, l.hears, l.rewritesRules, l.aDay, l.creates, l.deletes, l.retitles, l.cutsIn, l.undoesRun, l.pauses, l.prunes,
	}
	n := l.rng.IntN(2 * len(deeds))
	if n >= len(deeds) {
		l.tell("a usual step")
		l.step()
		return
	}
	deeds[n](key)
	l.pass(time.Second + time.Duration(l.rng.IntN(7200))*time.Second/time.Duration(1+l.rng.IntN(60)))
	if l.rng.IntN(4) == 0 {
		l.tell("all is approved in the next cycle")
		l.runWith(everything)
	} else {
		l.run()
	}
}

func (l *doubtedLife) field() work.Field {
	return []work.Field{work.Priority, work.Horizon}[l.rng.IntN(2)]
}

// newest is the newest run; false where there is none.
func (l *doubtedLife) newest() (plan.Plan, bool) {
	run, ok, err := l.db.LastRun(l.Context())
	l.ok(err)
	return run.Plan, ok
}

func (l *doubtedLife) releases(key string) {
	r := plan.Release{Slot: plan.SlotRef{Ref: l.ref(key), Field: l.field()}}
	if p, ok := l.newest(); ok && len(p.Holds) > 0 && l.rng.IntN(4) > 0 {
		h := p.Holds[l.rng.IntN(len(p.Holds))]
		r = plan.ReleaseOf(&h)
	}
	l.tell("release %v", r)
	if err := l.db.Release(l.Context(), r, "ana"); err != nil {
		l.tell("not released: %v", err)
	}
}

func (l *doubtedLife) rejects(string) {
	p, ok := l.newest()
	if !ok || len(p.Edits) == 0 {
		return
	}
	e := p.Edits[l.rng.IntN(len(p.Edits))]
	for _, r := range plan.Reject(p.Edits, map[string]bool{e.ID: true}) {
		r.By, r.Because = "cy", "no"
		if l.rng.IntN(2) == 0 {
			r.Until = time.Now().Add(time.Duration(l.rng.IntN(72)) * time.Hour)
		}
		l.tell("reject %v", r.Slot)
		l.ok(l.db.Reject(l.Context(), r))
	}
}

func (l *doubtedLife) objects(key string) {
	said := []struct {
		kind  work.OverrideKind
		value string
	}{{work.Pin, "1"}, {work.Pin, "3"}, {work.MoveHorizon, "now"}, {work.MoveHorizon, "later"}, {work.SetPriority, "2"}, {work.Objection, ""}}[l.rng.IntN(6)]
	if p, ok := l.newest(); !ok || p.RulesHeld {
		return
	}
	snapshot, err := l.db.Snapshot(l.Context(), time.Now().UTC().Truncate(24*time.Hour))
	l.ok(err)
	for _, r := range snapshot.Records {
		if r.Key == key {
			l.tell("%s: %v %s", key, said.kind, said.value)
			l.says(key, said.kind, said.value)
			return
		}
	}
}

func (l *doubtedLife) ends(string) {
	open, _, err := l.db.Overrides(l.Context(), time.Now(), 0)
	l.ok(err)
	if len(open) > 0 {
		l.tell("end a word")
		_, err := l.db.EndOverrides(l.Context(), []int64{open[0].Number}, "ana", "over")
		l.ok(err)
	}
}

func (l *doubtedLife) approves(string) {
	if _, ok := l.newest(); ok {
		l.tell("approve")
		l.approve(l.rng.IntN(2) == 0)
	}
}

func (l *doubtedLife) hears(key string) {
	l.fed++
	account := fmt.Sprint("a", l.rng.IntN(3))
	f := work.Feedback{
		Ref: work.NewRef("hotjar", fmt.Sprint(1+l.rng.IntN(6)), ""), Kind: "request", Method: work.Survey, Text: "please", Account: account, Person: "p" + account,
		At: time.Now(), Audience: work.Internal, Version: time.Now(),
	}
	links := []evidence.Link{{Target: "jira:" + key, Cause: evidence.ByTag, Detail: "x"}}
	l.tell("feedback on %s", key)
	_, err := l.db.SavePage(l.Context(), "hotjar", "answers", connectors.Page{Feedback: []work.Feedback{f}}, [][]evidence.Link{links})
	l.ok(err)
}

func (l *doubtedLife) rewritesRules(string) {
	tiers := []string{goodTiers, "1: 85, 2: 55, 3: 30, 4: 0"}[l.rng.IntN(2)]
	l.tell("rules: %s", tiers)
	l.write("rules.yaml", strings.Replace(l.world.rules(l), goodTiers, tiers, 1))
	l.load()
	l.cycle = l.newCycle(&doubting{Store: l.db, firm: l.firm})
}

func (l *doubtedLife) aDay(string) {
	l.tell("a day passes")
	l.pass(time.Duration(20+l.rng.IntN(80)) * time.Hour)
}

func (l *doubtedLife) creates(string) {
	draft := issue("PAY-0", float64(l.rng.IntN(100)))
	draft.Key, draft.Created, draft.Updated = "", time.Time{}, time.Time{}
	key, err := l.jira.Create(jirasim.Ana, draft)
	l.tell("new %s: %v", key, err)
	l.ok(err)
}

func (l *doubtedLife) deletes(string) {
	if key := "PAY-5"; l.rng.IntN(3) == 0 {
		if _, there := l.jira.Issue(key); there {
			l.tell("delete %s", key)
			l.ok(l.jira.Delete(key, jirasim.Ana))
		}
	}
}

func (l *doubtedLife) retitles(key string) {
	l.tell("a twin of %s", key)
	l.ok(l.github.Edit("acme/pay#3", "ana-acme", func(i *githubsim.Issue) { i.Title = key + ": do it" }))
}

// cutsIn lets a person set a priority between look and write.
func (l *doubtedLife) cutsIn(string) {
	l.tell("a person cuts in at PAY-1")
	l.sets("PAY-1", []float64{90, 70, 40, 10}[l.rng.IntN(4)])
	l.between([]string{"Critical", "Major", "Minor", "Trivial"}[l.rng.IntN(4)])
}

func (l *doubtedLife) undoesRun(string) {
	run, ok, err := l.db.LastRun(l.Context())
	l.ok(err)
	if !ok || run.Plan.RulesHeld {
		return
	}
	l.tell("undo %d", run.Seq)
	report, err := l.cycle.Plan(l.Context())
	if l.ok(err); len(report.Failures) > 0 {
		return
	}
	errand, err := l.cycle.PlanUndo(l.Context(), max(1, run.Seq-l.rng.Int64N(3)), undo.Scope{}, "ana")
	if err != nil {
		l.tell("not undone: %v", err)
		return
	}
	_, err = l.cycle.Carry(l.Context(), errand, everything)
	l.ok(err)
}

func (l *doubtedLife) pauses(string) {
	l.tell("pause")
	l.ok(l.db.Pause(l.Context(), l.rng.IntN(3) == 0, "ana", "look"))
}

func (l *doubtedLife) prunes(string) {
	l.tell("prune")
	_, err := l.db.Prune(l.Context(), time.Now().Add(-time.Duration(l.rng.IntN(48))*time.Hour))
	l.ok(err)
}
