package scheduler_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
)

// crowded fills acme/pay#1 with a hundred labels, Tandem's among them.
func crowded(f *firm) {
	f.Helper()
	f.ok(f.github.Edit("acme/pay#1", "ana-acme", func(i *githubsim.Issue) {
		for n := 0; len(i.Labels) < 100; n++ {
			i.Labels = append(i.Labels, fmt.Sprintf("team-%03d", n))
		}
	}))
	f.pass(time.Minute)
	f.run()
}

func TestAFullIssueGetsItsNewLabelInPlaceOfTheOld(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		crowded(f)
		for _, value := range []float64{98, 2, 98} {
			f.sets("PAY-1", value)
			f.pass(time.Minute)
			report := f.run()
			want := map[float64]string{98: "priority/p1", 2: "priority/p4"}[value]
			have := slices.DeleteFunc(f.labels("acme/pay#1"), func(l string) bool { return !strings.HasPrefix(l, "priority/") })
			same(f, "labels", []string{want}, have)
			same(f, "number of labels", 100, len(f.labels("acme/pay#1")))
			same(f, "refused", 0, len(report.Refused))
			f.pass(time.Minute)
			same(f, "left to do", []string{}, edits(f.run()))
		}
		same(f, "set aside", []string{}, f.letters())
	})
}

// The new label is refused after the old one went: it comes back, and what
// Tandem remembers is what stands there.
func TestAFullIssueKeepsItsOldLabelWhereTheNewOneIsRefused(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		crowded(f)
		before := f.labels("acme/pay#1")
		refused := 0
		f.github.SetFault(func(r *http.Request) *sim.Fault {
			if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/issues/1/labels") {
				return nil
			}
			if refused++; refused > 1 {
				return nil
			}
			return &sim.Fault{Status: 422, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"message":"Validation Failed"}`}
		})
		f.sets("PAY-1", 98)
		f.pass(time.Minute)
		f.run()
		same(f, "labels", before, f.labels("acme/pay#1"))
		same(f, "set aside", 1, len(f.letters()))
		f.pass(time.Minute)
		report := f.run()
		same(f, "held as a person's", []string{}, slices.DeleteFunc(holds(report), func(h string) bool { return !strings.Contains(h, "changed_by_person") }))
	})
}
