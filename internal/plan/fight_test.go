package plan_test

import (
	"testing"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestWhoChangesBackTwiceIsAFighter(t *testing.T) {
	t.Parallel()
	value := work.NewText
	// wrote is a write of ours over what somebody had put there.
	wrote := func(v, over, by string) plan.Attempt {
		return plan.Attempt{Value: value(v), Expect: value(over), By: by}
	}
	for _, c := range []struct {
		name     string
		attempts []plan.Attempt
		has, by  string
		want     string
		fights   bool
	}{
		{"never written twice", nil, "Low", "bot", "", false},
		{"changed back once", []plan.Attempt{wrote("High", "Low", "ana")}, "Low", "bot", "", false},
		{"changed back twice", []plan.Attempt{wrote("High", "Low", "ana"), wrote("High", "Low", "bot")}, "Low", "bot", "bot", true},
		{"by two people", []plan.Attempt{wrote("High", "Low", "ana"), wrote("High", "Low", "cy")}, "Low", "bot", "", false},
		{"by two people, one of them again", []plan.Attempt{wrote("High", "Low", ""), wrote("High", "Low", "bot"), wrote("High", "Low", "cy")}, "Low", "bot", "bot", true},
		{"nobody is named", []plan.Attempt{wrote("High", "Low", ""), wrote("High", "Low", "")}, "Low", "", "", true},
		{"one of them is named", []plan.Attempt{wrote("High", "Low", ""), wrote("High", "Low", "")}, "Low", "bot", "bot", true},
		{"we wanted something else each time", []plan.Attempt{wrote("High", "Low", ""), wrote("Top", "Low", "bot")}, "Low", "bot", "bot", true},
		{"changed on, not back", []plan.Attempt{wrote("High", "Low", ""), wrote("High", "Medium", "bot")}, "Lowest", "bot", "", false},
		{"it stands as we want it", []plan.Attempt{wrote("High", "Low", ""), wrote("High", "Low", "bot")}, "High", "us", "", false},
		{"we changed our mind, nobody else did", []plan.Attempt{wrote("High", "Low", ""), wrote("Low", "High", "us"), wrote("High", "Low", "us")}, "Low", "bot", "", false},
	} {
		by, fights := plan.Fighter(c.attempts, value(c.has), c.by)
		if by != c.want || fights != c.fights {
			t.Errorf("%s: %q, %t", c.name, by, fights)
		}
	}
}
