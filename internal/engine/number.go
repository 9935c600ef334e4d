package engine

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// number is a number of the rules that scores depend on.
type number struct {
	path   string
	value  float64
	lenses []string
	// evidence: what feedback says is to be added up anew.
	evidence bool
	show     func(float64) string
	// set puts another value into a copy of the spec.
	set func(spec *Spec, v float64)
}

// with returns rules that differ in the number alone, as far as scores go; the
// same rules where the value is none that they take.
func (n number) with(r *Rules, v float64) *Rules {
	if v == n.value {
		return r
	}
	other, spec := *r, r.spec
	n.set(&spec, v)
	other.spec = spec
	if n.evidence {
		p, problems := evidence.Compile("/evidence", spec.Evidence, r.connectors)
		if len(problems) > 0 {
			return r
		}
		other.evidence = p
		return &other
	}
	ranker, problems := rank.Compile("/rank", spec.Rank)
	if len(problems) > 0 {
		return r
	}
	other.ranker = ranker
	other.goals = map[string]expression.Goal{}
	for name, g := range spec.Goals {
		weight := 1.0
		if g.Weight != nil {
			weight = *g.Weight
		}
		other.goals[name] = expression.Goal{Name: name, Weight: weight}
	}
	return &other
}

// numbers lists what can be turned, by path.
func (r *Rules) numbers() []number {
	both := []string{"rank"}
	if r.TwoLenses() {
		both = []string{"why", "next"}
	}
	all := r.lensNumbers("rank", both, func(s *Spec) *rank.Lens { return &s.Rank.Lens })
	if r.spec.Rank.Why != nil {
		all = append(all, r.lensNumbers("rank.why", both[:1], func(s *Spec) *rank.Lens { c := *s.Rank.Why; s.Rank.Why = &c; return &c })...)
	}
	if r.spec.Rank.Next != nil {
		all = append(all, r.lensNumbers("rank.next", both[len(both)-1:], func(s *Spec) *rank.Lens { c := *s.Rank.Next; s.Rank.Next = &c; return &c })...)
	}
	if r.reads.rank.Goal {
		all = append(all, r.goalNumbers(both)...)
	}
	if r.reads.rank.Evidence {
		all = append(all, r.evidenceNumbers(both)...)
	}
	return all
}

// lensNumbers are the weights, caps and priors that the rules name.
func (r *Rules) lensNumbers(path string, lenses []string, of func(*Spec) *rank.Lens) []number {
	spec := r.spec
	lens := of(&spec)
	var all []number
	add := func(key string, values map[string]float64, into func(*rank.Lens) *map[string]float64) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			all = append(all, number{
				path: path + "." + key + "." + name, value: values[name], lenses: lenses, show: plainNumber,
				set: func(s *Spec, v float64) {
					m := into(of(s))
					*m = maps.Clone(*m)
					(*m)[name] = v
				},
			})
		}
	}
	add("weights", lens.Weights, func(l *rank.Lens) *map[string]float64 { return &l.Weights })
	add("caps", lens.Caps, func(l *rank.Lens) *map[string]float64 { return &l.Caps })
	add("priors", lens.Priors, func(l *rank.Lens) *map[string]float64 { return &l.Priors })
	return all
}

func (r *Rules) goalNumbers(lenses []string) []number {
	var all []number
	for _, name := range slices.Sorted(maps.Keys(r.spec.Goals)) {
		all = append(all, number{
			path: "goals." + name + ".weight", value: r.goals[name].Weight, lenses: lenses, show: plainNumber,
			set: func(s *Spec, v float64) {
				s.Goals = maps.Clone(s.Goals)
				g := s.Goals[name]
				g.Weight = &v
				s.Goals[name] = g
			},
		})
	}
	return all
}

func (r *Rules) evidenceNumbers(lenses []string) []number {
	usual := evidence.DefaultHalfLife
	if d := r.spec.Evidence.HalfLife.Default; d != nil {
		usual = *d
	}
	all := []number{{
		path: "evidence.half_life.default", value: float64(usual), lenses: lenses, evidence: true, show: days,
		set: func(s *Spec, v float64) { s.Evidence.HalfLife.Default = wholeDays(v) },
	}}
	for _, kind := range slices.Sorted(maps.Keys(r.spec.Evidence.HalfLife.By)) {
		all = append(all, number{
			path: "evidence.half_life." + kind, value: float64(r.spec.Evidence.HalfLife.By[kind]), lenses: lenses, evidence: true, show: days,
			set: func(s *Spec, v float64) {
				s.Evidence.HalfLife.By = maps.Clone(s.Evidence.HalfLife.By)
				s.Evidence.HalfLife.By[kind] = *wholeDays(v)
			},
		})
	}
	weights := func(key string, values map[string]float64, into func(*evidence.Spec) *map[string]float64) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			all = append(all, number{
				path: "evidence." + key + "." + name, value: values[name], lenses: lenses, evidence: true, show: plainNumber,
				set: func(s *Spec, v float64) {
					m := into(&s.Evidence)
					*m = maps.Clone(*m)
					(*m)[name] = v
				},
			})
		}
	}
	weights("methods", r.spec.Evidence.Methods, func(e *evidence.Spec) *map[string]float64 { return &e.Methods })
	weights("segments", r.spec.Evidence.Segments, func(e *evidence.Spec) *map[string]float64 { return &e.Segments })
	return all
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

func days(v float64) string {
	return strconv.FormatFloat(v/float64(24*time.Hour), 'f', 0, 64) + "d"
}

// wholeDays is a length of time of whole days, at least one.
func wholeDays(v float64) *work.Span {
	day := float64(24 * time.Hour)
	span := work.Span(max(day, day*float64(int64(v/day+0.5))))
	return &span
}
