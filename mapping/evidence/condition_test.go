package evidence_test

import (
	"testing"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

func TestAConditionTiesOnlyWhatMeetsAllOfIt(t *testing.T) {
	t.Parallel()
	const to = "jira:PAY-12"
	said := func(change func(*work.Feedback)) work.Feedback {
		fb := work.Feedback{
			Ref: work.NewRef("hotjar", "1", ""), Text: "the export drops rows", Study: "Onboarding", URL: "https://app.acme.example/reports/7?x=1",
			Attributes: map[string]string{"plan": "Pro", "country": "DE"},
			Answers:    []work.Answer{{Question: "q1", Type: work.AskChoice, Text: "Export\nImport"}, {Question: "q2", Type: work.AskNPS, Score: work.NewNumber(3), Scale: "0-10"}},
		}
		if change != nil {
			change(&fb)
		}
		return fb
	}
	whole := said(nil)
	cases := []struct {
		name string
		rule evidence.Rule
		fb   work.Feedback
		want bool
	}{
		{"an attribute", evidence.Rule{Attributes: map[string]string{"plan": "pro"}}, whole, true},
		{"another value", evidence.Rule{Attributes: map[string]string{"plan": "free"}}, whole, false},
		{"an attribute that is not there", evidence.Rule{Attributes: map[string]string{"size": "1"}}, whole, false},
		{"nothing is known of it", evidence.Rule{Attributes: map[string]string{"plan": "pro"}}, said(func(f *work.Feedback) { f.Attributes = nil }), false},
		{"one of two attributes", evidence.Rule{Attributes: map[string]string{"plan": "pro", "country": "fr"}}, whole, false},
		{"both attributes", evidence.Rule{Attributes: map[string]string{"plan": "pro", "country": "de"}}, whole, true},
		{"a question", evidence.Rule{Question: "q1"}, whole, true},
		{"another question", evidence.Rule{Question: "q9"}, whole, false},
		{"a question that was left out", evidence.Rule{Question: "q1"}, said(func(f *work.Feedback) { f.Answers[0].Text = "" }), false},
		{"one choice of two", evidence.Rule{Question: "q1", Answers: []string{"import"}}, whole, true},
		{"the answer to another question", evidence.Rule{Question: "q2", Answers: []string{"import"}}, whole, false},
		{"a number", evidence.Rule{Question: "q2", Answers: []string{"2", "3"}}, whole, true},
		{"another number", evidence.Rule{Question: "q2", Answers: []string{"30"}}, whole, false},
		{"a place", evidence.Rule{URL: "/reports"}, whole, true},
		{"the place itself", evidence.Rule{URL: "/reports/7/"}, whole, true},
		{"the beginning of a name", evidence.Rule{URL: "/repo"}, whole, false},
		{"with its host", evidence.Rule{URL: "https://APP.acme.example/reports"}, whole, true},
		{"another host", evidence.Rule{URL: "evil.example/reports"}, whole, false},
		{"no place", evidence.Rule{URL: "/"}, said(func(f *work.Feedback) { f.URL = "" }), false},
		{"a study", evidence.Rule{Study: []string{"other", "onboarding"}}, whole, true},
		{"another study", evidence.Rule{Study: []string{"other"}}, whole, false},
		{"words and a study", evidence.Rule{Phrases: []string{"export drops"}, Study: []string{"onboarding"}}, whole, true},
		{"the words in another study", evidence.Rule{Phrases: []string{"export drops"}, Study: []string{"other"}}, whole, false},
		{"other words in the study", evidence.Rule{Phrases: []string{"import fails"}, Study: []string{"onboarding"}}, whole, false},
	}
	for _, c := range cases {
		c.rule.To = to
		links := compile(t, evidence.Spec{Link: []evidence.Rule{c.rule}}).Link(&c.fb)
		if got := len(links) == 1 && links[0].Target == to; got != c.want {
			t.Errorf("%s: %v", c.name, links)
		}
	}
}
