package rank_test

import (
	"math"
	"testing"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// linear is a scale whose anchor is the largest raw value.
func linear(raw, most float64) float64 { return math.Round(10*min(100, 100*raw/most)) / 10 }

// TestTheLiteratureIsReproduced computes every method by hand, as its sources
// have it (see docs/rules.md for what makes 100 points).
func TestTheLiteratureIsReproduced(t *testing.T) {
	t.Parallel()
	typed := rank.Spec{Lens: rank.Lens{Method: "rice", Inputs: map[string]work.Expression{"reach": "item.reach", "confidence": "item.confidence"}}}
	product := rank.Spec{Lens: rank.Lens{Method: "ice", Combine: "product", Inputs: map[string]work.Expression{"confidence": "item.confidence"}}}
	average := rank.Spec{Lens: rank.Lens{Method: "ice", Inputs: map[string]work.Expression{"confidence": "item.confidence"}}}
	said := func(category string) *expression.Subject {
		s := subject(nil)
		s.Item.Fields.Set(work.MoSCoW, work.NewText(category))
		return s
	}
	cases := []struct {
		name, source string
		spec         rank.Spec
		s            *expression.Subject
		want         float64
	}{
		{
			"rice: 500 × 3 × 100 % / 2 = 750", "Intercom: reach is people per quarter, impact 3 is massive, effort in person-months",
			typed, subject(fields{work.Reach: 500, work.Impact: 3, work.Confidence: 100, work.Effort: 2}), points(750, 10_000),
		},
		{
			"rice: 2000 × 1 × 80 % / 4 = 400", "Intercom: 80 % is medium confidence",
			typed, subject(fields{work.Reach: 2000, work.Impact: 1, work.Confidence: 80, work.Effort: 4}), points(400, 10_000),
		},
		{
			"rice: half a month is the least effort", "Intercom: 0.5 is the minimum",
			typed, subject(fields{work.Reach: 100, work.Impact: 0.25, work.Confidence: 50, work.Effort: 0.1}), points(100*0.25*0.5/0.5, 10_000),
		},
		{"ice: (8 + 5 + 2) / 3 = 5", "Ellis and Brown: the average of three scores from 1 to 10", average, subject(fields{work.Impact: 8, work.Confidence: 5, work.Ease: 2}), linear(5, 10)},
		{"ice: 8 × 5 × 2 = 80", "Gilad: the product", product, subject(fields{work.Impact: 8, work.Confidence: 5, work.Ease: 2}), points(80, 1000)},
		{"ice: 10 × 10 × 10 is all there is", "Gilad: the product", product, subject(fields{work.Impact: 10, work.Confidence: 10, work.Ease: 10}), 100},
		{"wsjf: (8 + 5 + 3) / 2 = 8", "SAFe: cost of delay over job size, each on modified Fibonacci", method("wsjf"), subject(fields{work.BusinessValue: 8, work.TimeCriticality: 5, work.RiskReduction: 3, work.Effort: 2}), points(8, 60)},
		{"wsjf: (1 + 1 + 1) / 20 = 0.15 is the least", "SAFe: range 0.15 to 60", method("wsjf"), subject(fields{work.BusinessValue: 1, work.TimeCriticality: 1, work.RiskReduction: 1, work.Effort: 20}), points(0.15, 60)},
		{"wsjf: (20 + 20 + 20) / 1 = 60 is the most", "SAFe: range 0.15 to 60", method("wsjf"), subject(fields{work.BusinessValue: 20, work.TimeCriticality: 20, work.RiskReduction: 20, work.Effort: 1}), 100},
		{"cd3: 10,000 a week / 4 weeks = 2,500", "Reinertsen: cost of delay divided by duration", method("cd3"), subject(fields{work.CostOfDelay: 10_000, work.Duration: 4}), points(2500, 100_000)},
		{"cd3: 5 points of effort are a week", "where nobody gave a duration", method("cd3"), subject(fields{work.CostOfDelay: 10_000, work.Effort: 20}), points(2500, 100_000)},
		{"opportunity: 9 + (9 − 3) = 15 is extreme", "Ulwick: above 15 extreme", method("opportunity"), subject(fields{work.Importance: 9, work.Satisfaction: 3}), linear(15, 20)},
		{"opportunity: 8 + (8 − 4) = 12 is strong", "Ulwick: 12 to 15 strong", method("opportunity"), subject(fields{work.Importance: 8, work.Satisfaction: 4}), linear(12, 20)},
		{"opportunity: 6 + max(6 − 9, 0) = 6 is served", "Ulwick: below 10 served; satisfaction beyond importance takes nothing away", method("opportunity"), subject(fields{work.Importance: 6, work.Satisfaction: 9}), linear(6, 20)},
		{"moscow: must", "DSDM", method("moscow"), said("Must have"), 80},
		{"moscow: should", "DSDM", method("moscow"), said("should-have"), 60},
		{"moscow: could", "DSDM", method("moscow"), said("C"), 40},
		{"moscow: won't", "DSDM: Won't have this time", method("moscow"), said("Won't have this time"), 0},
		{"value over effort: 13 / 5 = 2.6", "value ÷ effort on modified Fibonacci", method("value_effort"), subject(fields{work.BusinessValue: 13, work.Effort: 5}), points(2.6, 20)},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := compile(t, tc.spec).Score(tc.s).Next
			if got.Value != tc.want || !got.Known || got.Low != got.Value || got.High != got.Value || got.Confidence() != 1 {
				t.Errorf("%s: got %+v, want %v", tc.source, got, tc.want)
			}
		})
	}
}

