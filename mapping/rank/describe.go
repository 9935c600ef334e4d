package rank

// Input describes one input of a lens, as it counts there.
type Input struct {
	Name   string
	Source string // its formula
	// Least and Most are what counts: values outside count as the bound.
	Least, Most float64
	// Prior is assumed where nobody gave it, and Low to High is what it may be
	// then.
	Prior, Low, High float64
	// LessIsBetter: the score falls as the input grows.
	LessIsBetter bool
	// Decisive: without it the score is not known.
	Decisive bool
}

// Inputs describes what the scores depend on: the inputs of the lens why, and
// those of next where it is another.
func (r *Ranker) Inputs() []Input {
	inputs := r.why.describe()
	if r.next != r.why {
		inputs = append(inputs, r.next.describe()...)
	}
	return inputs
}

func (l *lens) describe() []Input {
	inputs := make([]Input, 0, len(l.inputs))
	for i := range l.inputs {
		in := &l.inputs[i]
		inputs = append(inputs, Input{
			Name: in.name, Source: in.program.String(), Least: in.least, Most: in.most,
			Prior: in.prior, Low: in.low(), High: in.high(), LessIsBetter: in.less, Decisive: in.decisive,
		})
	}
	return inputs
}
