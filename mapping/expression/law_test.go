package expression_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// value draws a value of a field, often unknown or empty, sometimes of another
// kind than the field's.
func value(t *rapid.T, kind work.ValueKind) work.Value {
	switch rapid.IntRange(0, 9).Draw(t, "how") {
	case 0, 1, 2:
		return work.Value{}
	case 3:
		return work.Empty()
	case 4:
		kind = rapid.SampledFrom([]work.ValueKind{work.Text, work.Number, work.List, work.Flag, work.Time}).Draw(t, "kind")
	}
	switch kind {
	case work.Number:
		return work.NewNumber(rapid.SampledFrom([]float64{-3, 0, 0.5, 1, 2, 5, 1e300, math.MaxFloat64, math.Inf(1)}).Draw(t, "number"))
	case work.List:
		return work.NewList(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "security", "x y"}), 0, 4).Draw(t, "list")...)
	case work.Flag:
		return work.NewFlag(rapid.Bool().Draw(t, "flag"))
	case work.Time:
		return work.NewTime(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "time"), 0))
	default:
		return work.NewText(rapid.SampledFrom([]string{"bug", "epic", "a", "todo", "done", "", "ä€"}).Draw(t, "text"))
	}
}

// subject draws any subject at all.
func subject(t *rapid.T) *expression.Subject {
	item := &work.Item{Team: rapid.SampledFrom([]string{"", "pay"}).Draw(t, "team")}
	for _, f := range work.AllFields() {
		item.Fields.Set(f, value(t, f.Info().Kind))
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "parts") {
		item.Parts = append(item.Parts, work.Part{Record: &work.Record{Ref: work.NewRef("c", fmt.Sprint(i), "K"), Place: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "place")}})
	}
	s := &expression.Subject{
		Item: item, AsOf: time.Unix(rapid.Int64Range(0, 30000).Draw(t, "day")*86400, 0).UTC(),
		Goal:  expression.Goal{Name: rapid.SampledFrom([]string{"", "g"}).Draw(t, "goal"), Weight: 2},
		Score: value(t, work.Number),
		Evidence: work.Evidence{
			Accounts: rapid.IntRange(0, 9).Draw(t, "accounts"), Weight: rapid.Float64().Draw(t, "weight"), NPS: value(t, work.Number),
			Latest: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "latest"), 0),
		},
	}
	if rapid.IntRange(0, 19).Draw(t, "no item") == 0 {
		s.Item = nil
	}
	return s
}

// formula draws the text of a number.
func formula(t *rapid.T, depth int) string {
	if depth == 0 || rapid.Bool().Draw(t, "leaf") {
		return rapid.SampledFrom([]string{
			"item.severity", "item.effort", "item.score", "evidence.accounts", "evidence.nps", "goal.weight", "item.age_days",
			"len(item.labels)", "len(item.title)", "0", "1", "2.5", "1e300", "(item.target_date - as_of)", `count(item.labels, # == "a")`,
		}).Draw(t, "number")
	}
	a, b := formula(t, depth-1), formula(t, depth-1)
	return fmt.Sprintf(rapid.SampledFrom([]string{
		"(%s + %s)", "(%s - %s)", "(%s * %s)", "(%s / %s)", "(%s %% %s)", "(%s ** %s)", "((%s) ?? (%s))", "min(%s, %s)", "max(%s, -%s)", "(true ? %s : %s)",
	}).Draw(t, "operation"), a, b)
}

// condition draws the text of a condition.
func condition(t *rapid.T, depth int) string {
	if depth == 0 {
		a, b := formula(t, 1), formula(t, 1)
		return rapid.SampledFrom([]string{
			"(" + a + " < " + b + ")", "(" + a + " == " + b + ")", "(" + a + " != unknown)", `(item.kind == "bug")`, `(item.status != item.kind)`,
			`("a" in item.labels)`, `(item.labels == item.links)`, `(item.title matches "^b")`, `any(item.labels, # == item.title)`, `all(item.places, # == "a")`,
			`(item.target_date < as_of)`, `("c" not in item.connectors)`, `(item.severity in [1, 2])`, `true`, `(item.goal == unknown)`,
		}).Draw(t, "atom")
	}
	a, b := condition(t, depth-1), condition(t, depth-1)
	return fmt.Sprintf(rapid.SampledFrom([]string{
		"(%s && %s)", "(%s || %s)", "(not %s or %s)", "(%s == %s)", "(%s ? %s : false)", "((%s) ?? (%s))",
	}).Draw(t, "connective"), a, b)
}

