package github_test

import (
	"testing"
	"time"

	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// What time it is on our machine says nothing of the times that GitHub gives
// its cards.
func TestACardThatMovedIsSeenThoughOurClockIsAhead(t *testing.T) {
	t.Parallel()
	theirs := time.Now().Add(-24 * time.Minute)
	site := boarded(t, 2, githubsim.Options{Now: func() time.Time { return theirs }}, nil)
	c := openBoard(t, site, boardSettings, "Horizon")
	_, cursor := stream(t, c, "project", nil)
	for at, option := range []string{"o-Now", "o-Next"} { // behind a walk over all, and behind one with a bound
		theirs = theirs.Add(time.Minute)
		site.EditProject("acme/7", "ana", func(p *githubsim.Project) { p.Items[1].Values[horizonField] = option })
		var changed map[string]work.Record
		if changed, cursor = stream(t, c, "project", cursor); len(changed) != 1 || onBoard(changed["acme/pay#2"])["Horizon"] != "text "+option[2:] {
			t.Errorf("poll %d: changed %v, want acme/pay#2 with %s", at, changed, option[2:])
		}
		theirs = theirs.Add(11 * time.Minute)
		_, cursor = stream(t, c, "project", cursor)
	}
}

func TestAllCardsAreReadWhereTheClockOfTheServerWasSetBack(t *testing.T) {
	t.Parallel()
	theirs := time.Now().Add(2 * time.Hour)
	site := boarded(t, 2, githubsim.Options{Now: func() time.Time { return theirs }}, nil)
	c := openBoard(t, site, boardSettings, "Horizon")
	_, cursor := stream(t, c, "project", nil)
	theirs = theirs.Add(-2 * time.Hour)
	site.EditProject("acme/7", "ana", func(p *githubsim.Project) { p.Items[1].Values[horizonField] = "o-Now" })
	all, cursor := stream(t, c, "project", cursor)
	if len(all) != 2 || onBoard(all["acme/pay#2"])["Horizon"] != "text Now" {
		t.Errorf("read %v, want both, acme/pay#2 with Now", all)
	}
	if again, _ := stream(t, c, "project", cursor); len(again) != 1 {
		t.Errorf("read %v, want only the card that moved a moment ago", again)
	}
}
