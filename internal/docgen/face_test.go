package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// navigation lists the names of the pages, as the navigation shows them.
func navigation(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, m := range regexp.MustCompile(`\{"/[^"]*", "([^"]+)", \(\*visit\)`).FindAllStringSubmatch(readPage(t, "internal/web/pages.go"), -1) {
		names = append(names, m[1])
	}
	if len(names) < 5 {
		t.Fatalf("the navigation has %q", names)
	}
	return names
}

func TestReadmeNamesEveryPageOfTheNavigation(t *testing.T) {
	t.Parallel()
	readme := readPage(t, "README.md")
	for _, name := range navigation(t) {
		if !strings.Contains(readme, "*"+name+"*") {
			t.Errorf("README.md does not name the page *%s*", name)
		}
	}
}

// The docs lead people by words such as *PM*, "Tell requesters": there is such a
// page, and these words stand on one.
func TestWhatTheDocsReadOnPagesStandsThere(t *testing.T) {
	t.Parallel()
	var words strings.Builder
	for _, pattern := range []string{"templates/*.html", "*.go"} {
		files, err := filepath.Glob(filepath.Join(root, "internal/web", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			words.Write(text)
		}
	}
	guide := regexp.MustCompile(`\*([A-Z][A-Za-z ]*)\*, ("[^"]+"(?:(?:, | and )"[^"]+")*)`)
	found := 0
	for _, name := range []string{"for-admins", "for-pms", "for-pos", "for-teams", "getting-started", "decisions", "left-out"} {
		for _, m := range guide.FindAllStringSubmatch(readPage(t, "docs/"+name+".md"), -1) {
			found++
			if !slices.Contains(navigation(t), m[1]) {
				t.Errorf("docs/%s.md sends people to *%s*, which is no page", name, m[1])
			}
			for _, quoted := range regexp.MustCompile(`"[^"]+"`).FindAllString(m[2], -1) {
				if !strings.Contains(words.String(), strings.Trim(quoted, `"`)) {
					t.Errorf("docs/%s.md names %s on *%s*, and no page has these words", name, quoted, m[1])
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d places were found", found)
	}
}
