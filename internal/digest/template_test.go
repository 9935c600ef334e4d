package digest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/digest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestTheShippedTextReadsWell(t *testing.T) {
	t.Parallel()
	item := digest.Item{Ref: "jira:PAY-12", Title: "CSV export drops rows", Team: "pay", URL: "https://tandem.acme.example/item?ref=jira%3APAY-12"}
	bare := digest.Item{Ref: "github:acme/pay#7", Title: "Rows are lost", Team: "web"}
	c := &digest.Content{
		Name: "pm pay", Role: "pm", Team: "pay", Audience: "internal", Instance: "acme", Day: "2026-11-23", Since: "2026-11-20", Link: "https://tandem.acme.example/",
		Late: []digest.Duty{{Item: item, Because: "epic without a goal", Since: "2026-11-02", Due: "2026-11-16", Person: "ana"}}, LateAll: 1,
		Waits: []digest.Duty{{Item: bare, Because: "triage", Since: "2026-11-20"}}, WaitAll: 14, Restricted: 1,
		Moved: []digest.Move{{Item: item, From: 14, To: 3, Because: "2 more accounts asked"}, {Item: bare, To: 5}, {Item: bare, From: 2, To: 8}}, MovedAll: 9,
		Roadmap: []digest.Shift{{Item: item, From: "next", To: "now", Because: "2 more accounts asked"}, {Item: bare, To: "next"}, {Item: bare, From: "next"}}, RoadmapAll: 3,
		Stale: []string{"jira"},
	}
	for _, way := range []digest.Way{"", digest.ToSlack, digest.ToTeams, digest.ToEmail} {
		m := message(t, c)
		m.To.Way = way
		text, err := digest.Preview(m)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, fmt.Sprintf("shipped%s.golden", way), strings.ReplaceAll(text, `,{"type"`, ",\n"+`{"type"`)+"\n")
	}
}

func TestAMistakeInATemplateIsFoundAtItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a field that there is not", "# x\n{{.Movd}}", `2:3 a digest has no .Movd; did you mean "Moved"?`},
		{"where no sample leads", "{{if eq .Day \"x\"}}{{range .Late}}{{.Titel}}{{end}}{{end}}", `1:36 a digest has no .Titel; did you mean "Title"?`},
		{"a field of another list", "{{range .Late}}{{.From}}{{end}}", "1:18 can't evaluate field From in type digest.Duty"},
		{"no end", "{{if .Late}}", "1:1 unexpected EOF"},
		{"no such function", "x\n{{exec 1}}", `2:1 function "exec" not defined`},
		{"too much", "{{range 1000000}}much too much{{end}}", "the template writes too much"},
		{"around and around", `{{define "a"}}x{{template "a"}}{{end}}{{template "a"}}`, "1:15 the template takes too many steps"},
		{"too long", strings.Repeat("x", digest.MostTemplate+1), "1:1 the template has 32769 bytes; use at most 32768"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			made, mistakes := digest.Parse(c.text)
			if made != nil || len(mistakes) == 0 {
				t.Fatal("it was taken")
			}
			got := fmt.Sprintf("%d:%d %s; %s", mistakes[0].Line, mistakes[0].Col, mistakes[0].What, mistakes[0].Remedy)
			if !strings.Contains(got, c.want) {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestATemplateOfYourOwnIsWritten(t *testing.T) {
	t.Parallel()
	made, mistakes := digest.Parse("# {{.Role}}\n\n- {{link .Link \"order\"}} of {{.Team}}\nplain\n")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	text, err := made.Text(&digest.Content{Role: "pm", Team: "pay", Link: "https://tandem.acme.example/"})
	if err != nil {
		t.Fatal(err)
	}
	want := []digest.Line{
		{Kind: digest.Heading, Spans: []digest.Span{{Text: "pm"}}},
		{Kind: digest.Bullet, Spans: []digest.Span{{Text: "order", URL: "https://tandem.acme.example/"}, {Text: " of pay"}}},
		{Kind: digest.Plain, Spans: []digest.Span{{Text: "plain"}}},
	}
	if diff := cmp.Diff(want, text.Lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALinkIsWrittenInASCII(t *testing.T) {
	t.Parallel()
	made, mistakes := digest.Parse(`{{link .Link "x"}}`)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	for address, want := range map[string]string{
		"https://board.example/a b?q=c d#e f": "https://board.example/a%20b?q=c%20d#e%20f", "https://board.example/ä?q=ö&r=🚲": "https://board.example/%C3%A4?q=%C3%B6&r=%F0%9F%9A%B2",
		"https://board.example/?q=%20+%C3%A4&amp;": "https://board.example/?q=%20+%C3%A4&amp;", "https://tändem.example/": "https://t%C3%A4ndem.example/",
		`https://board.example/?q=<a|b>'"\`: "https://board.example/?q=%3Ca%7Cb%3E%27%22%5C", "https://board.example/?q=[a]{b}^c": "https://board.example/?q=[a]%7Bb%7D%5Ec",
	} {
		text, err := made.Text(&digest.Content{Link: address})
		if err != nil {
			t.Fatal(err)
		}
		if got := text.Lines[0].Spans[0].URL; got != want {
			t.Errorf("%s is %s, want %s", address, got, want)
		}
	}
}

// taken fails where a service would not take what a message becomes.
func taken(t *rapid.T, m *digest.Message) {
	for way, check := range map[digest.Way]func([]byte) error{digest.ToSlack: checkSlack, digest.ToTeams: checkTeams} {
		m.To.Way = way
		body, err := digest.Preview(m)
		if err == nil {
			err = check([]byte(body))
		}
		if err != nil {
			t.Fatalf("%s: %v", way, err)
		}
	}
}

// Whatever stands in it, a template's text fits what services take.
func TestWhateverATemplateWritesFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom(append(hostile(), "# head", "- entry", "")).Draw(t, "line")
		made, mistakes := digest.Parse(strings.Repeat(strings.ReplaceAll(line, "{", "")+"\n", min(rapid.IntRange(0, 600).Draw(t, "lines"), (digest.MostTemplate-1)/(len(line)+1))))
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		m := &digest.Message{Content: full("x")}
		var err error
		if m.Text, err = made.Text(m.Content); err != nil {
			t.Fatal(err)
		}
		taken(t, m)
	})
}

// Whatever stands in what is told, it fits what services take: Slack 50 blocks,
// 150 characters of a header, 3,000 of a text; Teams 28 KB.
func TestWhateverIsToldFits(t *testing.T) {
	t.Parallel()
	linked, mistakes := digest.Parse("{{range .Late}}{{link .URL .Title}} {{link .URL .Ref}} {{link .URL .Because}} {{link $.Link .Person}}\n{{end}}{{range .Moved}}# {{link .URL .Title}}\n{{end}}")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.SampledFrom(hostile()), rapid.String(), rapid.Custom(func(t *rapid.T) string {
			letter := rapid.SampledFrom([]string{"x", "ä", "漢", "🚲", "\u200d", "<", `"`, "\u2028", "e\u0301"}).Draw(t, "letter")
			return strings.Repeat(letter, rapid.IntRange(0, 1200).Draw(t, "length"))
		}))
		c := full(text.Draw(t, "text"))
		c.Role, c.Team = text.Draw(t, "role"), text.Draw(t, "team")
		c.Link = rapid.SampledFrom([]string{"", c.Link, "https://tandem.acme.example/?" + strings.Repeat("q", 900)}).Draw(t, "link")
		for i := range c.Late {
			c.Late[i].URL = "https://board.example/" + text.Draw(t, "address")
		}
		m := &digest.Message{Content: c}
		var err error
		if m.Text, err = rapid.SampledFrom([]*digest.Template{digest.Shipped(), linked}).Draw(t, "template").Text(c); err != nil {
			t.Fatal(err)
		}
		taken(t, m)
	})
}

func TestTheTemplateOfTheDocsIsRight(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "digests.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "## Your own words")
	_, rest, _ = strings.Cut(rest, "```\n")
	text, fields, _ := strings.Cut(rest, "```\n")
	if _, mistakes := digest.Parse(text); len(mistakes) > 0 || text == "" {
		t.Errorf("%q: %v", text, mistakes)
	}
	for _, name := range regexp.MustCompile("`\\.([A-Za-z]+)`").FindAllStringSubmatch(fields, -1) {
		_, mistakes := digest.Parse("{{if false}}{{." + name[1] + "}}{{end}}")
		if len(mistakes) > 0 {
			t.Errorf("the docs name .%s: %v", name[1], mistakes)
		}
	}
}
