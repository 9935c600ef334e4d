package evidence

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/work"
)

// UsageDays is how many days of usage are compared with as many before them.
const UsageDays = 28

// Usage is how often something was used on one day, by all accounts together.
type Usage struct {
	Connector, Name string
	// Day counts as in Key.
	Day int32
	// Count and Users are Unknown where no tool tells.
	Count, Users work.Value
	// Accounts is how many accounts are named.
	Accounts int32
	Audience work.Audience
}

// Add adds what one account did; the empty account is everybody together.
func (u *Usage) Add(account string, count, users work.Value, audience work.Audience) {
	u.Count, u.Users = plus(u.Count, count), plus(u.Users, users)
	u.Audience = strictest(u.Audience, audience)
	if account != "" {
		u.Accounts++
	}
}

// plus adds up what is known.
func plus(a, b work.Value) work.Value {
	x, okA := a.Number()
	y, okB := b.Number()
	switch {
	case !okA:
		return b
	case !okB:
		return a
	default:
		return work.NewNumber(x + y)
	}
}

// Finding is what one insight is about: a piece of work, or a goal.
type Finding struct {
	Of work.RefID
	// Target is "connector:key", Goal a name; one of them is empty.
	Target, Goal string
	Kind         string
	Day          int32
	Audience     work.Audience
}

// CountFindings returns how many insights there are, each once, and the
// strictest audience among them. What lies after as_of does not count yet.
func CountFindings(findings []Finding, asOf time.Time) (int, work.Audience) {
	today, audience := DayNumber(asOf), work.Public
	seen := make(map[work.RefID]bool, len(findings))
	for i := range findings {
		if f := &findings[i]; f.Day <= today {
			seen[f.Of] = true
			audience = strictest(audience, f.Audience)
		}
	}
	return len(seen), audience
}

// SumUsage returns how often something was used on the 28 whole days before
// as_of, by what share more than on the 28 before them, and the strictest
// audience of what was counted. A day without a row is missing, not zero: the
// trend compares average days, of those names that were counted on both sides.
// Without any row on a side it is Unknown, as it is after nothing but zeros.
func SumUsage(usage []Usage, asOf time.Time) (total, trend work.Value, audience work.Audience) {
	today := DayNumber(asOf)
	rows := make([]*Usage, 0, len(usage))
	for i := range usage {
		if u := &usage[i]; u.Day < today && u.Day >= today-2*UsageDays && u.Count.Known() {
			rows = append(rows, u)
		}
	}
	slices.SortFunc(rows, func(a, b *Usage) int {
		return cmp.Or(cmp.Compare(a.Connector, b.Connector), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Day, b.Day))
	})
	audience = work.Public
	var now, before float64 // of an average day
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Connector == rows[0].Connector && rows[n].Name == rows[0].Name {
			n++
		}
		var sums, days [2]float64
		for _, u := range rows[:n] {
			side := 0
			if u.Day >= today-UsageDays {
				side = 1
			}
			f, _ := u.Count.Number()
			sums[side] += f
			days[side]++
			audience = strictest(audience, u.Audience)
		}
		if days[1] > 0 {
			total = plus(total, work.NewNumber(sums[1]))
		}
		if days[0] > 0 && days[1] > 0 {
			before, now = before+sums[0]/days[0], now+sums[1]/days[1]
		}
		rows = rows[n:]
	}
	if before > 0 {
		trend = work.NewNumber(now/before - 1)
	}
	return total, trend, audience
}

// MetricsOn returns the names of usage that rules tie to a target.
func (p *Program) MetricsOn(target string) []string { return p.metrics[target] }

// CountsUsage reports whether rules tie any usage to work.
func (p *Program) CountsUsage() bool { return len(p.metrics) > 0 }
