package evidence

import (
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
