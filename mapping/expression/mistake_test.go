package expression_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// TestMistakesAreToldWithColumnAndRemedy is also the list of what the language
// is not.
func TestMistakesAreToldWithColumnAndRemedy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// names
		`item.severty <= 2`:   `column 1: there is no item.severty; did you mean "item.severity"?`,
		`severity <= 2`:       `column 1: there is no severity; did you mean "item.severity"?`,
		`accounts > 2`:        `column 1: there is no accounts; did you mean "evidence.accounts"?`,
		`quux.corge.x > 1`:    `column 1: this is no name that rules know; write a name such as item.severity`,
		`quuxcorgegrault > 1`: `column 1: there is no quuxcorgegrault; names begin with item., evidence. or goal., as in item.severity`,
		`goal.wieght > 1`:     `column 1: there is no goal.wieght; did you mean "goal.weight"?`,
		`as_of.year > 1`:      `column 1: there is no as_of.year; did you mean "as_of"?`,
		`item["kind"] == "x"`: `column 1: this is no name that rules know; write a name such as item.severity`,
		// kinds
		`item.severity`:                 `column 1: a condition is wanted here, and item.severity is a number; compare it with something, as in item.severity <= 2`,
		`unknown`:                       `column 1: a condition is wanted here, and unknown is unknown; compare it with something, as in item.severity <= 2`,
		`item.severity <= "high"`:       `column 15: item.severity is a number, and <= cannot compare it with a text; compare it with a number`,
		`"high" == item.severity`:       `column 8: item.severity is a number, and == cannot compare it with a text; compare it with a number`,
		`item.priority == 1`:            `column 15: item.priority is a text, and == cannot compare it with a number; write the number in quotes, as in "2"`,
		`item.priority <= "2"`:          `column 15: texts have no order, and item.priority and "2" are texts; list the wanted texts: item.priority in ["1", "2"]`,
		`item.labels == "x"`:            `column 13: item.labels is a list, and == cannot compare it with a text; write "x" in item.labels`,
		`item.kind != ["bug"]`:          `column 11: item.kind is a text, and != cannot compare it with a list; write not in instead of !=`,
		`item.severity == [1]`:          `column 15: item.severity is a number, and == cannot compare it with a list of numbers; write in instead of ==`,
		`item.target_date < "2026-1-1"`: `column 18: item.target_date is a time, and < cannot compare it with a text; write a day as date('2026-01-31')`,
		`(1 < 2) < 3`:                   `column 9: 1 < 2 is a yes/no answer, and < cannot compare it with a number; compare numbers or times`,
		`not item.kind == "bug"`:        `column 1: not needs a yes/no answer, and item.kind is a text; set brackets around the comparison: not (…)`,
		`item.kind && true`:             `column 11: && needs yes/no answers, and item.kind is a text; compare it, as in item.severity <= 2`,
		`-item.kind > 1`:                `column 1: - needs a number, and item.kind is a text`,
		`"a" + "b" == "ab"`:             `column 5: texts cannot be added or counted: "a" is a text, and "b" is a text`,
		`as_of + as_of > as_of`:         `column 7: as_of is a time, and as_of is a time; only numbers, and days with times, can be reckoned with`,
		`item.kind in "bug"`:            `column 11: in needs a list, and "bug" is a text; write contains, as in item.title contains "crash"`,
		`item.kind in item.effort`:      `column 11: in needs a list, and item.effort is a number; write a list, as in item.kind in ["bug", "task"]`,
		`item.severity in ["1"]`:        `column 15: item.severity is a number, and ["1"] is a list of texts; list values of the same kind`,
		`item.kind in []`:               `column 14: the list is empty; write texts or numbers, as in ["bug", "task"] or [1, 2]`,
		`item.kind in ["a", 1]`:         `column 14: the list mixes texts and numbers; write texts or numbers, as in ["bug", "task"] or [1, 2]`,
		`item.kind in [item.team]`:      `column 15: the list holds something else than texts or numbers; write texts or numbers, as in ["bug", "task"] or [1, 2]`,
		`item.effort contains "x"`:      `column 13: contains needs texts, and item.effort is a number`,
		`true ? 1 : "x"`:                `column 12: 1 is a number, and "x" is a text; give both results the same kind`,
		`1 ? true : false`:              `column 1: the condition before ? must be a yes/no answer, and 1 is a number`,
		`true ? unknown : unknown`:      `column 1: both results are unknown`,
		`(item.reach ?? "x") > 1`:       `column 13: item.reach is a number, and "x" is a text; give a default of the same kind`,
		// unknown and empty
		`item.body == ""`:               `column 11: an empty text counts as unknown; write == unknown`,
		`unknown == unknown`:            `column 9: this is always the same answer; ask for a name, as in item.goal == unknown`,
		`"x" != unknown`:                `column 5: this is always the same answer; ask for a name, as in item.goal == unknown`,
		`item.effort + unknown > 1`:     `column 13: + cannot be used with unknown; ask for it with == unknown, or give a default with ??`,
		`(item.kind ?? unknown) == "x"`: `column 12: ?? needs a value on both sides; write a default, as in item.effort ?? 3`,
		`item.kind == nil`:              `column 14: there is no nil; write unknown`,
		// functions and closures
		`lwer(item.kind) == "x"`:                       `column 1: there is no function lwer; did you mean "lower"?`,
		`now() > as_of`:                                `column 1: there is no function now; did you mean "none"?`,
		`reduce(item.labels, #acc, 0) > 1`:             `column 1: there is no function reduce; did you mean "date"?`,
		`item.kind() == "x"`:                           `column 6: values have no functions of their own`,
		`lower(item.severity) == "x"`:                  `column 1: lower needs a text, and item.severity is a number`,
		`lower() == "x"`:                               `column 1: lower takes one argument, not 0`,
		`len(1) > 1`:                                   `column 1: len needs a text or a list, and 1 is a number`,
		`len() > 1`:                                    `column 1: len takes one argument, not 0`,
		`min(1) > 0`:                                   `column 1: min takes two or more numbers; as in min(item.impact, 3)`,
		`date("soon") < as_of`:                         `column 1: "soon" is no day of the calendar; write date('2026-01-31')`,
		`date(item.title) < as_of`:                     `column 1: date takes one literal day; write date('2026-01-31')`,
		`date() < as_of`:                               `column 1: date takes one literal day; write date('2026-01-31')`,
		`any(item.kind, # == "x")`:                     `column 1: any needs a list of texts, and item.kind is a text; as in any(item.labels, # startsWith "area/")`,
		`any(item.labels, #)`:                          `column 1: any needs a condition, and # is a text; as in any(item.labels, # startsWith "area/")`,
		`any(item.labels, #index > 1)`:                 `column 18: only # stands for an element, inside any, all, none or count; as in any(item.labels, # == "x")`,
		`count(item.labels) > 1`:                       `column 1: count takes a list and a condition; as in count(item.labels, # startsWith "area/")`,
		`any(item.labels, any(item.places, # == "x"))`: `column 18: any cannot stand inside another any, all, none or count; split the condition`,
		`# == "x"`:                                     `column 1: unexpected "#"; # stands for an element inside any, all, none or count, as in any(item.labels, # == "x")`,
		// patterns
		`item.title matches item.kind`:   `column 20: the pattern of matches must be a literal text; write the pattern in quotes, as in item.title matches "^crash"`,
		`item.title matches "("`:         "column 20: \"(\" is no pattern: error parsing regexp: missing closing ): `(`; patterns are RE2: no look-ahead, no back-references",
		`item.title matches "(ab){300}"`: `column 20: the patterns of this expression are too large; use smaller repeat counts, or contains`,
		// what belongs to the parser's language and not to ours
		`item?.kind == "bug"`:       `column 7: ?. is not part of the language; write a plain dot: an unknown value is never an error`,
		`item.labels[0:1] == "x"`:   `column 12: parts of a text or list cannot be taken`,
		`let x = 1; x > 1`:          `column 5: there are no variables`,
		`item.kind == "a"; true`:    `column 11: there is one expression, without semicolons; join conditions by && or ||`,
		`{a: 1}`:                    `column 1: there are no maps`,
		`b"x" == "x"`:               `column 1: there are no bytes; write a text in quotes`,
		`1..3 == 2`:                 `column 2: .. is not part of the language`,
		`item.severity ^ 2 > 1`:     `column 15: ^ is not part of the language; write **`,
		`if true { 1 } else { 2 }`:  `column 1: if … else is not part of the language; write condition ? one : other`,
		`item.kind = "bug"`:         `column 11: unexpected "="; write == to compare`,
		`item.kind == "b" AND true`: `column 18: unexpected "AND"; write and`,
		`item.reach ?? 3 > 1`:       `column 17: ?? needs brackets beside other operators; write (item.effort ?? 3) > 5`,
		`9999999999999999999 > 1`:   `column 21: the number is too large; write a smaller one`,
		`item.severity >`:           `column 15: the expression ends too early; look for a missing value or bracket`,
		`1 < "x`:                    `column 7: literal not terminated`,
		// bounds and encoding
		``:                                       `column 1: the expression is empty; write a condition such as item.kind == "bug"`,
		"\xff":                                   `column 1: the expression is not valid UTF-8; save the file as UTF-8`,
		strings.Repeat(" ", 2000) + "1":          `column 1: the expression is longer than 2000 characters; split the rule into several`,
		strings.Repeat("-", 41) + `1 > 0`:        `column 40: the expression nests deeper than 40 levels; split the rule into several`,
		"true" + strings.Repeat(" && true", 100): `column 1: the expression has more than 200 parts; split the rule into several`,
		// all at once, in order, with lines
		"item.kind == 1 &&\n item.foo > 1 && item.bar": `column 11: item.kind is a text, and == cannot compare it with a number; write the number in quotes, as in "2"
line 2, column 2: there is no item.foo; did you mean "item.body"?
line 2, column 18: there is no item.bar; did you mean "item.body"?`,
	} {
		program, problems := expression.Compile("/if", work.Expression(text), expression.Condition)
		var got []string
		for _, p := range problems {
			got = append(got, strings.TrimPrefix(p.Error(), "/if: "))
		}
		if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%.80s (-want +got):\n%s", text, diff)
		}
		if program != nil {
			t.Errorf("%.80s compiled", text)
		}
	}
}

func TestARuleGetsTheAnswerItAsksFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want expression.Want
		ok   bool
	}{
		{`item.effort`, expression.Formula, true},
		{`item.effort > 1`, expression.Formula, false},
		{`item.team`, expression.TextResult, true},
		{`item.effort`, expression.TextResult, false},
		{`item.target_date`, expression.Formula, false},
		{`item.labels`, expression.TextResult, false},
		{`item.effort > 1`, expression.Condition, true},
	} {
		if _, problems := expression.Compile("", work.Expression(c.text), c.want); (len(problems) == 0) != c.ok {
			t.Errorf("%s for %d: %v", c.text, c.want, problems)
		}
	}
}

// TestSharedPartsCount is about the middle of 1 < x < 3, which the parser puts
// into the tree twice: nested, the tree would be walked 2^n times.
func TestSharedPartsCount(t *testing.T) {
	t.Parallel()
	text := "1"
	for range 12 {
		text = "(0 < " + text + " < 3 ? 1 : 2)"
	}
	_, problems := expression.Compile("", work.Expression(text), expression.Formula)
	if len(problems) == 0 || !strings.Contains(problems[0].What, "more than 200 parts") {
		t.Errorf("problems: %v", problems)
	}
}
