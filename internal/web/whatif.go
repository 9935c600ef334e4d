package web

import (
	"slices"
	"strings"

	"tandem/internal/engine"
	"tandem/internal/view"
)

// whatIfPage compares other values of the rules with today's.
type whatIfPage struct {
	// Refused says why this person may not compare.
	Refused *view.Problem
	Groups  []knobGroup
	// More are values that the form has no field for, a line each.
	More string
	// Result is nil before anything was asked. Set are the values that were others.
	Result *view.WhatIf
	Set    []string
	// Mistakes say what the values do not mean.
	Mistakes string
	Top      []view.Move
	Swaps    []engine.Sensitivity
	Asked    bool // for swaps
}

// knobGroup is a section of the rules.
type knobGroup struct {
	Name  string
	Knobs []knob
}

// knob is a value of the rules, and what a person put in its place.
type knob struct {
	Path, Name, Value, Other string
}

// mostMoves is how many items that move are shown.
const mostMoves = 50

// whatIf asks what other values would make of what is stored. The question is a
// part of the address, so that it can be sent to a colleague; nothing is written.
func (v *visit) whatIf() (content, error) {
	c := content{title: "What if", body: "whatif.html"}
	knobs, err := v.see.Knobs()
	if told, refused := problemOf(err); refused {
		c.data = whatIfPage{Refused: told}
		return c, nil
	}
	if err != nil {
		return content{}, err
	}
	q := v.URL.Query()
	p := whatIfPage{More: q.Get("more"), Asked: q.Get("swaps") != ""}
	for _, k := range knobs {
		other := strings.TrimSpace(q.Get("set." + k.Path))
		if other == "" {
			other = k.Value
		}
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Name != k.Group {
			p.Groups = append(p.Groups, knobGroup{Name: k.Group})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Knobs = append(g.Knobs, knob{k.Path, knobName(k.Path), k.Value, other})
		if other != k.Value {
			p.Set = append(p.Set, k.Path+"="+other)
		}
	}
	for line := range strings.Lines(p.More) {
		if line = strings.TrimSpace(line); line != "" {
			p.Set = append(p.Set, line)
		}
	}
	if err := v.compare(&p); err != nil {
		return content{}, err
	}
	c.data = p
	return c, nil
}

// compare asks for the differences, and for what swaps the top.
func (v *visit) compare(p *whatIfPage) error {
	if len(p.Set) > 0 {
		found, err := v.see.WhatIf(view.WhatIfOrder{Set: p.Set})
		told, refused := problemOf(err)
		switch {
		case refused:
			p.Mistakes = told.Detail
		case err != nil:
			return err
		default:
			p.Result = &found
			p.Top = slices.Clone(found.Stability.Moves[:min(mostMoves, len(found.Stability.Moves))])
		}
	}
	if !p.Asked {
		return nil
	}
	var err error
	p.Swaps, err = v.see.Sensitivities(topOfOrder)
	return err
}

// topOfOrder is how many places people look at first.
const topOfOrder = 10

// knobName is what a person calls a value: the end of its path.
func knobName(path string) string {
	parts := strings.Split(path, ".")
	if len(parts) > 2 {
		parts = parts[len(parts)-2:]
	}
	return strings.ReplaceAll(strings.Join(parts, " "), "_", " ")
}
