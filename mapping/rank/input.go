package rank

import (
	"strings"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// maxInputs bounds a lens, so that scoring needs no memory of its own.
const maxInputs = 16

// spread is how far a prior may be off: the interval goes from a third of it
// to three times it, within the input's bounds.
const spread = 3

// input is one value that a lens asks for.
type input struct {
	name    string
	program *expression.Program
	// evidence reports that the input is a bare name such as
	// evidence.accounts: where nobody said anything it is missing, not 0.
	evidence bool
	decisive bool
	bounds
}

// bounds says what an input may be, and what is assumed where it is missing.
type bounds struct {
	least, most float64 // values outside count as the bound
	prior       float64
	positive    bool // 0 is refused as well
	percent     bool // what is above 1 is a percentage
	open        bool // the interval of the prior is all that is possible
}

// low is the lower end of the interval of the prior.
func (b bounds) low() float64 {
	if b.open {
		return b.least
	}
	return max(b.least, b.prior/spread)
}

// high is the upper end of the interval of the prior.
func (b bounds) high() float64 {
	if b.open {
		return b.most
	}
	return min(b.most, b.prior*spread)
}

// reading is what one input yields for one subject.
type reading struct {
	value           float64 // what counts
	raw             float64 // what was given
	missing, refuse bool
}

// read computes the input. A value that makes no sense (less than nothing, or
// an effort of nothing) is refused, which is to say: missing.
func (in *input) read(s *expression.Subject) reading {
	if in.evidence && s.Evidence.Signals == 0 {
		return reading{value: in.prior, missing: true}
	}
	raw, ok := in.program.Value(s).Number()
	if !ok {
		return reading{value: in.prior, missing: true}
	}
	f := raw
	if f < 0 || in.positive && f == 0 || in.percent && f > 100 {
		return reading{value: in.prior, raw: raw, missing: true, refuse: true}
	}
	if in.percent && f > 1 {
		f /= 100
	}
	return reading{value: min(max(f, in.least), in.most), raw: raw}
}

// shipped describes the inputs of the methods: their formula where the rules
// give none, bounds and prior.
//
//	input             default formula        counts from, to   prior
//	reach             evidence.accounts      0 to 100          1
//	impact            item.impact            0 to 3            1
//	confidence        evidence.confidence    0 to 1            0.05, 0.5 where it is typed
//	effort            item.effort            0.5 to 40         3
//	value             item.value             1 to 20           3
//	time_criticality  item.time_criticality  1 to 20           1
//	risk_reduction    item.risk_reduction    1 to 20           1
//
// The prior of confidence is less than any evidence gives, so that one request
// never ranks below none.
func shipped(name string) (formula work.Expression, b bounds, ok bool) {
	switch name {
	case "reach":
		return "evidence.accounts", bounds{most: 0, prior: 0}, true
	case "impact":
		return "item.impact", bounds{most: 3, prior: 1}, true
	case "confidence":
		return "evidence.confidence", bounds{most: 1, prior: 0.5, percent: true}, true
	case "effort":
		return "item.effort", bounds{least: 0.5, most: 40, prior: 3, positive: true}, true
	case "value":
		return "item.value", bounds{least: 1, most: 20, prior: 3}, true
	case "time_criticality":
		return "item.time_criticality", bounds{least: 1, most: 20, prior: 1}, true
	case "risk_reduction":
		return "item.risk_reduction", bounds{least: 1, most: 20, prior: 1}, true
	default:
		return "", bounds{}, false
	}
}

// capOf returns the anchor of a formula that reads one well-known number; 0
// where there is none.
func capOf(formula string) float64 {
	switch strings.TrimSpace(formula) {
	case "evidence.accounts", "evidence.weight", "evidence.reach":
		return 100
	case "evidence.people":
		return 1000
	case "evidence.signals":
		return 300
	case "evidence.value":
		return 1_000_000
	case "item.reach":
		return 10_000
	default:
		return 0
	}
}

// bareEvidence reports whether the formula is one name of evidence.
func bareEvidence(formula string) bool {
	property, ok := strings.CutPrefix(strings.TrimSpace(formula), "evidence.")
	return ok && !strings.ContainsFunc(property, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
}
