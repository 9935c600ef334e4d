package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// nameTable lists what expressions may look at beside the fields of the model,
// which have a table of their own.
func nameTable() (string, error) {
	said := nameMeanings()
	t := newTable("name", "kind", "what")
	for _, name := range expression.Names() {
		property, ofItem := strings.CutPrefix(name, "item.")
		if _, field := work.ParseField(property); ofItem && field {
			continue
		}
		meaning := said[name]
		if meaning == "" {
			return "", fmt.Errorf("nobody says what %s is; add it to nameMeanings", name)
		}
		delete(said, name)
		kind, err := kindOf(name)
		if err != nil {
			return "", err
		}
		t.row(code(name), kind, meaning)
	}
	if len(said) > 0 {
		return "", fmt.Errorf("expressions do not know %s", slices.Sorted(maps.Keys(said)))
	}
	return t.String(), nil
}

// kindOf finds out what a name yields by asking what it can be used for.
func kindOf(name string) (string, error) {
	for _, use := range []struct {
		text string
		want expression.Want
		kind work.ValueKind
	}{
		{name, expression.Formula, work.Number},
		{name, expression.TextResult, work.Text},
		{name, expression.Condition, work.Flag},
		{"len(" + name + ")", expression.Formula, work.List},
		{name + " - as_of", expression.Formula, work.Time},
	} {
		if _, problems := expression.Compile("", work.Expression(use.text), use.want); len(problems) == 0 {
			return use.kind.String(), nil
		}
	}
	return "", fmt.Errorf("%s is of no kind that docgen knows", name)
}

// nameMeanings says what each name is.
func nameMeanings() map[string]string {
	return map[string]string{
		"item.team":                    "team that owns the place where the item was born",
		"item.key":                     "where the item was born, as `jira:PAY-12`",
		"item.connectors":              "names of the connectors that have a record of it",
		"item.places":                  "projects and repositories where it stands",
		"item.age_days":                "whole days since it was created",
		"item.days_since_update":       "whole days since its last change in any source",
		"item.days_in_priority":        "whole days since its derived priority is what it is; at first contact it begins today",
		"item.overrides":               "what people said against decisions: place, horizon, priority, objection",
		"evidence.accounts":            "accounts that said something about it",
		"evidence.people":              "people who did",
		"evidence.signals":             "rows of feedback that count: of one account the newest few",
		"evidence.votes":               "all rows of feedback, however often an account speaks",
		"evidence.reach":               "the accounts, each by the weight of its segment",
		"evidence.nps_low":             "what the NPS of everybody is at least: lower Wilson bound, 90 %; unknown without answers",
		"evidence.nps_high":            "what it is at most",
		"evidence.csat_low":            "what the satisfaction of everybody is at least: lower Wilson bound, 90 %; unknown without answers",
		"evidence.csat_high":           "what it is at most",
		"evidence.insights":            "findings on the item, each once; nobody's votes",
		"evidence.usage":               "how often it was used on the last 28 whole days, by `metrics:` of the link rules; unknown without data",
		"evidence.usage_trend":         "by what share more on an average day than on the 28 days before: 0.5 is half as much again; unknown without data on both sides",
		"goal.insights":                "findings on the goal; unknown without a goal",
		"evidence.weight":              "the signals, each by the weights of its method and segment, halved per half-life",
		"evidence.value":               "money of the accounts, added up; unknown where no row has one",
		"evidence.nps":                 "net promoter score, -100 to 100; unknown without answers",
		"evidence.csat":                "satisfaction, 0 to 1; unknown without answers",
		"evidence.nps_sample":          "answers behind `evidence.nps`",
		"evidence.csat_sample":         "answers behind `evidence.csat`",
		"evidence.confidence":          "0 to 1, from the number of accounts and how they were asked",
		"evidence.days_since_latest":   "whole days since the newest signal",
		"goal.name":                    "the goal that the item serves",
		"goal.weight":                  "its weight; unknown without a goal",
		"as_of":                        "the day for which is decided; it moves once a day",
		"evidence.importance":          "ten times the share that answered 4 or 5 of 5 in feedback of the kind `importance`; unknown without answers",
		"evidence.importance_sample":   "answers behind `evidence.importance`",
		"evidence.satisfaction":        "ten times the share that answered 4 or 5 of 5 in feedback of the kind `satisfaction` and in CSAT; unknown without answers",
		"evidence.satisfaction_sample": "answers behind `evidence.satisfaction`",
	}
}

// function is how one function is called, and what it gives.
type function struct{ example, meaning string }

// functionTable lists the functions with an example that compiles.
func functionTable() (string, error) {
	said := functionMeanings()
	t := newTable("function", "gives", "as in")
	for _, name := range expression.Functions() {
		f, ok := said[name]
		if !ok {
			return "", fmt.Errorf("nobody says what %s does; add it to functionMeanings", name)
		}
		delete(said, name)
		if err := compiles(f.example); err != nil {
			return "", fmt.Errorf("the example of %s: %w", name, err)
		}
		t.row(code(name), f.meaning, code(f.example))
	}
	if len(said) > 0 {
		return "", fmt.Errorf("expressions have no function %s", slices.Sorted(maps.Keys(said)))
	}
	return t.String(), nil
}

// compiles reports whether the text is an expression of any kind.
func compiles(text string) error {
	var first error
	for _, want := range []expression.Want{expression.Condition, expression.Formula, expression.TextResult} {
		_, problems := expression.Compile("", work.Expression(text), want)
		if len(problems) == 0 {
			return nil
		}
		if first == nil {
			first = problems[0]
		}
	}
	return first
}

// functionMeanings says what each function gives.
func functionMeanings() map[string]function {
	return map[string]function{
		"abs":   {`abs(item.reach - 100) > 50`, "a number without its sign"},
		"all":   {`all(item.labels, # startsWith "area/")`, "whether every element of a list fits; `#` is the element"},
		"any":   {`any(item.labels, lower(#) in ["legal", "security"])`, "whether one element fits"},
		"ceil":  {`ceil(item.effort / 8)`, "the next whole number above"},
		"count": {`count(item.labels, # startsWith "area/") > 1`, "how many elements fit"},
		"date":  {`item.target_date < date('2026-12-31')`, "a day, in UTC"},
		"floor": {`floor(item.effort / 8)`, "the next whole number below"},
		"len":   {`len(item.title) > 80`, "characters of a text, elements of a list"},
		"lower": {`lower(item.segment) == "enterprise"`, "a text in small letters"},
		"max":   {`max(item.value ?? 1, item.risk_reduction ?? 1)`, "the largest of two or more numbers"},
		"min":   {`min(item.reach, 1000)`, "the smallest of two or more numbers"},
		"none":  {`none(item.labels, # == "approved")`, "whether no element fits"},
		"round": {`round(evidence.weight)`, "the nearest whole number"},
		"trim":  {`trim(item.sprint) == "Sprint 12"`, "a text without spaces around it"},
		"upper": {`upper(item.release) startsWith "V2"`, "a text in capital letters"},
	}
}
