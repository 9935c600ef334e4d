package archtest_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"tandem/internal/archtest"
)

// TestTheHouseStands runs every check over this module.
func TestTheHouseStands(t *testing.T) {
	t.Parallel()
	root := moduleRoot(t)
	m, err := archtest.Load(os.DirFS(root), "tandem")
	if err != nil {
		t.Fatal(err)
	}
	for _, check := range archtest.Checks() {
		t.Run(check.Name, func(t *testing.T) {
			t.Parallel()
			for _, v := range check.Run(m) {
				t.Error(v)
			}
		})
	}
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = filepath.Dir(dir)
	}
}

// tree is a planted module: path → source.
type tree map[string]string

func load(t *testing.T, files tree) archtest.Module {
	t.Helper()
	fsys := fstest.MapFS{"go.mod": &fstest.MapFile{Data: []byte("module tandem\n")}}
	for name, src := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(src)}
	}
	m, err := archtest.Load(fsys, "tandem")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// plant names files that break a rule, or just do not, and what is found:
// "file:line: part of the message" or nothing.
type plant struct {
	name  string
	files tree
	want  []string
}

func expect(t *testing.T, check func(archtest.Module) []archtest.Violation, plants []plant) {
	t.Helper()
	for _, p := range plants {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			got := check(load(t, p.files))
			if len(got) != len(p.want) {
				t.Fatalf("got %d violations %v, want %d %q", len(got), got, len(p.want), p.want)
			}
			for i, v := range got {
				place, what, _ := strings.Cut(p.want[i], ": ")
				if at := v.File + ":" + strconv.Itoa(v.Line); at != place || !strings.Contains(v.String(), what) {
					t.Errorf("got %s %v, want %s %q", at, v, place, what)
				}
				if v.Remedy == "" {
					t.Errorf("%v has no remedy", v)
				}
			}
		})
	}
}

func TestImportsThatPointUpAreFound(t *testing.T) {
	t.Parallel()
	table := []archtest.Layer{
		{Dir: "top", Imports: []string{"mid", "low/*"}},
		{Dir: "mid", Imports: []string{"low/a"}},
		{Dir: "low/a"},
		{Dir: "low/b"},
	}
	check := func(m archtest.Module) []archtest.Violation {
		return archtest.ImportsPointDown(m, table, []string{"low/b"})
	}
	expect(t, check, []plant{
		{
			"down and standard library", tree{
				"top/x.go": "package top\n\nimport (\n\t_ \"fmt\"\n\t_ \"tandem/mid\"\n\t_ \"tandem/low/b\"\n)\n",
				"mid/x.go": "package mid\n\nimport _ \"tandem/low/a\"\n",
			}, nil,
		},
		{"up", tree{"low/a/x.go": "package a\n\nimport _ \"tandem/mid\"\n"}, []string{"low/a/x.go:3: low/a imports mid"}},
		{"sideways", tree{"low/a/x.go": "package a\n\nimport _ \"tandem/low/b\"\n"}, []string{"low/a/x.go:3: low/a imports low/b"}},
		{"past a star", tree{"top/x.go": "package top\n\nimport _ \"tandem/low/a/deep\"\n"}, []string{"top/x.go:3: low/a/deep"}},
		{"behind a build tag", tree{"low/a/x_plan9.go": "//go:build plan9\n\npackage a\n\nimport _ \"tandem/top\"\n"}, []string{"low/a/x_plan9.go:5: low/a imports top"}},
		{"unlisted", tree{"new/x.go": "package new\n"}, []string{"new:0: not in the import table"}},
		{"unlisted with tests only", tree{"new/x_test.go": "package new\n"}, []string{"new:0: not in the import table"}},
		{
			"tests may use test packages and their own", tree{
				"mid/x_test.go": "package mid_test\n\nimport (\n\t_ \"tandem/mid\"\n\t_ \"tandem/low/b\"\n)\n",
			}, nil,
		},
		{"tests may not look up", tree{"mid/x_test.go": "package mid_test\n\nimport _ \"tandem/top\"\n"}, []string{"mid/x_test.go:3: mid imports top"}},
		{"testdata and hidden folders are not the module", tree{"testdata/x.go": "package x\n", "_old/x.go": "package x\n", ".ci/x.go": "package x\n"}, nil},
		{"a nested module is not the module", tree{"tool/go.mod": "module tool\n", "tool/x.go": "package x\n"}, nil},
	})
}

func TestTheTableItselfPointsDown(t *testing.T) {
	t.Parallel()
	// A pure package may only import pure ones, or purity means nothing.
	pure := map[string]bool{"mapping/*": true}
	for _, row := range archtest.Layers() {
		pure[row.Dir] = row.Pure
	}
	for _, row := range archtest.Layers() {
		for _, imp := range row.Imports {
			if row.Pure && !pure[imp] {
				t.Errorf("pure package %s may import %s, which is not pure", row.Dir, imp)
			}
			if imp == row.Dir {
				t.Errorf("%s lists itself", row.Dir)
			}
			if strings.HasPrefix(imp, "internal/sim") && row.Dir != "internal/cli" && row.Dir != "internal/demo" && row.Dir != "internal/leak" && row.Dir != "internal/chaos" && !strings.HasPrefix(row.Dir, "internal/sim") {
				t.Errorf("%s may import %s: the stand-ins serve the demo and tests only", row.Dir, imp)
			}
		}
	}
}

