package rank

import "tandem/internal/work"

// The methods.
const (
	rice        = "rice"
	ice         = "ice"
	wsjf        = "wsjf"
	cd3         = "cd3"
	opportunity = "opportunity"
	moscow      = "moscow"
	valueEffort = "value_effort"
	weighted    = "weighted"
	formula     = "expression"
)

// How ICE combines its three inputs.
const (
	average = "average"
	product = "product"
)

func methods() []string {
	return []string{rice, ice, wsjf, cd3, opportunity, moscow, valueEffort, weighted, formula}
}

// shape is one input of a method as Tandem ships it.
type shape struct {
	name   string
	source work.Expression // the formula where the rules give none
	bounds

	less     bool // less of it is better
	decisive bool // without it the score is not known
}

// shapes are the inputs of a method, in the order in which its formula takes
// them; none of those whose inputs the rules name. Bounds are absolute: no
// input is measured against other items.
func shapes(method string) []shape {
	effort := shape{name: "effort", source: "item.effort", bounds: bounds{least: 0.5, most: 40, prior: 3, positive: true}, less: true, decisive: true}
	value := shape{name: "value", source: "item.value", bounds: bounds{least: 1, most: 20, prior: 3}, decisive: true}
	ten := bounds{least: 1, most: 10, prior: 5}
	switch method {
	case rice:
		return []shape{
			{name: "reach", source: "evidence.accounts", decisive: true},
			{name: "impact", source: "item.impact", bounds: bounds{most: 3, prior: 1}, decisive: true},
			{name: "confidence", source: "evidence.confidence", bounds: bounds{most: 1, prior: 0.5, percent: true}},
			effort,
		}
	case ice:
		return []shape{
			{name: "impact", source: "item.impact", bounds: ten, decisive: true},
			{name: "confidence", source: "10 * evidence.confidence", bounds: ten},
			{name: "ease", source: "item.ease ?? (10 / item.effort)", bounds: ten, decisive: true},
		}
	case wsjf:
		urgency := bounds{least: 1, most: 20, prior: 1}
		return []shape{
			value,
			{name: "time_criticality", source: "item.time_criticality", bounds: urgency},
			{name: "risk_reduction", source: "item.risk_reduction", bounds: urgency},
			effort,
		}
	case cd3:
		return []shape{
			{name: "cost_of_delay", source: "item.cost_of_delay", bounds: bounds{most: 100_000, prior: 1000}, decisive: true},
			{
				name: "duration", source: "item.duration ?? (item.effort / 5)",
				bounds: bounds{least: 0.2, most: 52, prior: 2, positive: true}, less: true, decisive: true,
			},
		}
	case opportunity:
		share := bounds{most: 10, prior: 5, strict: true}
		return []shape{
			{name: "importance", source: "item.importance ?? evidence.importance", bounds: share, decisive: true},
			{name: "satisfaction", source: "item.satisfaction ?? evidence.satisfaction", bounds: share, less: true, decisive: true},
		}
	case moscow:
		return []shape{{name: "category", source: "item.moscow", bounds: bounds{most: mustPoints, prior: couldPoints, open: true}, decisive: true}}
	case valueEffort:
		return []shape{value, effort}
	case formula:
		return []shape{{name: "score", bounds: bounds{most: 100, prior: 25, open: true}, decisive: true}}
	default:
		return nil
	}
}

// shaped finds an input that some method has, for weighted lenses.
func shaped(name string) (shape, bool) {
	for _, method := range []string{rice, wsjf, ice, cd3, opportunity} {
		for _, s := range shapes(method) {
			if s.name == name {
				return s, true
			}
		}
	}
	return shape{}, false
}

// Method describes a method for people.
type Method struct {
	Name string
	// Formula is what it computes, and Anchor what makes 100 points.
	Formula, Anchor string
	// Source is where the method comes from.
	Source string
}

// Methods describes all methods in the order in which messages list them.
func Methods() []Method {
	return []Method{
		{rice, "reach × impact × confidence / effort × goal", "reach at its cap, impact 1, sure, effort 1; logarithmic", "Intercom"},
		{ice, "(impact + confidence + ease) / 3 × goal; with `combine: product` impact × confidence × ease × goal", "all three at 10; the product is logarithmic", "Ellis and Brown; the product Gilad"},
		{wsjf, "(value + time_criticality + risk_reduction) / effort × goal", "all three at their caps, effort 1; logarithmic", "SAFe"},
		{cd3, "cost_of_delay / duration × goal", "the cap of cost_of_delay in one week; logarithmic", "Reinertsen; Arnold"},
		{opportunity, "(importance + max(importance − satisfaction, 0)) × goal", "20: all find it important, nobody is satisfied", "Ulwick"},
		{moscow, "must 80, should 60, could 40, won't 0 points; a goal adds or takes at most 9", "never: a must with a goal of weight 4 has 89", "DSDM"},
		{valueEffort, "value / effort × goal", "value at its cap, effort 1; logarithmic", "common use"},
		{weighted, "Σ weight × log(1 + input) / log(1 + cap) × goal; a negative weight counts 1 − that", "every input at its best", "scorecards"},
		{formula, "the formula itself, in points; it may read goal.weight", "100", "yours"},
	}
}
