package engine_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/agreement"
	"tandem/mapping/evidence"
)

// methods are rank sections of every method with its documented inputs, and
// some with inputs that do not fade.
func methods() map[string]string {
	return map[string]string{
		"rice":       "{method: rice}",
		"wsjf":       "{method: wsjf}",
		"weighted":   "{method: weighted, weights: {value: 2, effort: -1, accounts: 1}, accounts: evidence.accounts}",
		"expression": "{method: expression, expression: 'item.value ?? 1'}",
		"two lenses": "{why: {method: rice}, next: {method: wsjf}}",
	}
}

func TestThirtyIdleDaysMoveNothingByAnyMethod(t *testing.T) {
	t.Parallel()
	for name, section := range methods() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := realistic(t)
			from := strings.Index(text, "\nrank:")
			to := from + 1 + strings.Index(text[from+1:], "\nroute:")
			if from < 0 || to <= from {
				t.Fatal("the realistic rules have no rank before route")
			}
			lens := strings.TrimSuffix(section, "}") + ", tiers: {1: 80, 2: 60, 3: 30, 4: 0}}"
			text = text[:from] + "\nrank: " + lens + "\nroadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}" + text[to:]
			rules := compile(t, strings.ReplaceAll(text, "owner: tandem\n", "owner: tandem\n    respect: respect\n"))
			rapid.Check(t, func(t *rapid.T) {
				snap := anyWorld(t)
				first := engine.Evaluate(rules, snap)
				snap = apply(snap, &first, rules)
				for range 30 {
					snap.AsOf = snap.AsOf.Add(24 * time.Hour)
					o := engine.Evaluate(rules, snap)
					if s := o.Compare(snap.Previous, engine.Last{}); s != nil && s.Moved+s.Priorities+s.Horizons > 0 {
						t.Fatalf("an idle day moves: %+v", s.Moves)
					}
					snap = apply(snap, &o, rules)
				}
			})
		})
	}
}

// company is a firm over a year: what arrives, what is asked for, what is
// estimated anew, and what is finished. The same seed is the same year.
type company struct {
	random *rand.Rand
	snap   engine.Snapshot
	spoken map[evidence.Key]int
	born   int
}

const startingItems = 300

func newCompany(seed uint64) *company {
	c := &company{random: rand.New(rand.NewPCG(seed, 7)), snap: engine.Snapshot{AsOf: day}, spoken: map[evidence.Key]int{}}
	for range startingItems {
		c.arrive()
	}
	for range 900 { // what was said in the months before
		c.say(c.random.IntN(180))
	}
	return c
}

func (c *company) arrive() {
	c.born++
	r := sized(fmt.Sprintf("PAY-%d", c.born), []float64{1, 2, 3, 5, 8, 13}[c.random.IntN(6)])
	r.Created = c.snap.AsOf.Add(-time.Duration(c.born) * time.Second)
	r.Fields["customfield_2"] = work.NewNumber([]float64{0.5, 1, 1, 2, 3}[c.random.IntN(5)])
	c.snap.Records = append(c.snap.Records, r)
}

// say lets one of 400 accounts ask for something: few things are asked for by
// many, most by few.
func (c *company) say(ago int) {
	at := int(math.Pow(c.random.Float64(), 3) * float64(len(c.snap.Records)))
	key := evidence.Key{
		Target: c.snap.Records[at].String(), Account: fmt.Sprintf("account %d", c.random.IntN(400)),
		Method: []work.Method{work.Request, work.Support, work.Survey}[c.random.IntN(3)], Day: evidence.DayNumber(c.snap.AsOf) - int32(ago), //nolint:gosec // a few days
	}
	if i, known := c.spoken[key]; known {
		c.snap.Evidence[i].Count++
		return
	}
	c.spoken[key] = len(c.snap.Evidence)
	c.snap.Evidence = append(c.snap.Evidence, evidence.Day{Key: key, Count: 1, Audience: work.Internal})
}

// live is one day of the firm. done are items in the order of the plan.
func (c *company) live(o *engine.Outcome) {
	c.snap.AsOf = c.snap.AsOf.Add(24 * time.Hour)
	for range 8 {
		c.say(0)
	}
	if c.random.Float64() < 0.8 {
		c.arrive()
	}
	for range 2 { // somebody thinks better of an estimate
		c.change(c.random.IntN(len(c.snap.Records)), "customfield_1", []float64{1, 2, 3, 5, 8, 13}[c.random.IntN(6)])
	}
	if c.random.Float64() < 0.8 && len(o.Items) > 0 { // the team finishes what is near the top
		ref := o.Items[c.random.IntN(min(5, len(o.Items)))].Item.Birth
		for i, r := range c.snap.Records {
			if r.RefID == ref {
				c.finish(i)
			}
		}
	}
}

