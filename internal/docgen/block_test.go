package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// block is one ```yaml block of a page.
type block struct {
	page string
	line int // of the fence
	text string
	// mistake is what must be found wrong; empty where nothing may be.
	mistake string
}

// String names the block for messages.
func (b block) String() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

// blocksOf finds the YAML blocks of a page. A comment <!-- mistake: text -->
// above a block says that the block must fail with that text.
func blocksOf(page, text string) ([]block, error) {
	var blocks []block
	var open *block
	fence, indent, above := "", "", ""
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimLeft(line, " ")
		switch {
		case fence != "" && strings.TrimSpace(line) == fence:
			if open != nil {
				blocks = append(blocks, *open)
			}
			open, fence, above = nil, "", ""
		case fence != "" && open != nil:
			open.text += strings.TrimPrefix(line, indent) + "\n"
		case fence != "":
		case strings.HasPrefix(trimmed, "```"):
			fence, indent = "```", line[:len(line)-len(trimmed)]
			if language := strings.ToLower(strings.Trim(trimmed, "` ")); strings.HasPrefix(language, "y") {
				open = &block{page: page, line: i + 1, mistake: above}
			}
		case trimmed != "":
			above, _ = strings.CutSuffix(strings.TrimPrefix(trimmed, "<!-- mistake: "), " -->")
			if !strings.HasPrefix(trimmed, "<!-- mistake: ") {
				above = ""
			}
		}
	}
	if fence != "" {
		return nil, fmt.Errorf("%s: a block has no end", page)
	}
	return blocks, nil
}

// pageNames are README.md and every page below docs, from root.
func pageNames(t *testing.T) []string {
	t.Helper()
	names := []string{"README.md"}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".md" {
			name, relErr := filepath.Rel(root, path)
			names = append(names, filepath.ToSlash(name))
			return relErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func readPage(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func pageBlocks(t *testing.T, name string) []block {
	t.Helper()
	blocks, err := blocksOf(name, readPage(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return blocks
}

// readmeSettings is the tandem.yaml of README.md: the connectors that rules in
// the docs speak of.
func readmeSettings(t *testing.T) string {
	t.Helper()
	blocks := pageBlocks(t, "README.md")
	i := slices.IndexFunc(blocks, func(b block) bool { return b.file() == "tandem.yaml" })
	if i < 0 {
		t.Fatal("README.md has no block that begins with # tandem.yaml")
	}
	return blocks[i].text
}

// file is the file that the first line of a block names, or nothing.
func (b block) file() string {
	first, _, _ := strings.Cut(b.text, "\n")
	name, comment := strings.CutPrefix(first, "# ")
	if !comment || filepath.Ext(name) != ".yaml" || strings.Contains(name, " ") {
		return ""
	}
	return name
}

func TestBlocksAreFoundWithTheirMistakes(t *testing.T) {
	t.Parallel()
	page := strings.Join([]string{
		"Text.", "```yaml", "# tandem.yaml", "a: 1", "```", "",
		"<!-- mistake: no such thing -->", "", "```yaml", "b: 2", "```",
		"1. In a list:", "   ```yml", "   c:", "     d: 3", "   ```",
		"```sh", "```yaml is no fence here", "```", "",
	}, "\n")
	got, err := blocksOf("p.md", page)
	if err != nil {
		t.Fatal(err)
	}
	want := []block{
		{page: "p.md", line: 2, text: "# tandem.yaml\na: 1\n"},
		{page: "p.md", line: 9, text: "b: 2\n", mistake: "no such thing"},
		{page: "p.md", line: 13, text: "c:\n  d: 3\n"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(block{})); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	if got[0].file() != "tandem.yaml" || got[1].file() != "" {
		t.Errorf("files are %q and %q", got[0].file(), got[1].file())
	}
	if _, err := blocksOf("p.md", "```yaml\na: 1\n"); err == nil {
		t.Error("a block without an end is taken")
	}
}
