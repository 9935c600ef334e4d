package scheduler_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A person changes an issue, Jira announces it, Tandem writes what follows: 50
// times a second, in real time, with 20 ms for each call. Events are of 250
// issues in turn.
func BenchmarkWebhookToLabel(b *testing.B) {
	const issuesThere, perSecond = 250, 50
	w := hooked(issuesThere)
	w.unjudged = true
	f := found(b, w)
	f.paced("jira", time.Hour)
	f.run()
	f.run()
	f.jira.SetLatency(20 * time.Millisecond)
	d := f.daemon()
	f.comes("the first read", time.Minute, func() bool { return d.did("decide") > 0 })
	f.told()
	changed := map[string][]time.Time{}
	tick := time.NewTicker(time.Second / perSecond)
	defer tick.Stop()
	cpu := spent()
	began := time.Now()
	b.ResetTimer()
	n := 0
	for b.Loop() {
		for range perSecond { // one second
			<-tick.C
			key := fmt.Sprintf("PAY-%d", n%issuesThere+1)
			value := 98.0
			if now, _ := f.issue(key).Custom[valueField].(float64); now >= 80 { // from one end to the other
				value = 2
			}
			changed[key] = append(changed[key], time.Now())
			f.sets(key, value)
			f.told()
			n++
		}
	}
	b.StopTimer()
	busy := float64(spent()-cpu) / float64(time.Since(began))
	time.Sleep(3 * time.Second)
	sum, count := map[string]time.Duration{}, map[string]int{}
	for _, j := range d.ends() {
		sum[j.kind] += j.Took
		count[j.kind]++
	}
	for kind, all := range sum {
		b.ReportMetric(float64(all.Milliseconds())/float64(count[kind]), kind+"-ms")
	}
	took := f.answers(changed)
	if len(took) == 0 {
		b.Skip("too short: nothing was written")
	}
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "p99-ms")
	b.ReportMetric(float64(len(took))/float64(n), "written/event")
	b.ReportMetric(100*busy, "%cpu")
	b.ReportMetric(0, "ns/op") // it is paced
}

// answers returns how long after a change the first write to the issue came,
// sorted.
func (f *firm) answers(changed map[string][]time.Time) []time.Duration {
	f.Helper()
	var took []time.Duration
	open := map[string][]time.Time{}
	for key, at := range changed {
		open[key] = slices.Clone(at)
	}
	for _, e := range f.jira.Writes().All() {
		for _, effect := range e.Effects {
			at := open[effect.Ref]
			if !e.Service || effect.Field != "priority" || len(at) == 0 || e.At.Before(at[0]) {
				continue
			}
			took = append(took, e.At.Sub(at[0]))
			for len(at) > 0 && !e.At.Before(at[0]) { // it answers all that came before
				at = at[1:]
			}
			open[effect.Ref] = at
		}
	}
	slices.Sort(took)
	return took
}

// spent is the processor time of this process.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// put is how many bytes this process gave to the disk so far.
func put(tb testing.TB) (n int64) {
	tb.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		tb.Skip("this system does not count what is written")
	}
	_, after, _ := strings.Cut(string(text), "\nwrite_bytes: ")
	_, _ = fmt.Sscan(after, &n)
	return n
}

// Nothing happens: what a daemon with three duties costs.
func BenchmarkIdleDaemon(b *testing.B) {
	w := hooked(50)
	w.unjudged = true
	f := found(b, w)
	f.paced("jira", time.Hour)
	f.paced("plan", time.Hour)
	f.run()
	f.run()
	d := f.daemon()
	time.Sleep(3 * time.Second)
	cpu, began, bytes := spent(), time.Now(), put(b)
	for b.Loop() {
		time.Sleep(time.Second)
	}
	b.ReportMetric(100*float64(spent()-cpu)/float64(time.Since(began)), "%cpu")
	b.ReportMetric(float64(put(b)-bytes)/time.Since(began).Seconds(), "bytes/s")
	b.ReportMetric(0, "ns/op")
	d.ends()
}
