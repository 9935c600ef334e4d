package roadmap_test

import (
	"testing"
	"time"

	"tandem/mapping/roadmap"
)

func TestAPeriodEndsWhereItsNameSays(t *testing.T) {
	t.Parallel()
	fiscal := roadmap.Spec{Quarters: &roadmap.Calendar{Starts: "april", Name: "FY{end_yy} Q{quarter}"}}
	for _, c := range []struct {
		spec         roadmap.Spec
		period, want string
	}{
		{roadmap.Spec{}, "2026-Q4", "2027-01-01"},
		{roadmap.Spec{}, " q1 2027 ", "2027-04-01"},
		{roadmap.Spec{}, "2026/H2", "2027-01-01"},
		{roadmap.Spec{}, "2026-11", "2026-12-01"},
		{roadmap.Spec{}, "2026-11-30", "2026-12-01"},
		{roadmap.Spec{}, "2026", "2027-01-01"},
		{fiscal, "FY27 Q3", "2027-01-01"},
		{fiscal, "2026-Q4", "2027-04-01"},
		{fiscal, "2026", "2027-04-01"},
		{roadmap.Spec{}, "this winter", ""},
		{roadmap.Spec{}, "2026-Q5", ""},
		{roadmap.Spec{}, "2026-Q1 Q2", ""},
		{roadmap.Spec{}, "26", ""},
		{roadmap.Spec{}, "Q4", ""},
		{roadmap.Spec{}, "2026 Q", ""},
		{roadmap.Spec{}, "", ""},
	} {
		end, known := compile(t, c.spec).End(c.period)
		got := ""
		if known {
			got = end.Format(time.DateOnly)
		}
		if got != c.want {
			t.Errorf("%q ends on %q, want %q", c.period, got, c.want)
		}
	}
}
