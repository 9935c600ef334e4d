package web

import (
	"net/http"
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
	// Result is nil before anything was asked. Set are the values that were others,
	// and Turned the same for people.
	Result *view.WhatIf
	Set    []string
	Turned []turned
	// Mistakes say what the values do not mean. Busy is a page that was not made
	// because somebody else compares.
	Mistakes string
	Busy     bool
	Top      []view.Move
	Swaps    []engine.Sensitivity
	Asked    bool // for swaps
	// Named are the items that are told of, by their names.
	Named map[string]view.Item
}

// knobGroup is a section of the rules.
type knobGroup struct {
	Name  string
	Knobs []knob
}

// said is the path of the value of the group that has an effect already.
func (g *knobGroup) said(effect string) string {
	if i := slices.IndexFunc(g.Knobs, func(k knob) bool { return k.Effect == effect }); i >= 0 {
		return g.Knobs[i].Path
	}
	return ""
}

// knob is a value of the rules, and what a person put in its place.
type knob struct {
	engine.KnobWords

	Path, Value, Other string
	// Said is the path of the value before it that does the same: that is said
	// once.
	Said string
}

// turned is a value that was another in a comparison. From and To are empty where
// a person wrote it down by its path.
type turned struct{ Name, From, To, Set string }

// mostMoves is how many items that move are shown, and mostFollowing how many
// edits.
const (
	mostMoves     = 50
	mostFollowing = 100
)

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
		words := engine.WordsOf(k.Path)
		g.Knobs = append(g.Knobs, knob{words, k.Path, k.Value, other, g.said(words.Effect)})
		if other != k.Value {
			set := k.Path + "=" + other
			p.Set, p.Turned = append(p.Set, set), append(p.Turned, turned{words.Name, k.Value, other, set})
		}
	}
	for line := range strings.Lines(p.More) {
		if line = strings.TrimSpace(line); line != "" {
			p.Set, p.Turned = append(p.Set, line), append(p.Turned, turned{Set: line})
		}
	}
	if err := v.compare(&p); err != nil {
		return content{}, err
	}
	if p.Busy {
		c.status = http.StatusTooManyRequests
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
		case refused && told.Status == http.StatusTooManyRequests:
			p.Busy = true
			return nil
		case refused:
			p.Mistakes = told.Detail
		case err != nil:
			return err
		default:
			p.Result = &found
			p.Top = slices.Clone(found.Stability.Moves[:min(mostMoves, len(found.Stability.Moves))])
		}
	}
	if p.Asked {
		var err error
		p.Swaps, err = v.see.Sensitivities(topOfOrder)
		if told, refused := problemOf(err); refused && told.Status == http.StatusTooManyRequests {
			p.Busy, err = true, nil
		}
		if err != nil {
			return err
		}
	}
	var err error
	p.Named, err = v.see.Named(p.refs())
	return err
}

// refs are the names that the page tells.
func (p *whatIfPage) refs() []string {
	var all []string
	for i := range p.Top {
		all = append(all, p.Top[i].Ref)
	}
	if p.Result != nil {
		for i := range p.Result.Edits[:min(mostFollowing, len(p.Result.Edits))] {
			all = append(all, p.Result.Edits[i].Ref)
		}
	}
	if p.Result != nil && p.Result.Retied != nil {
		for _, t := range p.Result.Retied.Targets {
			all = append(all, t.Target)
		}
	}
	for i := range p.Swaps {
		for _, s := range []*engine.Swap{p.Swaps[i].First, p.Swaps[i].Set} {
			if s != nil {
				all = append(append(all, s.In...), s.Out...)
			}
		}
	}
	return all
}

// topOfOrder is how many places people look at first.
const topOfOrder = 10

// lensText says whose order a lens gives.
func lensText(lens string) string {
	switch lens {
	case "why":
		return "in the PM's order"
	case "next":
		return "in the PO's order"
	default:
		return "in the order"
	}
}
