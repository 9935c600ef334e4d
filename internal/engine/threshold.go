package engine

import (
	"maps"
	"math"
	"slices"
)

// Threshold is how near an item is to the least score of a priority.
type Threshold struct {
	// Number is the path of the least score in the rules, Value what it is.
	Number string  `json:"number"`
	Value  float64 `json:"value"`
	// To is the nearest value at which an item would get another priority, Ref
	// that item, and Score its score.
	To    float64 `json:"to"`
	Ref   string  `json:"ref"`
	Score float64 `json:"score"`
	// Within counts items whose score is inside the band around the threshold:
	// they keep the priority that they have.
	Within int `json:"within_band"`
}

// Thresholds tells for each tier how far its threshold may move before an item
// gets another priority, by scores alone: the band and what has to stay keep
// many of them where they are. The least urgent tier has no threshold.
func (o *Outcome) Thresholds(rules *Rules, team string, all bool) []Threshold {
	spec := rules.spec.Rank.Tiers
	if spec == nil {
		return nil
	}
	var found []Threshold
	for _, name := range slices.Sorted(maps.Keys(spec.Least)) {
		t := Threshold{Number: "rank.tiers." + name, Value: spec.Least[name]}
		if t.Value == 0 {
			continue
		}
		nearest := math.Inf(1)
		for _, d := range o.Items {
			score := rules.ranker.OfTiers(&d.Scored)
			if d.Place == 0 || !score.Known || !all && d.Item.Team != team {
				continue
			}
			by := math.Abs(score.Value - t.Value)
			if by < nearest {
				nearest = by
				t.Ref, t.Score, t.To = d.Item.Key(), score.Value, beyond(score.Value, t.Value)
			}
			t.Within += boolean(by < rules.ranker.Margin())
		}
		if t.Ref != "" {
			found = append(found, t)
		}
	}
	return found
}

// beyond is the threshold at which a score falls on its other side: scores have
// one decimal.
func beyond(score, threshold float64) float64 {
	if score >= threshold {
		return math.Round(10*score+1) / 10
	}
	return score
}
