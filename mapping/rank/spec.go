package rank

import (
	"time"

	"tandem/internal/work"
)

// Spec is the section `rank:` of a rule file. It is either one lens for both
// questions (`rank: {method: rice}`), or a lens for each: why and next.
type Spec struct {
	// Lens is the one lens; its keys stand directly in the section.
	Lens `yaml:",inline"`
	// Why is the PM's lens: it fills the horizons. Where only one of both is
	// written it answers both questions.
	Why *Lens `yaml:"why"`
	// Next is the PO's lens: it orders the work inside a horizon.
	Next *Lens `yaml:"next"`
	// Order lists what is compared first, second, third: horizon, next, why.
	Order []string `yaml:"order,one"`
	// Tiers turns a score into a shared priority.
	Tiers *Tiers `yaml:"tiers"`
	// Unknown tells what becomes of the tier of an item that misses a decisive
	// input: leave (nothing is said, the priority stays) or prior (the tier of
	// the assumed score).
	Unknown string `yaml:"unknown"`
	// Band is how far the score must leave a tier, as a share of the scale:
	// half of it on each side of a threshold.
	Band *work.Percent `yaml:"band"`
	// Dwell is how long a tier stays at least.
	Dwell *work.Span `yaml:"dwell"`
}

// Lens is one way of scoring.
type Lens struct {
	// Method is rice, ice, wsjf, cd3, opportunity, moscow, value_effort,
	// weighted or expression; rice where the section names none at all.
	Method string `yaml:"method"`
	// Combine tells how ICE makes one number of three: average or product.
	Combine string `yaml:"combine"`
	// Weights of a weighted lens by input; a negative one makes less better.
	Weights map[string]float64 `yaml:"weights"`
	// Expression of an expression lens: a formula in points, 0 to 100.
	Expression work.Expression `yaml:"expression"`
	// Priors is what is assumed for an input that nobody gave.
	Priors map[string]float64 `yaml:"priors"`
	// Caps is the value of an input beyond which more changes nothing. Caps
	// anchor the scale: no score depends on other items.
	Caps map[string]float64 `yaml:"caps"`
	// Inputs holds the formula of each input, by its name.
	Inputs map[string]work.Expression `yaml:",rest"`
}

// Tiers is the section `rank.tiers:`.
type Tiers struct {
	// Of is the lens whose score counts: next or why.
	Of string `yaml:"of"`
	// Least is the least score of each shared priority.
	Least map[string]float64 `yaml:",rest"`
}

// The settings of a rule file that says nothing else.
const (
	DefaultBand  = work.Percent(0.05)
	DefaultDwell = work.Span(7 * 24 * time.Hour)
)

func defaultOrder() []string { return []string{"horizon", "next", "why"} }
