package expression_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

func proven(t interface{ Fatalf(string, ...any) }, text string) *expression.Program {
	p, problems := expression.Compile("", work.Expression(text), expression.Condition)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", text, problems)
	}
	return p
}

func TestWhatFollowsFromAConditionIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ p, q string }{
		{`item.kind == "bug"`, `item.kind == "bug"`},
		{`item.kind == "bug" && item.severity <= 2`, `item.kind == "bug"`},
		{`item.severity <= 2 && item.kind == "bug"`, `item.kind in ["bug", "task"]`},
		{`item.severity <= 2`, `item.severity < 3`},
		{`2 >= item.severity`, `item.severity <= 2`},
		{`item.severity == 1`, `item.severity in [1, 2]`},
		{`item.severity in [1, 2]`, `item.severity <= 2`},
		{`item.kind == "bug"`, `item.kind != unknown`},
		{`item.kind == "bug"`, `item.kind != "epic"`},
		{`item.kind not in ["bug", "epic"]`, `item.kind != "epic"`},
		{`item.kind == "bug" || item.kind == "task"`, `item.kind in ["bug", "task"]`},
		{`item.kind == "bug"`, `item.kind == "bug" || item.severity == 1`},
		{`any(item.labels, # == "x") && item.effort > 3`, `any(item.labels, # == "x")`},
		{`(item.effort ?? 0) > 13`, `(item.effort ?? 0) > 3`},
		{`1 < item.effort < 3`, `item.effort < 5`},
	} {
		if !proven(t, c.p).Implies(proven(t, c.q)) {
			t.Errorf("%s implies %s, and no proof is found", c.p, c.q)
		}
	}
}

func TestNothingIsProvedThatDoesNotFollow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ p, q string }{
		{`item.kind == "bug"`, `item.kind == "epic"`},
		{`item.severity <= 3`, `item.severity <= 2`},
		{`item.severity <= 2`, `item.severity < 2`},
		{`item.kind == "bug" || item.severity == 1`, `item.kind == "bug"`},
		{`item.kind != "bug"`, `item.kind == "epic"`},
		{`item.kind == unknown`, `item.kind != "bug"`},
		{`(item.effort ?? 0) > 13`, `item.effort > 3`},
	} {
		if proven(t, c.p).Implies(proven(t, c.q)) {
			t.Errorf("%s does not imply %s", c.p, c.q)
		}
	}
}

func TestConditionsThatNeverHoldTogetherAreFound(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`item.kind == "bug" && item.kind == "epic"`,
		`item.severity > 3 && item.severity < 2`,
		`item.severity >= 3 && item.severity < 3`,
		`item.goal == unknown && item.goal == "g"`,
		`item.kind in ["bug", "task"] && item.effort > 1 && item.kind not in ["bug", "task", "epic"]`,
		`item.status == "done" && not (item.status == "done")`,
		`(item.kind == "bug" || item.kind == "task") && item.kind == "epic"`,
		`item.severity in [1, 2] && item.severity > 2`,
	} {
		if !proven(t, text).Never() {
			t.Errorf("%s never holds, and no proof is found", text)
		}
	}
	for _, text := range []string{
		`item.kind == "bug" && item.severity == 1`, `item.severity > 1 && item.severity < 3`, `item.kind != "bug" && item.kind != "epic"`,
		`item.goal == unknown || item.goal == "g"`,
	} {
		if proven(t, text).Never() {
			t.Errorf("%s may hold", text)
		}
	}
}

// simple draws conditions that say much about few things, so that proofs are
// found.
func simple(t *rapid.T, depth int) string {
	if depth == 0 {
		return rapid.SampledFrom([]string{
			`item.kind == "bug"`, `item.kind != "bug"`, `item.kind in ["bug", "epic"]`, `item.kind not in ["bug", "a"]`, `item.kind == unknown`, `item.kind != unknown`,
			`item.severity == 1`, `item.severity < 2`, `item.severity >= 2`, `item.severity in [0, 5]`, `2 > item.severity`, `item.severity != unknown`,
			`"a" in item.labels`, `not (item.severity < 2)`, `not (item.kind in ["bug", "a"])`, `(item.severity ?? 0) > 1`, `item.severity > -4`,
		}).Draw(t, "atom")
	}
	return fmt.Sprintf("(%s %s %s)", simple(t, depth-1), rapid.SampledFrom([]string{"&&", "||", "and", "or"}).Draw(t, "connective"), simple(t, depth-1))
}

// TestProofsHoldForEverySubject tries to refute whatever was proved.
func TestProofsHoldForEverySubject(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := simple(t, rapid.IntRange(0, 2).Draw(t, "a")), simple(t, rapid.IntRange(0, 2).Draw(t, "b"))
		p, q := proven(t, a), proven(t, b)
		for range 20 {
			s := subject(t)
			one, other := p.Test(s) == expression.True, q.Test(s) == expression.True
			if one && !other && p.Implies(q) {
				t.Fatalf("%s does not imply %s", a, b)
			}
			if one && other && p.Excludes(q) {
				t.Fatalf("%s does not exclude %s", a, b)
			}
			if one && p.Never() {
				t.Fatalf("%s holds", a)
			}
		}
	})
}

// The deepest alternation that rules accept must not keep a check busy: without
// a bound this test would not end.
func TestAProofThatTakesLongIsNotSearched(t *testing.T) {
	t.Parallel()
	build := func(name string) string {
		text := name + " == 1"
		for i := range 16 {
			text = fmt.Sprintf("(%s %s (%s == %d && %s > %d))", text, []string{"&&", "||"}[i%2], name, i, name, i)
		}
		return text
	}
	a, b := build("item.effort"), build("item.severity")
	if proven(t, a).Implies(proven(t, strings.ReplaceAll(b, "0", "7"))) {
		t.Error("this does not follow")
	}
	proven(t, a).Excludes(proven(t, b))
	proven(t, a).Never()
}
