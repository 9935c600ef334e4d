package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Layer is one row of the import table. Dir and Imports are folders of the
// module; "mapping/*" stands for every folder directly below mapping.
type Layer struct {
	Dir string
	// Imports are the packages of this module that it may import.
	Imports []string
	// Pure packages do no I/O, read no clock, keep no state (see Purity).
	Pure bool
	// Foreign lists the modules that a pure package may use beyond the
	// standard library. Others use what go.mod has.
	Foreign []string
}

// Layers returns the import table of Tandem (design §4). Imports point down:
//
//	cmd/tandem
//	    │
//	internal/cli ──────────────────────────────────────────────────┐
//	    │          │          │              │                     │
//	scheduler/jobs │          │              │                     │
//	    │          │          │              │                     │
//	scheduler  internal/web  config  connectors/all   internal/{store,demo ─ sim}
//	    │    ╲                               │
//	    │     ╲                     connectors/<kind> ── internal/{httpx,secret}
//	    │      ╲                             │
//	    │       ╰───────────────────── connectors
//	internal/engine                          │
//	    │                                    │
//	internal/plan, internal/plan/*           │
//	    │                                    │
//	mapping, mapping/*                       │
//	    │                                    │
//	    ╰────────── internal/work ───────────╯
//
// Connectors never see rules; rules never see connectors. The stand-ins
// (internal/sim) serve the demo and tests only.
func Layers() []Layer {
	const work, secret, httpx = "internal/work", "internal/secret", "internal/httpx"
	return slices.Concat([]Layer{
		// The program.
		{Dir: "cmd/tandem", Imports: []string{"internal/cli"}},
		{Dir: "internal/cli", Imports: []string{
			"scheduler", "scheduler/jobs", "config", "connectors", "connectors/all", "internal/store", "internal/web", "internal/web/*", "internal/view", "internal/digest", "internal/inbox", "internal/api", "internal/monitor", "internal/privacy",
			"internal/engine", "internal/plan", "internal/plan/undo", "mapping", "mapping/*", "internal/demo", "internal/sim", "internal/sim/*", httpx, secret, work,
		}},
		// The edge.
		{Dir: "scheduler", Imports: []string{"connectors", "internal/engine", "internal/plan", "internal/plan/undo", "mapping", "mapping/*", work}},
		{Dir: "scheduler/jobs", Imports: []string{"scheduler", "connectors", "internal/engine", "internal/plan", work}},
		{Dir: "config", Imports: []string{secret, work}},
		{Dir: "internal/store", Imports: []string{"scheduler", "connectors", "internal/engine", "internal/plan", "internal/plan/backlog", "mapping", "mapping/*", secret, work}},
		{Dir: "internal/store/fresh", Imports: []string{"internal/store"}},
		{Dir: "internal/store/pgtest"},
		{Dir: "internal/web", Imports: []string{
			"internal/view", "internal/web/signin", "internal/chart", "scheduler", "connectors", "internal/engine", "internal/plan", "mapping", "mapping/*", secret, work,
		}},
		{Dir: "internal/web/signin", Imports: []string{"internal/view", "internal/door", httpx, secret, work}},
		{Dir: "internal/web/firsthour"},
		{Dir: "internal/web/browser", Imports: []string{"internal/cli", "internal/demo"}},
		{Dir: "internal/chart", Imports: []string{work}},
		{Dir: "internal/digest", Imports: []string{"internal/view", "connectors", "internal/engine", "internal/plan", "mapping", "mapping/*", httpx, secret, work}},
		{Dir: "internal/view", Imports: []string{
			"scheduler", "connectors", "internal/store", "internal/engine", "internal/plan", "internal/plan/undo", "mapping", "mapping/*", secret, work,
		}},
		{Dir: "internal/inbox", Imports: []string{"connectors", work}},
		{Dir: "internal/door", Imports: []string{secret}},
		{Dir: "internal/api", Imports: []string{"internal/view", "internal/door", "scheduler", "connectors", "internal/store", "internal/engine", "internal/plan", "internal/plan/undo", "mapping", "mapping/*", secret, work}},
		{Dir: "internal/monitor", Imports: []string{"connectors", "internal/plan", httpx, work}},
		{Dir: httpx, Imports: []string{secret, work}},
		{Dir: secret},
		{Dir: "internal/signature", Imports: []string{secret, work}},
		{Dir: "internal/table", Imports: []string{work}},
		{Dir: "internal/privacy", Pure: true, Imports: []string{work}},
		// The connectors: one folder and one line in all/.
		{Dir: "connectors", Imports: []string{work}},
		{Dir: "connectors/all", Imports: []string{"connectors", "connectors/*"}},
		{Dir: "connectors/connectortest", Imports: []string{"connectors", secret, work}},
	}, kinds("drop", "file", "github", "hotjar", "httpjson", "jira", "userpilot"), []Layer{
		// The pure core.
		{Dir: "internal/engine", Pure: true, Imports: []string{"internal/plan", "internal/plan/backlog", "mapping", "mapping/*", work}},
		{Dir: "internal/plan/backlog", Pure: true, Imports: []string{work}},
		{Dir: "internal/plan/undo", Pure: true, Imports: []string{"internal/plan", "internal/plan/backlog", "mapping", "mapping/*", work}},
		{Dir: "internal/plan", Pure: true, Imports: []string{"mapping", "mapping/*", work}},
		{Dir: "mapping", Pure: true, Imports: []string{"mapping/*", work}},
		{Dir: "mapping/agreement", Pure: true},
		{Dir: "mapping/circle", Pure: true},
		{Dir: "mapping/evidence", Pure: true, Imports: []string{"mapping/expression", "mapping/org", work}},
		{Dir: "mapping/likeness", Pure: true, Imports: []string{"mapping/evidence", work}},
		{Dir: "mapping/expression", Pure: true, Imports: []string{work}, Foreign: []string{"github.com/expr-lang/expr"}},
		{Dir: "mapping/org", Pure: true, Imports: []string{work}},
		{Dir: "mapping/rank", Pure: true, Imports: []string{"mapping/circle", "mapping/expression", "mapping/org", work}},
		{Dir: "mapping/roadmap", Pure: true, Imports: []string{"mapping/circle", "mapping/expression", "mapping/org", work}},
		{Dir: "mapping/route", Pure: true, Imports: []string{"mapping/expression", "mapping/org", work}},
		{Dir: work, Pure: true},
		// The stand-ins of the services, for the demo and tests.
		{Dir: "internal/demo", Imports: []string{"internal/cli", "internal/sim", "internal/sim/*"}},
		{Dir: "internal/sim"},
		{Dir: "internal/sim/company"},
		{Dir: "internal/sim/jirasim", Imports: []string{"internal/sim"}},
		{Dir: "internal/sim/contract", Imports: []string{"connectors", "connectors/*", "internal/sim", "internal/sim/*", secret, work}},
		{Dir: "internal/sim/loopback"},
		{Dir: "internal/sim/graphql"},
		{Dir: "internal/sim/outsider"},
		{Dir: "internal/sim/toolsim", Imports: []string{"internal/sim"}},
		{Dir: "internal/sim/githubsim", Imports: []string{"internal/sim", "internal/sim/graphql"}},
		{Dir: "internal/sim/judge", Imports: []string{"internal/sim", "internal/sim/jirasim", "internal/sim/githubsim"}},
		// The workshop: never part of the program.
		{Dir: "internal/docgen", Imports: []string{"internal/cli", "internal/monitor", "config", "connectors", "connectors/all", "internal/engine", "mapping", "mapping/*", work}},
		{Dir: "internal/replay", Imports: []string{"connectors", "connectors/*", "internal/engine", "internal/plan", "internal/store", "mapping", "mapping/*", secret, work}},
		{Dir: "internal/chaos", Imports: []string{"scheduler", "connectors", "internal/engine", "internal/plan", "internal/plan/undo", "mapping", "mapping/*", work}},
		{Dir: "internal/leak", Imports: []string{"internal/cli"}},
		{Dir: "internal/archtest"},
		{Dir: "internal/sim/dataset"},
		{Dir: "internal/testreport"},
	})
}

