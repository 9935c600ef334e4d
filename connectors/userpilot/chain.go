package userpilot

import (
	"maps"
	"slices"
	"time"
)

// voices gathers utterances, by the id of their event.
type voices struct {
	config Config
	all    map[string]utterance
}

// part begins a part of an export. What it takes counts once it is kept.
func (v *voices) part() (take func(event), keep func()) {
	staged := map[string]utterance{}
	take = func(e event) {
		if u, ok := v.config.hear(e); ok && len(staged) <= maxHeld { // one too many is told as such
			staged[u.key] = u
		}
	}
	return take, func() { maps.Copy(v.all, staged) }
}

// size is how much is held in memory.
func (v *voices) size() int { return len(v.all) }

// chain are utterances that may be joined, in order: each lies close behind the
// one before.
type chain []utterance

func (c chain) first() time.Time { return c[0].at }
func (c chain) last() time.Time  { return c[len(c)-1].at }

// chains joins what belongs to one response and lies close together. Whether two
// utterances are in one chain depends on what lies between them and on nothing
// else: so a chain is the same in every window that holds it and as much again
// of the time before it.
func (v *voices) chains() []chain {
	by := map[string]chain{}
	for _, u := range v.all {
		by[u.response()] = append(by[u.response()], u)
	}
	var all []chain
	for _, response := range slices.Sorted(maps.Keys(by)) {
		us := by[response]
		slices.SortFunc(us, after)
		from := 0
		for i := 1; i <= len(us); i++ {
			if i == len(us) || us[i].at.Sub(us[i-1].at) > time.Duration(v.config.Within) {
				all = append(all, us[from:i])
				from = i
			}
		}
	}
	slices.SortStableFunc(all, func(a, b chain) int { return after(a[0], b[0]) })
	return all
}

// whole returns the chains that have something new in them and begin inside of
// the job's window. It reports false where one of them may begin before it: then
// the window must reach back further.
func (v *voices) whole(j job) (all []chain, ok bool) {
	ok = true
	certain := j.From.Add(time.Duration(v.config.Within))
	for _, c := range v.chains() {
		switch {
		case !c.last().After(j.Fresh):
		case j.First || !c.first().Before(certain):
			all = append(all, c)
		default:
			ok = false
		}
	}
	return all, ok
}

// split cuts a chain into responses: a score or a question that comes a second
// time begins a new one.
func (c chain) split() []chain {
	var all []chain
	from := 0
	scored, asked := false, map[string]bool{}
	for i, u := range c {
		again := u.scored && scored
		for _, a := range u.answers {
			again = again || asked[a.question]
		}
		if again {
			all = append(all, c[from:i])
			from, scored = i, false
			clear(asked)
		}
		scored = scored || u.scored
		for _, a := range u.answers {
			asked[a.question] = true
		}
	}
	return append(all, c[from:])
}
