package rank

import (
	"math"
	"strings"
	"unicode"

	"tandem/internal/work"
)

// The points of the MoSCoW categories. The steps are wider than what a goal
// moves, so that no goal lifts one category into the next.
const (
	mustPoints   = 80
	shouldPoints = 60
	couldPoints  = 40
	wontPoints   = 0
	goalPoints   = 9
)

// category returns the points of a MoSCoW category, however it is spelled:
// "Must have", "must-have", "MUST", "M". Nobody knows those of other words.
func category(v work.Value) (points float64, ok bool) {
	word := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, v.Text())
	word = strings.TrimSuffix(strings.TrimSuffix(word, "thistime"), "have")
	switch word {
	case "must", "m":
		return mustPoints, true
	case "should", "s":
		return shouldPoints, true
	case "could", "c":
		return couldPoints, true
	case "wont", "willnot", "would", "w":
		return wontPoints, true
	default:
		return 0, false
	}
}

// pulled moves the points of a category by its goal; what will not be done is
// not pulled.
func pulled(points, goal float64) float64 {
	if points == wontPoints {
		return points
	}
	return points + goalPoints*math.Log(goal)/math.Log(maxGoal)
}
