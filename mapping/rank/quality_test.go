package rank_test

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim/dataset"
	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// issue is one labelled issue, as a tracker offers it.
type issue struct {
	urgency int // of the people's priority, 5 is the most urgent
	subject *expression.Subject
}

// agreement counts pairs of issues that people gave different priorities.
type agreement struct{ concordant, discordant, tiedScores, tiedPriorities float64 }

// agree compares all pairs; issues of one priority and score are compared at
// once.
func agree(urgencies []int, scores []float64) agreement {
	type kind struct {
		urgency int
		score   float64
	}
	count := map[kind]float64{}
	for i := range urgencies {
		count[kind{urgencies[i], scores[i]}]++
	}
	kinds := slices.Collect(maps.Keys(count))
	var a agreement
	for i, x := range kinds {
		for _, y := range kinds[:i] {
			pairs := count[x] * count[y]
			switch p, s := x.urgency-y.urgency, x.score-y.score; {
			case p == 0:
				a.tiedPriorities += pairs
			case s == 0:
				a.tiedScores += pairs
			case (p > 0) == (s > 0):
				a.concordant += pairs
			default:
				a.discordant += pairs
			}
		}
	}
	return a
}

// tauB is Kendall's tau-b: 1 is the same order, 0 is chance, -1 the opposite.
func (a agreement) tauB() float64 {
	told := a.concordant + a.discordant
	if told == 0 {
		return 0
	}
	return (a.concordant - a.discordant) / math.Sqrt((told+a.tiedScores)*(told+a.tiedPriorities))
}

// right is the share of concordant pairs among those that the scores order,
// and told the share of pairs that they order.
func (a agreement) right() (right, told float64) {
	ordered := a.concordant + a.discordant
	if ordered == 0 {
		return 0, 0
	}
	return a.concordant / ordered, ordered / (ordered + a.tiedScores)
}

// TestQualityOfRankingAgreesWithPeopleAsFarAsToldInTheGuide: the figures of
// docs/quality.md are what this test logs. A tracker's export has no feedback,
// estimate or value: what is left are duplicates, age, versions and words.
func TestQualityOfRankingAgreesWithPeopleAsFarAsToldInTheGuide(t *testing.T) {
	t.Parallel()
	const loud = `crash|deadlock|data loss|corrupt|security|CVE-|NullPointer|NPE|OutOfMemory|OOM|hang|fails to start|cannot start|regression`
	const calm = `typo|javadoc|documentation|cleanup|clean up|checkstyle|findbugs|rename|log message|unused|flaky|test `
	words := `item.title matches "(?i)` + loud + `" ? 70 : item.title matches "(?i)` + calm + `" ? 20 : 45`
	formula := func(text string) rank.Spec {
		return rank.Spec{Lens: rank.Lens{Method: "expression", Expression: work.Expression(text)}}
	}
	methods := []struct {
		name string
		spec rank.Spec
	}{
		{"rice", method("rice")},
		{"ice", method("ice")},
		{"wsjf", method("wsjf")},
		{"cd3", method("cd3")},
		{"opportunity", method("opportunity")},
		{"moscow", method("moscow")},
		{"value_effort", method("value_effort")},
		{"newest first", formula("100 - item.age_days / 60")},
		{"oldest first", formula("item.age_days / 60")},
		{"words of the title", formula(words)},
		{"wsjf, words as time criticality", rank.Spec{Lens: rank.Lens{Method: "wsjf", Inputs: map[string]work.Expression{
			"time_criticality": work.Expression(`item.title matches "(?i)` + loud + `" ? 13 : item.title matches "(?i)` + calm + `" ? 1 : 5`),
		}}}},
	}
	for _, project := range []struct {
		name string
		// Figures of the guide, with room for a rounding.
		rice, words float64
	}{{"hadoop", 0.00, 0.05}, {"SeaMonkey", -1, -1}} {
		issues := labelled(t, project.name)
		noise := math.Sqrt(2 * float64(2*len(issues)+5) / float64(9*len(issues)*(len(issues)-1)))
		t.Logf("%s: %d issues with a priority; tau-b of chance is within %.2f in 19 of 20 cases", project.name, len(issues), 2*noise)
		for _, m := range methods {
			r := compile(t, m.spec)
			var urgencies []int
			var scores []float64
			for _, i := range issues {
				urgencies, scores = append(urgencies, i.urgency), append(scores, r.Score(i.subject).Next.Value)
			}
			a := agree(urgencies, scores)
			right, told := a.right()
			t.Logf("  %-34s tau-b %5.2f  orders %3.0f of 100 pairs, of these right %3.0f", m.name, a.tauB(), 100*told, 100*right)
			if m.name == "rice" && a.tauB() < project.rice || m.name == "words of the title" && a.tauB() < project.words {
				t.Errorf("%s: %s agrees less than told: tau-b %.3f", project.name, m.name, a.tauB())
			}
		}
	}
}

