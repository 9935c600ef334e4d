package route_test

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/route"
)

// everyone is an organisation that has all roles.
func everyone() route.Known {
	return route.Known{
		Roles: []string{"pm", "po", "leadership", "ux", "support", "stakeholders", "account_owner"},
		Teams: []string{"pay", "ops"},
	}
}

// design is the example of the design.
func design() route.Spec {
	return route.Spec{
		Default: route.Target{Accountable: "pm", Because: "unknown signals: triage"},
		Routes: []route.RuleSpec{
			{If: `item.kind == "bug" && item.severity <= 2`, Accountable: "po", Because: "severe bug, at once"},
			{If: `item.status == "done" && item.acceptance == "waiting"`, Accountable: "po", Label: "role/po", Because: "finished, not accepted"},
			{If: `item.kind == "epic" && item.goal == unknown`, Accountable: "pm", Because: "epic without a goal"},
			{Preset: "pm-po"},
		},
	}
}

func compiled(tb testing.TB, spec route.Spec, known route.Known) *route.Tree {
	tb.Helper()
	tree, problems := route.Compile("/route", spec, known)
	if len(problems) > 0 {
		tb.Fatalf("problems: %v", problems)
	}
	return tree
}

// subject reads an item as the tables write it: kind=bug severity=2 updated=-3.
func subject(t *testing.T, text string) *expression.Subject {
	t.Helper()
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	s := &expression.Subject{Item: &work.Item{Team: "pay"}, AsOf: day}
	for pair := range strings.FieldsSeq(text) {
		key, value, _ := strings.Cut(pair, "=")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			n = math.NaN()
		}
		switch key {
		case "people":
			s.Evidence.People = int(n)
		case "nps_sample":
			s.Evidence.NPSSample = int(n)
		case "csat_sample":
			s.Evidence.CSATSample = int(n)
		case "evidence.value":
			s.Evidence.Value = work.NewNumber(n)
		case "usage":
			s.Evidence.Usage = work.NewNumber(n)
		case "usage_trend":
			s.Evidence.UsageTrend = work.NewNumber(n)
		case "days_in_priority":
			s.PrioritySince = day.AddDate(0, 0, -int(n))
		case "overrides":
			s.Overrides = strings.Split(value, ",")
		default:
			field, ok := work.ParseField(key)
			if !ok {
				t.Fatalf("%s: no field %s", text, key)
			}
			s.Item.Fields.Set(field, map[work.ValueKind]func() work.Value{
				work.Text:   func() work.Value { return work.NewText(value) },
				work.Number: func() work.Value { return work.NewNumber(n) },
				work.List:   func() work.Value { return work.NewList(strings.Split(value, ",")...) },
				work.Time:   func() work.Value { return work.NewTime(day.AddDate(0, 0, int(n))) },
			}[field.Info().Kind]())
		}
	}
	return s
}

func TestThePresetIsTheDecisionTable(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("testdata/pm-po.txt")
	if err != nil {
		t.Fatal(err)
	}
	tree := compiled(t, route.Spec{Preset: "pm-po"}, everyone())
	reached := map[string]bool{}
	for number, line := range strings.Split(string(table), "\n") {
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "--") || strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.Split(line, "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		got := tree.Match(subject(t, cells[0]))
		waits := map[bool]string{true: "waits"}[got.Waiting]
		if got.Within > 0 {
			waits += " " + got.Within.String()
		}
		if diff := cmp.Diff(cells[1:], []string{got.Accountable, strings.Join(got.Informed, ","), waits, got.Because}); diff != "" {
			t.Errorf("line %d: %s (-want +got):\n%s\nby %s", number+1, cells[0], diff, got.At)
		}
		reached[string(got.At)] = true
	}
	for _, rule := range tree.All() {
		if rule.Accountable != "" && !reached[string(rule.At)] {
			t.Errorf("no line of the table reaches %s: %s", rule.At, rule.Because)
		}
	}
}

func TestAPresetTellsOnlyRolesThatExist(t *testing.T) {
	t.Parallel()
	tree := compiled(t, route.Spec{Routes: []route.RuleSpec{{Preset: "pm-po"}}}, route.Known{})
	got := tree.Match(subject(t, "kind=bug severity=1 labels=security"))
	if diff := cmp.Diff([]string{"pm"}, got.Informed); diff != "" {
		t.Errorf("informed (-want +got):\n%s", diff)
	}
}

