package evidence

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tandem/internal/work"
)

// Summarise returns what the rows of one item say at as_of, and the strictest
// audience among them: whatever is derived from the evidence may be shown to
// no wider one. Without rows the evidence is empty and its audience Public.
//
// The rows may be of several targets (twins) and in any order, each Key once.
// Rows after the day of as_of do not count yet. Where one account said the
// same on the same day to two twins, the larger row counts: it is one voice.
func (p *Program) Summarise(days []Day, asOf time.Time) (work.Evidence, work.Audience) {
	var buffer [24]*Day
	today := DayNumber(asOf)
	rows, audience := buffer[:0], work.Public
	for i := range days {
		if d := &days[i]; d.Day <= today && d.Count > 0 {
			rows = append(rows, d)
			audience = strictest(audience, d.Audience)
		}
	}
	if len(rows) == 0 {
		return work.Evidence{}, work.Public
	}
	slices.SortFunc(rows, p.compare)
	rows = slices.CompactFunc(rows, sameVoice)

	var names [24]string
	s := sum{p: p, today: today, people: names[:0]}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && sameAccount(rows[0], rows[n]) {
			n++
		}
		s.account(rows[:n])
		rows = rows[n:]
	}
	return s.evidence(), audience
}

// compare puts the rows of an account together, its newest first; on one day
// the weightiest method first.
func (p *Program) compare(a, b *Day) int {
	if c := cmp.Compare(a.Account, b.Account); c != 0 {
		return c
	}
	if a.Account == "" && a.Person != b.Person {
		return cmp.Compare(a.Person, b.Person)
	}
	if a.Day != b.Day {
		return cmp.Compare(b.Day, a.Day)
	}
	return cmp.Or(
		cmp.Compare(p.weight(b.Method), p.weight(a.Method)),
		cmp.Compare(a.Method, b.Method), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Person, b.Person),
		cmp.Compare(b.Count, a.Count), cmp.Compare(b.ScoreCount, a.ScoreCount), cmp.Compare(a.Target, b.Target),
	)
}

// sameAccount tells accounts apart. Who has no account is one of their own;
// all signals of nobody in particular are one account together, so that an
// anonymous crowd does not outvote customers.
func sameAccount(a, b *Day) bool {
	return a.Account == b.Account && (a.Account != "" || a.Person == b.Person)
}

// sameVoice reports whether the rows differ in their target only.
func sameVoice(a, b *Day) bool {
	return a.Day == b.Day && a.Person == b.Person && a.Account == b.Account && a.Method == b.Method && a.Kind == b.Kind
}

func (p *Program) weight(m work.Method) float64 {
	if w, ok := p.weights[m]; ok {
		return w
	}
	return DefaultWeight(m)
}

// decay halves once per half-life; ages are whole days.
func (p *Program) decay(d *Day, today int32) float64 {
	half := p.otherwise
	if len(p.halfLife) > 0 {
		if h, ok := p.halfLife[d.Kind]; ok {
			half = h
		} else if h, ok := p.halfLife[string(d.Method)]; ok {
			half = h
		}
	}
	return math.Exp2(-float64(int64(today)-int64(d.Day)) / half)
}

// sum is the evidence while it is added up, account by account.
type sum struct {
	p     *Program
	today int32

	e       work.Evidence
	amount  float64 // Σ over accounts, see confidence
	money   float64
	priced  bool
	latest  int32
	people  []string
	answers []*Day
}

// account adds the rows of one account, newest first.
func (s *sum) account(rows []*Day) {
	left, total := int64(s.p.limit), int64(0)
	var worth work.Value
	var worthDay int32
	segment := ""
	for _, d := range rows {
		if take := min(left, int64(d.Count)); take > 0 {
			s.e.Signals += int(take)
			s.e.Weight += s.p.weight(d.Method) * s.p.segment(d.Segment) * float64(take) * s.p.decay(d, s.today)
			left -= take
		}
		total += int64(d.Count)
		if segment == "" { // the newest that is known
			segment = d.Segment
		}
		if d.Value.Known() && (!worth.Known() || d.Day == worthDay) {
			worth, worthDay = larger(worth, d.Value), d.Day
		}
		if d.Person != "" {
			s.people = append(s.people, d.Person)
		}
		if d.ScoreCount > 0 && (d.Method == work.NPS || d.Method == work.CSAT || question(d) != "") {
			s.answers = append(s.answers, d)
		}
	}
	s.e.Accounts++
	s.e.Votes += int(total)
	s.e.Reach += s.p.segment(segment)
	s.latest = max(s.latest, rows[0].Day)
	s.amount += min(1, s.p.strength(rows, total))
	if f, ok := worth.Number(); ok {
		s.money, s.priced = s.money+f, true
	}
}

// strength is the summed method weight of the account's signals, of its
// weightiest where there are more than the cap: an interview is not forgotten
// because of three clicks since. It may sort the rows.
func (p *Program) strength(rows []*Day, total int64) float64 {
	left, strength := int64(p.limit), 0.0
	if total > left {
		slices.SortStableFunc(rows, func(a, b *Day) int { return cmp.Compare(p.weight(b.Method), p.weight(a.Method)) })
	}
	for _, d := range rows {
		take := min(left, int64(d.Count))
		strength += p.weight(d.Method) * float64(take)
		left -= take
	}
	return strength
}

func (s *sum) evidence() work.Evidence {
	e := s.e
	slices.Sort(s.people)
	e.People = len(slices.Compact(s.people))
	if s.priced {
		e.Value = work.NewNumber(s.money)
	}
	e.Latest = time.Unix(int64(s.latest)*24*60*60, 0).UTC()
	e.Confidence = confidence(s.amount)
	s.scores(&e)
	return e
}

// confidence is the lower Wilson bound (one-sided, 95 %) of "all of n agree",
// which comes to n / (n + z²) with z = 1.645. n counts distinct accounts, each
// with the summed method weights of its weightiest signals (as many as the
// cap), at most 1: no account makes more than one, however often it asks. One request gives
// 0.16, one interview 0.27, ten requesting accounts 0.65, thirty interviewed
// ones 0.92. It does not decay, and more evidence never lowers it.
func confidence(n float64) float64 {
	const z2 = 1.645 * 1.645
	return n / (n + z2)
}
