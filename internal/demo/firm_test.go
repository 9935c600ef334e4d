package demo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/demo"
	"tandem/internal/sim"
	"tandem/internal/sim/company"
	"tandem/internal/sim/jirasim"
)

// firm is Acme with Tandem at work, by its command line: each cycle is a
// process of its own, as it were, that knows only what the store kept.
type firm struct {
	testing.TB
	*demo.Firm

	oracle   *oracle
	feedback []company.Feedback
}

// size is that of the demo; the race detector, under which a store is ten times
// as slow, gets the smallest firm that has all of its odd issues.
func size() company.Size {
	if raced {
		return company.Size{JiraIssues: 120, GitHubIssues: 80, Feedback: 400}
	}
	return company.DemoSize()
}

func found(tb testing.TB, seed uint64, size company.Size) *firm {
	tb.Helper()
	f := &firm{TB: tb}
	var err error
	f.Firm, err = demo.Start(tb.Context(), seed, time.Now(), size, tb.TempDir())
	f.ok(err)
	tb.Cleanup(func() { f.ok(f.Close()) })
	f.oracle, f.feedback = newOracle(f.JiraURL), f.Company.Feedback
	return f
}

func (f *firm) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// tandem runs a command and reads the JSON that it prints.
func tandem(tb testing.TB, into any, args ...string) {
	tb.Helper()
	var out, faults bytes.Buffer
	code := cli.Main(tb.Context(), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &faults}, "test", append(args, "--json"))
	if code != 0 {
		tb.Fatalf("tandem %s ended with %d: %s%s", args[0], code, &faults, &out)
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		tb.Fatalf("tandem %s printed %s: %v", args[0], &out, err)
	}
}

// cycle runs one cycle of the daemon and returns how many edits it says it
// sent.
func (f *firm) cycle() int {
	f.Helper()
	var ran struct {
		Sent    int
		Results map[string]int
	}
	tandem(f, &ran, "run", "--once", "-c", f.Config())
	if ran.Results["applied"] != ran.Sent {
		f.Errorf("%d edits were sent, and came to %v", ran.Sent, ran.Results)
	}
	return ran.Sent
}

// planned is what a plan shows.
type planned struct {
	Edits []struct {
		Gate, Key, Field, Verb string
		Target                 struct{ Connector, Element string }
		Value, Expect          any
	}
	Holds []struct {
		Key, Field, Cause string
		Target            struct{ Connector string }
	}
}

// plan reads and decides, and writes nothing.
func (f *firm) plan() planned {
	f.Helper()
	var p planned
	tandem(f, &p, "plan", "-c", f.Config())
	return p
}

// held are the holds of a plan, as the oracle spells them.
func (p planned) held() []string {
	all := []string{}
	for _, h := range p.Holds {
		all = append(all, fmt.Sprintf("%s:%s %s %s", h.Target.Connector, h.Key, h.Field, h.Cause))
	}
	slices.Sort(all)
	return all
}

// edits are the edits of a plan, as the oracle spells them, by gate.
func (p planned) edits() map[string][]string {
	all := map[string][]string{}
	for _, e := range p.Edits {
		what := fmt.Sprintf("%v→%v", e.Expect, e.Value)
		switch e.Verb {
		case "add_label":
			what = "+" + e.Target.Element
		case "remove_label":
			what = "-" + e.Target.Element
		}
		all[e.Gate] = append(all[e.Gate], fmt.Sprintf("%s:%s %s %s", e.Target.Connector, e.Key, e.Field, what))
	}
	for _, edits := range all {
		slices.Sort(edits)
	}
	return all
}

// look is both services as they stand now.
func (f *firm) look() world { return world{jira: f.Jira.World(), github: f.GitHub.World()} }

// tell asks the oracle what a cycle does to the world as it stands.
func (f *firm) tell() told { return f.oracle.cycle(f.look(), f.feedback, time.Now()) }

