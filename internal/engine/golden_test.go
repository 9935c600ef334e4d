package engine_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"tandem/internal/engine"
)

var update = flag.Bool("update", false, "write want.plan anew")

// TestGoldenCases decides each testdata/*.txtar: rules.yaml, records.yaml and
// want.plan, which reads as documentation. Cases under tests: in rules.yaml
// must hold too.
func TestGoldenCases(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden cases", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{}
			for _, f := range archive.Files {
				files[f.Name] = f.Data
			}
			rules := compile(t, string(files["rules.yaml"]))
			results, problems := rules.Test(day)
			for _, p := range problems {
				t.Error(p)
			}
			for _, r := range results {
				for _, w := range r.Wrong {
					t.Errorf("%s: %s", r.Name, w)
				}
			}
			snap := snapshot(t, files["records.yaml"])
			outcome := engine.Evaluate(rules, snap)
			got := describe(outcome)
			if *update {
				for i := range archive.Files {
					if archive.Files[i].Name == "want.plan" {
						archive.Files[i].Data = []byte(got)
					}
				}
				if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(files["want.plan"]), got); diff != "" {
				t.Errorf("plan differs (-want +got):\n%s", diff)
			}
			second := engine.Evaluate(rules, apply(snap, &outcome, rules))
			if len(second.Plan.Edits) > 0 {
				t.Errorf("S4: the second plan has edits: %+v", second.Plan.Edits)
			}
		})
	}
}

// describe tells an outcome line by line.
func describe(o engine.Outcome) string {
	var b strings.Builder
	for _, d := range o.Items {
		refs := make([]string, 0, 2)
		for _, p := range d.Item.Parts {
			refs = append(refs, p.String())
		}
		fmt.Fprintf(&b, "item %s: place %d, tier %s, horizon %s, %s accountable (%s)\n",
			strings.Join(refs, " = "), d.TeamPlace, d.Tier, d.Horizon, d.Route.Accountable, d.Route.Because)
		for _, why := range d.NotReady {
			fmt.Fprintf(&b, "  not ready: %s\n", why)
		}
		for _, e := range o.Plan.Edits {
			if e.Item == d.Item.ID {
				fmt.Fprintf(&b, "  %s %s %s %s: %s → %s\n", e.Ref(), e.Field, e.Verb, e.Target.Element, e.Expect, e.Value)
			}
		}
		for _, h := range o.Plan.Holds {
			if h.Item == d.Item.ID {
				fmt.Fprintf(&b, "  held %s:%s %s: %s, has %s, would be %s\n", h.Target.Connector, h.Key, h.Field, h.Cause, h.Have, h.Want)
			}
		}
	}
	for _, f := range o.Plan.Findings {
		fmt.Fprintf(&b, "finding %s: %s\n", f.Subject, f.What)
	}
	return b.String()
}