func TestPresetsAreNotSharedBetweenTrees(t *testing.T) {
	t.Parallel()
	for _, name := range route.Presets() {
		first, _ := route.FindPreset(name)
		first.Spec.Routes[0].Because = "changed"
		second, ok := route.FindPreset(name)
		if !ok || second.Spec.Routes[0].Because == "changed" {
			t.Errorf("preset %s is shared", name)
		}
	}
}

func TestTheFirstRouteThatHoldsDecides(t *testing.T) {
	t.Parallel()
	tree := compiled(t, design(), everyone())
	for text, want := range map[string]string{
		"kind=bug severity=1":            "po: severe bug, at once",
		"kind=bug":                       "pm: unknown signals: triage",
		"kind=epic":                      "pm: epic without a goal",
		"kind=epic goal=g":               "po: accepted: split it",
		"status=done acceptance=waiting": "po: finished, not accepted [role/po]",
		"status=done":                    "po: finished",
		"kind=x":                         "pm: unknown signals: triage",
		"":                               "pm: unknown signals: triage",
	} {
		d := tree.Match(subject(t, text))
		got := d.Accountable + ": " + d.Because
		if d.Label != "" {
			got += " [" + d.Label + "]"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestANestedRouteTakesFromItsParentWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	no := false
	tree := compiled(t, route.Spec{
		Labels: route.OnlyWaiting,
		Routes: []route.RuleSpec{
			{
				If: `item.kind == "bug"`, Accountable: "po", Informed: []string{"pm", "pm"}, Label: "role/builder", Because: "bug", Team: "ops",
				Routes: []route.RuleSpec{
					{If: `item.severity == 1`, Because: "worst"},
					{If: `item.severity == 2`, Accountable: "pm", Because: "bad"},
					{If: `item.severity == 3`, Informed: []string{}, Waiting: &no},
					{If: `item.severity > 3`, Label: "later", Team: "pay", Routes: []route.RuleSpec{{If: `item.severity > 4`, Because: "deep"}}},
				},
			},
			{If: `item.kind == "epic"`, Routes: []route.RuleSpec{{If: `item.goal == unknown`, Accountable: "pm"}}},
			{If: `item.kind == "epic"`, Accountable: "po", Because: "gathered, and nobody there wanted it"},
		},
	}, everyone())
	rule := func(at, condition, accountable, informed, label, because, team string, waiting bool) route.Rule {
		r := route.Rule{At: work.Pointer(at), If: condition, Accountable: accountable, Label: label, Because: because, Team: team, Waiting: waiting}
		if informed != "" {
			r.Informed = []string{informed}
		}
		return r
	}
	const bugs, epics = "/route/routes/0", "/route/routes/1"
	for text, want := range map[string]route.Rule{
		"kind=bug":            rule(bugs, `item.kind == "bug"`, "po", "pm", "role/builder", "bug", "ops", true),
		"kind=bug severity=1": rule(bugs+"/routes/0", `item.severity == 1`, "po", "pm", "role/builder", "worst", "ops", true),
		// another accountable role does not take the label, and is not told of itself
		"kind=bug severity=2": rule(bugs+"/routes/1", `item.severity == 2`, "pm", "", "role/pm", "bad", "ops", true),
		"kind=bug severity=3": rule(bugs+"/routes/2", `item.severity == 3`, "po", "", "", "bug", "ops", false),
		"kind=bug severity=4": rule(bugs+"/routes/3", `item.severity > 3`, "po", "pm", "later", "bug", "pay", true),
		"kind=bug severity=5": rule(bugs+"/routes/3/routes/0", `item.severity > 4`, "po", "pm", "later", "deep", "pay", true),
		// a reason that nobody gave is the condition
		"kind=epic":        rule(epics+"/routes/0", `item.goal == unknown`, "pm", "", "", "item.goal == unknown", "", false),
		"kind=epic goal=g": rule("/route/routes/2", `item.kind == "epic"`, "po", "", "", "gathered, and nobody there wanted it", "", false),
		"kind=x":           rule("/route/default", "", "pm", "", "", "no route holds: triage", "", false),
	} {
		if diff := cmp.Diff(want, tree.Match(subject(t, text)).Rule, cmpopts.IgnoreUnexported(route.Rule{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestLabelsFollowThePolicy(t *testing.T) {
	t.Parallel()
	for policy, want := range map[route.LabelPolicy][]string{
		route.OnlyWaiting: {"", "role/po", ""},
		route.Always:      {"role/po", "role/po", "role/pm"},
		route.Never:       {"", "", ""},
	} {
		spec := design()
		spec.Labels = policy
		tree := compiled(t, spec, everyone())
		var got []string
		for _, text := range []string{"kind=bug severity=1", "status=done acceptance=waiting", "kind=x"} {
			got = append(got, tree.Match(subject(t, text)).Label)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", policy, diff)
		}
		if diff := cmp.Diff([]string{"role/pm", "role/po"}, tree.OwnedLabels()); diff != "" {
			t.Errorf("%s: owned (-want +got):\n%s", policy, diff)
		}
		var again route.LabelPolicy
		if text, _ := policy.MarshalText(); again.UnmarshalText(text) != nil || again != policy {
			t.Errorf("%s reads back as %s", policy, again)
		}
	}
	if err := new(route.LabelPolicy).UnmarshalText([]byte("sometimes")); err == nil {
		t.Error("any policy is taken")
	}
}

func TestRoutesThatMetUnknownValuesAreNamed(t *testing.T) {
	t.Parallel()
	tree := compiled(t, route.Spec{Routes: []route.RuleSpec{
		{If: `item.severity <= 2`, Accountable: "po"},
		{If: `item.kind == "bug" && item.reach > 5`, Accountable: "po"}, // false in spite of unknown reach
		{If: `item.impact > 2`, Accountable: "po"},
		{If: `item.kind == "story"`, Accountable: "po", Routes: []route.RuleSpec{{If: `item.effort > 3`}}},
		{If: `item.theme == "x"`, Accountable: "po"}, // not tried
	}}, everyone())
	got := tree.Match(subject(t, "kind=story")).Unknowns
	if diff := cmp.Diff([]work.Pointer{"/route/routes/0", "/route/routes/2", "/route/routes/3/routes/0"}, got); diff != "" {
		t.Errorf("unknowns (-want +got):\n%s", diff)
	}
}

func TestExplainShowsEachConditionWithItsValues(t *testing.T) {
	t.Parallel()
	tree := compiled(t, route.Spec{Routes: []route.RuleSpec{
		{If: `item.severity <= 2`, Accountable: "po"},
		{If: `item.kind == "story"`, Routes: []route.RuleSpec{{If: `item.effort > 3`, Accountable: "po"}}},
	}}, everyone())
	s := subject(t, "kind=story effort=2")
	explained := tree.Explain(s)
	var got []string
	for _, step := range explained.Path {
		got = append(got, fmt.Sprintf("%s%s: %s: %v", strings.Repeat(" ", step.Depth), step.At, step.Shown, step.Answer))
	}
	want := []string{
		`/route/routes/0: item.severity (unknown) <= 2: unknown`,
		`/route/routes/1: item.kind ("story") == "story": true`,
		` /route/routes/1/routes/0: item.effort (2) > 3: false`,
		`/route/default: always: true`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("path (-want +got):\n%s", diff)
	}
	explained.Path = nil
	if diff := cmp.Diff(tree.Match(s), explained, cmpopts.IgnoreUnexported(route.Rule{})); diff != "" {
		t.Errorf("Explain and Match differ:\n%s", diff)
	}
}

func TestAllMistakesAreToldAtOnceWithPlaceAndRemedy(t *testing.T) {
	t.Parallel()
	_, problems := route.Compile("/route", route.Spec{
		Default: route.Target{Accountable: "pmm"},
		Routes: []route.RuleSpec{
			{If: `item.severty <= 2 && item.kind < 3`, Accountable: "po"},
			{If: `item.kind == "x"`},
			{If: `item.kind == "x"`, Accountable: "poo", Informed: []string{"pm", "leadrship"}, Team: "pya", Label: "tandem/hands-off"},
			{If: `item.accountable == "pm"`, Accountable: "po", Label: " x"},
			{Preset: "po-pm"},
			{Preset: "pm-po", Routes: []route.RuleSpec{{Accountable: "po"}}},
			{If: `1 > 2`, Accountable: "po"},
			{If: `item.kind == "y"`, Routes: []route.RuleSpec{{If: `item.severity == 1`}}},
			{If: `1 < 2`, Routes: []route.RuleSpec{{If: `item.kind == "x"`, Accountable: "po"}, {Accountable: "po"}, {If: `item.kind == "z"`, Accountable: "po"}}},
			{If: `item.kind == "z"`, Accountable: "po"},
		},
	}, everyone())
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
	}
	want := []string{
		`/route/default/accountable: no team has the role pmm; did you mean "pm"?`,
		`/route/routes/0/if: column 1: there is no item.severty; did you mean "item.severity"?`,
		`/route/routes/0/if: column 32: item.kind is a text, and < cannot compare it with a number; write the number in quotes, as in "2"`,
		`/route/routes/1: the route names nobody accountable; add accountable:, such as pm or po`,
		`/route/routes/2/accountable: no team has the role poo; did you mean "po"?`,
		`/route/routes/2/informed/1: no team has the role leadrship; did you mean "leadership"?`,
		`/route/routes/2/team: there is no team pya; did you mean "pay"?`,
		`/route/routes/2/label: tandem/hands-off is set by people to stop Tandem, and never by a rule; choose another label`,
		`/route/routes/3/label: the label " x" begins or ends with a space; remove the spaces`,
		`/route/routes/3/if: item.accountable is what routes decide; ask for what it depends on instead`,
		`/route/routes/4/preset: there is no preset "po-pm"; did you mean "pm-po"?`,
		`/route/routes/5/preset: a route has either a preset or routes of its own; nest one in a route of its own`,
		`/route/routes/6/if: the condition never holds; remove the route`,
		`/route/routes/7/routes/0: the route names nobody accountable; add accountable:, such as pm or po`,
		`/route/routes/8/routes/2: the route is never reached: route 2 holds always; move it up, or remove it`,
		`/route/routes/9: the route is never reached: route 9 holds always; move it up, or remove it`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestReadsAndAllCoverTheWholeTree(t *testing.T) {
	t.Parallel()
	tree := compiled(t, route.Spec{Routes: []route.RuleSpec{
		{If: `item.severity <= 2`, Accountable: "po", Routes: []route.RuleSpec{{If: `evidence.people > 3`}}},
		{If: `item.kind == "x" && item.age_days > 3`, Accountable: "pm"},
	}}, everyone())
	want := expression.Reads{Fields: []work.Field{work.Type, work.Created, work.Severity}, Evidence: true, AsOf: true}
	if diff := cmp.Diff(want, tree.Reads()); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
	var got []string
	for depth, rule := range tree.All() {
		got = append(got, fmt.Sprint(depth, " ", rule.At))
	}
	if diff := cmp.Diff([]string{"0 /route/routes/0", "1 /route/routes/0/routes/0", "0 /route/routes/1", "0 /route/default"}, got); diff != "" {
		t.Errorf("walk (-want +got):\n%s", diff)
	}
	for range tree.All() {
		break // stops where the caller does
	}
}

func ExampleTree_Explain() {
	tree, _ := route.Compile("/route", design(), route.Known{})
	item := &work.Item{}
	item.Fields.Set(work.Type, work.NewText("bug"))
	item.Fields.Set(work.Severity, work.NewNumber(1))
	d := tree.Explain(&expression.Subject{Item: item})
	fmt.Println(d.Accountable, "because", d.Because)
	fmt.Println(d.Path[0].Shown)
	// Output:
	// po because severe bug, at once
	// item.kind ("bug") == "bug" && item.severity (1) <= 2
}

func BenchmarkMatchPreset(b *testing.B) {
	tree := compiled(b, design(), everyone())
	item := &work.Item{Team: "pay"}
	item.Fields.Set(work.Type, work.NewText("task"))
	item.Fields.Set(work.Status, work.NewText("todo"))
	item.Fields.Set(work.Effort, work.NewNumber(3))
	item.Fields.Set(work.Labels, work.NewList("area/export", "ui"))
	item.Fields.Set(work.Updated, work.NewTime(time.Unix(1e9, 0)))
	s := &expression.Subject{Item: item, AsOf: time.Unix(86400*12000, 0)}
	b.ReportAllocs()
	for b.Loop() {
		tree.Match(s)
	}
}