// operands draws those of the laws. A law names one of them twice, and may be no
// larger than one rule may: two that are as large as any law are compiled here.
func operands(t *rapid.T) [3]string {
	return rapid.Custom(func(t *rapid.T) [3]string {
		return [3]string{condition(t, rapid.IntRange(0, 2).Draw(t, "depth")), condition(t, 1), condition(t, 0)}
	}).Filter(func(o [3]string) bool {
		return fits(o[0]+" && "+o[1]+" || "+o[0]+" && "+o[2]) && fits("("+o[0]+") == unknown ? ("+o[1]+") : ("+o[0]+")")
	}).Draw(t, "operands")
}

// fits reports whether a text is not too large for one rule.
func fits(text string) bool {
	_, problems := expression.Compile("", work.Expression(text), expression.Condition)
	return !slices.ContainsFunc(problems, func(p work.Problem) bool { return p.Remedy == "split the rule into several" })
}

// TestKleenesLawsHold takes any two conditions and any subject.
func TestKleenesLawsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := subject(t)
		o := operands(t)
		a, b, c := o[0], o[1], o[2]
		test := func(format string, args ...any) expression.Truth {
			text := fmt.Sprintf(format, args...)
			p, problems := expression.Compile("", work.Expression(text), expression.Condition)
			if len(problems) > 0 {
				t.Fatalf("%s: %v", text, problems)
			}
			return p.Test(s)
		}
		same := func(law string, x, y expression.Truth) {
			if x != y {
				t.Errorf("%s: %v and %v for\n a %s\n b %s\n c %s", law, x, y, a, b, c)
			}
		}
		same("double negation", test("not (not %s)", a), test("%s", a))
		same("commutes &&", test("%s && %s", a, b), test("%s && %s", b, a))
		same("commutes ||", test("%s || %s", a, b), test("%s || %s", b, a))
		same("De Morgan", test("not (%s && %s)", a, b), test("not %s || not %s", a, b))
		same("distributes", test("%s && (%s || %s)", a, b, c), test("%s && %s || %s && %s", a, b, a, c))
		same("absorbs", test("%s || (%s && %s)", a, a, b), test("%s", a))
		same("neutral", test("%s && true", a), test("%s", a))
		same("!= is not ==", test("%s != %s", a, b), test("not (%s == %s)", a, b))
		same("default", test("(%s) ?? (%s)", a, b), test("(%s) == unknown ? (%s) : (%s)", a, b, a))
		if test("(%s) == unknown", a) == expression.UnknownTruth {
			t.Error("whether something is unknown is always known")
		}
		if (test("(%s) == unknown", a) == expression.True) != (test("%s", a) == expression.UnknownTruth) {
			t.Error("== unknown does not tell unknown apart")
		}
	})
}

func TestEveryNumberIsFiniteOrUnknown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := formula(t, 3)
		p, problems := expression.Compile("", work.Expression(text), expression.Formula)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", text, problems)
		}
		s := subject(t)
		v := p.Value(s)
		if f, ok := v.Number(); v.Known() && (!ok || math.IsNaN(f) || math.IsInf(f, 0)) {
			t.Errorf("%s is %v", text, v)
		}
		if again := p.Value(s); again != v {
			t.Errorf("%s is %v and then %v", text, v, again)
		}
	})
}

// TestTheAnswerDependsOnReadsAlone changes fields that the program does not
// claim to read: the leak guard trusts Reads.
func TestTheAnswerDependsOnReadsAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := condition(t, 2)
		p, problems := expression.Compile("", work.Expression(text), expression.Condition)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", text, problems)
		}
		before, after, reads := subject(t), subject(t), p.Reads()
		if before.Item == nil || after.Item == nil {
			t.Skip("no item")
		}
		for _, f := range reads.Fields {
			after.Item.Fields.Set(f, before.Item.Fields.Get(f))
			if f == work.Score {
				after.Score = before.Score
			}
		}
		if reads.Evidence {
			after.Evidence = before.Evidence
		}
		if reads.Goal {
			after.Goal = before.Goal
		}
		if reads.Parts {
			after.Item.Parts, after.Item.Team, after.Item.Birth = before.Item.Parts, before.Item.Team, before.Item.Birth
		}
		if reads.AsOf {
			after.AsOf = before.AsOf
		}
		if x, y := p.Test(before), p.Test(after); x != y {
			t.Errorf("%s: %v and %v", text, x, y)
		}
		if x, y := p.Show(before), p.Show(after); x != y {
			t.Errorf("%s: %s and %s", text, x, y)
		}
	})
}

