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
	l := &lens{label: label, method: spec.Method, combine: spec.Combine}
	var names []string
	switch {
	case spec.Method == weighted:
		names = slices.Sorted(maps.Keys(spec.Weights))
	case slices.Contains(methods(), spec.Method):
		for _, s := range shapes(spec.Method) {
			names = append(names, s.name)
		}
	default:
		c.method(at, spec.Method)
		return nil
	}
	if len(names) > maxInputs {
		c.problem(at.Key("weights"), "more than "+strconv.Itoa(maxInputs)+" inputs", "leave those out that hardly count")
		names = names[:maxInputs]
	}
	c.foreignKeys(at, spec, names, known)
	for i, name := range names {
		var s shape
		if spec.Method == weighted {
			s, _ = shaped(name)
			s.name, s.less = name, spec.Weights[name] < 0
		} else {
			s = shapes(spec.Method)[i]
		}
		l.inputs = append(l.inputs, c.input(at, spec, s))
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
		return work.Suggest(name, slices.Concat(names, known, []string{"method", "combine", "weights", "expression", "priors", "caps"}))
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
	case spec.Method != ice && spec.Combine != "":
		c.unknown(at.Key("combine"), spec.Method+" combines its inputs in one way only", "write method: ice, or remove it")
	case spec.Combine != "" && spec.Combine != average && spec.Combine != product:
		c.problem(at.Key("combine"), "ICE cannot combine its inputs by "+strconv.Quote(spec.Combine), "write average (the default) or product")
	}
	switch {
	case spec.Method != formula && spec.Expression != "":
		c.unknown(at.Key("expression"), spec.Method+" has no expression", "write method: expression, or remove it")
	case spec.Method == formula && spec.Expression == "":
		c.problem(at, "an expression lens needs its formula", "write expression: 'a formula in points, 0 to 100'")
	}
}

// input compiles one input with its bounds.
func (c *compiler) input(at work.Pointer, spec Lens, s shape) input {
	text, where := s.source, at.Key(s.name)
	given, found := spec.Inputs[s.name]
	switch {
	case spec.Method == formula:
		text, where = spec.Expression, at.Key("expression")
	case found:
		text = given
	case text == "" && slices.Contains(numberFields(), s.name):
		text = work.Expression("item." + s.name)
	case text == "":
		c.unknown(at.Key("weights").Key(s.name), "there is no input "+strconv.Quote(s.name), "add its formula, as in "+s.name+": item."+s.name)
		return input{name: s.name}
	}
	in := input{
		name: s.name, evidence: counted(string(text)), sampled: sampledBy(string(text)),
		less: s.less, decisive: s.decisive && spec.Method != weighted, bounds: s.bounds,
	}
	if spec.Method == weighted && !in.positive {
		in.least = 0 // the floor of 1 is WSJF's, against urgency without value
	}
	if in.name == "confidence" && in.evidence {
		in.prior = max(0.05, in.least)
	}
	if text != "" || spec.Method != formula { // a missing formula is already reported
		want := expression.Formula
		if spec.Method == moscow {
			want = expression.TextResult
		}
		var problems []work.Problem
		in.program, problems = expression.Compile(where, text, want)
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
	case found && spec.Method == moscow:
		c.problem(where, "the points of the categories are fixed", "remove the cap")
	case found && in.open:
		c.problem(where, "an expression is in points and ends at 100", "remove the cap")
	case found && in.strict:
		c.problem(where, in.name+" is ten times a share and ends at 10", "remove the cap")
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
	case weighted:
		c.weigh(at.Key("weights"), l, spec.Weights)
	case moscow, formula:
	default:
		anchor, linear := l.anchor()
		l.scale, l.linear = 100/math.Log1p(anchor), linear
		if linear {
			l.scale = 100 / anchor
		}
	}
	for i := range l.inputs {
		if l.inputs[i].decisive {
			l.decisive |= 1 << i
		}
	}
	if len(l.inputs) <= 6 {
		for bits := range uint32(1) << len(l.inputs) {
			l.gaps = append(l.gaps, Gaps{Missing: l.list(bits)})
		}
	}
}

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
		l.inputs[i].decisive = math.Abs(w) >= 0.25
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
