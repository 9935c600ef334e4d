package scheduler_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
	"tandem/scheduler"
)

const horizonField = 11

// carded are issues of Jira with twins in GitHub, of which the first two have
// cards on the board of the PM.
func carded() world {
	w := hubbed()
	for i := range w.github {
		w.github[i].ID = int64(7001 + i)
	}
	w.board = &githubsim.Project{
		Owner: "acme", Number: 7, Title: "Roadmap",
		Fields: []githubsim.ProjectField{{ID: horizonField, Name: "Horizon", Kind: githubsim.SelectField, Options: []githubsim.ProjectOption{
			{ID: "a", Name: "Now"}, {ID: "b", Name: "Next"}, {ID: "c", Name: "Later"},
		}}},
		Items: []githubsim.ProjectItem{{Issue: 7001}, {Issue: 7002}},
	}
	return w
}

// cards are the options that the cards of the board show.
func (f *firm) cards() []string {
	f.Helper()
	p, ok := f.github.Project("acme/7")
	if !ok {
		f.Fatal("the board is gone")
	}
	all := []string{}
	for _, i := range p.Items {
		option, _ := i.Values[horizonField].(string)
		all = append(all, option)
	}
	return all
}

// drags moves a card of the board by hand.
func (f *firm) drags(card int, option string) {
	f.Helper()
	if !f.github.EditProject("acme/7", "ana-acme", func(p *githubsim.Project) { p.Items[card].Values[horizonField] = option }) {
		f.Fatal("the board is gone")
	}
}

func TestS4CardsAreFilledOnceAndNobodysBoardGrows(t *testing.T) {
	story(t, carded(), func(f *firm) {
		f.run()
		same(f, "cards", []string{"a", "a"}, f.cards())
		f.pass(time.Minute)
		report := f.run()
		if same(f, "cards after", []string{"a", "a"}, f.cards()); report.Sent > 0 {
			f.Errorf("the next cycle sent %v", edits(report))
		}
	})
}

func TestS1ACardThatThePMDragsIsHeldAndTravelsToJira(t *testing.T) {
	story(t, carded(), func(f *firm) {
		f.run()
		f.pass(10 * time.Minute)
		f.drags(0, "c")
		report := f.run()
		same(f, "held", []string{"acme/pay#1 horizon changed_by_person"}, holds(report))
		same(f, "cards", []string{"c", "a"}, f.cards())
		same(f, "in Jira", []string{"roadmap/later"}, f.issue("PAY-1").Labels)
		for range 3 {
			f.pass(10 * time.Minute)
			if report := f.run(); report.Sent > 0 {
				f.Errorf("an idle cycle sent %d edits: %v", report.Sent, edits(report))
			}
		}
	})
}

// illiterate dies where it would store what was read by id.
type illiterate struct{ scheduler.Store }

func (illiterate) SaveRead(context.Context, []work.Ref, []work.Record) error { return errDead }

// A card that moves leaves the issue's version as it is: the issue is read by id
// before the card is believed. The process that saw the card dies before that, and
// the walk over the board has moved on.
func TestS5ACardThatMovedIsReadThoughTheProcessDiedBeforeItWasBelieved(t *testing.T) {
	story(t, carded(), func(f *firm) {
		f.run()
		f.pass(time.Hour)
		f.run()
		f.pass(time.Hour)
		f.drags(0, "c")
		f.pass(time.Hour)
		if _, err := f.newCycle(illiterate{f.db}).Run(f.Context(), scheduler.None); !errors.Is(err, errDead) {
			f.Fatalf("the process did not die: %v", err)
		}
		f.restart()
		f.pass(time.Hour)
		f.run()
		same(f, "cards", []string{"c", "a"}, f.cards())
		same(f, "in Jira", []string{"roadmap/later"}, f.issue("PAY-1").Labels)
	})
}
