package roadmap_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/roadmap"
)

func compile(tb testing.TB, spec roadmap.Spec) *roadmap.Plan {
	tb.Helper()
	p, problems := roadmap.Compile("/roadmap", spec)
	for _, problem := range problems {
		tb.Errorf("unexpected problem: %v", problem)
	}
	if p == nil {
		tb.Fatal("no plan")
	}
	return p
}

func holds(periods float64) *roadmap.Horizon { return &roadmap.Horizon{Capacity: &periods} }

func TestHorizonsHaveTheirOrder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		spec roadmap.Spec
		want []string
	}{
		{"nothing written", roadmap.Spec{}, []string{"now", "next", "later"}},
		{"all written", roadmap.Spec{Now: holds(1), Next: holds(2), Later: &roadmap.Horizon{}}, []string{"now", "next", "later"}},
		{"without next", roadmap.Spec{Now: holds(1)}, []string{"now", "later"}},
	} {
		p := compile(t, tc.spec)
		if diff := cmp.Diff(tc.want, p.Horizons()); diff != "" {
			t.Errorf("%s: horizons (-want +got):\n%s", tc.name, diff)
		}
		for i, name := range append(tc.want, "some day") {
			want := i + 1
			if name == "some day" {
				want = 0
			}
			if got := p.Index(name); got != want {
				t.Errorf("%s: %s is number %d, want %d", tc.name, name, got, want)
			}
		}
	}
}

func TestEveryMistakeIsToldWithItsPlaceAndRemedy(t *testing.T) {
	t.Parallel()
	p, problems := roadmap.Compile("/roadmap", roadmap.Spec{
		Now: &roadmap.Horizon{}, Next: holds(0), Later: holds(1),
		Band: new(work.Percent(0.51)), UnknownEffort: new(math.Inf(1)),
	})
	if p != nil {
		t.Error("got a plan in spite of mistakes")
	}
	_, more := roadmap.Compile("/roadmap", roadmap.Spec{Next: holds(math.NaN())})
	want := []string{
		"/roadmap/now: no capacity; {capacity: 1}",
		"/roadmap/next/capacity: above 0; how many periods",
		"/roadmap/later/capacity: holds the rest; remove",
		"/roadmap/band: at most 50%; 5%",
		"/roadmap/unknown_effort: above 0; write 3",
		"/roadmap/next/capacity: above 0; how many periods",
		"/roadmap: before next; now: {capacity: 1}",
	}
	problems = append(problems, more...)
	if len(problems) != len(want) {
		t.Fatalf("got %d problems %v, want %d", len(problems), problems, len(want))
	}
	for i, w := range want {
		at, rest, _ := strings.Cut(w, ": ")
		what, remedy, _ := strings.Cut(rest, "; ")
		if got := problems[i]; string(got.At) != at || !strings.Contains(got.What, what) || !strings.Contains(got.Remedy, remedy) {
			t.Errorf("got %v, want %s", got, w)
		}
	}
}

func TestATeamWithoutCapacityIsTold(t *testing.T) {
	t.Parallel()
	got := roadmap.WithoutCapacity("pay")
	if got.Level != work.Warning || got.Subject != "team pay" || !strings.Contains(got.What, "no capacity") || !strings.Contains(got.Remedy, "capacity: {effort:") {
		t.Errorf("got %+v", got)
	}
}
