package chaos_test

import (
	"flag"
	"math/rand/v2"
	"testing"
)

// dense lives have few records, of which one has half of what happens, and more
// changes of mind by people: what comes of several causes together is found in them
// several times as often.
var dense = flag.Bool("dense", false, "play lives in which more happens to fewer records")

// crowd is ground on which lives are dense.
type crowd struct{ ground }

func (c crowd) plot(t *testing.T) plot {
	t.Helper()
	return crowded{c.ground.plot(t)}
}

// crowded is the plot of a dense life.
type crowded struct{ plot }

// TestS1ToS18HoldInDenseLives plays some of them.
func TestS1ToS18HoldInDenseLives(t *testing.T) {
	many(t, crowd{groundOf(t, "sqlite")}, usual/4)
}

// isDense reports whether a life is dense.
func (l *life) isDense() bool {
	_, is := l.plot.(crowded)
	return is
}

// crowd makes the firm small, and its life long.
func (s shape) crowd(rng *rand.Rand) shape {
	s.pay, s.web, s.rows, s.acts = 3, 1, rng.IntN(2), 40+rng.IntN(40)
	return s
}

// busier are the weights that differ in dense lives, by act.
func busier(all []act) []act {
	weights := map[string]int{
		"one job": 16, "death": 14, "undo": 6, "release": 6, "reverts": 8, "weeks": 2, "hour": 2,
		"sets priority": 12, "priority label": 12, "row": 5, "moves in Jira": 2, "transfers": 2,
		"labels in Jira": 1, "labels in GitHub": 1, "comment": 1, "card": 2, "drags": 2, "webhooks": 3,
	}
	for i := range all {
		if w, differs := weights[all[i].name]; differs {
			all[i].weight = w
		}
	}
	return all
}

// chosen picks a record, in dense lives every second time the first.
func chosen(l *life, keys []string) string {
	if l.isDense() && len(keys) > 1 && l.dice.IntN(2) == 0 {
		return keys[0]
	}
	return pick(l, keys)
}
