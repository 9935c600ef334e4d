package engine

import (
	"cmp"
	"slices"

	"tandem/internal/work"

	"tandem/mapping/rank"
)

// Tension is how far the two lenses disagree about one item: the PM's, which
// asks why, and the PO's, which asks what next.
type Tension struct {
	Item work.ItemID `json:"item"`
	Ref  string      `json:"ref"`
	Team string      `json:"team,omitempty"`
	// Why and Next are the item's places among the team's open items by the
	// score of each lens alone, without horizons.
	Why  int `json:"why_place"`
	Next int `json:"next_place"`
	// WhyScore and NextScore are the scores, 0 to 100 each.
	WhyScore  float64 `json:"why_score"`
	NextScore float64 `json:"next_score"`
	// WhyTerm and NextTerm are the part of each score that speaks most for the
	// difference, in one line.
	WhyTerm  string `json:"why_term"`
	NextTerm string `json:"next_term"`

	item *Decided
}

// Decided returns the item.
func (t *Tension) Decided() *Decided { return t.item }

// Gap is by how many places the lenses differ; above 0 the PM's puts it higher.
func (t *Tension) Gap() int { return t.Next - t.Why }

// TwoLenses reports whether there are two lenses that may disagree.
func (r *Rules) TwoLenses() bool { return r.ranker.TwoLenses() }

// Tensions returns the items about which the lenses disagree most, in each
// team, the largest difference first: no more than most of a team, and of one
// team where it is named. It is empty where one lens answers both questions.
func (o *Outcome) Tensions(rules *Rules, team string, all bool, most int) []Tension {
	return o.TensionsAmong(rules, team, all, most, func(*Decided) bool { return true })
}

// TensionsAmong are those of the items that sees wants. Their places are among
// all items.
func (o *Outcome) TensionsAmong(rules *Rules, team string, all bool, most int, sees func(*Decided) bool) []Tension {
	if !rules.TwoLenses() {
		return nil
	}
	byTeam := map[string][]*Decided{}
	for _, d := range o.Items {
		if d.Place > 0 && (all || d.Item.Team == team) {
			byTeam[d.Item.Team] = append(byTeam[d.Item.Team], d)
		}
	}
	var found []Tension
	for _, name := range o.teams() {
		found = append(found, tensionsOf(byTeam[name], most, sees)...)
	}
	slices.SortStableFunc(found, func(a, b Tension) int { return cmp.Compare(size(b.Gap()), size(a.Gap())) })
	for i := range found {
		found[i].terms(rules, o)
	}
	return found
}

func size(n int) int { return max(n, -n) }

// tensionsOf compares the places of one team's items in both lenses.
func tensionsOf(items []*Decided, most int, sees func(*Decided) bool) []Tension {
	places := func(score func(*Decided) float64) map[*Decided]int {
		sorted := slices.Clone(items)
		slices.SortStableFunc(sorted, func(a, b *Decided) int { // equals stay in the order of their places
			return cmp.Compare(score(b), score(a))
		})
		at := make(map[*Decided]int, len(sorted))
		for i, d := range sorted {
			at[d] = i + 1
		}
		return at
	}
	why := places(func(d *Decided) float64 { return d.Scored.Why.Value })
	next := places(func(d *Decided) float64 { return d.Scored.Next.Value })
	var all []Tension
	for _, d := range items {
		if why[d] != next[d] && sees(d) {
			all = append(all, Tension{
				Item: d.Item.ID, Ref: d.Item.Key(), Team: d.Item.Team, Why: why[d], Next: next[d],
				WhyScore: d.Scored.Why.Value, NextScore: d.Scored.Next.Value, item: d,
			})
		}
	}
	slices.SortStableFunc(all, func(a, b Tension) int { return cmp.Compare(size(b.Gap()), size(a.Gap())) })
	return all[:min(most, len(all))]
}

// terms finds what speaks most for the difference: in the lens that puts the
// item higher the term that adds most, in the other the one that adds least.
func (t *Tension) terms(rules *Rules, o *Outcome) {
	s := rules.subject(t.item, o.AsOf)
	s.Score, s.Place = work.Value{}, work.Value{}
	pick := func(lens string, high bool) string {
		var best *rank.Term
		terms := rules.ranker.Terms(&s)
		for i := range terms {
			x := &terms[i]
			if x.Lens == lens && (best == nil || high && x.Contribution > best.Contribution || !high && x.Contribution < best.Contribution) {
				best = x
			}
		}
		if best == nil {
			return ""
		}
		return best.Text
	}
	t.WhyTerm, t.NextTerm = pick("why", t.Gap() > 0), pick("next", t.Gap() < 0)
}
