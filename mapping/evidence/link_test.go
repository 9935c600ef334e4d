package evidence_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

func linker(t *testing.T) *evidence.Program {
	t.Helper()
	return compile(t, evidence.Spec{Link: []evidence.Rule{
		{Tags: map[string]string{"export": "jira:PAY-12", "Dunkler Modus": "jira:WEB-3"}},
		{Tags: map[string]string{"EXPORT": "github:acme/pay#7"}},
		{Phrases: []string{"export drops rows", "csv export"}, To: "jira:PAY-12"},
		{Phrases: []string{"Listen exportieren", "Prüfungen übersehen"}, To: "jira:WEB-9"},
	}}).WithPlaces(map[string][]string{"jira": {"PAY", "WEB", "OPS"}, "github": {"Acme/pay", "OPS"}})
}

func TestFeedbackFindsItsWork(t *testing.T) {
	t.Parallel()
	link := func(target string, cause evidence.Cause, detail string) evidence.Link {
		return evidence.Link{Target: target, Cause: cause, Detail: detail}
	}
	const key, tag, phrase, byLink = evidence.ByKey, evidence.ByTag, evidence.ByPhrase, evidence.ByLink
	cases := []struct {
		name string
		fb   work.Feedback
		want []evidence.Link
	}{
		{"explicit link", work.Feedback{Links: []string{" jira:PAY-12 "}}, []evidence.Link{link("jira:PAY-12", byLink, " jira:PAY-12 ")}},
		{"explicit link to any key of the connector", work.Feedback{Links: []string{"jira:10042"}}, []evidence.Link{link("jira:10042", byLink, "jira:10042")}},
		{"explicit key", work.Feedback{Links: []string{"PAY-12"}}, []evidence.Link{link("jira:PAY-12", byLink, "PAY-12")}},
		{"explicit link to nowhere", work.Feedback{Links: []string{"asana:77", "XYZ-1", ""}}, nil},
		{"full reference", work.Feedback{Text: "same as jira:PAY-12."}, []evidence.Link{link("jira:PAY-12", key, "jira:PAY-12")}},
		{"full reference without a number", work.Feedback{Text: "jira:login fails"}, nil},
		{"key of a known project", work.Feedback{Text: "(see PAY-12, PAY-13!)"}, []evidence.Link{
			link("jira:PAY-12", key, "PAY-12"), link("jira:PAY-13", key, "PAY-13"),
		}},
		{"keys with slashes", work.Feedback{Text: "PAY-12/PAY-13 fix/WEB-4"}, []evidence.Link{
			link("jira:PAY-12", key, "PAY-12"), link("jira:PAY-13", key, "PAY-13"), link("jira:WEB-4", key, "WEB-4"),
		}},
		{"no key", work.Feedback{Text: "COVID-19 pay-12 PAY-012 PAY-12-3 XPAY-12 ÄPAY-12 PAY-12x PAY- -12 PAY-1.5 #12"}, nil},
		{"project that two connectors have", work.Feedback{Text: "OPS-3"}, nil},
		{"repository in any case", work.Feedback{Text: "like acme/PAY#7"}, []evidence.Link{link("github:Acme/pay#7", key, "acme/PAY#7")}},
		{"full reference to a repository", work.Feedback{Text: "github:acme/PAY#7, github:other/web#3"}, []evidence.Link{
			link("github:Acme/pay#7", key, "github:acme/PAY#7"), link("github:other/web#3", key, "github:other/web#3"),
		}},
		{"unknown repository", work.Feedback{Text: "acme/web#7 pay#7"}, nil},
		{
			"URLs",
			work.Feedback{Text: "https://acme.example/browse/PAY-12?focus=3 and <https://git.example/acme/pay/issues/7#comment-1>"},
			[]evidence.Link{
				link("github:Acme/pay#7", key, "https://git.example/acme/pay/issues/7#comment-1"),
				link("jira:PAY-12", key, "https://acme.example/browse/PAY-12"),
			},
		},
		{"URL of something else", work.Feedback{Text: "https://cdn.example/PAY-12/logo https://x.example/a/b"}, nil},
		{"tag in any case, two rules", work.Feedback{Tags: []string{"Export"}}, []evidence.Link{
			link("github:acme/pay#7", tag, "Export"), link("jira:PAY-12", tag, "Export"),
		}},
		{"tag with spaces", work.Feedback{Tags: []string{"dunkler modus "}}, []evidence.Link{link("jira:WEB-3", tag, "dunkler modus ")}},
		{"another tag", work.Feedback{Tags: []string{"exports", "mode"}}, nil},
		{"phrase in another order and form", work.Feedback{Text: "Rows are dropped when I'm exporting!"}, []evidence.Link{
			link("jira:PAY-12", phrase, "export drops rows"),
		}},
		{"phrase with a word missing", work.Feedback{Text: "The export is great, and so are rows."}, nil},
		{"phrase in German", work.Feedback{Text: "Beim Exportieren der Liste stürzt es ab", Language: "de-DE"}, []evidence.Link{
			link("jira:WEB-9", phrase, "Listen exportieren"),
		}},
		{"phrase in German, accents and all", work.Feedback{Text: "Eine Pru\u0308fung wird immer UBERSEHEN"}, []evidence.Link{
			link("jira:WEB-9", phrase, "Prüfungen übersehen"),
		}},
		{"phrase read plainly in another language", work.Feedback{Text: "CSV export cassé, exports csv", Language: "fr"}, []evidence.Link{
			link("jira:PAY-12", phrase, "csv export"),
		}},
		{"surest cause of one target", work.Feedback{Text: "csv export, see PAY-12", Tags: []string{"export"}, Links: []string{"jira:PAY-12"}}, []evidence.Link{
			link("github:acme/pay#7", tag, "export"), link("jira:PAY-12", byLink, "jira:PAY-12"),
		}},
		{"likeness is no link", work.Feedback{Text: "The exporter loses some of my lines in the comma separated file"}, nil},
	}
	p := linker(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, p.Link(&tc.fb)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinksSayWhy(t *testing.T) {
	t.Parallel()
	got := []string{
		evidence.Link{Target: "jira:PAY-12", Cause: evidence.ByLink, Detail: "jira:PAY-12"}.String(),
		evidence.Link{Target: "jira:PAY-12", Cause: evidence.ByKey, Detail: "PAY-12"}.String(),
		evidence.Link{Target: "jira:PAY-12", Cause: evidence.ByTag, Detail: "export"}.String(),
		evidence.Link{Target: "jira:PAY-12", Cause: evidence.ByPhrase, Detail: "csv export"}.String(),
	}
	want := []string{"linked to jira:PAY-12 at the source", "mentions PAY-12", `has the tag "export"`, `says "csv export"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func FuzzLink(f *testing.F) {
	f.Add("https://acme.example/browse/PAY-12", "jira:PAY-12", "en")
	f.Add("//:-#.PAY-1/issues/7#", ":", "")
	p, problems := evidence.Compile("", evidence.Spec{Link: []evidence.Rule{{Phrases: []string{"csv export"}, To: "jira:PAY-1"}}}, []string{"jira", "github"})
	if len(problems) > 0 {
		f.Fatal(problems)
	}
	p = p.WithPlaces(map[string][]string{"jira": {"PAY"}, "github": {"acme/pay"}})
	f.Fuzz(func(t *testing.T, text, link, language string) {
		for _, l := range p.Link(&work.Feedback{Text: text, Links: []string{link}, Language: language}) {
			connector, key, ok := work.ParseRef(l.Target)
			if !ok || connector != "jira" && connector != "github" || key == "" {
				t.Errorf("%q, %q: target %q is no reference of a known connector", text, link, l.Target)
			}
		}
	})
}

func TestAKeyOfARepositoryNamedByAPatternIsFound(t *testing.T) {
	t.Parallel()
	program, problems := evidence.Compile("", evidence.Spec{}, []string{"jira", "github"})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	program = program.WithPlaces(map[string][]string{"jira": {"PAY"}, "github": {"acme/*", "!acme/*-archive"}})
	for text, want := range map[string]string{
		"see acme/pay#7": "github:acme/pay#7", "see acme/old-archive#7": "", "see other/pay#7": "", "PAY-3 again": "jira:PAY-3",
	} {
		got := ""
		for _, l := range program.Link(&work.Feedback{Text: text}) {
			got = l.Target
		}
		if got != want {
			t.Errorf("%q is linked to %q, want %q", text, got, want)
		}
	}
}
