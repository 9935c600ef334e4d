package chaos_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"tandem/internal/store"
	"tandem/internal/work"
)

// severs lets connections to a server break under Tandem, in the middle of
// what it does: what the server does then is real. It is an act of its own, so
// that a life is otherwise the one that it is on a file.
func (l *life) severs() {
	dice, deaths := rand.New(rand.NewPCG(l.seed, uint64(7000+l.act))), rand.New(rand.NewPCG(l.seed, uint64(8000+l.act)))
	falls := rand.New(rand.NewPCG(l.seed, uint64(9000+l.act)))
	if l.wire == nil || dice.IntN(12) > 0 {
		return
	}
	l.did["connections break"]++
	l.tells("act: connections break")
	l.job, l.doom = true, &doom{left: -1}
	if deaths.IntN(3) == 0 {
		l.cutOff = false
		l.wire.arm(&cut{left: 1 + deaths.IntN(50), after: deaths.IntN(2) == 0, said: deaths.IntN(3) == 0, refuse: deaths.IntN(3)})
		l.restart()
		l.settles()
	}
	for range 2 {
		c := &cut{left: 1 + dice.IntN(60), after: dice.IntN(2) == 0, said: dice.IntN(3) == 0}
		if dice.IntN(2) == 0 {
			c.left, c.commits = 1+dice.IntN(15), true
		}
		if dice.IntN(4) == 0 {
			c.refuse = 1 + dice.IntN(4)
		}
		if c.kills = deaths.IntN(4) == 0; c.kills {
			c.said = false
		}
		if c.all = !c.kills && falls.IntN(4) == 0; c.all {
			c.said = true
		}
		l.wire.arm(c)
		l.cycle(nil)
	}
	l.doom = nil
}

// insists does something again as long as connections break, as a node does
// that starts.
func (l *life) insists(do func() error) {
	l.Helper()
	for {
		err := do()
		l.hears("at the start")
		if err == nil {
			return
		}
		if l.tells("tandem: %s", said(err)); !l.excused(err) {
			l.ok(err)
		}
		time.Sleep(10 * time.Second)
	}
}

// hears counts what struck below the store.
func (l *life) hears(where string) news {
	if l.wire == nil {
		return news{}
	}
	heard := l.wire.hear()
	for _, what := range heard.struck {
		l.strikes(what, where)
	}
	l.cutOff = l.cutOff || len(heard.struck) > 0
	if heard.killed {
		l.proc.die()
	}
	return heard
}

// believes judges a write that the store says is done (S9).
func (l *life) believes(step string, err error) {
	if heard := l.hears(step); heard.undone && err == nil {
		l.broken("S9", "all", "%s: the store says that it is done, though the database undid it", step)
	}
}

// excused reports whether something that struck explains why a job failed.
func (l *life) excused(err error) bool {
	return l.proc.isDead() || errors.Is(err, errGone) || errors.Is(err, errFull) || errors.Is(err, work.ErrLeaseLost) ||
		errors.Is(err, context.DeadlineExceeded) || l.cutOff && errors.Is(err, store.ErrUnreachable)
}

// said is an error without what is of this run only: where the server was, and
// what the network made of it.
func said(err error) string {
	if before, _, found := strings.Cut(err.Error(), "postgres://"); found && errors.Is(err, store.ErrUnreachable) {
		return before + "…: " + store.ErrUnreachable.Error()
	}
	return err.Error()
}

// settles is called when a job ended.
func (l *life) settles() {
	if l.wire != nil {
		l.hears("at the end of a job")
		l.wire.rest()
	}
}
