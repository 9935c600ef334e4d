package evidence_test

import (
	"testing"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

func TestRulesTieFeedbackByWhatItCarries(t *testing.T) {
	t.Parallel()
	answer := func(question, text string, score float64) work.Feedback {
		a := work.Answer{Question: question, Text: text}
		if score > 0 {
			a.Score = number(score)
		}
		return work.Feedback{Answers: []work.Answer{{Question: "other", Text: "CSV"}, a}}
	}
	const to = "jira:PAY-1"
	question := evidence.Rule{Question: "wish", Answers: []string{"Export", "csv", "3"}, To: to}
	pro := evidence.Rule{Attributes: map[string]string{"plan": "Pro"}, Study: []string{"Export study"}, Phrases: []string{"export drops rows"}, To: to}
	for _, tc := range []struct {
		name string
		rule evidence.Rule
		fb   work.Feedback
		want string
	}{
		{"a choice among others", question, answer("wish", "Filter\nexport", 0), `answers the question "wish" with "Export, csv, 3"`},
		{"a number", question, answer("wish", "", 3), `answers the question "wish" with "Export, csv, 3"`},
		{"another answer", question, answer("wish", "exports", 0), ""},
		{"the answer of another question", question, answer("wish2", "Export", 0), ""},
		{"any answer", evidence.Rule{Question: "wish", To: to}, answer("wish", "whatever", 0), `answers the question "wish"`},
		{"no answer", evidence.Rule{Question: "wish", To: to}, answer("wish", "", 0), ""},
		{"the page", evidence.Rule{URL: "/reports", To: to}, work.Feedback{URL: "https://app.acme.example/reports?x=1"}, "was given at /reports"},
		{"below the page", evidence.Rule{URL: "/reports/", To: to}, work.Feedback{URL: "https://app.acme.example/reports/7#top"}, "was given at /reports/"},
		{"a page of like name", evidence.Rule{URL: "/reports", To: to}, work.Feedback{URL: "https://app.acme.example/reportsx"}, ""},
		{"the page of a host", evidence.Rule{URL: "https://App.acme.example/reports", To: to}, work.Feedback{URL: "app.acme.example/reports"}, "was given at https://App.acme.example/reports"},
		{"the page of another host", evidence.Rule{URL: "app.acme.example/reports", To: to}, work.Feedback{URL: "https://other.example/reports"}, ""},
		{"no page", evidence.Rule{URL: "/reports", To: to}, work.Feedback{}, ""},
		{"all that it names", pro, work.Feedback{Attributes: map[string]string{"plan": "pro"}, Study: "export STUDY", Text: "the export drops rows"}, `has plan "Pro"`},
		{"not the phrase", pro, work.Feedback{Attributes: map[string]string{"plan": "pro"}, Study: "Export study", Text: "nice"}, ""},
		{"not the study", pro, work.Feedback{Attributes: map[string]string{"plan": "pro"}, Text: "the export drops rows"}, ""},
		{"a study", evidence.Rule{Study: []string{"Export study"}, To: to}, work.Feedback{Study: "Export study"}, `comes from the study "Export study"`},
		{"usage ties no feedback", evidence.Rule{Metrics: []string{"export_clicked"}, To: to}, work.Feedback{Text: "export_clicked"}, ""},
	} {
		links := compile(t, evidence.Spec{Link: []evidence.Rule{tc.rule}}).Link(&tc.fb)
		got := ""
		if len(links) == 1 && links[0].Target == to {
			got = links[0].String()
		} else if len(links) > 0 {
			t.Errorf("%s: %v", tc.name, links)
		}
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestInsightsAreLinkedAsFeedbackIs(t *testing.T) {
	t.Parallel()
	p := compile(t, evidence.Spec{Link: []evidence.Rule{{Phrases: []string{"export rows"}, To: "jira:PAY-1"}}})
	links := p.LinkInsight(&work.Insight{Title: "Their export keeps rows", Links: []string{"jira:PAY-2"}})
	if len(links) != 2 || links[0].Cause != evidence.ByPhrase || links[1].Cause != evidence.ByLink {
		t.Errorf("links %v", links)
	}
}

func TestMistakesOfLinkRulesAreNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		spec evidence.Spec
		at   work.Pointer
		what string
	}{
		{"no target", evidence.Spec{Link: []evidence.Rule{{URL: "/x"}}}, "/evidence/link/0", "the rule has no target"},
		{"answers of nothing", evidence.Spec{Link: []evidence.Rule{{Answers: []string{"x"}, To: "jira:PAY-1"}}}, "/evidence/link/0/answers", "the answers belong to no question"},
		{"tags with more", evidence.Spec{Link: []evidence.Rule{{Tags: map[string]string{"x": "jira:PAY-1"}, URL: "/x", To: "jira:PAY-1"}}}, "/evidence/link/0", "tags and metrics stand alone"},
		{"metrics with more", evidence.Spec{Link: []evidence.Rule{{Metrics: []string{"x"}, Study: []string{"s"}, To: "jira:PAY-1"}}}, "/evidence/link/0", "tags and metrics stand alone"},
		{"a path that is none", evidence.Spec{Link: []evidence.Rule{{URL: "reports", To: "jira:PAY-1"}}}, "/evidence/link/0/url", `"reports" is no path`},
		{"usage without a name", evidence.Spec{Link: []evidence.Rule{{Metrics: []string{" "}, To: "jira:PAY-1"}}}, "/evidence/link/0/metrics/0", "the usage has no name"},
		{"a key that is none", evidence.Spec{Join: evidence.Join{Person: []string{"e mail"}}}, "/evidence/join/person/0", `"e mail" is no name of a key`},
		{"a key twice", evidence.Spec{Join: evidence.Join{Account: []string{"domain", "domain"}}}, "/evidence/join/account/1", "the key domain is named twice"},
		{"a segment that weighs too much", evidence.Spec{Segments: map[string]float64{"pro": 11}}, "/evidence/segments/pro", "a weight is a number from 0 to 10"},
		{"a segment twice", evidence.Spec{Segments: map[string]float64{"Pro": 1, "pro": 2}}, "/evidence/segments/pro", `the segment "pro" is named twice, in other letters`},
	} {
		_, problems := evidence.Compile("/evidence", tc.spec, []string{"jira"})
		if len(problems) != 1 || problems[0].At != tc.at || problems[0].What != tc.what || problems[0].Remedy == "" {
			t.Errorf("%s: %+v", tc.name, problems)
		}
	}
}

func TestKeysOfOneToolJoinItsRowsAlone(t *testing.T) {
	t.Parallel()
	fb := work.Feedback{
		Ref: work.NewRef("hj", "1", ""), Person: "Ana@acme.example", Account: "77",
		PersonKeys:  map[string]string{"email": " Ana@Acme.example", "hotjar.user": "u1", "name": "Ana", "user_id": ""},
		AccountKeys: map[string]string{"domain": "ACME.example", "name": "Acme"},
	}
	join := evidence.DefaultJoin()
	as, persons, accounts := join.As(&fb)
	if len(persons) != 2 || persons[0] != "email=ana@acme.example" || persons[1] != "hotjar.user=u1" || as.Person != persons[0] {
		t.Errorf("persons %q", persons)
	}
	if len(accounts) != 3 || accounts[0] != "domain=acme.example" || accounts[1] != "name=acme" || accounts[2] != "hj:77" || as.Account != accounts[0] {
		t.Errorf("accounts %q", accounts)
	}
	if nobody, p, a := join.As(&work.Feedback{}); nobody.Person+nobody.Account != "" || len(p)+len(a) > 0 {
		t.Errorf("nobody is %q", p)
	}
}

func TestThePrintOfATextIsThatOfItsWords(t *testing.T) {
	t.Parallel()
	said := func(text string, score float64) string {
		return evidence.Print(&work.Feedback{Method: work.NPS, Text: text, Score: number(score)})
	}
	if said("Export drops rows!", 3) != said("export   DROPS rows", 3) {
		t.Error("case and signs make a difference")
	}
	if said("Export drops rows", 3) == said("Export drops rows", 4) || said("Export drops rows", 3) == said("Export drops columns", 3) {
		t.Error("another score or another word makes none")
	}
	if said("", 3) != "" || said(" … !", 3) != "" {
		t.Error("nothing was said in words")
	}
}
