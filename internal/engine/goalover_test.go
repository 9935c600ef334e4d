package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
)

const overGoals = `
fields:
  theme: {owner: jira, jira: {field: customfield_8}}
  value: {owner: jira, jira: {field: customfield_1}}
goals:
  keep: {measure: errors a week, target: '< 10', period: 2026-Q4, weight: 2, themes: [export]}
  look: {period: 2026-Q4, weight: 1, themes: [search]}
  some: {period: this winter, weight: 2, themes: [costs]}
rank: {method: value_effort, value: 'item.value', effort: '1'}
`

// TestAGoalWhosePeriodIsOverPullsAsBeforeAndIsNamed: nothing is to move by itself
// on the first of January.
func TestAGoalWhosePeriodIsOverPullsAsBeforeAndIsNamed(t *testing.T) {
	t.Parallel()
	rules := compile(t, overGoals)
	snap := snapshot(t, []byte(`records:
  - {ref: 'jira:PAY-1', place: PAY, fields: {summary: a, status_category: new, customfield_8: export, customfield_1: 5}}
`))
	say := func(day time.Time) (score float64, text string) {
		snap.AsOf = day
		o := engine.Evaluate(rules, snap)
		x := o.Explain(rules, o.Items[0])
		for _, term := range x.Terms {
			if term.Name == "goal" {
				text = term.Text
			}
		}
		return o.Items[0].Scored.Next.Value, text
	}
	lastDay := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	before, pulls := say(lastDay)
	after, over := say(lastDay.AddDate(0, 0, 1))
	if before != after || strings.Contains(pulls, "over") || !strings.Contains(over, "goal keep, whose period is over, multiplies by 2") {
		t.Errorf("%v by %q becomes %v by %q", before, pulls, after, over)
	}
	env := lintEnv()
	for day, want := range map[time.Time][]string{
		{}: nil, lastDay: nil,
		lastDay.AddDate(0, 0, 1): {"goal_over /goals/keep/period: the period of goal keep, 2026-Q4, is over since 2027-01-01, and it still pulls with weight 2"},
	} {
		env.Today = day
		if diff := cmp.Diff(want, remarks(rules, env, "goal_over")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", day, diff)
		}
	}
}
