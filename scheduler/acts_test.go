package scheduler_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
)

// planned is the priority of a row of the roadmap file.
func (f *firm) planned(id string) string {
	f.Helper()
	_, row, ok := strings.Cut(f.roadmap(), "- id: "+id+"\n")
	if !ok {
		f.Fatalf("%s is not in the roadmap", id)
	}
	_, row, _ = strings.Cut(row, "priority: ")
	value, _, _ := strings.Cut(row, "\n")
	return strings.Trim(value, `'"`)
}

func (f *firm) roadmap() string {
	f.Helper()
	b, err := os.ReadFile(filepath.Join(f.folder, "plan", "roadmap.yaml"))
	f.ok(err)
	return string(b)
}

// plans changes the priority of a row by hand.
func (f *firm) plans(id, from, to string) {
	f.Helper()
	head, row, _ := strings.Cut(f.roadmap(), "- id: "+id+"\n")
	before, after, ok := strings.Cut(row, "priority: ")
	if !ok || f.planned(id) != from {
		f.Fatalf("the priority of %s is %q, not %q:\n%s", id, f.planned(id), from, f.roadmap())
	}
	_, rest, _ := strings.Cut(after, "\n")
	f.write("plan/roadmap.yaml", head+"- id: "+id+"\n"+before+"priority: "+to+"\n"+rest)
}

// road is a transport that a function may stand in the way of.
type road struct {
	next http.RoundTripper
	pass func(r *http.Request, next http.RoundTripper) (*http.Response, error)
}

// RoundTrip lets the function decide.
func (r road) RoundTrip(req *http.Request) (*http.Response, error) { return r.pass(req, r.next) }

// before does something once, right before a request arrives at Jira.
func (f *firm) before(method, path string, do func()) {
	var once sync.Once
	f.transport["jira"] = road{f.transport["jira"], func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.Method == method && strings.Contains(r.URL.Path, path) {
			once.Do(do)
		}
		return next.RoundTrip(r)
	}}
}

// writtenOnce checks that Tandem changed no value of Jira twice: no story that
// calls it wants that.
func (f *firm) writtenOnce() {
	f.Helper()
	count := map[string]int{}
	for _, line := range f.wrote() {
		if count[line]++; count[line] == 2 {
			f.Errorf("written twice: %s", line)
		}
	}
}

// breaks lets requests to Jira fail, as the function says. Requests come side
// by side; the function is called for one at a time.
func (f *firm) breaks(hook func(*http.Request) *sim.Fault) {
	var turn sync.Mutex
	f.jira.SetFault(func(r *http.Request) *sim.Fault {
		turn.Lock()
		defer turn.Unlock()
		return hook(r)
	})
}

// at matches requests by method and a part of the path, such as an issue's.
func at(method, path string, fault func() *sim.Fault) func(*http.Request) *sim.Fault {
	return func(r *http.Request) *sim.Fault {
		if r.Method != method || !strings.Contains(r.URL.Path, path) {
			return nil
		}
		return fault()
	}
}

// mended ends all faults.
func (f *firm) mended() { f.jira.SetFault(nil) }

// person changes an issue by hand.
func (f *firm) person(key string, change func(*jirasim.Issue)) {
	f.Helper()
	f.ok(f.jira.Edit(key, jirasim.Ana, change))
}
