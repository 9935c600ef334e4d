package expression_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// bug is the subject of most tests: a bug in two places with feedback.
func bug() *expression.Subject {
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	item := &work.Item{
		ID: "i1", Team: "pay", Birth: work.RefID{Connector: "jira", ID: "10012"},
		Parts: []work.Part{
			{Record: &work.Record{Ref: work.NewRef("github", "77", "acme/pay#7"), Place: "acme/pay"}},
			{Record: &work.Record{Ref: work.NewRef("jira", "10012", "PAY-12"), Place: "PAY"}},
		},
	}
	for field, v := range map[work.Field]work.Value{
		work.Title: work.NewText("Export drops rows"), work.Type: work.NewText("bug"), work.Status: work.NewText("todo"),
		work.Severity: work.NewNumber(3), work.Effort: work.NewNumber(5), work.Impact: work.NewNumber(0),
		work.Priority: work.NewText("2"), work.Labels: work.NewList("area/export", "regression"),
		work.Dependencies: work.Empty(), work.Sprint: work.Empty(),
		work.Created: work.NewTime(day.AddDate(0, 0, -30).Add(5 * time.Hour)), work.Updated: work.NewTime(day.AddDate(0, 0, -3)),
		work.TargetDate: work.NewTime(day.AddDate(0, 0, 10)), work.Goal: work.NewText("keep_exporters"),
	} {
		item.Fields.Set(field, v)
	}
	return &expression.Subject{
		Item: item, AsOf: day, Goal: expression.Goal{Name: "keep_exporters", Weight: 2}, Score: work.NewNumber(61.5),
		Evidence: work.Evidence{
			Accounts: 12, People: 20, Signals: 31, Weight: 17.5, Value: work.NewNumber(90000), NPS: work.NewNumber(-20),
			NPSSample: 10, Confidence: 0.8, Latest: day.AddDate(0, 0, -2),
		},
	}
}

func compiled(t *testing.T, text string, want expression.Want) *expression.Program {
	t.Helper()
	p, problems := expression.Compile("/if", work.Expression(text), want)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", text, problems)
	}
	return p
}

