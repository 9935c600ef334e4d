package browser

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// ErrNoAxe tells that axe-core is not here.
var ErrNoAxe = errors.New("axe-core is not in bin: make axe fetches it (it needs npm)")

// Finding is what axe-core found on a page.
type Finding struct {
	Rule   string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	// Nodes are where, each with how to mend it.
	Nodes []string `json:"nodes"`
}

// String is the finding with its places.
func (f Finding) String() string {
	return fmt.Sprintf("%s (%s): %s\n  %s", f.Rule, f.Impact, f.Help, strings.Join(f.Nodes, "\n  "))
}

// Grave reports whether it keeps people from using the page.
func (f Finding) Grave() bool { return f.Impact == "serious" || f.Impact == "critical" }

// Axe runs axe-core on the page and returns what it found. It skips the test
// where axe-core is not here.
func (t *Tab) Axe() []Finding {
	t.tb.Helper()
	t.shared.axe.Do(func() { t.shared.axeText, t.shared.axeErr = readAxe() })
	if errors.Is(t.shared.axeErr, ErrNoAxe) {
		t.tb.Skip(t.shared.axeErr.Error())
	}
	if t.shared.axeErr != nil {
		t.tb.Fatal(t.shared.axeErr)
	}
	t.settle()
	t.hush(true)
	defer t.hush(false)
	if t.look.NoScript { // axe is one; those of the page do not run any more
		t.script(true)
		defer t.script(false)
	}
	// A world beside that of the page: the page does not notice, and its policy
	// does not hold there.
	frame := call(t, page.GetFrameTree, cdp.Empty{}).FrameTree.Frame.ID
	world := call(t, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame, WorldName: "axe"}).ExecutionContextID
	var nothing any
	if wrong, ok := evaluate(t, runtime.EvaluateParams{Expression: t.shared.axeText + "\n;0", ContextID: world}, &nothing); !ok {
		t.tb.Fatalf("load axe-core: %s", wrong)
	}
	var found []Finding
	if wrong, ok := evaluate(t, runtime.EvaluateParams{ContextID: world, Expression: `axe.run(document, {preload: false, resultTypes: ["violations"]}).then(r => r.violations.map(v => ({
		id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => n.target.join(" ") + " " + n.html.slice(0, 200) + ": " + n.failureSummary.replace(/\s+/g, " ")),
	})))`}, &found); !ok {
		t.tb.Fatalf("run axe-core: %s", wrong)
	}
	return found
}

// Accessible fails the test for each grave finding of axe-core, and notes the
// others.
func (t *Tab) Accessible() {
	t.tb.Helper()
	for _, f := range t.Axe() {
		if f.Grave() {
			t.tb.Errorf("%s: axe-core found %s", t.Address(), f)
		} else {
			t.tb.Logf("%s: axe-core also found %s", t.Address(), f)
		}
	}
}

func (t *Tab) hush(yes bool) {
	t.settle()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.deaf = yes
}

// readAxe reads the version that the Makefile names, from where it puts it.
func readAxe() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		return "", err
	}
	m := regexp.MustCompile(`(?m)^AXE_VERSION := (\S+)$`).FindSubmatch(makefile)
	if m == nil {
		return "", errors.New("the Makefile names no AXE_VERSION")
	}
	script, err := os.ReadFile(filepath.Join(root, "bin", "axe-"+string(m[1]), "node_modules", "axe-core", "axe.min.js"))
	if errors.Is(err, os.ErrNotExist) {
		return "", ErrNoAxe
	}
	return string(script), err
}

// repository is the folder with go.mod, above the one that the tests run in.
func repository() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the folder of the tests")
		}
	}
	return "", err
}
