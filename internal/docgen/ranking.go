package main

import (
	"fmt"
	"regexp"
	"strings"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// rankTables tells for each method that has inputs of its own what they are.
// What the ranking assumes is asked of it, in the words of tandem explain.
func rankTables() (string, error) {
	var parts []string
	for _, method := range []string{"rice", "wsjf"} {
		inputs, err := inputsOf(rank.Lens{Method: method})
		if err != nil {
			return "", fmt.Errorf("method %s: %w", method, err)
		}
		t := newTable("input", "read from", "counts from", "to (cap)", "assumed (prior)", "may be", "score needs it")
		for _, in := range inputs {
			t.row(code(in.name), code(in.source), in.least, in.most, in.prior, in.low+" to "+in.high, tick(in.decisive))
		}
		parts = append(parts, "Inputs of `"+method+"`:\n\n"+t.String())
	}
	return strings.Join(parts, "\n"), nil
}

// capTable lists the numbers whose cap is known without a word in caps:.
func capTable() (string, error) {
	t := newTable("number", "cap", "assumed (prior)")
	for _, name := range expression.Names() {
		if kind, err := kindOf(name); err != nil || kind != work.Number.String() {
			continue
		}
		lens := rank.Lens{Method: "weighted", Weights: map[string]float64{"x": 1}, Inputs: map[string]work.Expression{"x": work.Expression(name)}}
		if _, problems := rank.Compile("", rank.Spec{Lens: lens}); len(problems) > 0 {
			continue // the rules must give a cap
		}
		inputs, err := inputsOf(lens)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		t.row(code(name), inputs[0].most, inputs[0].prior)
	}
	return t.String(), nil
}

// rankInput is what the ranking says of one input.
type rankInput struct {
	name, source     string
	least, most      string // what counts
	prior, low, high string // what is assumed where nobody gave it
	decisive         bool
}

// inputsOf explains three items: one of which nothing is known, one with huge
// numbers, one with tiny ones.
func inputsOf(lens rank.Lens) ([]rankInput, error) {
	ranker, problems := rank.Compile("", rank.Spec{Lens: lens})
	if len(problems) > 0 {
		return nil, problems[0]
	}
	assumed := regexp.MustCompile(`: (\S+) assumed, (\S+) to (\S+) possible(; without it the score is not known)?`)
	var inputs []rankInput
	for i, term := range ranker.Terms(&expression.Subject{Item: &work.Item{}}) {
		m := assumed.FindStringSubmatch(term.Text)
		if m == nil {
			return nil, fmt.Errorf("%q does not say what is assumed", term.Text)
		}
		in := rankInput{name: term.Name, source: term.Source, prior: m[1], low: m[2], high: m[3], decisive: m[4] != ""}
		if in.least = counted(ranker, i, 0.0001); in.least == "" {
			in.least = "0"
		}
		// A percentage of 100 is 1, and a larger one makes no sense.
		for _, huge := range []float64{1e9, 100} {
			if in.most == "" {
				in.most = counted(ranker, i, huge)
			}
		}
		if in.most == "" {
			return nil, fmt.Errorf("%s has no cap", in.name)
		}
		inputs = append(inputs, in)
	}
	return inputs, nil
}

// counted returns as what a value counts where every number is f; empty where
// it counts as it is.
func counted(ranker *rank.Ranker, input int, f float64) string {
	m := regexp.MustCompile(`, counts as ([^:,\s]+)`).FindStringSubmatch(ranker.Terms(everything(f))[input].Text)
	if m == nil {
		return ""
	}
	return m[1]
}

// everything is an item of which every number is f.
func everything(f float64) *expression.Subject {
	item := &work.Item{}
	for _, field := range work.AllFields() {
		if field.Info().Kind == work.Number {
			item.Fields.Set(field, work.NewNumber(f))
		}
	}
	n, v := int(f), work.NewNumber(f)
	return &expression.Subject{Item: item, Evidence: work.Evidence{
		Accounts: n, People: n, Signals: max(n, 1), Votes: n, Weight: f, Reach: f, Value: v, Insights: n, Usage: v, UsageTrend: v, NPS: v, CSAT: v, NPSSample: n, CSATSample: n, Confidence: f,
	}}
}
