package engine

import (
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"

	"tandem/mapping"
)

// senseless says what a word does not fit: rules may have changed since.
func (r *Rules) senseless(o *work.Override) (what, remedy string) {
	var known []string
	switch o.Kind {
	case work.Pin:
		if placeOf(o) > 0 {
			return "", ""
		}
		return "ignored: a place is a number from 1 on", endIt(o)
	case work.MoveHorizon:
		known = r.Horizons()
	case work.SetPriority:
		known = r.Tiers()
	default:
		return "", ""
	}
	if slices.Contains(known, o.Value) {
		return "", ""
	}
	if len(known) == 0 {
		return "ignored: the rules know no " + o.Kind.String(), endIt(o)
	}
	return "ignored: the rules know no such " + o.Kind.String(), "say it anew with one of " + strings.Join(known, ", ") + "; or end it: " + command(o) + " --end"
}

// Misfit says why a person cannot say so of an item, and what would be right;
// empty where they can.
func (r *Rules) Misfit(d *Decided, o *work.Override) (what, remedy string) {
	known := map[work.OverrideKind][]string{work.MoveHorizon: r.Horizons(), work.SetPriority: r.Tiers()}
	switch {
	case strings.TrimSpace(o.Reason) == "":
		return "nobody would know why", "say because: a reason; people see it wherever the decision shows"
	case len([]rune(o.Reason)) > work.MostReason:
		return "the reason is longer than " + strconv.Itoa(work.MostReason) + " characters", "say it in short, and link to the rest"
	case strings.ContainsFunc(o.Reason, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "the reason has more than one line", "say it in one"
	case d.Item.Done():
		return d.Item.Key() + " is finished: nothing is decided of it any more", "name an open item"
	case o.Kind == work.Pin && placeOf(o) == 0:
		return strconv.Quote(o.Value) + " is no place", "write a number from 1 on; 1 is first"
	case (o.Kind == work.MoveHorizon || o.Kind == work.SetPriority) && !slices.Contains(known[o.Kind], o.Value):
		return strconv.Quote(o.Value) + " is no " + o.Kind.String() + " of the rules", work.Suggest(o.Value, known[o.Kind])
	}
	if owner := r.ownerOf(d, o.Kind.Field()); owner != "" {
		return o.Kind.String() + " is " + owner + "'s", "set it there: Tandem reads it, and writes it to the other places"
	}
	return "", ""
}

// ownerOf is the connector that answers for a field of an item; empty where
// Tandem does, or fills what is blank.
func (r *Rules) ownerOf(d *Decided, field work.Field) string {
	for _, rule := range r.program.Rules() {
		if rule.Field != field || rule.Owner == mapping.Tandem || rule.Fill {
			continue
		}
		if _, there := d.Item.Part(rule.Owner); there {
			return rule.Owner
		}
		return d.Item.Birth.Connector
	}
	return ""
}

func command(o *work.Override) string { return "tandem override " + o.Ref.String() }

func endIt(o *work.Override) string { return "end it: " + command(o) + " --end" }

// Horizons are the horizons that a person may move an item to.
func (r *Rules) Horizons() []string {
	if r.roadmap == nil {
		return nil
	}
	return r.roadmap.Horizons()
}

// Tiers are the priorities that a person may set; none where the rules have no
// tiers.
func (r *Rules) Tiers() []string {
	if r.ranker == nil {
		return nil
	}
	return r.ranker.Tiers()
}
