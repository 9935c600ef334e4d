package rank

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// compiler gathers mistakes.
type compiler struct {
	problems []work.Problem
}

func (c *compiler) problem(at work.Pointer, what, remedy string) {
	c.problems = append(c.problems, work.Problem{At: at, What: what, Remedy: remedy})
}

// unknown reports a key that nobody knows.
func (c *compiler) unknown(at work.Pointer, what, remedy string) {
	c.problems = append(c.problems, work.Problem{At: at, What: what, Remedy: remedy, Key: true})
}

// lens compiles one lens. The known names are further keys of its section, for
// "did you mean". It returns nil where the method is unknown.
func (c *compiler) lens(at work.Pointer, label string, spec Lens, known []string) *lens {
	l := &lens{label: label, method: spec.Method}
	var names []string
	switch spec.Method {
	case rice:
		names = []string{"reach", "impact", "confidence", "effort"}
	case wsjf:
		names = []string{"value", "time_criticality", "risk_reduction", "effort"}
	case weighted:
		names = slices.Sorted(maps.Keys(spec.Weights))
	case formula:
		names = []string{"score"}
	default:
		c.method(at, spec.Method)
		return nil
	}
	if len(names) > maxInputs {
		c.problem(at.Key("weights"), "more than "+strconv.Itoa(maxInputs)+" inputs", "leave those out that hardly count")
		names = names[:maxInputs]
	}
	c.foreignKeys(at, spec, names, known)
	for _, name := range names {
		l.inputs = append(l.inputs, c.input(at, spec, name))
	}
	c.finish(at, l, spec)
	return l
}

func (c *compiler) method(at work.Pointer, name string) {
	remedy := "write " + strings.Join(methods(), ", ")
	if name == "" {
		c.problem(at, "the ranking has no method", remedy+", such as method: rice")
		return
	}
	c.problem(at.Key("method"), "there is no method "+strconv.Quote(name), remedy)
}

// foreignKeys reports what does not belong to the method.
func (c *compiler) foreignKeys(at work.Pointer, spec Lens, names, known []string) {
	suggest := func(name string) string {
		return work.Suggest(name, slices.Concat(names, known, []string{"method", "weights", "expression", "priors", "caps"}))
	}
	allowed := names
	if spec.Method == formula {
		allowed = nil // its formula is the key expression
	}
	for _, name := range slices.Sorted(maps.Keys(spec.Inputs)) {
		if !slices.Contains(allowed, name) {
			remedy := suggest(name)
			if spec.Method == weighted {
				remedy = "give it a weight under weights:, or remove it"
			}
			c.unknown(at.Key(name), spec.Method+" has no input "+strconv.Quote(name), remedy)
		}
	}
	for key, values := range map[string]map[string]float64{"priors": spec.Priors, "caps": spec.Caps} {
		for name := range values {
			if !slices.Contains(names, name) {
				c.unknown(at.Key(key).Key(name), spec.Method+" has no input "+strconv.Quote(name), work.Suggest(name, names))
			}
		}
	}
	switch {
	case spec.Method != weighted && len(spec.Weights) > 0:
		c.unknown(at.Key("weights"), spec.Method+" has no weights", "write method: weighted, or remove them")
	case spec.Method == weighted && len(spec.Weights) == 0:
		c.problem(at, "a weighted lens needs weights", "write weights: {value: 2, effort: -1}")
	}
	switch {
	case spec.Method != formula && spec.Expression != "":
		c.unknown(at.Key("expression"), spec.Method+" has no expression", "write method: expression, or remove it")
	case spec.Method == formula && spec.Expression == "":
		c.problem(at, "an expression lens needs its formula", "write expression: 'a formula in points, 0 to 100'")
	}
}

// input compiles one input with its bounds.
func (c *compiler) input(at work.Pointer, spec Lens, name string) input {
	text, b, ok := shipped(name)
	where := at.Key(name)
	switch given, found := spec.Inputs[name]; {
	case spec.Method == formula:
		text, where, ok = spec.Expression, at.Key("expression"), true
		b = bounds{most: 100, prior: 25, open: true}
	case found:
		text, ok = given, true
	case !ok && slices.Contains(numberFields(), name):
		text, ok = work.Expression("item."+name), true
	}
	if !ok {
		c.unknown(at.Key("weights").Key(name), "there is no input "+strconv.Quote(name), "add its formula, as in "+name+": item."+name)
		return input{name: name}
	}
	in := input{name: name, evidence: bareEvidence(string(text)), bounds: b}
	if spec.Method == weighted && !in.positive {
		in.least = 0 // the floor of 1 is WSJF's, against urgency without value
	}
	if name == "confidence" && in.evidence {
		in.prior = 0.05
	}
	if text != "" || spec.Method != formula { // a missing formula is already reported
		var problems []work.Problem
		in.program, problems = expression.Compile(where, text, expression.Formula)
		c.problems = append(c.problems, problems...)
	}
	c.anchor(at, spec, &in, string(text))
	c.prior(at, spec, &in)
	return in
}

