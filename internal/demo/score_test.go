package demo_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"tandem/internal/sim/company"
)

// evidence is what customers say of a piece of work, account by account.
type evidence struct {
	accounts   int
	confidence float64
}

// hear adds up feedback. An account counts once however often it speaks, and
// makes up to one full voice: the weights of its three weightiest signals.
// Confidence is the lower bound of "all of them agree": n / (n + 1.645²).
// What somebody says again in the same words, with the same score, is no
// further signal: the oldest counts.
func hear(rows []company.Feedback) evidence {
	voices := map[string][]float64{}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b company.Feedback) int { return a.At.Compare(b.At) })
	said := map[string]bool{}
	for _, row := range rows {
		signs := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
		words := row.Person + "\x00" + row.Account + "\x00" + strings.Join(strings.FieldsFunc(strings.ToLower(row.Text), signs), " ")
		if row.Score != nil {
			words += fmt.Sprint(*row.Score)
		}
		if row.Text != "" && said[words] {
			continue
		}
		said[words] = true
		weight := map[string]float64{"interview": 1, "request": 0.5, "support": 0.5, "survey": 0.5, "nps": 0.25}[row.Method]
		voices[row.Account] = append(voices[row.Account], weight)
	}
	sum := 0.0
	for _, weights := range voices {
		slices.SortFunc(weights, func(a, b float64) int { return cmp.Compare(b, a) })
		voice := 0.0
		for _, weight := range weights[:min(3, len(weights))] {
			voice += weight
		}
		sum += min(voice, 1)
	}
	return evidence{accounts: len(voices), confidence: sum / (sum + 1.645*1.645)}
}

// score is points of 100 with the interval that missing inputs leave open.
type score struct {
	points, low, high float64
	// known is false where an input is missing that the method cannot do
	// without.
	known bool
}

// width is how little we know.
func (s score) width() float64 { return s.high - s.low }

// input is one number of a formula: what is given, held within its bounds, or
// else the prior, which may be off by a factor of three.
func input(n number, least, most, prior float64) (value, low, high float64) {
	if !n.given || n.is < 0 {
		return prior, max(least, prior/3), min(most, prior*3)
	}
	value = min(max(n.is, least), most)
	return value, value, value
}

// estimate is the input that divides: less is better, and 0 is no estimate.
func estimate(n number) (value, low, high float64) {
	if n.is == 0 {
		n.given = false
	}
	value, high, low = input(n, 0.5, 40, 3)
	return value, low, high
}

// scale gives points: twice as much is the same step everywhere, and the anchor
// is 100.
func scale(raw, anchor float64) float64 {
	return math.Round(10*min(100, 100*math.Log1p(raw)/math.Log1p(anchor))) / 10
}

// wsjf is the PO's question: (value + time criticality + risk reduction) / size.
func wsjf(j *issue, weight float64) score {
	var none issue
	if j == nil {
		j = &none
	}
	value, valueLow, valueHigh := input(j.value, 1, 20, 3)
	urgency, urgencyLow, urgencyHigh := input(j.urgency, 1, 20, 1)
	risk, riskLow, riskHigh := input(j.risk, 1, 20, 1)
	size, sizeLow, sizeHigh := estimate(j.effort)
	return score{
		points: scale((value+urgency+risk)/size*weight, 60),
		low:    scale((valueLow+urgencyLow+riskLow)/sizeLow*weight, 60),
		high:   scale((valueHigh+urgencyHigh+riskHigh)/sizeHigh*weight, 60),
		known:  j.value.given && j.effort.given && j.effort.is > 0,
	}
}

// rice is the PM's question: reach × impact × confidence / effort. Where nobody
// said anything, reach and confidence are not 0 but unknown.
func rice(j *issue, e evidence, weight float64) score {
	var none issue
	if j == nil {
		j = &none
	}
	heard := e.accounts > 0
	reach, reachLow, reachHigh := input(number{float64(e.accounts), heard}, 0, 100, 1)
	impact, impactLow, impactHigh := input(j.impact, 0, 3, 1)
	sure, sureLow, sureHigh := input(number{e.confidence, heard}, 0, 1, 0.05)
	size, sizeLow, sizeHigh := estimate(j.effort)
	return score{
		points: scale(reach*impact*sure/size*weight, 100),
		low:    scale(reachLow*impactLow*sureLow/sizeLow*weight, 100),
		high:   scale(reachHigh*impactHigh*sureHigh/sizeHigh*weight, 100),
		known:  heard && j.impact.given && j.effort.given && j.effort.is > 0,
	}
}

// more compares points, the higher first.
func more(a, b float64) int { return cmp.Compare(math.Round(10*b), math.Round(10*a)) }

// nearer compares horizons, the nearer first.
func nearer(a, b string) int {
	place := map[string]int{"now": 1, "next": 2, "later": 3}
	return cmp.Compare(place[a], place[b])
}

// settled breaks ties: who is known better, who stood higher last time, who is
// older, and the id.
func (o *oracle) settled(a, b *piece, widthA, widthB float64) int {
	last := func(w *piece) int {
		if place := o.memory.place[w.id()]; place > 0 {
			return place
		}
		return math.MaxInt
	}
	return cmp.Or(-more(widthA, widthB), cmp.Compare(last(a), last(b)), a.birth.created.Compare(b.birth.created), cmp.Compare(a.id(), b.id()))
}

// byWhy is the order in which horizons are filled.
func (o *oracle) byWhy(a, b *piece) int {
	return cmp.Or(more(a.why.points, b.why.points), more(a.next.points, b.next.points), o.settled(a, b, a.why.width(), b.why.width()))
}

// byOrder is the order of the whole backlog: horizon, next, why.
func (o *oracle) byOrder(a, b *piece) int {
	return cmp.Or(nearer(a.horizon, b.horizon), more(a.next.points, b.next.points), more(a.why.points, b.why.points),
		o.settled(a, b, a.next.width(), b.next.width()))
}

// tiers gives each piece its shared priority. A tier stays for seven days at
// least, which no demo lasts; a score that is not known has none.
func (o *oracle) tiers(open []*piece) {
	for _, w := range open {
		was := o.memory.tier[w.id()]
		switch {
		case !w.next.known:
		case was != "":
			w.tier = was
		default:
			w.tier = tierOf(w.next.points)
			o.memory.tier[w.id()] = w.tier
		}
	}
}
