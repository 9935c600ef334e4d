package evidence

import (
	"math"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// readScore returns the score of a feedback from 0 (the worst answer of its
// scale) to 1 (the best). It reports false where there is no score, no scale,
// or where the score lies outside of it: such an answer is missing, not bad.
func readScore(fb *work.Feedback) (float64, bool) {
	score, ok := fb.Score.Number()
	if !ok {
		return 0, false
	}
	low, high, ok := scaleOf(fb)
	if !ok || score < low || score > high {
		return 0, false
	}
	if fb.Method == work.NPS {
		low = 0 // forms from 1 to 10 are read as 0 to 10: a 6 detracts in both
	}
	return grain((score - low) / (high - low)), true
}

// grain cuts a score to a multiple of 2⁻²⁰, so that sums are exact and do not
// depend on the order of adding.
func grain(score float64) float64 { return math.Round(score*(1<<20)) / (1 << 20) }

// scaleOf reads "1-5", "0..10" or "0 to 100". Where the source names no scale,
// NPS is 0-10 and CSAT 1-5 by custom; nothing else is guessed.
func scaleOf(fb *work.Feedback) (low, high float64, ok bool) {
	if strings.TrimSpace(fb.Scale) == "" {
		switch fb.Method {
		case work.NPS:
			return 0, 10, true
		case work.CSAT:
			return 1, 5, true
		default:
			return 0, 0, false
		}
	}
	for _, sep := range []string{"..", " to ", "–", "-"} {
		from, to, found := strings.Cut(fb.Scale, sep)
		if !found {
			continue
		}
		low, errLow := strconv.ParseFloat(strings.TrimSpace(from), 64)
		high, errHigh := strconv.ParseFloat(strings.TrimSpace(to), 64)
		if errLow == nil && errHigh == nil && low < high {
			return low, high, fb.Method != work.NPS || high == 10 && (low == 0 || low == 1)
		}
	}
	return 0, 0, false
}
