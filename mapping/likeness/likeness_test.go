package likeness_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/mapping/likeness"
)

func backlog() []likeness.Doc {
	return []likeness.Doc{
		{ID: "jira:PAY-1", Title: "Export drops rows", Body: "The CSV writer stops at 65,536 rows."},
		{ID: "jira:PAY-2", Title: "Dark mode"},
		{ID: "jira:PAY-3", Title: "Login fails with SSO", Also: []string{"cannot sign in with my company account"}},
		{ID: "jira:PAY-4", Title: "FSDownload checks the timestamp of a JAR"},
		{ID: "jira:PAY-5", Title: "Export als PDF", Body: "Rechnungen als Datei herunterladen", Language: "de"},
	}
}

func TestTheLikestWorkComesFirstWithTheWordsThatItShares(t *testing.T) {
	t.Parallel()
	index := likeness.Build(backlog())
	cases := []struct {
		name, said, language string
		want                 []string
	}{
		{"words of the title", "your exports drop half of my rows", "en", []string{"jira:PAY-1"}},
		{"words that other users used", "I can not sign in any more", "en", []string{"jira:PAY-3"}},
		{"parts of a name in code", "download of a jar fails on its timestamp", "en", []string{"jira:PAY-4"}},
		{"another language", "Die Rechnung lässt sich nicht als PDF exportieren", "de", []string{"jira:PAY-5"}},
		{"nothing in common", "the weather is nice today", "en", nil},
		{"nothing but small words", "it is not there", "en", nil},
		{"nothing", "", "", nil},
	}
	for _, c := range cases {
		matches := index.Find(likeness.Query{Text: c.said, Language: c.language}, 1, nil)
		if diff := cmp.Diff(c.want, ids(matches)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		for _, m := range matches {
			if len(m.Shared) == 0 || m.Score <= 0 {
				t.Errorf("%s: no reason is given: %+v", c.name, m)
			}
		}
	}
}

func TestARejectedPairIsNotSuggestedAgain(t *testing.T) {
	t.Parallel()
	q := likeness.Query{Text: "export drops rows", Language: "en"}
	got := likeness.Build(backlog()).Find(q, 3, func(id string) bool { return id == "jira:PAY-1" })
	if slices.Contains(ids(got), "jira:PAY-1") {
		t.Errorf("found %v", got)
	}
}

func TestOneCommonWordIsNoReason(t *testing.T) {
	t.Parallel()
	var docs []likeness.Doc
	for what := range strings.FieldsSeq("alpha beta gamma delta epsilon zeta") {
		docs = append(docs, likeness.Doc{ID: what, Title: "Crash in " + what})
	}
	index := likeness.Build(docs)
	if got := index.Find(likeness.Query{Text: "my crash happened on the train"}, 3, nil); len(got) > 0 {
		t.Errorf("found %v", got)
	}
	if got := ids(index.Find(likeness.Query{Text: "my zeta is broken"}, 3, nil)); !slices.Equal(got, []string{"zeta"}) {
		t.Errorf("a rare word alone: found %v", got)
	}
}

func TestS16TheOrderOfTheDocsChangesNothing(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom(strings.Fields("export rows csv crash login dark mode slow pdf search filter FSDownload sign"))
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "words"), " ") })
	rapid.Check(t, func(t *rapid.T) {
		docs := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) likeness.Doc {
			return likeness.Doc{ID: rapid.StringMatching("[a-z]{1,3}").Draw(t, "id"), Title: text.Draw(t, "title"), Body: text.Draw(t, "body")}
		}), 1, 12, func(d likeness.Doc) string { return d.ID }).Draw(t, "docs")
		q := likeness.Query{Title: text.Draw(t, "asked"), Text: text.Draw(t, "said")}
		one := likeness.Build(docs).Find(q, 5, nil)
		shuffled := rapid.Permutation(docs).Draw(t, "shuffled")
		if diff := cmp.Diff(one, likeness.Build(shuffled).Find(q, 5, nil)); diff != "" {
			t.Fatalf("(-one +other):\n%s", diff)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	docs := make([]likeness.Doc, 0, 10_000)
	words := strings.Fields("export rows csv crash login dark mode slow pdf search filter sign account report chart page load error button menu")
	for i := range 10_000 {
		pick := func(n int) string { return words[(i*7+n*13)%len(words)] }
		docs = append(docs, likeness.Doc{ID: strings.Repeat("x", 1+i%7) + pick(0) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)), Title: pick(1) + " " + pick(2) + " " + pick(3)})
	}
	index := likeness.Build(docs)
	b.ReportAllocs()
	for b.Loop() {
		index.Find(likeness.Query{Text: "the export of a report is slow and the page shows an error"}, 3, nil)
	}
}