func TestImpurityIsFound(t *testing.T) {
	t.Parallel()
	table := []archtest.Layer{{Dir: "core", Pure: true, Foreign: []string{"example.com/good"}}, {Dir: "edge"}}
	check := func(m archtest.Module) []archtest.Violation { return archtest.Purity(m, table) }
	core := func(src string) tree { return tree{"core/x.go": "package core\n\n" + src} }
	plants := []plant{
		{"the clock", core("import \"time\"\n\nfunc f() time.Time { return time.Now() }\n"), []string{"core/x.go:5: time.Now"}},
		{"the clock as a value", core("import \"time\"\n\nfunc f() func() time.Time { return time.Now }\n"), []string{"core/x.go:5: time.Now"}},
		{"the clock by another name", core("import clock \"time\"\n\nfunc f() { clock.Sleep(1) }\n"), []string{"core/x.go:5: clock.Sleep"}},
		{"the clock by a dot", core("import . \"time\"\n\nfunc f() Time { return Now() }\n"), []string{"core/x.go:3: dot import"}},
		{"other functions of time", core("import \"time\"\n\nfunc f(t time.Time) string { return t.Format(time.RFC3339) }\n"), nil},
		{"a variable called time", core("import _ \"time\"\n\ntype s struct{ Now int }\n\nfunc f(time s) int { return time.Now }\n"), nil},
		{"output", core("import \"fmt\"\n\nfunc f() { fmt.Println() }\n"), []string{"core/x.go:5: fmt.Println"}},
		{"output by a builtin", core("func f() { println() }\n"), []string{"core/x.go:3: println"}},
		{"a goroutine", core("func f() { go f() }\n"), []string{"core/x.go:3: goroutine"}},
		{"a variable", core("var seen = map[string]bool{}\n"), []string{"core/x.go:3: seen"}},
		{"variables in a group", core("var (\n\ta, b int\n\t_ error\n)\n"), []string{"core/x.go:4: a", "core/x.go:4: b"}},
		{"an error that is none", core("var errs = []string{}\n"), []string{"core/x.go:3: errs"}},
		{"sentinels", core("import (\n\t\"errors\"\n\t\"fmt\"\n)\n\nvar (\n\tErrA = errors.New(\"a\")\n\terrB = fmt.Errorf(\"b %w\", ErrA)\n)\n"), nil},
		{"an embedded file", core("import _ \"embed\"\n\n//go:embed preset.yaml\nvar preset string\n\nvar (\n\t//go:embed other.yaml\n\tother string\n)\n"), nil},
		{"an interface guard", core("var _ error = x{}\n\ntype x struct{}\n\nfunc (x) Error() string { return \"\" }\n"), nil},
		{"another module", core("import _ \"example.com/bad\"\n"), []string{"core/x.go:3: example.com/bad"}},
		{"a module that the row names", core("import _ \"example.com/good/sub\"\n"), nil},
		{"the edge is free", tree{"edge/x.go": "package edge\n\nimport (\n\t\"os\"\n\t\"time\"\n)\n\nvar start = time.Now()\n\nfunc f() { os.Exit(1) }\n"}, nil},
		{"tests are free", tree{"core/x_test.go": "package core\n\nimport _ \"os\"\n\nvar n int\n"}, nil},
	}
	for _, path := range []string{"net", "net/http", "os", "os/exec", "log", "log/slog", "io/fs", "math/rand", "math/rand/v2", "crypto/rand", "database/sql", "syscall"} {
		plants = append(plants, plant{"import of " + path, core("import _ \"" + path + "\"\n"), []string{"core/x.go:3: \"" + path + "\""}})
	}
	expect(t, check, plants)
}

