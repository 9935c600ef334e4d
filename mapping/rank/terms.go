package rank

import (
	"fmt"
	"math"
	"strings"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// Term explains one part of a score.
type Term struct {
	Lens string // why, next, or rank where one lens answers both questions
	Name string // of the input, or goal
	// Source is the formula as it stands in the rules, or the shipped one.
	Source string
	// Value is what the formula yields; Unknown where nobody gave it.
	Value work.Value
	// Prior reports that a prior stands in for it.
	Prior bool
	// Contribution is in points. In a weighted lens it is what the term adds,
	// and contributions sum up to the score. In the others, which multiply, it
	// is the difference to the score with the prior in its place; the goal's is
	// the difference to the score without a goal.
	Contribution float64
	// Text says all of it in one line.
	Text string
}

// Terms explains both scores of an item, lens by lens.
func (r *Ranker) Terms(s *expression.Subject) []Term {
	terms := r.why.terms(s)
	if r.next != r.why {
		terms = append(terms, r.next.terms(s)...)
	}
	return terms
}

func (l *lens) terms(s *expression.Subject) []Term {
	var x [maxInputs]float64
	readings := make([]reading, len(l.inputs))
	for i := range l.inputs {
		readings[i] = l.inputs[i].read(s)
		x[i] = readings[i].value
	}
	goal := l.goal(s)
	total := l.points(&x, goal)
	terms := make([]Term, 0, len(l.inputs)+1)
	for i := range l.inputs {
		in := &l.inputs[i]
		t := Term{
			Lens: l.label, Name: in.name, Source: in.program.String(),
			Value: in.program.Value(s), Prior: readings[i].missing,
			Contribution: tenth(l.contribution(i, x, goal, total)),
		}
		if readings[i].missing && !readings[i].refuse {
			t.Value = work.Value{}
		}
		t.Text = l.text(in, t, readings[i], s)
		terms = append(terms, t)
	}
	if s.Goal.Name != "" && l.method != formula {
		t := Term{
			Lens: l.label, Name: "goal", Source: "goal.weight", Value: work.NewNumber(s.Goal.Weight),
			Contribution: tenth(total - l.points(&x, 1)),
		}
		t.Text = l.goalText(s, goal, t.Contribution)
		terms = append(terms, t)
	}
	return terms
}

// goalText says what the goal does.
func (l *lens) goalText(s *expression.Subject, goal, points float64) string {
	does := "multiplies by " + short(goal)
	if l.method == moscow {
		does = "with weight " + short(goal) + " pulls within the category"
	}
	name := s.Goal.Name
	if s.Goal.Over(s.AsOf) {
		name += ", whose period is over,"
	}
	return fmt.Sprintf("goal %s %s: %+.1f points", name, does, points)
}

func (l *lens) contribution(i int, x [maxInputs]float64, goal, total float64) float64 {
	switch l.method {
	case weighted:
		return 100 * l.share(i, x[i], l.weights[i])
	case formula, moscow:
		return total
	default:
		x[i] = l.inputs[i].prior
		return total - l.points(&x, goal)
	}
}

func (l *lens) text(in *input, t Term, x reading, s *expression.Subject) string {
	var b strings.Builder
	b.WriteString(in.name)
	switch {
	case x.refuse:
		fmt.Fprintf(&b, " %s makes no sense (%s): %s assumed", given(x.raw), shown(in.program, s), short(in.prior))
	case x.missing:
		fmt.Fprintf(&b, " is unknown (%s): %s assumed", in.program, short(in.prior))
	default:
		fmt.Fprintf(&b, " %s (%s)", given(x.raw), shown(in.program, s))
		if f, ok := x.raw.Number(); !ok || x.value != f {
			fmt.Fprintf(&b, ", counts as %s", short(x.value))
		}
	}
	switch {
	case x.missing:
		fmt.Fprintf(&b, ", %s to %s possible", short(x.low), short(x.high))
		if in.decisive {
			b.WriteString("; without it the score is not known")
		}
	case x.low != x.high:
		fmt.Fprintf(&b, ", of everybody %s to %s", short(x.low), short(x.high))
	}
	switch {
	case l.method == weighted || l.method == moscow && !x.missing:
		fmt.Fprintf(&b, ": %.1f points", t.Contribution)
	case l.method != formula && l.method != moscow && !x.missing:
		fmt.Fprintf(&b, ": %+.1f points against the usual %s", t.Contribution, short(in.prior))
	}
	return b.String()
}

// given spells what an input yielded.
func given(v work.Value) string {
	if f, ok := v.Number(); ok {
		return short(f)
	}
	return v.String()
}

// shown returns the formula with its values, or a bare name as it is: its
// value stands beside it.
func shown(p *expression.Program, s *expression.Subject) string {
	source := strings.TrimSpace(p.String())
	if strings.ContainsFunc(source, func(r rune) bool { return r != '.' && r != '_' && (r < 'a' || r > 'z') }) {
		return p.Show(s)
	}
	return source
}

// short spells a number with at most two decimals.
func short(f float64) string { return number(math.Round(f*100) / 100) }