// TestQualityOfThePriorOfEffort: how often the estimate of a team lies in the
// interval that is assumed where nobody gave one.
func TestQualityOfThePriorOfEffort(t *testing.T) {
	t.Parallel()
	effort := compile(t, method("rice")).Inputs()[3]
	for _, project := range []string{"bamboo", "clover", "jirasoftware", "usergrid"} {
		rows := dataset.Table(t, "gpt2sp_story_points", project+".csv")
		column := slices.Index(rows[0], "storypoint")
		var points []float64
		within := 0.0
		for _, r := range rows[1:] {
			f, err := strconv.ParseFloat(r[column], 64)
			if err != nil {
				t.Fatal(err)
			}
			if points = append(points, f); effort.Low <= f && f <= effort.High {
				within++
			}
		}
		slices.Sort(points)
		share := within / float64(len(points))
		t.Logf("%-14s %4d estimates, median %2.0f, within %v to %v: %3.0f of 100", project, len(points), points[len(points)/2], effort.Low, effort.High, 100*share)
		if share < 0.85 {
			t.Errorf("%s: %.2f of the estimates lie in the interval of the prior, less than told", project, share)
		}
	}
}

// labelled reads the issues of a project that people gave a priority. A
// duplicate that was reported is one more account that asks.
func labelled(t *testing.T, project string) []issue {
	t.Helper()
	rows := dataset.Table(t, "gitbugs", project+"_bugs.csv")
	column := func(name string) int { return slices.Index(rows[0], name) }
	reports := map[string]int{}
	for _, r := range dataset.Table(t, "gitbugs", project+"_bugs-combined.csv")[1:] {
		reports[strings.TrimSpace(r[0])] += len(strings.Split(r[1], ","))
	}
	urgencies := map[string]int{
		"Blocker": 5, "Critical": 4, "Major": 3, "Minor": 2, "Trivial": 1, "P1": 5, "P2": 4, "P3": 3, "P4": 2, "P5": 1,
	}
	var issues []issue
	for _, r := range rows[1:] {
		urgency := urgencies[r[column("Priority")]]
		if urgency == 0 {
			continue // not set, which is no value
		}
		item := &work.Item{ID: work.ItemID(r[column("Issue id")])}
		item.Fields.Set(work.Title, work.NewText(r[column("Summary")]))
		item.Fields.Set(work.Type, work.NewText("bug"))
		item.Fields.Set(work.Created, work.NewTime(created(t, r[column("Created")])))
		accounts := 1 + reports[r[column("Issue id")]]
		issues = append(issues, issue{urgency, &expression.Subject{
			Item: item, AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
			Evidence: work.Evidence{Accounts: accounts, Signals: accounts, Confidence: float64(accounts) / (float64(accounts) + 2.706)},
		}})
	}
	return issues
}

func created(t *testing.T, text string) time.Time {
	t.Helper()
	for _, layout := range []string{"02/Jan/06 15:04", "2006-01-02 15:04:05-07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	t.Fatalf("%q is no time", text)
	return time.Time{}
}
