package scheduler_test

import (
	"fmt"
	"testing"
	"time"

	"tandem/internal/sim/jirasim"
)

// latency is what each call of a service takes.
const latency = 20 * time.Millisecond

// twins is a firm with n issues in Jira that each have a twin in GitHub; all
// changed last within the span before now. Where it is tidy, every value is
// already as it should be.
func twins(n int, tidy bool, span time.Duration) world {
	w := world{unjudged: true, patch: roomy()}
	begin := time.Now().Add(-span)
	for k := range n {
		i := issue(fmt.Sprintf("PAY-%d", k+1), 90)
		h := twin("acme/pay", k+1, i.Key)
		i.Updated = begin.Add(time.Duration(k) * span / time.Duration(n))
		i.Created = i.Updated.Add(-240 * time.Hour)
		h.Updated, h.Created = i.Updated, i.Created.Add(time.Hour)
		if tidy {
			i.Priority, i.Labels = priorityID("Critical"), []string{"roadmap/now"}
			h.Labels = []string{"priority/p1", "roadmap/now"}
		}
		w.issues, w.github = append(w.issues, i), append(w.github, h)
	}
	return w
}

// meter counts the calls of some cycles.
type meter struct{ jira, github int }

// begin makes the services slow and their counters zero.
func (f *firm) begin() {
	f.jira.SetLatency(latency)
	f.jira.ResetCounts()
	if f.github != nil {
		f.github.SetLatency(latency)
		f.github.ResetCounts()
	}
}

// add takes the calls since begin.
func (m *meter) add(f *firm) {
	m.jira += f.jira.Calls("", "")
	if f.github != nil {
		m.github += f.github.Calls("", "")
	}
}

func (m *meter) report(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(m.jira)/float64(b.N), "jira-calls/op")
	b.ReportMetric(float64(m.github)/float64(b.N), "github-calls/op")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
}

// BenchmarkFirstCycle reads and decides for the first time, at 1,000 twins.
func BenchmarkFirstCycle(b *testing.B) {
	w := twins(1000, false, 300*24*time.Hour)
	w.write = "observe"
	var m meter
	for b.Loop() {
		b.StopTimer()
		f := found(b, w)
		f.begin()
		b.StartTimer()
		report := f.run()
		b.StopTimer()
		m.add(f)
		if report.Outcome.Twins != 1000 || len(report.Failures) > 0 {
			b.Fatal(report.Outcome.Twins, report.Failures)
		}
		b.StartTimer()
	}
	m.report(b)
}

// BenchmarkNoChangeCycle finds that nothing changed, at 1,000 twins: on a quiet
// day, and minutes after all of them changed, as after Tandem's own writes.
func BenchmarkNoChangeCycle(b *testing.B) {
	for _, bc := range []struct {
		name string
		span time.Duration
	}{{"quiet", 300 * 24 * time.Hour}, {"just_written", 2 * time.Minute}} {
		b.Run(bc.name, func(b *testing.B) {
			f := found(b, twins(1000, true, bc.span))
			for range 3 { // the first reads all, the others settle where the polls begin
				if report := f.run(); len(report.Outcome.Plan.Edits) > 0 || len(report.Failures) > 0 {
					b.Fatal(edits(report), report.Failures)
				}
			}
			f.begin()
			for b.Loop() {
				f.run()
			}
			var m meter
			m.add(f)
			m.report(b)
		})
	}
}

// BenchmarkFirstWrite sends what first contact found at 200 twins: priority and
// label of each issue in Jira, and two labels of its twin in GitHub.
func BenchmarkFirstWrite(b *testing.B) {
	w := twins(200, false, 300*24*time.Hour)
	w.write = "propose"
	var m meter
	for b.Loop() {
		b.StopTimer()
		f := found(b, w)
		f.look()
		f.begin()
		b.StartTimer()
		report := f.runWith(everything)
		b.StopTimer()
		m.add(f)
		if report.Applied() != 800 {
			b.Fatal(report.Results)
		}
		b.StartTimer()
	}
	m.report(b)
}

// BenchmarkJiraImport reads 10,000 issues of one site for the first time.
func BenchmarkJiraImport(b *testing.B) {
	w := world{unjudged: true, write: "observe", issues: spread(10_000)}
	var m meter
	for b.Loop() {
		b.StopTimer()
		f := found(b, w)
		f.begin()
		b.StartTimer()
		report := f.run()
		b.StopTimer()
		m.add(f)
		if len(report.Outcome.Items) != 10_000 || len(report.Failures) > 0 {
			b.Fatal(len(report.Outcome.Items), report.Failures)
		}
		b.StartTimer()
	}
	m.report(b)
}

// BenchmarkJiraWrite sends 1,000 changes of priority and label, and reads them
// before and after.
func BenchmarkJiraWrite(b *testing.B) {
	w := world{unjudged: true, write: "propose", patch: roomy(), issues: spread(1000)}
	var m meter
	for b.Loop() {
		b.StopTimer()
		f := found(b, w)
		f.look()
		f.begin()
		b.StartTimer()
		report := f.runWith(everything)
		b.StopTimer()
		m.add(f)
		if report.Applied() != 2000 {
			b.Fatal(report.Results)
		}
		b.StartTimer()
	}
	m.report(b)
}

// spread are n issues of PAY that changed one after the other over 300 days,
// and that are all to be urgent.
func spread(n int) []jirasim.Issue {
	span := 300 * 24 * time.Hour
	all := make([]jirasim.Issue, n)
	for k := range all {
		all[k] = issue(fmt.Sprintf("PAY-%d", k+1), 90)
		all[k].Updated = time.Now().Add(time.Duration(k-n) * span / time.Duration(n))
		all[k].Created = all[k].Updated.Add(-240 * time.Hour)
	}
	return all
}

// BenchmarkBacklog puts 2,000 issues in order again after 50 of them got other
// values, while people drag five others: those stay.
func BenchmarkBacklog(b *testing.B) {
	w := backlogged(2000)
	w.unjudged = true
	var m meter
	for b.Loop() {
		b.StopTimer()
		f := found(b, w)
		f.run()
		for n := range 50 {
			f.sets(fmt.Sprintf("PAY-%d", 20+n*39), float64(1+n*97%98))
		}
		dragged := []string{"PAY-11", "PAY-511", "PAY-1011", "PAY-1511", "PAY-1911"}
		f.before("PUT", "/issue/rank", func() {
			for i, key := range dragged {
				f.ok(f.jira.Drag(jirasim.Ana, key, jirasim.After, fmt.Sprintf("PAY-%d", 100+i*300)))
			}
		})
		f.begin()
		b.StartTimer()
		report := f.run()
		b.StopTimer()
		m.add(f)
		f.jira.SetLatency(0)
		for range 3 { // what people did is taken in, and the rest is done
			f.jira.Settle()
			report = f.run()
		}
		held := map[string]string{}
		for _, h := range report.Outcome.Plan.Holds {
			held[h.Key] = h.By
		}
		for _, key := range dragged {
			if held[key] != jirasim.Ana {
				b.Fatalf("%s is held by %q", key, held[key])
			}
		}
		if left := edits(report); len(left) > 0 {
			b.Fatal(left)
		}
		b.StartTimer()
	}
	m.report(b)
}
