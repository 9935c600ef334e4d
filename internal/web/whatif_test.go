package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/config"
	"tandem/internal/engine"
	"tandem/internal/view"
)

// comparing lets people compare rules, as the daemon does.
func (o *office) comparing() {
	o.Helper()
	places := map[string][]string{"jira": {"PAY", "OPS"}, "github": {"acme/pay"}}
	o.desk.WhatIf = func(ctx context.Context, order view.WhatIfOrder) (view.WhatIfFound, error) {
		doc, _ := config.ParseDocument("rules.yaml", []byte(rulesText))
		for _, set := range order.Set {
			other, found := doc.Override(set)
			if len(found) > 0 {
				return view.WhatIfFound{}, view.MistakesError{Text: found.Error()}
			}
			doc = other
		}
		var spec engine.Spec
		if found := doc.Decode(&spec); len(found) > 0 {
			return view.WhatIfFound{}, view.MistakesError{Text: found.Error()}
		}
		other, problems := engine.Compile(spec, engine.Env{Schemas: schemas(), Places: places})
		if len(problems) > 0 {
			return view.WhatIfFound{}, view.MistakesError{Text: doc.Diagnose(problems).Error()}
		}
		snap, err := o.db.Snapshot(ctx, o.clock().Truncate(24*time.Hour))
		if err != nil {
			return view.WhatIfFound{}, err
		}
		then, now := engine.Evaluate(o.rules, snap), engine.Evaluate(other, snap)
		return view.WhatIfFound{WhatIf: now.WhatIf(other, &then, o.rules, &snap), Requests: map[string]int{"jira": 2}, AsOf: now.AsOf}, nil
	}
	o.desk.Sensitivity = func(ctx context.Context, top int) ([]engine.Sensitivity, error) {
		snap, err := o.db.Snapshot(ctx, o.clock().Truncate(24*time.Hour))
		now := engine.Evaluate(o.rules, snap)
		return now.Sensitivity(o.rules, &snap, top, "", true), err
	}
	o.serve()
}

func TestAValueIsTurnedInThoughtAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.comparing()
	o.shows(o.get("restricted-approver", "/what-if"), "Change a value and see who would move", "Least score of each priority", "Roadmap, in periods of a team's capacity",
		"Priority 1 from", "from which on an item gets this priority", "Now holds")
	before, err := o.db.Seq(t.Context())
	o.ok(err)
	got := o.get("restricted-approver", "/what-if?"+url.Values{"set.rank.tiers.1": {"99"}, "set.rank.tiers.2": {"60"}, "swaps": {"1"}}.Encode())
	o.shows(got, "With other values", "Priority 1 from: 80 → 99 rank.tiers.1=99", "edits would follow", "What the first ten hang on", "of the first")
	if strings.Contains(got.text, "<code>rank.tiers.2=60") {
		t.Error("a value that is today's counts as another")
	}
	after, err := o.db.Seq(t.Context())
	o.ok(err)
	if after != before || o.woke != 0 {
		t.Error("a comparison wrote something")
	}
}

func TestAValueThatMeansNothingIsToldAndKept(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.comparing()
	got := o.get("restricted-approver", "/what-if?"+url.Values{"set.rank.tiers.1": {"a lot"}, "more": {"rank.why.metod=ice"}}.Encode())
	o.shows(got, "The values do not mean anything")
	if !strings.Contains(got.text, `value="a lot"`) || !strings.Contains(got.text, "rank.why.metod=ice</textarea>") {
		t.Error("what was typed is lost")
	}
}

// TestWhoComparesBesideSomebodyElseWaitsForTheTurn: where the other comparison
// takes too long, it is not said that the values were wrong.
func TestWhoComparesBesideSomebodyElseWaitsForTheTurn(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.comparing()
	compare, began, end := o.desk.WhatIf, make(chan struct{}), make(chan struct{})
	o.desk.WhatIf = func(ctx context.Context, order view.WhatIfOrder) (view.WhatIfFound, error) {
		if slices.Contains(order.Set, "rank.tiers.1=98") {
			close(began)
			<-end
		}
		return compare(ctx, order)
	}
	o.desk.Patience = 4 * time.Second // half of it for the turn
	o.serve()
	first := make(chan reply)
	go func() { first <- o.get("restricted-approver", "/what-if?set.rank.tiers.1=98") }()
	<-began
	got := o.get("restricted-approver", "/what-if?set.rank.tiers.1=99")
	o.shows(got, "Somebody else compares other values just now", "press Compare again")
	o.hides(got, "do not mean anything")
	if got.status != http.StatusTooManyRequests || !strings.Contains(got.text, `value="99"`) {
		t.Errorf("the answer is %d; it should be 429 and keep the value", got.status)
	}
	second := make(chan reply)
	go func() { second <- o.get("restricted-approver", "/what-if?set.rank.tiers.1=99") }()
	close(end)
	o.shows(<-first, "80 → 98")
	o.shows(<-second, "80 → 99")
}

func TestS7OtherRulesAreForThoseWhoSeeEverything(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.comparing()
	for _, client := range []string{"internal-admin", "public-approver", "restricted-viewer"} {
		got := o.get(client, "/what-if?set.rank.tiers.1=99")
		o.hides(got, marker, `name="set.`)
		o.shows(got, "Other rules can ask about anything that was read")
	}
}
