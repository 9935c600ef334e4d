package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// TestNeedsAreFoundByWhateverTheyAreCalled: a key, "connector:key", the
// address, a key that another record had before a move, or the twin's key.
func TestNeedsAreFoundByWhateverTheyAreCalled(t *testing.T) {
	t.Parallel()
	rules := compile(t, "fields: {value: {owner: jira, jira: {field: customfield_1}}}\ntwins: {join: [{key_at_start_of: github.title}]}\nrank: {method: expression, expression: 'item.value ?? 1'}\n")
	for _, tc := range []struct{ name, status, want string }{
		{"PAY-2", "new", "PAY-2 PAY-1 PAY-3"},
		{"jira:PAY-2", "new", "PAY-2 PAY-1 PAY-3"},
		{"https://jira.example/PAY-2/", "new", "PAY-2 PAY-1 PAY-3"},
		{"OPS-7", "new", "PAY-2 PAY-1 PAY-3"},
		{"acme/pay#4", "new", "PAY-2 PAY-1 PAY-3"},
		{"PAY-2", "done", "PAY-1 PAY-3 PAY-2"},
		{"PAY-99", "new", "PAY-1 PAY-3 PAY-2"},
	} {
		t.Run(tc.name+" "+tc.status, func(t *testing.T) {
			t.Parallel()
			snap := snapshot(t, []byte(fmt.Sprintf(`records:
  - {ref: 'jira:PAY-1', place: PAY, fields: {summary: a, status_category: new, customfield_1: 90, blocked_by: ['%s']}}
  - {ref: 'jira:PAY-2', place: PAY, fields: {summary: b, status_category: %s, customfield_1: 10}}
  - {ref: 'jira:PAY-3', place: PAY, fields: {summary: c, status_category: new, customfield_1: 50}}
  - {ref: 'github:acme/pay#4', place: acme/pay, fields: {title: 'PAY-2: b', state: open}}
`, tc.name, tc.status)))
			snap.Records[1].Former = []string{"OPS-7"}
			o := engine.Evaluate(rules, snap)
			var got []string
			for _, d := range o.Items {
				part, _ := d.Item.Part("jira")
				got = append(got, part.Key)
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("got order %v, want %s", got, tc.want)
			}
			first, second := o.Items[0], o.Items[1]
			if moved := first.Standing.NeededBy == second.Item.ID; moved != (tc.want[4] == '2') {
				t.Errorf("the first stands there for %q", first.Standing.NeededBy)
			}
			if x := o.Explain(rules, second); (len(x.Needs) == 1 && x.Needs[0] == first) != (tc.want[4] == '2') {
				t.Errorf("the second needs %v", x.Needs)
			}
		})
	}
}

func TestCirclesAreToldWithAllTheirMembers(t *testing.T) {
	t.Parallel()
	rules := compile(t, "rank: {method: expression, expression: '50'}\n")
	o := engine.Evaluate(rules, snapshot(t, []byte(`records:
  - {ref: 'jira:PAY-1', place: PAY, fields: {summary: a, status_category: new, blocked_by: [PAY-3]}}
  - {ref: 'jira:PAY-2', place: PAY, fields: {summary: b, status_category: new, blocked_by: [PAY-1]}}
  - {ref: 'jira:PAY-3', place: PAY, fields: {summary: c, status_category: new, blocked_by: [PAY-2]}}
  - {ref: 'jira:PAY-4', place: PAY, fields: {summary: d, status_category: new, blocked_by: [PAY-4]}}
`)))
	const remedy = "remove one of the links between them; until then order and roadmap do as if there were none"
	want := []work.Finding{
		{Level: work.Warning, Subject: "jira:PAY-1", What: "jira:PAY-1, jira:PAY-2 and jira:PAY-3 need each other, so none of them can come first", Remedy: remedy},
		{Level: work.Warning, Subject: "jira:PAY-4", What: "jira:PAY-4 needs itself, so it can never come first", Remedy: remedy},
	}
	if diff := cmp.Diff(want, o.Plan.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if !slices.IsSortedFunc(o.Items, func(a, b *engine.Decided) int { return a.Place - b.Place }) || len(o.Items) != 4 {
		t.Errorf("%d items are out of order", len(o.Items))
	}
}

// TestOneAccountCannotFlood: what one account says a hundred thousand times
// counts as what it says once, in every method that reads feedback.
func TestOneAccountCannotFlood(t *testing.T) {
	t.Parallel()
	program, problems := evidence.Compile("/evidence", evidence.Spec{}, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	heard := func(accounts int, each int32) *expression.Subject {
		var days []evidence.Day
		for i := range accounts {
			days = append(days, evidence.Day{
				Key:   evidence.Key{Target: "jira:PAY-1", Account: fmt.Sprintf("account-%d", i), Method: work.Request, Kind: "request", Day: evidence.DayNumber(day)},
				Count: each, Audience: work.Internal,
			})
		}
		s := &expression.Subject{Item: &work.Item{}}
		for _, f := range []work.Field{work.Impact, work.Effort, work.BusinessValue, work.Ease, work.CostOfDelay, work.Duration} {
			s.Item.Fields.Set(f, work.NewNumber(3))
		}
		s.Evidence, _ = program.Summarise(days, day)
		return s
	}
	for name, r := range everyMethod(t) {
		three, flood := r.Score(heard(1, evidence.DefaultCapPerAccount)).Next, r.Score(heard(1, 100_000)).Next
		if diff := cmp.Diff(three, flood); diff != "" {
			t.Errorf("%s: 100,000 votes of one account moved the score (-three +flood):\n%s", name, diff)
		}
	}
	rice := everyMethod(t)["rice"]
	if one, two := rice.Score(heard(1, 100_000)).Next.Value, rice.Score(heard(2, 1)).Next.Value; one >= two {
		t.Errorf("one loud account has %v points and two calm ones have %v, want fewer", one, two)
	}
}

// everyMethod compiles each method with the inputs that it ships.
func everyMethod(t *testing.T) map[string]*rank.Ranker {
	t.Helper()
	all := map[string]*rank.Ranker{}
	for _, m := range rank.Methods() {
		lens := rank.Lens{Method: m.Name}
		switch m.Name {
		case "weighted":
			lens.Weights = map[string]float64{"reach": 1, "value": 1}
		case "expression":
			lens.Expression = "10 * evidence.weight"
		}
		r, problems := rank.Compile("/rank", rank.Spec{Lens: lens})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		all[m.Name] = r
	}
	return all
}
