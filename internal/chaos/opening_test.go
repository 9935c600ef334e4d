package chaos_test

import (
	"math/rand/v2"

	"tandem/internal/sim/githubsim"
)

// opening is the place that opens and closes in some lives.
const opening = "acme/web"

// opens lets everybody read acme/web from now on, or only the firm again; mostly
// neither, and in most lives never. Now and then a run is undone right after.
// Its dice are its own: what was found before stays the same.
func (l *life) opens() bool {
	dice := rand.New(rand.NewPCG(l.seed, uint64(13000+l.act)))
	if rand.New(rand.NewPCG(l.seed, 4)).IntN(4) > 0 || dice.IntN(8) > 0 {
		return false
	}
	l.dice = dice
	l.did["opens or closes"]++
	l.job, l.opened = false, true
	l.ok(l.hub.Configure(opening, func(r *githubsim.Repository) {
		r.Private = !r.Private
		l.tells("act: opens or closes; people: acme/web is private now: %t", r.Private)
	}))
	if l.dice.IntN(2) == 0 {
		l.book.look(l)
		l.job = true
		l.undo()
	}
	return true
}

// public reports whether everybody can read acme/web.
func (l *life) public() bool {
	for _, r := range l.hub.World().Repositories {
		if r.Name == opening {
			return !r.Private
		}
	}
	return false
}

// shows notes what everybody can read by now: who undoes what took it away tells
// nobody anything.
func (b *book) shows(l *life) {
	if !l.public() {
		return
	}
	for _, i := range l.hub.World().Issues {
		if i.Repository != opening {
			continue
		}
		for _, label := range i.Labels {
			b.shown[i.Key()+" "+label] = true
		}
		for _, c := range i.Comments {
			b.shown[i.Key()+" "+c.Body] = true
		}
	}
}
