package rank

import (
	"strconv"
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
	// evidence reports that the input is a count of feedback, such as
	// evidence.accounts: where nobody said anything it is missing, not 0.
	evidence bool
	// sampled tells what the share of everybody may be, where the input comes
	// from the answers of some; nil elsewhere.
	sampled  func(*expression.Subject) (low, high float64, ok bool)
	less     bool
	decisive bool
	bounds
}

// bounds says what an input may be, and what is assumed where it is missing.
type bounds struct {
	least, most float64 // values outside count as the bound
	prior       float64
	positive    bool // 0 is refused as well
	percent     bool // what is above 1 is a percentage
	strict      bool // what is above the most makes no sense
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
	low, high       float64 // what may count
	raw             work.Value
	missing, refuse bool
}

// read computes the input. A value that makes no sense (less than nothing, an
// effort of nothing, a word that is no category) is refused, which is to say:
// missing.
func (in *input) read(s *expression.Subject) reading {
	unknown := reading{value: in.prior, low: in.low(), high: in.high(), missing: true}
	if in.evidence && s.Evidence.Signals == 0 {
		return unknown
	}
	raw := in.program.Value(s)
	if !raw.Present() {
		return unknown
	}
	unknown.raw, unknown.refuse = raw, true
	f, ok := raw.Number()
	if !ok {
		f, ok = category(raw)
	}
	switch {
	case !ok || f < 0 || in.positive && f == 0 || in.percent && f > 100 || in.strict && f > in.most:
		return unknown
	case in.percent && f > 1:
		f /= 100
	}
	f = in.within(f)
	r := reading{value: f, low: f, high: f, raw: raw}
	if in.sampled != nil {
		if low, high, ok := in.sampled(s); ok {
			r.low, r.high = min(in.within(low), f), max(in.within(high), f)
		}
	}
	return r
}

// within is the value as far as it counts.
func (b bounds) within(f float64) float64 { return min(max(f, b.least), b.most) }

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
	case "item.cost_of_delay":
		return 100_000
	case "item.importance", "item.satisfaction", "evidence.importance", "evidence.satisfaction":
		return 10
	case "evidence.csat":
		return 1
	default:
		return 0
	}
}

// counted reports whether the formula is a count of feedback, or a multiple of
// one: where nobody said anything the count is 0, and says nothing. Other
// evidence is unknown by itself where nobody answered or nothing was measured.
func counted(formula string) bool {
	name := strings.TrimSpace(formula)
	if factor, rest, found := strings.Cut(name, "*"); found {
		if _, err := strconv.ParseFloat(strings.TrimSpace(factor), 64); err == nil {
			name = strings.TrimSpace(rest)
		}
	}
	switch name {
	case "evidence.accounts", "evidence.people", "evidence.signals", "evidence.votes", "evidence.weight",
		"evidence.reach", "evidence.value", "evidence.confidence":
		return true
	default:
		return false
	}
}

// sampledBy returns the bounds of an input that comes from answers.
func sampledBy(formula string) func(*expression.Subject) (low, high float64, ok bool) {
	field, name := work.NoField, strings.TrimSpace(formula)
	switch name {
	case "item.importance ?? evidence.importance":
		field = work.Importance
	case "item.satisfaction ?? evidence.satisfaction":
		field = work.Satisfaction
	}
	switch _, last, _ := strings.Cut(name, "evidence."); last {
	case "importance", "satisfaction":
		return func(s *expression.Subject) (low, high float64, ok bool) {
			if field != work.NoField && s.Item != nil && s.Item.Fields.Get(field).Present() {
				return 0, 0, false // somebody wrote it down
			}
			answers := &s.Evidence.Importance
			if last == "satisfaction" {
				answers = &s.Evidence.Satisfaction
			}
			low, high = answers.Bounds()
			return 10 * low, 10 * high, answers.Sample > 0
		}
	default:
		return nil
	}
}
