package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// planOf has so many edits, and something of everything.
func planOf(edits int) plan.Plan {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	target := work.Target{RefID: work.RefID{Connector: "jira", ID: "1"}, Path: "priority"}
	p := plan.Plan{
		Holds:    []work.Hold{{Item: "jira:1", Target: target, Cause: work.HandsOff, Since: at, Detail: "a <b> \"c\"\nd"}},
		Adopted:  []plan.Entry{{Target: target, Value: work.NewText("High"), Before: work.Empty(), At: at}},
		Findings: []work.Finding{{Level: work.Warning, Subject: "jira", What: "odd"}},
		Brake:    "too many; \"look\"", FirstRead: []string{"github"}, RulesHeld: true,
	}
	for n := range edits {
		p.Edits = append(p.Edits, plan.Planned{Gate: plan.Ready, Terms: &plan.Terms{Until: at}, Edit: work.Edit{
			ID: fmt.Sprint(n), Target: target, Verb: work.SetField, Value: work.NewText("Low"), Expect: work.NewText("High"), Field: work.Priority, Because: "it is & was",
		}})
	}
	return p
}

func TestPlansOfEverySizeAreKeptWhole(t *testing.T) {
	t.Parallel()
	for _, edits := range []int{0, 1, packedFrom - 4, packedFrom - 3, 5000} {
		want := planOf(edits)
		hash, body, err := packed(&want)
		if err != nil {
			t.Fatal(err)
		}
		if large := edits >= packedFrom-3; large != strings.HasPrefix(body, packedMark) {
			t.Errorf("%d edits are kept as %.40q", edits, body)
		}
		got, err := unpacked(body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b work.Value) bool { return a == b })); diff != "" {
			t.Errorf("%d edits:\n%s", edits, diff)
		}
		if c, ok := coverOf(body[:min(len(body), coverMost)]); ok && !cmp.Equal(c, cover{edits, 1, want.Brake, want.FirstRead, map[plan.Gate]int{plan.Ready: edits}}) {
			t.Errorf("the first line says %+v", c)
		}
		if again, _, err := packed(&got); err != nil || again != hash {
			t.Errorf("the same plan has another hash: %s, %v", again, err)
		}
	}
}

// A field that is added to the plan is to be written and read here too.
func TestEveryPartOfAPlanIsPacked(t *testing.T) {
	t.Parallel()
	p := planOf(3)
	for v, i := reflect.ValueOf(p), 0; i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Errorf("planOf leaves out %s", v.Type().Field(i).Name)
		}
	}
	want, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := writePlan(&text, &p); err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(text.String(), "\n", ""); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestADamagedPackedPlanIsAnError(t *testing.T) {
	t.Parallel()
	p := planOf(500)
	_, body, err := packed(&p)
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range []string{body[:len(body)/2], packedMark, packedMark + "{}\n", strings.Replace(body, "\n", "\n#", 1)} {
		if _, err := unpacked(damaged); err == nil {
			t.Errorf("%.60q is taken for a plan", damaged)
		}
	}
}
