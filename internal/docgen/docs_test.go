package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tandem/internal/cli"
	"tandem/mapping/rank"

	"github.com/google/go-cmp/cmp"
)

func TestTheGeneratedPagesAreUpToDate(t *testing.T) {
	t.Parallel()
	all, err := pages(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range all {
		have, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Errorf("%v; run make generate", err)
			continue
		}
		if diff := cmp.Diff(string(want), string(have)); diff != "" {
			t.Errorf("%s is not what make generate writes (-want +have):\n%s", name, diff)
		}
	}
	kinds, err := os.ReadDir(filepath.Join(root, connectorFolder))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		if name := connectorFolder + "/" + kind.Name(); all[name] == nil {
			t.Errorf("%s is of no kind that connectors/all knows: remove it", name)
		}
	}
}

func TestPagesAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	first, err := pages(root)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		again, err := pages(root)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestTablesStandBetweenTheirComments(t *testing.T) {
	t.Parallel()
	tables := map[string]string{"a": "| new |\n"}
	for _, tc := range []struct{ name, page, want, fault string }{
		{
			"a table is replaced", "x\n<!-- generated: a -->\nold\n<!-- end of generated -->\ny\n",
			"x\n<!-- generated: a -->\n\n| new |\n\n<!-- end of generated -->\ny\n", "",
		},
		{"an unknown table", "x\n<!-- generated: b -->\n", "", `2: there is no table "b"`},
		{"no end", "<!-- generated: a -->\nx\n", "", "1: the table has no end"},
		{"no end before the next", "<!-- generated: a -->\n<!-- generated: a -->\n", "", "2: the table that begins at line 1 has no end"},
		{"no beginning", "<!-- end of generated -->\n", "", "1: a table ends and none began"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := fill(tc.page, tables, map[string]bool{})
			if tc.fault != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tc.fault) {
					t.Fatalf("got %v, want %s", err, tc.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if again, err := fill(got, tables, map[string]bool{}); err != nil || again != got {
				t.Errorf("a second time gives %q, %v", again, err)
			}
		})
	}
}

func TestEveryRankingMethodIsNamedInTheGuide(t *testing.T) {
	t.Parallel()
	_, problems := rank.Compile("", rank.Spec{Lens: rank.Lens{Method: "?"}})
	if len(problems) != 1 {
		t.Fatalf("got %v", problems)
	}
	names := strings.Split(strings.TrimPrefix(problems[0].Remedy, "write "), ", ")
	if len(names) < 2 {
		t.Fatalf("the remedy lists no methods: %s", problems[0].Remedy)
	}
	page := readPage(t, "docs/rules.md")
	for _, name := range names {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("docs/rules.md does not name the method %s", name)
		}
	}
}

func TestEveryHoldHasAnEndInTheGuide(t *testing.T) {
	t.Parallel()
	causes, err := holdCauses(root)
	if err != nil {
		t.Fatal(err)
	}
	page := readPage(t, "docs/safety.md")
	for _, c := range causes {
		if !strings.Contains(page, "| `"+c.text+"` |") {
			t.Errorf("docs/safety.md does not say how %s ends", c.text)
		}
	}
}

func TestEverySectionOfTheRulesHasAHeading(t *testing.T) {
	t.Parallel()
	page := readPage(t, "docs/rules.md")
	for _, section := range ruleSections() {
		if !strings.Contains(page, "\n## "+section+"\n") {
			t.Errorf("docs/rules.md has no heading %s", section)
		}
	}
}

// A command line that the docs show is one that tandem understands.
func TestEveryCommandOfTheDocsExists(t *testing.T) {
	t.Parallel()
	shown := regexp.MustCompile("(?m)(?:`|^)(?:go run \\./cmd/)?tandem ([a-z][^`#\\n]*)")
	for _, name := range pageNames(t) {
		for _, m := range shown.FindAllStringSubmatch(readPage(t, name), -1) {
			if fault := commandFault(t, strings.Fields(m[1])); fault != "" {
				t.Errorf("%s shows tandem %s: %s", name, strings.TrimSpace(m[1]), fault)
			}
		}
	}
}

func commandFault(t *testing.T, args []string) string {
	t.Helper()
	help := usage(t, args[0])
	if !strings.Contains(help, "\n  tandem "+args[0]) {
		return "there is no such command"
	}
	takesRef := strings.Contains(help, "\n  tandem "+args[0]+" [REF]")
	if strings.Contains(help, "Available Commands:") && len(args) > 1 && (!takesRef || !strings.Contains(args[1], ":")) {
		if help = usage(t, args[:2]...); !strings.Contains(help, "\n  tandem "+args[0]+" "+args[1]) {
			return "there is no such command"
		}
	}
	for _, arg := range args {
		if flag, _, _ := strings.Cut(arg, "="); strings.HasPrefix(flag, "--") && !strings.Contains(help, flag) {
			return "it has no flag " + flag
		}
	}
	return ""
}

func usage(t *testing.T, command ...string) string {
	t.Helper()
	var out bytes.Buffer
	cli.Main(t.Context(), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out}, "test", append(slices.Clone(command), "--help"))
	return out.String()
}

// A link inside the repository leads to a file, and to a heading of it.
func TestEveryLinkOfTheDocsLeadsSomewhere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, name := range pageNames(t) {
		for _, m := range link.FindAllStringSubmatch(readPage(t, name), -1) {
			target, heading, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			path := name
			if target != "" {
				path = filepath.Join(filepath.Dir(name), target)
			}
			info, err := os.Stat(filepath.Join(root, path))
			switch {
			case err != nil:
				t.Errorf("%s links to %s, which is not there", name, m[1])
			case heading != "" && (info.IsDir() || !slices.Contains(headings(readPage(t, path)), heading)):
				t.Errorf("%s links to %s, and %s has no such heading", name, m[1], path)
			}
		}
	}
}

// headings returns the anchors of a page.
func headings(page string) []string {
	var anchors []string
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
		kept := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		anchors = append(anchors, strings.ReplaceAll(kept, " ", "-"))
	}
	return anchors
}
