package judge

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// Report says in a few lines what was judged. Its first line starts with the
// number of validated exchanges, or says that there was nothing to judge by.
func (j *Judge) Report() string {
	if !j.Present() {
		return "0 exchanges validated: the folder of official descriptions is absent; " +
			"put it beside the repository as \"shared\" or name it in TANDEM_SHARED\n"
	}
	var b strings.Builder
	var parts []string
	var all Tally
	for _, s := range services() {
		t := j.Tally(s)
		if s != JiraDC || t != (Tally{}) {
			parts = append(parts, fmt.Sprintf("%s %d", s, t.Validated))
		}
		all.Validated, all.Excused, all.Faulty = all.Validated+t.Validated, all.Excused+t.Excused, all.Faulty+t.Faulty
	}
	violations := j.Violations()
	fmt.Fprintf(&b, "%d exchanges validated (%s), %d excused, %d with a deliberate fault, %d violations\n",
		all.Validated, strings.Join(parts, ", "), all.Excused, all.Faulty, len(violations)+j.droppedCount())
	for i, v := range violations {
		if i == 20 {
			fmt.Fprintf(&b, "  … and %d more\n", len(violations)-i+j.droppedCount())
			break
		}
		fmt.Fprintf(&b, "  %s\n", v)
	}
	return b.String()
}

func (j *Judge) droppedCount() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.dropped
}

// Main runs a package's tests, prints the report, and returns the exit code:
// not 0 when the tests failed, when there was a violation, or when the whole
// package ran, there are descriptions, and nothing was validated. Call it from
// TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(judge.Main(m, judging, os.Stdout)) }
func Main(m interface{ Run() int }, j *Judge, out io.Writer) int {
	code := m.Run()
	if listing() {
		return code
	}
	_, _ = io.WriteString(out, j.Report())
	if code != 0 || !j.Present() {
		return code
	}
	if len(j.Violations()) > 0 {
		return 1
	}
	if j.Validated() == 0 && !filtered() {
		_, _ = io.WriteString(out, "no exchange was validated although the descriptions are present: the tests do not use the judge\n")
		return 1
	}
	return 0
}

// filtered reports whether only some tests were asked for.
func filtered() bool {
	f := flag.Lookup("test.run")
	return f != nil && f.Value.String() != ""
}

func listing() bool {
	f := flag.Lookup("test.list")
	return f != nil && f.Value.String() != ""
}
