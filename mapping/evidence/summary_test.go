package evidence_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// said returns a row of one signal on day n of 2026, changed by the options.
func said(account string, n int, options ...func(*evidence.Day)) evidence.Day {
	d := evidence.Day{
		Key:   evidence.Key{Target: "jira:PAY-1", Account: account, Method: work.Request, Kind: "request", Day: evidence.DayNumber(day(n))},
		Count: 1, Audience: work.Internal,
	}
	for _, o := range options {
		o(&d)
	}
	return d
}

func by(m work.Method) func(*evidence.Day)  { return func(d *evidence.Day) { d.Method = m } }
func kind(k string) func(*evidence.Day)     { return func(d *evidence.Day) { d.Kind = k } }
func times(n int32) func(*evidence.Day)     { return func(d *evidence.Day) { d.Count = n } }
func person(p string) func(*evidence.Day)   { return func(d *evidence.Day) { d.Person = p } }
func worth(f float64) func(*evidence.Day)   { return func(d *evidence.Day) { d.Value = number(f) } }
func target(ref string) func(*evidence.Day) { return func(d *evidence.Day) { d.Target = ref } }

func scored(m work.Method, sum float64, promoters, detractors int32) func(*evidence.Day) {
	return func(d *evidence.Day) {
		d.Method, d.ScoreSum, d.ScoreCount, d.Promoters, d.Detractors = m, sum, d.Count, promoters, detractors
	}
}

// wilson is the lower Wilson bound for "all of n agree", written out in full.
func wilson(n float64) float64 {
	const z, p = 1.645, 1.0
	return (p + z*z/(2*n) - z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))) / (1 + z*z/n)
}

