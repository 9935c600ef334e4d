package expression_test

import (
	"fmt"
	"strings"
	"testing"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// hostile is an item that makes every expression as dear as an item can: texts
// as long as services take them, and many labels.
func hostile(length, count int) *expression.Subject {
	labels := make([]string, count)
	for i := range labels {
		labels[i] = fmt.Sprintf("x-%04d", i)
	}
	item := &work.Item{}
	for _, f := range work.AllFields() {
		switch f.Info().Kind {
		case work.Text:
			item.Fields.Set(f, work.NewText(strings.Repeat("x", length)))
		case work.List:
			item.Fields.Set(f, work.NewList(labels...))
		case work.Number:
			item.Fields.Set(f, work.NewNumber(3))
		default:
		}
	}
	return &expression.Subject{Item: item}
}

// joined repeats a condition as often as the bounds allow.
func joined(t *testing.T, condition, by string) string {
	t.Helper()
	text := condition
	for {
		more := text + " " + by + " " + condition
		if _, problems := expression.Compile("", work.Expression(more), expression.Condition); len(problems) > 0 {
			return text
		}
		text = more
	}
}

func TestExpressionsThatWouldRunLongAreRefusedAtLoad(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, what string }{
		"a closure in a closure":         {`any(item.labels, any(item.links, # == "x"))`, "cannot stand inside another"},
		"79 characters of nested all":    {"all(item.labels, all(item.labels, all(item.labels, all(item.labels, # != ''))))", "cannot stand inside another"},
		"a pattern asked anew":           {`any(item.labels, item.body matches "(x+x+)+y" && # != "a")`, "does not look at #"},
		"a list compared anew":           {`any(item.labels, item.labels == item.links)`, "does not look at #"},
		"a list searched anew":           {`none(item.labels, "zz" in item.links)`, "does not look at #"},
		"a pattern of a thousand states": {`item.body matches "(x{30}){30}"`, "too large"},
		"patterns in patterns":           {`item.body matches "((x{1,9}){1,9}){1,9}"`, "too large"},
		"a pattern that is computed":     {`item.body matches item.title`, "literal"},
		"two thousand characters":        {`item.title == "` + strings.Repeat("x", 2000) + `"`, "longer than 2000"},
		"many parts":                     {strings.Repeat("item.effort > 1 && ", 100) + "true", "more than 200 parts"},
		"a long list":                    {`item.effort in [` + strings.Repeat("1,", 300) + `1]`, "more than 200 parts"},
		"deep brackets":                  {strings.Repeat("not (", 60) + "true" + strings.Repeat(")", 60), "deeper than 40"},
		"a loop over a loop":             {`any(item.labels, # in item.links || # in item.dependencies || # in item.informed || item.body contains # || item.title contains #)`, "more than 4 texts and lists"},
		"a range":                        {`1..1000000000 == item.labels`, ""},
		"a loop by name":                 {`reduce(item.labels, #acc + 1) > 1`, ""},
		"a text built by repeating":      {`repeat("x", 1000000000) == item.title`, "no function repeat"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := expression.Compile("/if", work.Expression(c.text), expression.Condition)
			if len(problems) == 0 {
				t.Fatalf("%s is accepted", c.text)
			}
			if !strings.Contains(problems[0].What, c.what) {
				t.Errorf("got %q, want something about %q", problems[0].What, c.what)
			}
		})
	}
}

// The dearest expressions that are accepted, on the dearest item: each answers
// in well under a second, where one of 79 characters once took 14.
func BenchmarkDearestExpressions(b *testing.B) {
	for name, condition := range dearest() {
		b.Run(name, func(b *testing.B) {
			p, problems := expression.Compile("", work.Expression(condition), expression.Condition)
			if len(problems) > 0 {
				b.Fatal(problems)
			}
			s := hostile(64<<10, 500)
			for b.Loop() {
				p.Test(s)
			}
		})
	}
}

func dearest() map[string]string {
	t := &testing.T{}
	return map[string]string{
		"patterns":      joined(t, `item.body matches "(x?){20}(x+x+)+y"`, "||"),
		"one pattern":   `item.body matches "(x?x?){50}y"`,
		"search":        joined(t, `any(item.labels, item.body contains #)`, "||"),
		"patterns of #": joined(t, `any(item.labels, # matches "(x?){20}(-+)+z")`, "||"),
		"lists":         joined(t, `item.labels != item.links`, "||"),
		"members":       joined(t, `none(item.labels, # not in item.links)`, "&&"),
		"lower":         joined(t, `any(item.labels, lower(item.body) contains upper(#))`, "||"),
		"powers":        joined(t, `item.effort ** item.effort ** item.effort > 1e300`, "||"),
	}
}

// Each of the dearest expressions is answered once; the limit of go test is far
// away, and a bound that is gone would reach it.
func TestTheDearestExpressionsAnswer(t *testing.T) {
	t.Parallel()
	s := hostile(64<<10, 500)
	for name, condition := range dearest() {
		p, problems := expression.Compile("", work.Expression(condition), expression.Condition)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", name, problems)
		}
		p.Test(s)
	}
}

// FuzzCost checks that no text makes the compiler panic, and that whatever
// it accepts stays within the bounds and answers.
func FuzzCost(f *testing.F) {
	for _, condition := range dearest() {
		f.Add(condition)
	}
	for _, text := range []string{`item.kind == "bug"`, `1 < item.effort < 3`, `(item.effort ?? 0) > NaN`, `any(item.labels, # == "x")`, `0/0 == 0/0`, "a\x00b", `item.`} {
		f.Add(text)
	}
	s := hostile(1000, 20) // with the fuzzer's own counting, everything takes ten times as long
	f.Fuzz(func(t *testing.T, text string) {
		for _, want := range []expression.Want{expression.Condition, expression.Formula} {
			p, problems := expression.Compile("/if", work.Expression(text), want)
			if (p == nil) != (len(problems) > 0) {
				t.Fatalf("%q: a program %t, problems %v", text, p != nil, problems)
			}
			if p == nil {
				continue
			}
			if len(text) > 4*2000 {
				t.Errorf("a text of %d bytes is accepted", len(text))
			}
			p.Test(s)
			p.Value(s)
			p.Never()
			p.Implies(p)
		}
	})
}
