package scheduler_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
)

// People, faults, lags and restarts in any order, for days. Whatever Tandem
// changes is its own: what stood there was its last write, a default that
// nobody chose, or what it wanted itself while a person's value stood there. In
// the end there is peace.
func TestS1WhateverHappensNoPersonsChangeIsEverOverwritten(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(monday()))
				w := hubbed()
				w.unjudged = seed > 0
				l := &life{firm: found(t, w), rng: rand.New(rand.NewPCG(seed, 7))}
				for range 60 {
					l.step()
				}
				l.peace()
				l.judge()
			})
		})
	}
}

// life is what happens to a firm.
type life struct {
	*firm

	rng *rand.Rand
}

// step lets one thing happen, then mostly a cycle.
func (l *life) step() {
	l.pass(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // the logs are as fine as that
	key := fmt.Sprintf("PAY-%d", 1+l.rng.IntN(3))
	twin := strings.Replace(key, "PAY-", "acme/pay#", 1)
	switch l.rng.IntN(10) {
	case 0, 1, 2:
		l.sets(key, []float64{90, 70, 40, 10}[l.rng.IntN(4)])
	case 3:
		name := []string{"Critical", "Major", "Minor", "Trivial"}[l.rng.IntN(4)]
		l.person(key, func(i *jirasim.Issue) { i.Priority = priorityID(name) })
	case 4:
		l.relabel(twin, append(slices.DeleteFunc(l.labels(twin), isPriority), fmt.Sprintf("priority/p%d", 1+l.rng.IntN(4)))...)
	case 5:
		l.jira.SetLag(time.Duration(l.rng.IntN(180)) * time.Second)
	case 6:
		l.breaks(l.fault())
	case 7:
		l.github.SetFault(l.fault())
	case 8:
		l.mended()
		l.github.SetFault(nil)
	default:
		l.restart()
	}
	l.pass(time.Second + time.Duration(l.rng.IntN(7200))*time.Second/time.Duration(1+l.rng.IntN(60)))
	if l.rng.IntN(4) > 0 {
		l.run()
	}
}

func isPriority(label string) bool { return strings.HasPrefix(label, "priority/p") }

// fault breaks some of the requests in one way.
func (l *life) fault() func(*http.Request) *sim.Fault {
	faults := []func() *sim.Fault{
		sim.LostAnswer, sim.Refused, status(http.StatusInternalServerError), status(http.StatusConflict),
		func() *sim.Fault { return sim.CutOff(50) }, func() *sim.Fault { return sim.HTMLPage(http.StatusOK) },
		func() *sim.Fault { return jirasim.RateLimited("jira-quota-tenant-based", 5*time.Minute, time.Now()) },
	}
	kind, share := faults[l.rng.IntN(len(faults))], 1+l.rng.IntN(3)
	n := 0
	return func(*http.Request) *sim.Fault {
		if n++; n%share != 0 {
			return nil
		}
		return kind()
	}
}

// peace ends all trouble and looks whether Tandem comes to rest.
func (l *life) peace() {
	l.mended()
	l.github.SetFault(nil)
	l.jira.SetLag(0)
	l.jira.Settle()
	for range 4 {
		l.pass(10 * time.Minute)
		l.run()
	}
	report := l.run()
	if report.Evaluated || report.Sent > 0 || len(report.Failures) > 0 || len(edits(report)) > 0 {
		l.Errorf("no peace: decided anew %v, sent %d, failures %v, left %v", report.Evaluated, report.Sent, report.Failures, edits(report))
	}
	if n := len(l.wrote()) + len(l.hubWrote()); n < 5 {
		l.Errorf("little happened: Tandem wrote %d values", n)
	}
}

// event is a change of a tier at one place: of an issue's wish, of its
// priority in Jira, or of a label in GitHub.
type event struct {
	at      time.Time
	issue   string
	place   string // wish, jira, label
	from    string
	to      string
	service bool
}

// events reads the logs of the stand-ins.
func (l *life) events() []event {
	var all []event
	for _, w := range l.jira.Writes().All() {
		for _, e := range w.Effects {
			switch e.Field {
			case "priority":
				all = append(all, event{w.At.Truncate(time.Second), e.Ref, "jira", tierNamed(priorityName(e.From)), tierNamed(priorityName(e.To)), w.Service})
			case "Value", valueField:
				all = append(all, event{w.At.Truncate(time.Second), e.Ref, "wish", tierOf(e.From), tierOf(e.To), false})
			}
		}
	}
	for _, w := range l.github.Writes().All() {
		for _, e := range w.Effects {
			if issue := strings.Replace(e.Ref, "acme/pay#", "PAY-", 1); issue != e.Ref && isPriority(e.From+e.To) {
				all = append(all, event{
					w.At.Truncate(time.Second), issue, "label " + e.From + e.To, strings.TrimPrefix(e.From, "priority/p"), strings.TrimPrefix(e.To, "priority/p"), w.Service,
				})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b event) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(rank(a.place), rank(b.place))) })
	return all
}

// rank puts wishes before values of the same moment.
func rank(place string) int {
	if place == "wish" {
		return 0
	}
	return 1
}

// judge follows the events. Free are the tiers that Tandem may take away from
// a place: what it wrote there last, and what people set there while it, or
// another person, wanted the same.
func (l *life) judge() {
	wish := map[string]string{"PAY-1": tierOf("1"), "PAY-2": tierOf("50"), "PAY-3": tierOf("99")}
	free, stands, persons := map[[2]string]map[string]bool{}, map[[2]string]string{}, map[[2]string]bool{}
	for issue := range wish { // the default, which nobody chose
		free[[2]string{issue, "jira"}] = map[string]bool{"2": true}
		stands[[2]string{issue, "jira"}] = "2"
	}
	wishes := 0
	for _, e := range l.events() {
		at := [2]string{e.issue, e.place}
		switch {
		case e.place == "wish":
			wishes++
			wish[e.issue] = e.to
		case e.service:
			if e.from != "" && !free[at][e.from] {
				l.Errorf("%s: Tandem changed %s at %s from %s to %q; a person had set it", e.at.Format(time.DateTime), e.issue, e.place, e.from, e.to)
			}
			stands[at], persons[at], free[at] = e.to, false, map[string]bool{e.to: true}
		default:
			stands[at], persons[at] = e.to, true
		}
		for place, tier := range stands { // what is as it should be belongs to Tandem from then on
			agreed := tier == wish[place[0]]
			for other, same := range stands {
				agreed = agreed || other != place && other[0] == place[0] && same == tier && persons[other]
			}
			if agreed && tier != "" {
				if free[place] == nil {
					free[place] = map[string]bool{}
				}
				free[place][tier] = true
			}
		}
	}
	if wishes < 5 {
		l.Errorf("the log shows %d changes of values", wishes)
	}
}

func tierOf(value string) string {
	var number float64
	_, _ = fmt.Sscan(value, &number)
	for i, least := range []float64{80, 60, 30} {
		if number >= least {
			return fmt.Sprint(i + 1)
		}
	}
	return "4"
}

func tierNamed(name string) string {
	return map[string]string{"Critical": "1", "Major": "2", "Minor": "3", "Trivial": "4"}[name]
}
