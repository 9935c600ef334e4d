package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// event is one line of go test -json (go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// place is what output belongs to: a test, or a package when Test is empty.
type place struct{ pkg, test string }

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.pkg, o.pkg), cmp.Compare(p.test, o.test))
}

// report collects the outcome of a run.
type report struct {
	out                     io.Writer
	err                     error // the first that out returned
	output                  map[place][]string
	skips                   []skip
	passed, failed, skipped int
	broken                  int // packages that failed, by a build or beside their tests
	noted                   noted
}

// skip is a test that did not run, and why.
type skip struct {
	place
	reason string
}

// Copy reads the events of a run from in and writes the report to out. It
// reports whether tests were run and none failed.
func Copy(out io.Writer, in io.Reader) (ok bool, err error) {
	r := report{out: out, output: map[place][]string{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, fmt.Errorf("read test output: %w", err)
		}
	}
	r.close()
	return r.failed == 0 && r.broken == 0 && r.passed > 0, r.err
}

func (r *report) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.out, format, args...)
	}
}

func (r *report) line(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil || e.Action == "" {
		r.printf("%s", line) // not of the test runner: a download, a crash of the tool
		return
	}
	at := place{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		r.printf("%s", e.Output)
	case "output":
		r.output[at] = append(r.output[at], e.Output)
	case "pass", "fail", "skip":
		r.end(at, e.Action)
		delete(r.output, at)
	}
}

// end closes a test or a package.
func (r *report) end(at place, action string) {
	output := strings.Join(r.output[at], "")
	if action == "pass" {
		r.noted.take(output)
	}
	switch {
	case at.test == "" && action == "fail":
		r.broken++
		r.printf("%s", output)
	case at.test == "":
		r.printf("%s", closingLines(output))
	case action == "pass":
		r.passed++
	case action == "fail":
		r.failed++
		r.printf("%s", output)
	default:
		r.skipped++
		r.skips = append(r.skips, skip{at, reason(output)})
	}
}

// closingLines keeps of a package's own output the line with its verdict.
func closingLines(output string) string {
	var kept strings.Builder
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, "ok ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// reason finds what t.Skip said: the text after a file and a line number, and
// the indented lines that follow it.
func reason(output string) string {
	said := regexp.MustCompile(`^\s*[\w.-]+\.go:\d+: (.*)`)
	var reasons []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if m := said.FindStringSubmatch(line); m != nil {
			reasons = append(reasons, m[1])
		} else if more, found := strings.CutPrefix(line, "        "); found && len(reasons) > 0 {
			reasons = append(reasons, strings.TrimSpace(more))
		}
	}
	if len(reasons) == 0 {
		return "no reason given"
	}
	return strings.Join(reasons, " ")
}

// close prints what never ended, what was skipped, by reason, and the totals.
func (r *report) close() {
	for _, at := range slices.SortedFunc(maps.Keys(r.output), place.compare) {
		if at.test != "" {
			r.failed++
			r.printf("\nnever ended: %s %s\n%s", at.pkg, at.test, strings.Join(r.output[at], ""))
		}
	}
	slices.SortFunc(r.skips, func(a, b skip) int {
		return cmp.Or(cmp.Compare(a.reason, b.reason), a.compare(b.place))
	})
	for i, s := range r.skips {
		if i == 0 || r.skips[i-1].reason != s.reason {
			r.printf("\nskipped: %s\n", s.reason)
		}
		r.printf("  %s %s\n", s.pkg, s.test)
	}
	if r.broken > 0 {
		r.printf("\npackages that failed: %d\n", r.broken)
	}
	r.printNoted()
	r.printf("\ntests: %d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
}