// TestOrdersOfTheLiterature checks orders that papers and books use to make
// their point.
func TestOrdersOfTheLiterature(t *testing.T) {
	t.Parallel()
	better := func(t *testing.T, name string, first, second *expression.Subject) {
		t.Helper()
		r := compile(t, method(name))
		if a, b := r.Score(first).Next.Value, r.Score(second).Next.Value; a <= b {
			t.Errorf("%s: got %v and %v, want the first ahead", name, a, b)
		}
	}
	// Reinertsen, Principles of Product Development Flow: of jobs that differ in
	// cost of delay and duration, the weighted shortest comes first: 1/1 before
	// 3/10, and 10/3 before both.
	job := func(cost, weeks float64) *expression.Subject {
		return subject(fields{work.CostOfDelay: cost * 1000, work.Duration: weeks})
	}
	better(t, "cd3", job(10, 3), job(1, 1))
	better(t, "cd3", job(1, 1), job(3, 10))
	// Arnold, SAFe's cost of delay: value 0 with urgency 21 must not beat value
	// by urgency alone. The floor of 1 takes away the least it can: urgency 20
	// without any value stays behind value and urgency of 13.
	better(t, "wsjf", subject(fields{work.BusinessValue: 13, work.TimeCriticality: 13, work.Effort: 3}), subject(fields{work.BusinessValue: 0, work.TimeCriticality: 20, work.Effort: 3}))
	// Ulwick: an outcome that is important and served stands behind one that is
	// as important and not served.
	better(t, "opportunity", subject(fields{work.Importance: 8, work.Satisfaction: 2}), subject(fields{work.Importance: 8, work.Satisfaction: 8}))
}

// TestOpportunityReadsTopTwoBox: 45 of 60 find it important, 12 of 60 are
// satisfied: 7.5 + (7.5 − 2) = 13, which Ulwick calls strong. The interval is
// Wilson's (90 %, z = 1.645), by hand: 0.75 ± of 60 is 0.6487 to 0.8299, and
// 0.2 of 60 is 0.1287 to 0.2972.
func TestOpportunityReadsTopTwoBox(t *testing.T) {
	t.Parallel()
	s := subject(nil)
	s.Evidence.Importance = work.Answers{Top: 45, Sample: 60}
	s.Evidence.Satisfaction = work.Answers{Top: 12, Sample: 60}
	got := compile(t, method("opportunity")).Score(s).Next
	const low, high = 100 * (6.487 + 6.487 - 2.972) / 20, 100 * (8.299 + 8.299 - 1.287) / 20
	if got.Value != 65 || !got.Known || math.Abs(got.Low-low) > 0.1 || math.Abs(got.High-high) > 0.1 {
		t.Errorf("got %+v, want 65 between %.1f and %.1f", got, low, high)
	}
	if text := compile(t, method("opportunity")).Terms(s)[0].Text; text != "importance 7.5 (item.importance (unknown) ?? evidence.importance (7.5)), of everybody 6.49 to 8.3: +25.0 points against the usual 5" {
		t.Errorf("importance is explained as %q", text)
	}
}