func (c *company) change(i int, field string, v float64) {
	r := *c.snap.Records[i]
	fields := map[string]work.Value{}
	maps.Copy(fields, r.Fields)
	fields[field] = work.NewNumber(v)
	r.Fields = fields
	c.snap.Records[i] = &r
}

func (c *company) finish(i int) {
	c.change(i, "customfield_2", 1)
	c.snap.Records[i].Fields["status_category"] = work.NewText("done")
}

// year is what a year was like.
type year struct {
	itemDays, priorities, horizons, moved int
	top10, tau                            float64
	weeks                                 int
}

func live(rules *engine.Rules, days int) year {
	c, y := newCompany(1), year{}
	var week []work.ItemID
	for d := range days + 14 { // the first two weeks settle
		o := engine.Evaluate(rules, c.snap)
		s := o.Compare(c.snap.Previous, engine.Last{})
		var order []work.ItemID
		for _, it := range o.Items {
			if it.Place > 0 {
				order = append(order, it.Item.ID)
			}
		}
		if d >= 14 && s != nil {
			y.itemDays += len(order)
			y.priorities, y.horizons, y.moved = y.priorities+s.Priorities, y.horizons+s.Horizons, y.moved+s.Moved
		}
		if d%7 == 0 {
			if d > 14 {
				open := map[work.ItemID]bool{}
				for _, id := range order {
					open[id] = true
				}
				// What was finished left the top for a good reason.
				week = slices.DeleteFunc(week, func(id work.ItemID) bool { return !open[id] })
				f := agreement.Compare(week, order)
				y.top10, y.tau, y.weeks = y.top10+f.Top10, y.tau+f.Tau, y.weeks+1
			}
			week = order
		}
		run := o.Run(0, rules, "")
		c.snap.Identities, c.snap.Previous = run.Identities, run.Placements
		c.live(&o)
	}
	return y
}

// TestQualityOfAYear tells how steady priorities, horizons and the top are over
// a simulated year, with and without band and dwell (docs/quality.md).
func TestQualityOfAYear(t *testing.T) {
	t.Parallel()
	days := 60 // enough for the law below
	if os.Getenv("TANDEM_YEAR") != "" {
		days = 365
	}
	lenses := []struct{ name, lens string }{
		{"rice, reach by accounts", "method: rice, impact: item.impact"},
		{"rice, reach that fades (evidence.weight)", "method: rice, reach: evidence.weight, impact: item.impact"},
	}
	settings := []struct{ name, band, dwell string }{
		{"neither", "0%", "0d"}, {"band 5%", "5%", "0d"}, {"dwell 7d", "0%", "7d"}, {"both (default)", "5%", "7d"},
	}
	for _, l := range lenses {
		changes := map[string]int{}
		for _, s := range settings {
			text := strings.Replace(plainRules, "rank: {method: rice, tiers: {1: 20, 2: 0}}",
				fmt.Sprintf("rank: {%s, tiers: {1: 40, 2: 25, 3: 12, 4: 0}, band: %s, dwell: %s}", l.lens, s.band, s.dwell), 1)
			text = strings.Replace(text, "later: {}}", "later: {}, band: "+s.band+"}", 1)
			text = strings.Replace(text, "{1: [High], 2: [Low]}", "{1: [Highest], 2: [High], 3: [Medium], 4: [Low]}", 1)
			text = strings.Replace(text, "effort: 10, every", "effort: 60, every", 1)
			y := live(compile(t, text), days)
			month := float64(y.itemDays) / 30
			t.Logf("| %s | %s | %.3f | %.3f | %.2f | %.2f | %.3f |", l.name, s.name, float64(y.priorities)/month, float64(y.horizons)/month,
				float64(y.moved)/month, y.top10/float64(y.weeks), y.tau/float64(y.weeks))
			changes[s.name] = y.priorities
		}
		if changes["both (default)"] >= changes["neither"] || changes["both (default)"] > changes["band 5%"] || changes["both (default)"] > changes["dwell 7d"] {
			t.Errorf("%s: band and dwell calm nothing: %v", l.name, changes)
		}
	}
}
