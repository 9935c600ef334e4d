package scheduler_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/sim/githubsim"
)

// BenchmarkGitHubImport reads 10,000 issues of one repository for the first
// time.
func BenchmarkGitHubImport(b *testing.B) {
	w := world{unjudged: true, write: "observe", github: alone(10_000)}
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

// alone are n issues of acme/pay without twins that changed one after the
// other over 300 days.
func alone(n int) []githubsim.Issue {
	all := make([]githubsim.Issue, n)
	span := 300 * 24 * time.Hour
	for k := range all {
		all[k] = twin("acme/pay", k+1, "no twin")
		all[k].Updated = time.Now().Add(time.Duration(k-n) * span / time.Duration(n))
		all[k].Created = all[k].Updated.Add(-240 * time.Hour)
	}
	return all
}

// BenchmarkGitHubNoChange finds that nothing changed in 20 repositories: an
// answer of 304 for each, and nothing from the quota.
func BenchmarkGitHubNoChange(b *testing.B) {
	w := world{unjudged: true, write: "observe", github: alone(100), more: 18}
	for n, name := range w.others() {
		w.github = append(w.github, twin(name, 1, fmt.Sprint("no twin ", n)))
	}
	f := found(b, w)
	for range 3 { // the others settle where the polls begin
		if report := f.run(); len(report.Failures) > 0 {
			b.Fatal(report.Failures)
		}
	}
	f.begin()
	before := f.limits()[0].Remaining
	for b.Loop() {
		f.run()
	}
	var m meter
	m.add(f)
	unchanged := 0
	for _, c := range f.github.Counts() {
		unchanged += c.Status[http.StatusNotModified]
	}
	m.report(b)
	b.ReportMetric(float64(unchanged)/float64(b.N), "304/op")
	b.ReportMetric(float64(before-f.limits()[0].Remaining)/float64(b.N), "quota/op")
}

// writes counts the requests that change something.
type writes struct {
	http.RoundTripper

	n atomic.Int64
}

func (w *writes) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		return w.RoundTripper.RoundTrip(r)
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	if r.URL.Path != "/graphql" || bytes.Contains(raw, []byte(`"query":"mutation`)) {
		w.n.Add(1)
	}
	return w.RoundTripper.RoundTrip(r)
}

// labelled is a firm whose 1,000 twins in GitHub lack the label of their
// priority; all else is as it should be.
func labelled() world {
	w := twins(1000, true, 300*24*time.Hour)
	w.write = "propose"
	for k := range w.github {
		w.github[k].Labels = []string{"roadmap/now"}
	}
	return w
}

// BenchmarkGitHubLabels adds a label to each of 1,000 issues.
func BenchmarkGitHubLabels(b *testing.B) {
	benchmarkLabels(b, func(*firm) {})
}

// BenchmarkGitHubSwaps takes a label off each of 1,000 issues and puts another
// one in its place, while Jira gets the new priorities.
func BenchmarkGitHubSwaps(b *testing.B) {
	benchmarkLabels(b, func(f *firm) {
		f.runWith(everything)
		for k := range f.world.issues {
			f.sets(f.world.issues[k].Key, 70)
		}
	})
}

func benchmarkLabels(b *testing.B, prepare func(*firm)) {
	b.Helper()
	w := labelled()
	var m meter
	var sent int64
	for b.Loop() {
		b.StopTimer()
		f := found(b, w)
		prepare(f)
		f.look()
		f.begin()
		counted := &writes{RoundTripper: f.transport["github"]}
		f.transport["github"] = counted
		b.StartTimer()
		report := f.runWith(everything)
		b.StopTimer()
		m.add(f)
		sent += counted.n.Load()
		if report.Applied() < 1000 || len(report.Refused) > 0 || len(report.Failures) > 0 {
			b.Fatal(report.Results, report.Failures)
		}
		b.StartTimer()
	}
	m.report(b)
	b.ReportMetric(float64(sent)/float64(b.N), "github-writes/op")
}