// FuzzCompile looks for texts that crash the compiler or the foreign parser, or
// that compile and then run for long.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		`item.kind == "bug" && item.severity <= 2`, `any(item.labels, # matches "^a.*")`, `(item.value ?? 1) / item.effort`,
		`1 < item.severity < 3 ? true : unknown`, `{a: 1}`, `let x = 1; x`, `item?.a[1:2]`, `if true {1} else {2}`, `map(#, #)`, `date('2026-01-31') - as_of`,
		"`raw` in [b'x', 1, -2.5e3]", `"\u{1F600}" + '\x41'`, `item.labels | any(# not in ["x"])`, "a /* c */ // d", `x ?: y`, `::len(1)`, strings.Repeat("(", 300),
		`any(item.labels, {.a; #})`, `0x1F ** 0b1 ^ 0o7`, `item.title matches "((a{30}){30})"`, `item.links ?? ["x"] == item.labels`,
	} {
		f.Add(seed)
	}
	long := bug()
	long.Item.Fields.Set(work.Title, work.NewText(strings.Repeat("ab ", 20_000)))
	long.Item.Fields.Set(work.Labels, work.NewList(strings.Fields(strings.Repeat("a bb ccc ", 10))...))
	subjects := []*expression.Subject{{}, bug(), long}
	f.Fuzz(func(t *testing.T, text string) {
		for _, want := range []expression.Want{expression.Condition, expression.Formula, expression.TextResult} {
			p, problems := expression.Compile("/if", work.Expression(text), want)
			if (p == nil) != (len(problems) > 0) {
				t.Fatalf("%q: a program and problems, or neither: %v", text, problems)
			}
			for _, problem := range problems {
				if !strings.Contains(problem.What, "column ") || problem.At != "/if" {
					t.Errorf("%q: %v names no place", text, problem)
				}
			}
			within(t, 5*time.Second, func() {
				for _, s := range subjects {
					p.Test(s)
					p.Value(s)
					p.Show(s)
				}
			})
		}
	})
}

// TestLongChainsStayFast would take ages if a part were evaluated twice.
func TestLongChainsStayFast(t *testing.T) {
	t.Parallel()
	s := bug()
	for text, want := range map[string]expression.Want{
		strings.Repeat("item.reach ?? ", 90) + "1":                                  expression.Formula,
		strings.Repeat("item.theme ?? ", 90) + `"x"`:                                expression.TextResult,
		strings.Repeat("(item.reach > 1) ?? ", 45) + "true":                         expression.Condition,
		strings.Repeat("(true ? ", 38) + "item.reach" + strings.Repeat(" : 1)", 38): expression.Formula,
		strings.Repeat("item.reach > 1 || ", 45) + "true":                           expression.Condition,
	} {
		p := compiled(t, text, want)
		within(t, 5*time.Second, func() { p.Value(s) })
	}
}

// within fails where the work takes longer than any honest machine needs.
func within(t *testing.T, limit time.Duration, work func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		t.Fatal("evaluation takes too long")
	}
}

func BenchmarkTest(b *testing.B) {
	s := bug()
	for _, text := range []string{
		`item.kind == "bug" && item.severity <= 2`,
		`item.status == "done" && item.acceptance == "waiting"`,
		`item.kind == "bug" && (item.severity <= 2 || any(item.labels, # in ["regression", "security"]))`,
		`item.target_date - as_of <= 14`,
		`"github" in item.connectors && evidence.accounts > 3`,
	} {
		p, problems := expression.Compile("", work.Expression(text), expression.Condition)
		if len(problems) > 0 {
			b.Fatal(problems)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Test(s)
			}
		})
	}
}

func TestEvaluationAllocatesNothing(t *testing.T) {
	s := bug()
	for _, text := range []string{
		`item.kind == "bug" && item.severity <= 2`, `any(item.labels, # in ["regression", "security"])`, `"github" in item.connectors`,
		`"regression" in item.labels`, `item.kind in ["bug", "task"]`, `item.target_date - as_of <= 14`, `(item.reach ?? item.effort) > 3`, `count(item.places, # == "PAY") == 1`,
	} {
		p := compiled(t, text, expression.Condition)
		if n := testing.AllocsPerRun(100, func() { p.Test(s) }); n > 0 {
			t.Errorf("%s: %v allocations", text, n)
		}
	}
}

func TestAProgramMayBeSharedByGoroutines(t *testing.T) {
	t.Parallel()
	p := compiled(t, `any(item.labels, # matches "^area") && (item.reach ?? 3) > 2 && item.target_date > as_of`, expression.Condition)
	s := bug()
	answers := make(chan expression.Truth)
	for range 8 {
		go func() {
			last := expression.UnknownTruth
			for range 200 {
				last = p.Test(s)
				p.Show(s)
			}
			answers <- last
		}()
	}
	for range 8 {
		if got := <-answers; got != expression.True {
			t.Errorf("answer: %v", got)
		}
	}
}
