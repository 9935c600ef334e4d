package mapping

import (
	"testing"

	"tandem/internal/work"
)

func TestASectionOfTheDescriptionIsRead(t *testing.T) {
	t.Parallel()
	titles := []string{"Acceptance criteria", "Akzeptanzkriterien"}
	cases := []struct{ name, body, want string }{
		{"wiki", "Intro\nh2. Acceptance criteria\n# first\n# second\n\nh2. Notes\nx", "# first\n# second"},
		{"wiki, lower heading inside", "h2. Acceptance Criteria:\na\nh3. More\nb\nh1. Next\nc", "a\nh3. More\nb"},
		{"wiki, bold", "*Akzeptanzkriterien*\r\n* one\r\n* two\r\n\r\n*Notizen*\r\nx", "* one\n* two"},
		{"wiki, bold and colon", "*Acceptance criteria:*\none", "one"},
		{"colon", "Text.\n\nacceptance criteria:\n- one\n\nScenario: a user logs in and out again:\n- two\n\nNotes:\nx", "- one\n\nScenario: a user logs in and out again:\n- two"},
		{"markdown", "## Why\nx\n\n## ACCEPTANCE CRITERIA ##\n\n- [ ] one\n\n### Details\ny\n\n## Other\nz", "- [ ] one\n\n### Details\ny"},
		{"markdown, bold", "**Acceptance criteria**\none\n**Next**\ntwo", "one"},
		{"bold inside", "h2. Acceptance criteria\n*important*\none", "*important*\none"},
		{"code", "## Acceptance criteria\n```\n## not a heading\n```\nend\n## Next", "```\n## not a heading\n```\nend"},
		{"wiki code", "h2. Acceptance criteria\n{code:java}\nh2. no heading\n{code}\nend", "{code:java}\nh2. no heading\n{code}\nend"},
		{"last", "h2. Akzeptanzkriterien\n\n\n one", "one"},
		{"blank", "h2. Acceptance criteria\n\nh2. Next\nx", ""},
		{"absent", "We talk of acceptance criteria here.", ""},
		{"in a sentence", "The acceptance criteria: none", ""},
		{"none", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := section(c.body, titles); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTheAcceptanceCriteriaAreReadFromTheBody(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"jira", "github"} {
		schema := work.Schema{Kind: kind, Fields: []work.NativeField{{Name: "text", Kind: work.Text, Shared: work.Body, Writable: true}}}
		spec := Spec{Fields: map[string]FieldSpec{"acceptance_criteria": {Owner: kind, Targets: map[string]TargetSpec{kind: {Section: []string{"Done when"}}}}}}
		p, problems := Compile("", spec, Env{Schemas: map[string]work.Schema{kind: schema}})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		slot := p.Rule(work.AcceptanceCriteria).Slot(kind, "PAY")
		if slot == nil || slot.Writable || slot.Path != "text" {
			t.Fatalf("%+v", slot)
		}
		for want, body := range map[work.Value]work.Value{
			work.NewText("it works"): work.NewText("## Done when\nit works"), work.Empty(): work.NewText("nothing"), {}: {},
		} {
			r := &work.Record{Fields: map[string]work.Value{"text": body}}
			if got := slot.Read(r).Shared; got != want {
				t.Errorf("%s: got %v, want %v", kind, got, want)
			}
		}
	}
}

func TestASectionStandsAlone(t *testing.T) {
	t.Parallel()
	schema := work.Schema{Kind: "jira", Labels: true, Fields: []work.NativeField{{Name: "text", Kind: work.Text, Shared: work.Body}, {Name: "x", Kind: work.Text}}}
	for name, c := range map[string]struct {
		field  string
		target TargetSpec
		schema work.Schema
	}{
		"with a field": {"acceptance_criteria", TargetSpec{Section: []string{"X"}, Field: FieldRef{Plain: "x"}}, schema},
		"blank":        {"acceptance_criteria", TargetSpec{Section: []string{" "}}, schema},
		"a number":     {"effort", TargetSpec{Section: []string{"X"}}, schema},
		"no body":      {"acceptance_criteria", TargetSpec{Section: []string{"X"}}, work.Schema{Kind: "jira"}},
	} {
		spec := Spec{Fields: map[string]FieldSpec{c.field: {Owner: "jira", Targets: map[string]TargetSpec{"jira": c.target}}}}
		_, problems := Compile("", spec, Env{Schemas: map[string]work.Schema{"jira": c.schema}})
		if len(problems) != 1 || problems[0].Remedy == "" {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func FuzzASectionIsPartOfTheBody(f *testing.F) {
	f.Add("h2. A\nb", "A")
	f.Fuzz(func(t *testing.T, body, title string) {
		if got := section(body, []string{title}); len(got) > len(body) {
			t.Errorf("%q is longer than %q", got, body)
		}
	})
}
