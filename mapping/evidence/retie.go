package evidence

import (
	"cmp"
	"maps"
	"slices"

	"tandem/internal/work"
)

// Retied counts what other rules tie otherwise: rows of feedback, and for each
// target how many more and how many fewer. It counts rows, not evidence: what
// people decided of a link, rows that say the same as others, and caps have no
// say in it.
type Retied struct {
	// Looked is how many rows were looked at, Rows how many of them are tied
	// otherwise. Whole says that these were all there are.
	Looked int  `json:"looked"`
	Rows   int  `json:"rows"`
	Whole  bool `json:"whole"`
	// Tied says that they were tied anew for what is told beside, so that it counts
	// them.
	Tied bool `json:"tied_anew"`
	// Targets begin with those that change most.
	Targets []Retie `json:"targets"`

	by map[string]*Retie
}

// Retie is what a target gains and loses.
type Retie struct {
	Target string `json:"target"`
	More   int    `json:"more"`
	Fewer  int    `json:"fewer"`
}

// Look counts one row.
func (r *Retied) Look(before, after Linker, fb *work.Feedback) {
	r.Looked++
	was, now := before.Link(fb), after.Link(fb)
	if slices.EqualFunc(was, now, func(a, b Link) bool { return a.Target == b.Target }) {
		return
	}
	r.Rows++
	for _, l := range was {
		r.of(l.Target).Fewer += lacks(now, l.Target)
	}
	for _, l := range now {
		r.of(l.Target).More += lacks(was, l.Target)
	}
}

func (r *Retied) of(target string) *Retie {
	if r.by == nil {
		r.by = map[string]*Retie{}
	}
	if r.by[target] == nil {
		r.by[target] = &Retie{Target: target}
	}
	return r.by[target]
}

// lacks is 1 where no link leads to the target.
func lacks(links []Link, target string) int {
	if slices.ContainsFunc(links, func(l Link) bool { return l.Target == target }) {
		return 0
	}
	return 1
}

// Settle lists the targets that change, so many at most.
func (r *Retied) Settle(most int) {
	r.Targets = []Retie{}
	for _, target := range slices.Sorted(maps.Keys(r.by)) {
		if t := r.by[target]; t.More+t.Fewer > 0 {
			r.Targets = append(r.Targets, *t)
		}
	}
	slices.SortStableFunc(r.Targets, func(a, b Retie) int { return cmp.Compare(b.More+b.Fewer, a.More+a.Fewer) })
	r.Targets = slices.Clip(r.Targets[:min(most, len(r.Targets))])
}