func TestEvidenceIsAddedUpByAccount(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time { return day(n).Truncate(24 * time.Hour) }
	cases := []struct {
		name string
		days []evidence.Day
		want work.Evidence
	}{
		{"nothing", nil, work.Evidence{}},
		{"in the future", []evidence.Day{said("acme", 101)}, work.Evidence{}},
		{
			"today",
			[]evidence.Day{said("acme", 100)},
			work.Evidence{Accounts: 1, Signals: 1, Votes: 1, Weight: 0.5, Confidence: wilson(0.5), Latest: at(100)},
		},
		{
			"one half-life ago",
			[]evidence.Day{said("acme", 10)},
			work.Evidence{Accounts: 1, Signals: 1, Votes: 1, Weight: 0.25, Confidence: wilson(0.5), Latest: at(10)},
		},
		{
			"half-life of the kind before that of the method",
			[]evidence.Day{
				said("acme", 70, kind("bug"), by(work.Survey)), said("bolt", 60, by(work.Survey)),
			},
			work.Evidence{Accounts: 2, Signals: 2, Votes: 2, Weight: 0.25 + 0.125, Confidence: wilson(1), Latest: at(70)},
		},
		{
			"newest signals of an account only",
			[]evidence.Day{
				said("acme", 10, times(9)), said("acme", 100, times(2)), said("acme", 55),
			},
			work.Evidence{Accounts: 1, Signals: 3, Votes: 12, Weight: 1 + 0.5*math.Exp2(-0.5), Confidence: wilson(1), Latest: at(100)},
		},
		{
			"weightiest signals of the day first",
			[]evidence.Day{
				said("acme", 100, times(9), by(work.Review)), said("acme", 100, by(work.Interview)),
			},
			work.Evidence{Accounts: 1, Signals: 3, Votes: 10, Weight: 1.5, Confidence: wilson(1), Latest: at(100)},
		},
		{
			"who has no account is one of their own, the unnamed are one together",
			[]evidence.Day{
				said("", 100, person("p")), said("", 100, person("q")), said("", 100), said("", 99), said("", 98), said("", 97, times(500)),
			},
			work.Evidence{
				Accounts: 3, People: 2, Signals: 5, Votes: 505, Confidence: wilson(0.5 + 0.5 + 1), Latest: at(100),
				Weight: 1.5 + 0.5*math.Exp2(-1./90) + 0.5*math.Exp2(-2./90),
			},
		},
		{
			"people of an account",
			[]evidence.Day{
				said("acme", 100, person("p")), said("acme", 99, person("q")), said("acme", 98, person("p")), said("acme", 1, person("r")),
			},
			work.Evidence{
				Accounts: 1, People: 3, Signals: 3, Votes: 4, Confidence: wilson(1), Latest: at(100),
				Weight: 0.5 + 0.5*math.Exp2(-1./90) + 0.5*math.Exp2(-2./90),
			},
		},
		{
			"value is the newest of each account",
			[]evidence.Day{
				said("acme", 90, worth(900)), said("acme", 95, worth(100)), said("acme", 100), said("bolt", 100, worth(50)), said("crane", 100),
			},
			work.Evidence{
				Accounts: 3, Signals: 5, Votes: 5, Value: number(150), Confidence: wilson(2), Latest: at(100),
				Weight: 1.5 + 0.5*math.Exp2(-10./90) + 0.5*math.Exp2(-5./90),
			},
		},
		{
			"a value of nothing is a value",
			[]evidence.Day{said("acme", 100, worth(0))},
			work.Evidence{Accounts: 1, Signals: 1, Votes: 1, Weight: 0.5, Value: number(0), Confidence: wilson(0.5), Latest: at(100)},
		},
		{
			"one voice at two twins",
			[]evidence.Day{said("acme", 100), said("acme", 100, target("github:acme/pay#1"))},
			work.Evidence{Accounts: 1, Signals: 1, Votes: 1, Weight: 0.5, Confidence: wilson(0.5), Latest: at(100)},
		},
		{
			"the newest answer of a person",
			[]evidence.Day{
				said("acme", 90, person("p"), scored(work.NPS, 0.2, 0, 1)), said("acme", 95, person("p"), scored(work.NPS, 1, 1, 0)),
				said("acme", 95, person("q"), scored(work.NPS, 0.8, 0, 0)), said("bolt", 80, times(2), scored(work.NPS, 0.4, 0, 2)),
			},
			work.Evidence{
				Accounts: 2, People: 2, Signals: 5, Votes: 5, NPS: number(-25), NPSSample: 4, Confidence: wilson(0.75 + 0.5), Latest: at(95),
				Weight: 0.25 * (2*math.Exp2(-5./90) + math.Exp2(-10./90) + 2*math.Exp2(-20./90)),
			},
		},
		{
			"satisfaction has its own sample",
			[]evidence.Day{
				said("acme", 100, times(4), scored(work.CSAT, 3, 3, 0)), said("bolt", 100, person("p"), times(2), scored(work.CSAT, 1, 0, 0)),
				said("crane", 100, by(work.CSAT)), said("dune", 100, scored(work.Survey, 0, 0, 0)),
			},
			work.Evidence{
				Accounts: 4, People: 1, Signals: 7, Votes: 8, CSAT: number(0.7), CSATSample: 5, Satisfaction: work.Answers{Top: 3, Sample: 5},
				Confidence: wilson(0.75 + 0.5 + 0.25 + 0.5), Latest: at(100), Weight: 0.25*6 + 0.5,
			},
		},
	}
	cases = append(cases, struct {
		name string
		days []evidence.Day
		want work.Evidence
	}{
		"importance and satisfaction are shares of the upper two of five",
		[]evidence.Day{
			said("acme", 100, kind("importance"), times(6), scored(work.Survey, 4, 4, 0)),
			said("bolt", 90, kind("importance"), person("p"), scored(work.Survey, 1, 1, 0)),
			said("bolt", 95, kind("importance"), person("p"), scored(work.Survey, 0.25, 0, 0)), // changed their mind
			said("bolt", 95, kind("satisfaction"), person("p"), scored(work.Survey, 0.75, 1, 0)),
			said("crane", 100, kind("importance"), by(work.NPS), scored(work.NPS, 1, 1, 0)),
			said("dune", 100, kind("wish"), scored(work.Survey, 1, 1, 0)),
		},
		work.Evidence{
			Accounts: 4, People: 1, Signals: 8, Votes: 11, NPS: number(100), NPSSample: 1,
			Importance: work.Answers{Top: 4, Sample: 7}, Satisfaction: work.Answers{Top: 1, Sample: 1},
			Confidence: wilson(1 + 1 + 0.25 + 0.5), Latest: at(100),
			Weight: 0.5*(3+1+2*math.Exp2(-5./20)+math.Exp2(-10./20)) + 0.25,
		},
	})
	p := compile(t, evidence.Spec{HalfLife: evidence.HalfLife{By: map[string]work.Span{"bug": span(t, "30d"), "survey": span(t, "20d")}}})
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, _ := p.Summarise(tc.days, day(100))
			tc.want.Reach = float64(tc.want.Accounts) // no segment weighs more
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateApprox(0, 1e-9), cmp.Comparer(equalValue)); diff != "" {
				t.Errorf("evidence (-want +got):\n%s", diff)
			}
		})
	}
}

func equalValue(a, b work.Value) bool {
	x, _ := a.Number()
	y, _ := b.Number()
	return a.Kind() == b.Kind() && math.Abs(x-y) < 1e-9
}

