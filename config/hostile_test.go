package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tandem/config"
)

// hostile are rule files that a mistake or a joker could write, each with what
// is said about it; all of them must be answered at once.
func hostile() map[string]struct{ text, what string } {
	repeat := strings.Repeat
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line, i)
		}
		return b.String()
	}
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for i := range 20 {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", 'b'+i, 'b'+i, strings.TrimSuffix(repeat(fmt.Sprintf("*%c, ", 'a'+i), 9), ", "))
	}
	return map[string]struct{ text, what string }{
		"ten megabytes":                {repeat("# nothing\n", 1<<20), "the file is larger than 1 MB; split it"},
		"a million brackets":           {"x: " + repeat("[", 900_000), "nested too deep"},
		"a million braces":             {"x: " + repeat("{a: ", 200_000), "nested too deep"},
		"a thousand levels":            {deep(1000), "nested more than 50 deep"},
		"a YAML bomb":                  {bomb, "anchors (&) are not read"},
		"an anchor that holds itself":  {"a: &a {b: *a}\n", "anchors (&) are not read"},
		"eighty thousand unknown keys": {many(80_000, "f%d: 1\n"), `unknown key "f`},
		"one key forty thousand times": {repeat("numbers: {}\n", 40_000), "numbers is set twice"},
		"no number":                    {"numbers: {a: .nan}\n", "write plain digits"},
		"an infinite number":           {"numbers: {a: .inf}\n", "write plain digits"},
		"a number beyond all bounds":   {"numbers: {a: 1e999}\n", "a number of usual size"},
	}
}

func deep(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

type numbered struct {
	Numbers map[string]float64 `yaml:"numbers"`
}

func TestAHostileRuleFileIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "rules.yaml")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			document, found := config.ReadDocument(path)
			if document != nil {
				var into numbered
				found = append(found, document.Decode(&into)...)
			}
			if took := time.Since(began); took > 20*time.Second { // most take milliseconds; the machine may be busy
				t.Errorf("it took %s", took)
			}
			if !strings.Contains(found.Error(), c.what) {
				t.Errorf("got %.300s, want something about %q", found.Error(), c.what)
			}
			if len(found.Error()) > 20_000 {
				t.Errorf("the answer has %d bytes", len(found.Error()))
			}
		})
	}
}

// A file of ten megabytes is not even read to its end.
func TestALargeRuleFileCostsLittleMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, []byte(strings.Repeat("a: 1\n", 2<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, found := config.ReadDocument(path)
	runtime.ReadMemStats(&after)
	if len(found) != 1 {
		t.Fatalf("got %v", found)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d bytes were allocated", used)
	}
}

func TestRuleFilesThatAreTooLargeTogetherAreRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("tandem.yaml", "instance: a\nrules: '*.rules.yaml'\n")
	for i := range 8 {
		write(fmt.Sprintf("%d.rules.yaml", i), strings.Repeat("# nothing at all\n", 50_000))
	}
	settings, document, found := config.Load(filepath.Join(folder, "tandem.yaml"), nil)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if _, found := config.ReadRules(settings, document); len(found) != 1 || !strings.Contains(found[0].What, "larger than 4 MB together") {
		t.Errorf("got %v", found)
	}
}

func TestAKeyThatStandsInTwoFilesIsNamedInBoth(t *testing.T) {
	t.Parallel()
	one, _ := config.ParseDocument("a.yaml", []byte("numbers:\n  x: 1\n"))
	other, _ := config.ParseDocument("b.yaml", []byte("numbers:\n  y: 1\n  x: 2\n"))
	if _, found := config.MergeDocuments(one, other); len(found) != 1 || found[0].Error() != "b.yaml:3:3: numbers.x is set twice, first at a.yaml:2:3; keep one" {
		t.Errorf("got %v", found)
	}
}