func TestConditions(t *testing.T) {
	t.Parallel()
	s := bug()
	for text, want := range map[string]expression.Truth{
		// comparison and logic
		`item.kind == "bug" && item.severity <= 2`: expression.False,
		`item.kind == 'bug' and item.severity > 2`: expression.True,
		`item.kind != "bug"`:                       expression.False,
		`not (item.kind == "bug")`:                 expression.False,
		`!(item.severity < 3) || false`:            expression.True,
		`1 < item.severity < 4`:                    expression.True,
		`1 < item.severity < 3`:                    expression.False,
		`item.score >= 61.5`:                       expression.True,
		`(item.severity < 4) == (1 < 2)`:           expression.True,
		`(item.severity < 4) != (1 < 2)`:           expression.False,
		`true`:                                     expression.True,
		// unknown is neither true nor false
		`item.reach > 5`:                                expression.UnknownTruth,
		`not (item.reach > 5)`:                          expression.UnknownTruth,
		`item.reach == item.reach`:                      expression.UnknownTruth,
		`item.reach > 5 && item.kind == "story"`:        expression.False,
		`item.kind == "story" && item.reach > 5`:        expression.False,
		`item.reach > 5 || item.kind == "bug"`:          expression.True,
		`item.reach > 5 || item.kind == "story"`:        expression.UnknownTruth,
		`(item.reach > 5) == (1 < 2)`:                   expression.UnknownTruth,
		`item.reach == unknown`:                         expression.True,
		`item.reach != unknown`:                         expression.False,
		`unknown == item.goal`:                          expression.False,
		`item.sprint == unknown`:                        expression.True, // known to be empty
		`item.sprint == "S1"`:                           expression.UnknownTruth,
		`(item.reach > 5) == unknown`:                   expression.True,
		`(item.reach ?? 9) > 5`:                         expression.True,
		`(item.severity ?? 9) > 5`:                      expression.False,
		`(item.reach > 5) ?? true`:                      expression.True,
		`item.reach > 5 ? true : false`:                 expression.UnknownTruth,
		`item.kind == "bug" ? item.effort > 3 : false`:  expression.True,
		`item.kind == "bug" ? unknown : false`:          expression.UnknownTruth,
		`(item.severity / item.impact) > 0`:             expression.UnknownTruth, // division by zero
		`(item.severity / item.impact) == unknown`:      expression.True,
		`item.severity % item.impact == unknown`:        expression.True,
		`10 ** 400 == unknown`:                          expression.True,
		`(0 - 8) ** 0.5 == unknown`:                     expression.True,
		`evidence.csat > 0.5`:                           expression.UnknownTruth,
		`evidence.nps < 0 and evidence.nps_sample >= 5`: expression.True,
		// lists
		`"regression" in item.labels`:                   expression.True,
		`"x" in item.labels`:                            expression.False,
		`"x" not in item.labels`:                        expression.True,
		`item.labels contains "regression"`:             expression.True,
		`item.kind in ["bug", "task"]`:                  expression.True,
		`item.kind not in ["bug", "task"]`:              expression.False,
		`item.severity in [1, -2, 3.0]`:                 expression.True,
		`item.reach in [1, 2]`:                          expression.UnknownTruth,
		`item.labels == ["regression", "area/export"]`:  expression.True,
		`item.labels == ["regression", "area"]`:         expression.False,
		`"github" in item.connectors`:                   expression.True,
		`item.places == ["PAY", "acme/pay"]`:            expression.True,
		`len(item.labels) == 2`:                         expression.True,
		`any(item.labels, # startsWith "area/")`:        expression.True,
		`any(item.labels, {# startsWith "x"})`:          expression.False,
		`item.labels | any(# == "regression")`:          expression.True,
		`all(item.labels, len(#) > 5)`:                  expression.True,
		`none(item.labels, # matches "^area")`:          expression.False,
		`count(item.labels, # contains "reg") == 1`:     expression.True,
		`any(item.labels, # == item.theme)`:             expression.UnknownTruth,
		`count(item.labels, # == item.theme) > 0`:       expression.UnknownTruth,
		`all(item.labels, # == item.theme)`:             expression.UnknownTruth,
		`all(item.labels, # == "x" && # == item.theme)`: expression.False,
		// a list that is known to be empty has no elements; one that nobody gave is unknown
		`item.dependencies == unknown`:               expression.True,
		`"PAY-1" in item.dependencies`:               expression.False,
		`"PAY-1" not in item.dependencies`:           expression.True,
		`len(item.dependencies) == 0`:                expression.True,
		`any(item.dependencies, # == "x")`:           expression.False,
		`all(item.dependencies, # == "x")`:           expression.True,
		`item.links == unknown`:                      expression.True,
		`"PAY-1" in item.links`:                      expression.UnknownTruth,
		`none(item.links, # == "x")`:                 expression.UnknownTruth,
		`count(item.links, # == "x") > 0`:            expression.UnknownTruth,
		`item.dependencies == item.labels`:           expression.False,
		`(item.links ?? item.labels) == item.labels`: expression.True,
		// texts
		`item.title contains "drops"`:                                    expression.True,
		`item.title startsWith "Export"`:                                 expression.True,
		`item.title endsWith "rows"`:                                     expression.True,
		`item.title matches "(?i)^export .* ROWS$"`:                      expression.True,
		`lower(item.title) contains "export"`:                            expression.True,
		`upper(item.kind) == "BUG"`:                                      expression.True,
		`trim("  x ") == "x"`:                                            expression.True,
		`trim("   ") == unknown`:                                         expression.True,
		`len(item.kind) == 3`:                                            expression.True,
		`item.theme startsWith "x"`:                                      expression.UnknownTruth,
		`item.priority in ["1", "2"]`:                                    expression.True,
		`item.team == "pay" && item.key == "jira:PAY-12"`:                expression.True,
		`(item.theme ?? item.title) == item.title`:                       expression.True,
		`((item.reach > 5) ?? (item.theme == "x")) == unknown`:           expression.True,
		`item.kind == "bug" ?: item.reach > 5`:                           expression.True,
		`(item.kind == "bug" ? item.labels : item.links) == item.labels`: expression.True,
		`(item.reach > 1 ? item.labels : item.links) == unknown`:         expression.True,
		`(item.kind == "bug" ? item.links : unknown) == unknown`:         expression.True,
		`(item.kind == "bug" ? as_of : item.launch_date) == as_of`:       expression.True,
		`(item.kind == "bug" ? unknown : as_of) == unknown`:              expression.True,
		`(item.kind == "bug" ? unknown : item.title) == unknown`:         expression.True,
		`(item.kind == "epic" ? true : item.severity == 3)`:              expression.True,
		// times
		`item.target_date < date('2026-12-02')`:          expression.True,
		`item.target_date == date('2026-12-01')`:         expression.True,
		`item.target_date - as_of <= 10`:                 expression.True,
		`as_of + 10 >= item.target_date`:                 expression.True,
		`as_of - 1.5 < as_of`:                            expression.True,
		`as_of + 10 ** 9 == unknown`:                     expression.True,
		`item.launch_date < as_of`:                       expression.UnknownTruth,
		`(item.launch_date ?? item.target_date) > as_of`: expression.True,
		`item.age_days == 29`:                            expression.True, // whole days
		`item.days_since_update == 3`:                    expression.True,
		`evidence.days_since_latest == 2`:                expression.True,
		// the rest of the evidence, and the goal
		`evidence.accounts == 12 && evidence.people == 20 && evidence.signals == 31`:      expression.True,
		`evidence.weight == 17.5 && evidence.value == 90000 && evidence.csat_sample == 0`: expression.True,
		`evidence.confidence == 0.8 && goal.name == item.goal && goal.weight == 2`:        expression.True,
	} {
		if got := compiled(t, text, expression.Condition).Test(s); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestFormulas(t *testing.T) {
	t.Parallel()
	s := bug()
	for text, want := range map[string]work.Value{
		`item.severity * 2 + 1`:                       work.NewNumber(7),
		`-item.severity`:                              work.NewNumber(-3),
		`+item.severity - 1`:                          work.NewNumber(2),
		`2 ** 10 % 1000`:                              work.NewNumber(24),
		`(item.value ?? 1) / item.effort`:             work.NewNumber(0.2),
		`item.value / item.effort`:                    {},
		`item.value * 0`:                              {},
		`item.effort / item.impact`:                   {},
		`min(item.effort, 3, 8) + max(1, 2)`:          work.NewNumber(5),
		`min(item.effort, item.reach)`:                {},
		`abs(-2.5) + round(2.5) + floor(-0.5)`:        work.NewNumber(4.5),
		`ceil(1.2)`:                                   work.NewNumber(2),
		`item.kind == "bug" ? 10 : item.effort`:       work.NewNumber(10),
		`item.kind == "epic" ? 10 : unknown`:          {},
		`count(item.labels, true)`:                    work.NewNumber(2),
		`evidence.accounts`:                           work.NewNumber(12),
		`1_000 + 0x10`:                                work.NewNumber(1016),
		`item.target_date - as_of`:                    work.NewNumber(10),
		`item.reach ?? item.effort ?? 1`:              work.NewNumber(5),
		`evidence.days_since_latest /* since then */`: work.NewNumber(2),
	} {
		if got := compiled(t, text, expression.Formula).Value(s); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestTextsAndConditionsAsValues(t *testing.T) {
	t.Parallel()
	s := bug()
	if got := compiled(t, `item.kind == "bug" ? item.team : "none"`, expression.TextResult).Value(s); got != work.NewText("pay") {
		t.Errorf("text: %v", got)
	}
	if got := compiled(t, `item.theme`, expression.TextResult).Value(s); got.Known() {
		t.Errorf("unknown text: %v", got)
	}
	if got := compiled(t, `item.severity < 2`, expression.Condition).Value(s); got != work.NewFlag(false) {
		t.Errorf("condition: %v", got)
	}
	if got := compiled(t, `item.reach < 2`, expression.Condition).Value(s); got.Known() {
		t.Errorf("unknown condition: %v", got)
	}
	if got := compiled(t, `item.effort`, expression.Formula).Test(s); got != expression.UnknownTruth {
		t.Errorf("a formula has no truth: %v", got)
	}
}

func TestNothingFailsOnAnEmptySubject(t *testing.T) {
	t.Parallel()
	for _, name := range expression.Names() {
		p := compiled(t, name+" == unknown", expression.Condition)
		want := expression.True
		if strings.HasPrefix(name, "evidence.") {
			want = p.Test(&expression.Subject{}) // counts are 0, not unknown
		}
		if got := p.Test(&expression.Subject{}); got != want {
			t.Errorf("%s of nothing: %v, want %v", name, got, want)
		}
		p.Test(bug())
		p.Show(&expression.Subject{})
	}
	var none *expression.Program
	if none.Test(bug()) != expression.UnknownTruth || none.Value(bug()).Known() || none.Show(bug()) != "" || !none.Reads().Nothing() || none.String() != "" {
		t.Error("a nil program is not unknown")
	}
}

func TestAValueOfAnotherKindIsUnknown(t *testing.T) {
	t.Parallel()
	s := bug()
	s.Item.Fields.Set(work.Severity, work.NewText("high"))
	s.Item.Fields.Set(work.Type, work.NewNumber(4))
	for _, text := range []string{`item.severity <= 2`, `item.kind == "bug"`} {
		if got := compiled(t, text, expression.Condition).Test(s); got != expression.UnknownTruth {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestShowTellsTheValues(t *testing.T) {
	t.Parallel()
	s := bug()
	s.Item.Fields.Set(work.Body, work.NewText(strings.Repeat("long ", 20)))
	for text, want := range map[string]string{
		`item.severity <= 2`:                          `item.severity (3) <= 2`,
		` item.kind == "bug" && item.reach > 5 `:      `item.kind ("bug") == "bug" && item.reach (unknown) > 5`,
		`item.sprint == unknown`:                      `item.sprint (empty) == unknown`,
		`any(item.labels, # == "x")`:                  `any(item.labels (area/export, regression), # == "x")`,
		`1 < item.effort < 9`:                         `1 < item.effort (5) < 9`,
		`item.target_date - as_of < 3`:                `item.target_date (2026-12-01) - as_of (2026-11-21) < 3`,
		`item.created < as_of`:                        `item.created (2026-10-22T05:00:00Z) < as_of (2026-11-21)`,
		`"é" in item.labels or goal.weight > 1`:       `"é" in item.labels (area/export, regression) or goal.weight (2) > 1`,
		`item.body contains "x"`:                      `item.body ("long long long long long long long long …") contains "x"`,
		`"jira" in item.connectors && item.score > 1`: `"jira" in item.connectors (github, jira) && item.score (61.5) > 1`,
	} {
		if got := compiled(t, text, expression.Condition).Show(s); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestReadsNamesAllThatIsLookedAt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]expression.Reads{
		`item.severity < 2 || item.kind == "bug" || item.severity > 7`: {Fields: []work.Field{work.Type, work.Severity}},
		`goal.weight > 1`:            {Fields: []work.Field{work.Goal}, Goal: true},
		`evidence.accounts > 1`:      {Evidence: true},
		`item.age_days > 3`:          {Fields: []work.Field{work.Created}, AsOf: true},
		`item.team == "pay"`:         {Parts: true},
		`as_of > date('2026-01-01')`: {AsOf: true},
		`item.days_in_priority < 8`:  {Fields: []work.Field{work.Score}, AsOf: true},
		`item.days_in_horizon < 8`:   {Fields: []work.Field{work.Score}, AsOf: true},
		`"place" in item.overrides`:  {Parts: true},
		`true`:                       {},
		`any(item.labels, # == item.theme) ? false : "PAY" in item.places`: {Fields: []work.Field{work.Labels, work.Theme}, Parts: true},
	} {
		if diff := cmp.Diff(want, compiled(t, text, expression.Condition).Reads()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	if answer, ok := compiled(t, "1 < 2", expression.Condition).Constant(); answer != expression.True || !ok {
		t.Error("1 < 2 is no constant")
	}
	if _, ok := compiled(t, "as_of == unknown", expression.Condition).Constant(); ok {
		t.Error("the day is a constant")
	}
}

func ExampleProgram_Show() {
	p, _ := expression.Compile("/route/routes/0/if", `item.kind == "bug" && item.severity <= 2`, expression.Condition)
	s := bug()
	fmt.Println(p.Test(s), "because", p.Show(s))
	// Output: false because item.kind ("bug") == "bug" && item.severity (3) <= 2
}

func ExampleCompile() {
	_, problems := expression.Compile("/route/routes/0/if", `item.severty <= 2 && item.kind = "bug"`, expression.Condition)
	fmt.Println(problems[0].Error())
	_, problems = expression.Compile("/route/routes/0/if", `item.severty <= 2 && item.kind < 3`, expression.Condition)
	for _, p := range problems {
		fmt.Println(p.Error())
	}
	// Output:
	// /route/routes/0/if: column 32: unexpected "="; write == to compare
	// /route/routes/0/if: column 1: there is no item.severty; did you mean "item.severity"?
	// /route/routes/0/if: column 32: item.kind is a text, and < cannot compare it with a number; write the number in quotes, as in "2"
}

func TestWhatRankingAndPeopleDidBeforeIsSeen(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	said := &expression.Subject{Item: &work.Item{}, AsOf: day, PrioritySince: day.AddDate(0, 0, -3), HorizonSince: day.AddDate(0, 0, -5), Overrides: []string{"objection", "place"}}
	silent := &expression.Subject{Item: &work.Item{}, AsOf: day}
	for text, want := range map[string][2]expression.Truth{
		`item.days_in_priority == 3`:                  {expression.True, expression.UnknownTruth},
		`item.days_in_horizon == 5`:                   {expression.True, expression.UnknownTruth},
		`item.overrides contains "objection"`:         {expression.True, expression.False},
		`any(item.overrides, # in ["place", "none"])`: {expression.True, expression.False},
		`len(item.overrides) > 2`:                     {expression.False, expression.False},
	} {
		p := compiled(t, text, expression.Condition)
		if got := [2]expression.Truth{p.Test(said), p.Test(silent)}; got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}
