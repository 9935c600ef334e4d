package route_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/route"
)

// anySubject draws an item of which often little is known.
func anySubject(t *rapid.T) *expression.Subject {
	item := &work.Item{Team: "pay"}
	for _, f := range work.AllFields() {
		switch v := rapid.SampledFrom([]string{"", "", "-", "bug", "epic", "feature", "done", "todo", "waiting", "security"}).Draw(t, f.String()); {
		case v == "":
		case v == "-":
			item.Fields.Set(f, work.Empty())
		case f.Info().Kind == work.Number:
			item.Fields.Set(f, work.NewNumber(float64(len(v))))
		case f.Info().Kind == work.List:
			item.Fields.Set(f, work.NewList(v, "x"))
		case f.Info().Kind == work.Time:
			item.Fields.Set(f, work.NewTime(time.Unix(1e9, 0).AddDate(0, 0, len(v))))
		default:
			item.Fields.Set(f, work.NewText(v))
		}
	}
	return &expression.Subject{
		Item: item, AsOf: time.Unix(86400*11574, 0).UTC(),
		Evidence: work.Evidence{People: rapid.IntRange(0, 3).Draw(t, "people"), NPSSample: rapid.IntRange(0, 9).Draw(t, "sample")},
	}
}

// anyRoutes draws a tree; depth bounds it.
func anyRoutes(t *rapid.T, depth int) []route.RuleSpec {
	var routes []route.RuleSpec
	for range rapid.IntRange(0, 3).Draw(t, "routes") {
		r := route.RuleSpec{
			If: work.Expression(rapid.SampledFrom([]string{
				`item.kind == "bug"`, `item.severity < 4`, `item.goal == unknown`, `"x" in item.labels`, `not (item.effort > 3)`, `item.target_date < as_of`,
			}).Draw(t, "if")),
			Accountable: rapid.SampledFrom([]string{"", "pm", "po"}).Draw(t, "accountable"),
			Informed:    rapid.SliceOfN(rapid.SampledFrom([]string{"pm", "po", "ux"}), 0, 3).Draw(t, "informed"),
			Label:       rapid.SampledFrom([]string{"", "", "role/x"}).Draw(t, "label"),
			Preset:      rapid.SampledFrom([]string{"", "", "", "pm-po", "one-person", "safe"}).Draw(t, "preset"),
		}
		if rapid.Bool().Draw(t, "agreed") {
			r.Within = days(rapid.IntRange(1, 9).Draw(t, "within"))
			to := rapid.SampledFrom([]string{"", "ux", "leadership"}).Draw(t, "escalate")
			if to != "" {
				r.Escalate = &route.EscalationSpec{Role: to, TakesOver: rapid.Bool().Draw(t, "takes over")}
			}
		}
		if r.Preset == "" && depth > 0 {
			r.Routes = anyRoutes(t, depth-1)
		}
		if r.Preset == "" && len(r.Routes) == 0 && r.Accountable == "" {
			r.Accountable = "po"
		}
		r.Informed = slices.DeleteFunc(r.Informed, func(role string) bool { return role == r.Accountable })
		routes = append(routes, r)
	}
	return routes
}

func TestEveryItemHasExactlyOneAccountableRole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := route.Spec{
			Labels: rapid.SampledFrom([]route.LabelPolicy{route.OnlyWaiting, route.Always, route.Never}).Draw(t, "labels"),
			Routes: anyRoutes(t, 2),
		}
		tree, problems := route.Compile("/route", spec, everyone())
		if len(problems) > 0 {
			t.Fatalf("problems: %v", problems)
		}
		s := anySubject(t)
		d := tree.Match(s)
		if d.Accountable != "pm" && d.Accountable != "po" {
			t.Errorf("accountable is %q", d.Accountable)
		}
		key := d.Key()
		if rapid.Bool().Draw(t, "late") {
			before := d
			d = d.Escalated()
			if d.Late != (d.Within > 0) || d.Key() != key || d.At != before.At || d.Because != before.Because {
				t.Errorf("a late item is another: %+v, was %+v", d.Rule, before.Rule)
			}
			told := append(slices.Clone(d.Informed), d.Accountable)
			for _, role := range append(slices.Clone(before.Informed), before.Accountable) {
				if !slices.Contains(told, role) {
					t.Errorf("%s is not told any more: %q", role, told)
				}
			}
			if d.EscalatesTo != "" && d.Late && !slices.Contains(told, d.EscalatesTo) {
				t.Errorf("%s is not told: %q", d.EscalatesTo, told)
			}
		}
		if d.Accountable == "" {
			t.Error("nobody is accountable")
		}
		if slices.Contains(d.Informed, d.Accountable) || len(slices.Compact(slices.Sorted(slices.Values(d.Informed)))) != len(d.Informed) {
			t.Errorf("informed is %q with %s accountable", d.Informed, d.Accountable)
		}
		if d.Because == "" {
			t.Error("there is no reason")
		}
		if d.Label != "" && !slices.Contains(tree.OwnedLabels(), d.Label) {
			t.Errorf("%s is no owned label", d.Label)
		}
		found := false
		for _, rule := range tree.All() {
			found = found || rule.At == d.At
		}
		if !found {
			t.Errorf("%s is not in the tree", d.At)
		}
	})
}

func TestDecisionsDependOnTheSpecAndTheSubjectAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := route.Spec{Routes: anyRoutes(t, 2)}
		known := everyone()
		one, _ := route.Compile("/route", spec, known)
		slices.Reverse(known.Roles)
		other, problems := route.Compile("/route", spec, known)
		if len(problems) > 0 {
			t.Fatalf("problems: %v", problems)
		}
		s := anySubject(t)
		if diff := cmp.Diff(one.Explain(s), other.Explain(s), cmpopts.IgnoreUnexported(route.Rule{})); diff != "" {
			t.Errorf("two trees of one spec differ:\n%s", diff)
		}
		if diff := cmp.Diff(one.Match(s), one.Match(s), cmpopts.IgnoreUnexported(route.Rule{})); diff != "" {
			t.Errorf("one tree differs from itself:\n%s", diff)
		}
	})
}
