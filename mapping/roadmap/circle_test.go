package roadmap_test

import (
	"strings"
	"testing"
	"time"

	"tandem/mapping/roadmap"
)

// Which of two that need each other stands first is chance: it must not decide
// where either of them lies.
func TestACircleOfNeedsBindsNothing(t *testing.T) {
	t.Parallel()
	team := roadmap.Team{Name: "pay", Effort: 5, Every: 14 * 24 * time.Hour}
	plan := compile(t, roadmap.Spec{}).On(dayOf(t, "2026-11-22"))
	for _, a := range plan.Assign(team, items(t, "a 3 needs=b", "b 5 needs=a", "c 2 needs=a", "e 1 needs=e")) {
		told := strings.Contains(a.Because, "in a circle of needs with")
		if want := a.ID == "a" || a.ID == "b"; told != want {
			t.Errorf("%s: %s", a.ID, a.Because)
		}
	}
	with := plan.Assign(team, items(t, "a 3 needs=b", "b 5 needs=c", "c 2 needs=a", "d 1 needs=c"))
	without := plan.Assign(team, items(t, "a 3", "b 5", "c 2", "d 1"))
	for i := range with {
		if with[i].ID != without[i].ID || with[i].Horizon != without[i].Horizon {
			t.Errorf("with a circle %+v, without %+v", with[i], without[i])
		}
	}
}
