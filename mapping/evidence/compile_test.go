package evidence_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

func span(t *testing.T, text string) work.Span {
	t.Helper()
	var s work.Span
	if err := s.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return s
}

// compile compiles a spec that must be right, for the connectors jira and
// github.
func compile(tb testing.TB, spec evidence.Spec) *evidence.Program {
	tb.Helper()
	p, problems := evidence.Compile("/evidence", spec, []string{"jira", "github"})
	for _, problem := range problems {
		tb.Errorf("unexpected problem: %v", problem)
	}
	if p == nil {
		tb.Fatal("no program")
	}
	return p
}

func TestTheEmptySpecIsRight(t *testing.T) {
	t.Parallel()
	p := compile(t, evidence.Spec{})
	if links := p.Link(&work.Feedback{Text: "PAY-12 is slow", Tags: []string{"export"}}); len(links) > 0 {
		t.Errorf("got links %v, want none without rules and places", links)
	}
}

func TestEveryMistakeIsToldWithItsPlaceAndRemedy(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		spec evidence.Spec
		want []string // "pointer: part of what; part of remedy"
	}{
		{
			"half-life of nothing",
			evidence.Spec{HalfLife: evidence.HalfLife{Default: new(work.Span(0)), By: map[string]work.Span{"bug": -1}}},
			[]string{
				"/evidence/half_life/default: longer than nothing; 90d",
				"/evidence/half_life/bug: longer than nothing; 90d",
			},
		},
		{"cap of nothing", evidence.Spec{CapPerAccount: new(0)}, []string{"/evidence/cap_per_account: no evidence; 1 or more"}},
		{
			"methods",
			evidence.Spec{Methods: map[string]float64{"interveiw": 1, "nps": -1, "csat": 11, "review": math.NaN()}},
			[]string{
				"/evidence/methods/csat: from 0 to 10; interview is 1",
				"/evidence/methods/interveiw: no method \"interveiw\"; did you mean \"interview\"?",
				"/evidence/methods/nps: from 0 to 10; interview is 1",
				"/evidence/methods/review: from 0 to 10; interview is 1",
			},
		},
		{"rule without content", evidence.Spec{Link: []evidence.Rule{{}}}, []string{"/evidence/link/0: links nothing; write tags"}},
		{
			"phrases without target",
			evidence.Spec{Link: []evidence.Rule{{Phrases: []string{"csv export"}}}},
			[]string{"/evidence/link/0: no target; add to:"},
		},
		{
			"target without phrases",
			evidence.Spec{Link: []evidence.Rule{{Tags: map[string]string{"x": "jira:PAY-1"}, To: "jira:PAY-2"}}},
			[]string{"/evidence/link/0/to: names its own target; remove to:"},
		},
		{
			"unknown connector and no reference",
			evidence.Spec{Link: []evidence.Rule{
				{Tags: map[string]string{"a/b": "jirra:PAY-1", "c": "PAY-1", " ": "jira:PAY-3"}},
				{Phrases: []string{"csv export"}, To: "jira:"},
			}},
			[]string{
				"/evidence/link/0/tags/ : no name; feedback tool",
				"/evidence/link/0/tags/a~1b: no connector \"jirra\"; did you mean \"jira\"?",
				"/evidence/link/0/tags/c: no reference; jira:PAY-12",
				"/evidence/link/1/to: no reference; jira:PAY-12",
			},
		},
		{
			"phrase that says nothing",
			evidence.Spec{Link: []evidence.Rule{{Phrases: []string{"export", "it is not", "…"}, To: "jira:PAY-1"}}},
			[]string{
				"/evidence/link/0/phrases/1: no word that says anything; words that users use",
				"/evidence/link/0/phrases/2: no word that says anything; words that users use",
			},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, problems := evidence.Compile("/evidence", tc.spec, []string{"jira", "github"})
			if p != nil {
				t.Error("got a program in spite of mistakes")
			}
			if len(problems) != len(tc.want) {
				t.Fatalf("got %d problems %v, want %d", len(problems), problems, len(tc.want))
			}
			for i, want := range tc.want {
				at, rest, _ := strings.Cut(want, ": ")
				what, remedy, _ := strings.Cut(rest, "; ")
				got := problems[i]
				if string(got.At) != at || !strings.Contains(got.What, what) || !strings.Contains(got.Remedy, remedy) {
					t.Errorf("got %v, want %s", got, want)
				}
			}
		})
	}
}

func TestMethodsWeighAsDocumented(t *testing.T) {
	t.Parallel()
	got := map[work.Method]float64{}
	for _, m := range append(work.Methods(), "") {
		got[m] = evidence.DefaultWeight(m)
	}
	want := map[work.Method]float64{
		work.Interview: 1, work.UsabilityTest: 1, work.Request: 0.5, work.Support: 0.5, work.Survey: 0.5,
		work.NPS: 0.25, work.CSAT: 0.25, work.Review: 0.25, "": 0.25,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("weights (-want +got):\n%s", diff)
	}
	if got, want := evidence.DefaultHalfLife, span(t, "90d"); got != want {
		t.Errorf("default half-life is %v, want %v", got, want)
	}
}

// day returns a moment of 2026, n days after the first of January.
func day(n int) time.Time { return time.Date(2026, 1, 1+n, 15, 30, 0, 0, time.UTC) }