// change lets people do what they do next.
func (f *firm) change() (changed, overridden int) {
	f.Helper()
	changed, overridden, err := f.Change()
	f.ok(err)
	for _, c := range f.Company.Changes {
		f.feedback = append(f.feedback, c.Feedback...)
	}
	return changed, overridden
}

// marks is how far the services' logs have come.
type marks map[string]int

func (f *firm) marks() marks {
	m := marks{}
	for name, log := range f.logs() {
		for _, w := range log.All() {
			m[name] = w.Seq
		}
	}
	return m
}

func (f *firm) logs() map[string]*sim.Log {
	return map[string]*sim.Log{"jira": f.Jira.Writes(), "github": f.GitHub.Writes()}
}

// effects are what Tandem's account changed at issues since the marks, as the
// services logged it and as the oracle spells it. A change of anything else,
// and a label that Tandem defines and does not own, is an error.
func (f *firm) effects(since marks) []string {
	f.Helper()
	all := []string{}
	for name, log := range f.logs() {
		for _, w := range log.Since(since[name]) {
			for _, e := range w.Effects {
				if !w.Service {
					continue
				}
				if name == "github" && !strings.Contains(e.Ref, "#") { // a repository defines a label
					if e.Field != "label "+e.To || fieldOf(name, e.To) == "" || !adopted(teamOf(e.Ref)) {
						f.Errorf("the account of Tandem changed more than its own labels: %+v", e)
					}
					continue
				}
				if e.Field == "property tandem" { // it says who wrote the rest of the request
					if project, _, _ := strings.Cut(e.Ref, "-"); name != "jira" || !signed(e.To, project) || len(w.Effects) < 2 {
						f.Errorf("the account of Tandem changed more than its own signature: %+v", w)
					}
					continue
				}
				all = append(all, f.spell(name, e))
			}
		}
	}
	slices.Sort(all)
	return all
}

// signed reports whether a property is a signature of the demo at an issue of a
// project, and nothing else.
func signed(property, project string) bool {
	var is map[string]string
	return json.Unmarshal([]byte(property), &is) == nil && len(is) == 2 && strings.HasPrefix(is["by"], "acme-demo/") && is["in"] == project
}

// unsigned are the properties of an issue but for the signature of the demo.
func unsigned(i jirasim.Issue) map[string]json.RawMessage {
	properties := maps.Clone(i.Properties)
	maps.DeleteFunc(properties, func(key string, value json.RawMessage) bool {
		project, _, _ := strings.Cut(i.Key, "-")
		return key == "tandem" && signed(string(value), project)
	})
	if len(properties) == 0 {
		return nil
	}
	return properties
}

// spell writes an effect as the oracle does.
func (f *firm) spell(service string, e sim.Effect) string {
	f.Helper()
	place := service + ":" + e.Ref
	switch field := fieldOf(service, e.From+e.To); {
	case e.Field == "priority" && service == "jira":
		return fmt.Sprintf("%s priority %s→%s", place, f.priority(e.From), f.priority(e.To))
	case e.Field == "labels" && field != "" && e.From == "":
		return fmt.Sprintf("%s %s +%s", place, field, e.To)
	case e.Field == "labels" && field != "":
		return fmt.Sprintf("%s %s -%s", place, field, e.From)
	default:
		f.Errorf("the account of Tandem changed what it must never change: %s %+v", service, e)
		return fmt.Sprintf("%s %+v", place, e)
	}
}

// priority is the name of a priority of the site.
func (f *firm) priority(id string) string {
	for _, p := range f.look().jira.Priorities {
		if p.ID == id {
			return p.Name
		}
	}
	return id
}

// fieldOf is the field that owns a label; empty for the team's own.
func fieldOf(service, label string) string {
	for _, field := range []string{fieldPriority, fieldHorizon, fieldGoal, fieldRole} {
		for _, owned := range ownedLabels(service, field) {
			if owned == label {
				return field
			}
		}
	}
	return ""
}