// kinds returns the rows of the shipped kinds of connector.
func kinds(names ...string) []Layer {
	rows := make([]Layer, 0, len(names))
	for _, name := range names {
		rows = append(rows, Layer{
			Dir:     "connectors/" + name,
			Imports: []string{"connectors", "internal/httpx", "internal/secret", "internal/signature", "internal/table", "internal/work"},
		})
	}
	return rows
}

// ForTests are the packages that every test may import beside those of its
// package's row.
func ForTests() []string {
	return []string{
		"connectors/all", "connectors/connectortest", "connectors/drop", "connectors/file", "config", "internal/inbox", "internal/sim", "internal/sim/*",
		"internal/store", "internal/store/fresh", "internal/store/pgtest", "scheduler/jobs",
	}
}

// ImportsPointDown checks every import inside the module against the table.
func ImportsPointDown(m Module, table []Layer, forTests []string) []Violation {
	var found []Violation
	for _, p := range m.Packages {
		row, listed := rowOf(table, p.Dir)
		if !listed {
			found = append(found, Violation{
				File: p.Dir, What: "package is not in the import table",
				Remedy: "decide who may import it and what it may import, and add a row to Layers in internal/archtest/layers.go",
			})
			continue
		}
		for _, f := range p.Files {
			allowed := row.Imports
			if f.Test() {
				allowed = slices.Concat(row.Imports, forTests, []string{p.Dir})
			}
			found = append(found, strayImports(m.Path, row, f, allowed)...)
		}
	}
	return found
}

func strayImports(module string, row Layer, f File, allowed []string) []Violation {
	var found []Violation
	for _, imp := range f.Imports() {
		dir, own := strings.CutPrefix(imp.Path, module+"/")
		if !own || matchesAny(allowed, dir) {
			continue
		}
		found = append(found, Violation{
			File: f.Path, Line: imp.Line,
			What:   fmt.Sprintf("%s imports %s", row.Dir, dir),
			Remedy: fmt.Sprintf("it may import %s (internal/archtest/layers.go)", orNothing(allowed)),
		})
	}
	return found
}

func rowOf(table []Layer, dir string) (Layer, bool) {
	i := slices.IndexFunc(table, func(l Layer) bool { return l.Dir == dir })
	if i < 0 {
		return Layer{}, false
	}
	return table[i], true
}

func matchesAny(patterns []string, dir string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, dir)
		return ok && err == nil
	})
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "no other package of this module"
	}
	return strings.Join(list, ", ")
}