func TestHouseRulesFire(t *testing.T) {
	t.Parallel()
	lines := func(n int) string { return "package x\n" + strings.Repeat("\n", n-1) }
	for name, c := range map[string]struct {
		check  func(archtest.Module) []archtest.Violation
		plants []plant
	}{
		"length": {archtest.FileLength, []plant{
			{"at the wall", tree{"a/x.go": lines(400)}, nil},
			{"over the wall", tree{"a/x.go": lines(401)}, []string{"a/x.go:0: 401 lines, at most 400"}},
			{"without a last newline", tree{"a/x.go": lines(400) + "// end"}, []string{"a/x.go:0: 401 lines"}},
			{"a long test", tree{"a/x_test.go": lines(900)}, nil},
			{"a short main", tree{"cmd/a/main.go": lines(40)}, nil},
			{"a long main", tree{"cmd/a/main.go": lines(41)}, []string{"cmd/a/main.go:0: 41 lines, at most 40"}},
		}},
		"log keys": {archtest.AgreedLogKeys, []plant{
			{"agreed", tree{"a/x.go": "package a\nfunc f(l l) { l.log.With(\"connector\", 1).Info(\"m\", \"ref\", 1, \"err\", 2); l.Log.InfoContext(c, \"m\", \"took\", 1) }\n"}, nil},
			{"stray", tree{"a/x.go": "package a\nfunc f() {\n\tlog.With(\"user\", 1).Warn(\"m\", \"ref\", 1, \"detail\", 2)\n}\n"}, []string{"a/x.go:3: a log line has the key detail", "a/x.go:3: a log line has the key user"}},
			{"no constant", tree{"a/x.go": "package a\nfunc f(k string) { log.Debug(\"m\", k, 1) }\n"}, []string{"a/x.go:2: a log line has a key that is no constant"}},
			{"not a logger", tree{"a/x.go": "package a\nfunc f() { window.With(\"user\", 1); err.Error() }\n"}, nil},
		}},
		"names": {archtest.PackageNames, []plant{
			{"a noun", tree{"a/plan/x.go": "package plan\n"}, nil},
			{"util", tree{"a/util/x.go": "package util\n", "a/util/y.go": "package util\n"}, []string{"a/util/x.go:1: util"}},
			{"a folder called helper", tree{"a/helper/x.go": "package fine\n"}, []string{"a/helper/x.go:1: fine"}},
			{"a test package", tree{"a/common/x_test.go": "package common_test\n"}, []string{"a/common/x_test.go:1: common"}},
		}},
		"init": {archtest.NoInit, []plant{
			{"init", tree{"a/x.go": "package a\n\nfunc init() {}\n"}, []string{"a/x.go:3: init"}},
			{"a method called init", tree{"a/x.go": "package a\n\ntype t int\n\nfunc (t) init() {}\n"}, nil},
		}},
		"cgo": {archtest.NoCgo, []plant{
			{"import C", tree{"a/x.go": "package a\n\nimport \"C\"\n"}, []string{"a/x.go:3: cgo"}},
		}},
		"clients": {archtest.OneClientBuilder, []plant{
			{"a literal", tree{"a/x.go": "package a\n\nimport \"net/http\"\n\nfunc f() *http.Client { return &http.Client{} }\n"}, []string{"a/x.go:5: builds"}},
			{"the default", tree{"a/x.go": "package a\n\nimport web \"net/http\"\n\nfunc f() *web.Client { return web.DefaultClient }\n"}, []string{"a/x.go:5: DefaultClient"}},
			{"a shortcut", tree{"a/x.go": "package a\n\nimport \"net/http\"\n\nfunc f() { _, _ = http.Get(\"\") }\n"}, []string{"a/x.go:5: http.Get"}},
			{"a client that was given", tree{"a/x.go": "package a\n\nimport \"net/http\"\n\nfunc f(c *http.Client) { _, _ = c.Get(\"\") }\n"}, nil},
			{"a stand-in", tree{"internal/sim/judge/x.go": "package judge\n\nimport \"net/http\"\n\nvar next = http.DefaultTransport\n"}, nil},
			{"httpx", tree{"internal/httpx/x.go": "package httpx\n\nimport \"net/http\"\n\nfunc f() *http.Client { return &http.Client{} }\n"}, nil},
		}},
		"nolint": {archtest.Nolint, []plant{
			{"complete", tree{"a/x.go": "package a\n\nconst A = 1 //nolint:revive,gosec // the reason\n"}, nil},
			{"bare", tree{"a/x.go": "package a\n\nconst A = 1 //nolint\n"}, []string{"a/x.go:3: nolint"}},
			{"without a reason", tree{"a/x.go": "package a\n\nconst A = 1 //nolint:gosec\n"}, []string{"a/x.go:3: nolint"}},
			{"without a linter", tree{"a/x.go": "package a\n\nconst A = 1 //nolint // the reason\n"}, []string{"a/x.go:3: nolint"}},
			{"for all linters", tree{"a/x.go": "package a\n\nconst A = 1 //nolint:all // the reason\n"}, []string{"a/x.go:3: nolint"}},
			{"with a space", tree{"a/x.go": "package a\n\nconst A = 1 // nolint:gosec // the reason\n"}, []string{"a/x.go:3: nolint"}},
			{"in tests too", tree{"a/x_test.go": "package a\n\nconst A = 1 //nolint\n"}, []string{"a/x_test.go:3: nolint"}},
			{"prose", tree{"a/x.go": "package a\n\n// nolint comments need a reason.\nconst A = 1\n"}, nil},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect(t, c.check, c.plants)
		})
	}
}

func TestASyntaxErrorIsNamed(t *testing.T) {
	t.Parallel()
	_, err := archtest.Load(fstest.MapFS{"a/x.go": &fstest.MapFile{Data: []byte("package\n")}}, "tandem")
	if err == nil || !strings.Contains(err.Error(), "a/x.go:1") {
		t.Errorf("got %v, want an error with the place", err)
	}
}