func TestWeightsAndCapCanBeSet(t *testing.T) {
	t.Parallel()
	p := compile(t, evidence.Spec{
		HalfLife: evidence.HalfLife{Default: new(span(t, "10d"))}, CapPerAccount: new(1),
		Methods: map[string]float64{"request": 2, "review": 0},
	})
	got, _ := p.Summarise([]evidence.Day{said("acme", 90), said("acme", 80), said("bolt", 100, by(work.Review))}, day(100))
	want := work.Evidence{Accounts: 2, Signals: 2, Votes: 3, Reach: 2, Weight: 1, Confidence: wilson(1), Latest: day(100).Truncate(24 * time.Hour)}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9), cmp.Comparer(equalValue)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}

func segment(name string) func(*evidence.Day) {
	return func(d *evidence.Day) { d.Segment = name }
}

func TestSegmentsWeigh(t *testing.T) {
	t.Parallel()
	p := compile(t, evidence.Spec{Segments: map[string]float64{"Enterprise": 2, "free": 0.5}})
	got, _ := p.Summarise([]evidence.Day{
		said("acme", 100, segment("enterprise ")), said("acme", 10, segment("free")),
		said("bolt", 100, segment("Free")), said("crane", 100, segment("other")), said("dune", 100),
	}, day(100))
	if want := 2 + 0.5 + 1 + 1.0; got.Reach != want {
		t.Errorf("reach %v, want %v: an account is of its newest segment", got.Reach, want)
	}
	if want := 0.5 * (2 + 0.5*0.5 + 0.5 + 1 + 1); math.Abs(got.Weight-want) > 1e-9 {
		t.Errorf("weight %v, want %v", got.Weight, want)
	}
	if want := wilson(1 + 0.5*3); math.Abs(got.Confidence-want) > 1e-9 {
		t.Errorf("confidence %v, want %v: how sure we are does not depend on who is dear to us", got.Confidence, want)
	}
}

func TestTheStrictestAudienceGoesWithTheEvidence(t *testing.T) {
	t.Parallel()
	from := func(n int, a work.Audience) evidence.Day {
		return said("acme", n, func(d *evidence.Day) { d.Audience = a })
	}
	for _, tc := range []struct {
		name string
		days []evidence.Day
		want work.Audience
	}{
		{"no evidence restricts nothing", nil, work.Public},
		{"the strictest", []evidence.Day{from(1, work.Public), from(2, work.Restricted), from(3, work.Internal)}, work.Restricted},
		{"unknown is stricter", []evidence.Day{from(1, work.Restricted), from(2, work.UnknownAudience)}, work.UnknownAudience},
		{"beyond the cap too", []evidence.Day{from(1, work.Restricted), from(2, work.Public), from(3, work.Public), from(4, work.Public)}, work.Restricted},
		{"not from the future", []evidence.Day{from(1, work.Public), from(101, work.Restricted)}, work.Public},
	} {
		if _, got := compile(t, evidence.Spec{}).Summarise(tc.days, day(100)); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestLawsOfEvidence(t *testing.T) {
	t.Parallel()
	p := compile(t, evidence.Spec{})
	asOf := time.Unix(20008*86400, 0)
	rapid.Check(t, func(t *rapid.T) {
		days := evidence.Fold(drawDays(t))
		e, audience := p.Summarise(days, asOf)

		mixed, mixedAudience := p.Summarise(rapid.Permutation(days).Draw(t, "mixed"), asOf)
		if mixed != e || mixedAudience != audience {
			t.Fatalf("another order of rows gives %+v, want %+v", mixed, e)
		}

		// What is known does not change while nobody says anything.
		today := evidence.DayNumber(asOf)
		for _, d := range days {
			if d.Day > today {
				today = d.Day
			}
		}
		before, _ := p.Summarise(days, time.Unix(int64(today)*86400, 0))
		after, _ := p.Summarise(days, time.Unix(int64(today+30)*86400, 0))
		if after.Weight > before.Weight {
			t.Fatalf("weight grew from %v to %v in 30 idle days", before.Weight, after.Weight)
		}
		before.Weight, after.Weight = 0, 0
		if before != after {
			t.Fatalf("30 idle days moved %+v to %+v", before, after)
		}

		if e.Signals > 3*e.Accounts || e.Accounts > e.Signals || e.Confidence < 0 || e.Confidence >= 1 {
			t.Fatalf("impossible evidence: %+v", e)
		}
		if (e.NPSSample > 0) != e.NPS.Known() || (e.CSATSample > 0) != e.CSAT.Known() {
			t.Fatalf("a score without a sample, or a sample without a score: %+v", e)
		}

		// One more voice never lowers the confidence.
		more, _ := p.Summarise(evidence.Fold(append(days, drawDay(t))), asOf)
		if more.Confidence < e.Confidence-1e-12 {
			t.Fatalf("one more row lowered the confidence from %v to %v", e.Confidence, more.Confidence)
		}
	})
}