// anchor sets the cap of an input and the prior that hangs on it.
func (c *compiler) anchor(at work.Pointer, spec Lens, in *input, text string) {
	where := at.Key("caps").Key(in.name)
	given, found := spec.Caps[in.name]
	switch {
	case found && in.open:
		c.problem(where, "an expression is in points and ends at 100", "remove the cap")
	case found && in.percent:
		c.problem(where, in.name+" ends at 1, or 100 %", "remove the cap")
	case found && !(given > in.least && given > 0 && !math.IsInf(given, 0)):
		c.problem(where, "a cap is a number larger than "+number(in.least), "write the value beyond which more changes nothing")
	case found:
		in.most = given
	case in.most == 0 && capOf(text) > 0:
		in.most = capOf(text)
	case in.most == 0 && in.name == "reach":
		in.most = capOf("item.reach")
	case in.most == 0:
		c.problem(at.Key("weights").Key(in.name), "nobody knows how large "+in.name+" gets, and no score may depend on other items",
			"add caps: {"+in.name+": the value beyond which more changes nothing}")
		in.most = 1
	}
	if in.prior == 0 {
		in.prior = in.most / 100
	}
	in.prior = min(in.prior, in.most)
}

func (c *compiler) prior(at work.Pointer, spec Lens, in *input) {
	given, found := spec.Priors[in.name]
	switch {
	case !found:
	case !(given >= in.least && given <= in.most):
		c.problem(at.Key("priors").Key(in.name), "a prior of "+in.name+" is a number from "+number(in.least)+" to "+number(in.most),
			"write the value to assume where nobody gave one")
	default:
		in.prior = given
	}
}

// finish sets what depends on all inputs of a lens.
func (c *compiler) finish(at work.Pointer, l *lens, spec Lens) {
	switch l.method {
	case rice:
		l.scale = scaleTo(l.inputs[0].most)
		l.decisive = 1<<0 | 1<<1 | 1<<3
	case wsjf:
		l.scale = scaleTo(l.inputs[0].most + l.inputs[1].most + l.inputs[2].most)
		l.decisive = 1<<0 | 1<<3
	case weighted:
		c.weigh(at.Key("weights"), l, spec.Weights)
	default:
		l.decisive = 1
	}
	for i := range l.inputs {
		l.inputs[i].decisive = l.decisive&(1<<i) != 0
	}
	if len(l.inputs) <= 6 {
		for bits := range uint32(1) << len(l.inputs) {
			l.names = append(l.names, l.list(bits))
		}
	}
}

// scaleTo makes the anchor 100 points. Twice as much is about the same step
// everywhere on the scale.
func scaleTo(anchor float64) float64 { return 100 / math.Log1p(anchor) }

// weigh brings the weights to a sum of 1. An input is decisive with a quarter
// of it.
func (c *compiler) weigh(at work.Pointer, l *lens, weights map[string]float64) {
	var total float64
	for i := range l.inputs {
		w := weights[l.inputs[i].name]
		if w == 0 || math.IsNaN(w) || math.IsInf(w, 0) {
			c.problem(at.Key(l.inputs[i].name), "a weight is a number other than 0", "write how much it counts, below 0 if less is better")
		}
		total += math.Abs(w)
	}
	for i := range l.inputs {
		w := weights[l.inputs[i].name] / total
		l.weights = append(l.weights, w)
		if math.Abs(w) >= 0.25 {
			l.decisive |= 1 << i
		}
	}
}

// numberFields are the fields of the model that a weighted lens may read by
// their bare name.
func numberFields() []string {
	var names []string
	for _, f := range work.AllFields() {
		if f.Info().Kind == work.Number && f.Info().Hat != work.Derived && f != work.Rank {
			names = append(names, f.String())
		}
	}
	return names
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
