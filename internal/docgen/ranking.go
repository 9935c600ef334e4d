package main

import (
	"math"
	"strconv"
	"strings"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// rankTables tells what each method computes, and what its inputs are where it
// has some of its own.
func rankTables() (string, error) {
	all := newTable("method", "what it computes", "100 points are", "after")
	var parts []string
	for _, m := range rank.Methods() {
		all.row(code(m.Name), m.Formula, m.Anchor, m.Source)
		lens := rank.Lens{Method: m.Name}
		if m.Name == "weighted" || m.Name == "expression" {
			continue
		}
		inputs, err := inputsOf(lens)
		if err != nil {
			return "", err
		}
		t := newTable("input", "read from", "counts from", "to (cap)", "assumed (prior)", "may be", "better is", "score needs it")
		for _, in := range inputs {
			better := map[bool]string{true: "less", false: "more"}[in.LessIsBetter]
			t.row(code(in.Name), code(in.Source), amount(in.Least), amount(in.Most), amount(in.Prior), amount(in.Low)+" to "+amount(in.High), better, tick(in.Decisive))
		}
		parts = append(parts, "Inputs of `"+m.Name+"`:\n\n"+t.String())
	}
	return all.String() + "\n" + strings.Join(parts, "\n"), nil
}

// capTable lists the numbers whose cap is known without a word in caps:.
func capTable() (string, error) {
	t := newTable("number", "cap", "assumed (prior)")
	for _, name := range expression.Names() {
		if kind, err := kindOf(name); err != nil || kind != work.Number.String() {
			continue
		}
		lens := rank.Lens{Method: "weighted", Weights: map[string]float64{"x": 1}, Inputs: map[string]work.Expression{"x": work.Expression(name)}}
		inputs, err := inputsOf(lens)
		if err != nil {
			continue // the rules must give a cap
		}
		t.row(code(name), amount(inputs[0].Most), amount(inputs[0].Prior))
	}
	return t.String(), nil
}

func inputsOf(lens rank.Lens) ([]rank.Input, error) {
	ranker, problems := rank.Compile("", rank.Spec{Lens: lens})
	if len(problems) > 0 {
		return nil, problems[0]
	}
	return ranker.Inputs(), nil
}

// amount spells a number with at most two decimals.
func amount(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }
