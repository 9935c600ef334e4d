package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// events is what go test -json prints, shortened: A passes and logs, B fails,
// two tests are skipped for one reason, one package does not build.
const events = `go: downloading example.com/x v1.0.0
{"ImportPath":"m/c [m/c.test]","Action":"build-output","Output":"c_test.go:3:27: declared and not used: x\n"}
{"ImportPath":"m/c [m/c.test]","Action":"build-fail"}
{"Action":"output","Package":"m/a","Output":"-test.shuffle 17\n"}
{"Action":"output","Package":"m/a","Test":"TestA","Output":"a lot of noise\n"}
{"Action":"pass","Package":"m/a","Test":"TestA"}
{"Action":"output","Package":"m/a","Test":"TestS2","Output":"=== RUN   TestS2\n"}
{"Action":"output","Package":"m/a","Test":"TestS2","Output":"    a_test.go:4: no database:\n"}
{"Action":"output","Package":"m/a","Test":"TestS2","Output":"        set DB\n"}
{"Action":"output","Package":"m/a","Test":"TestS2","Output":"--- SKIP: TestS2 (0.00s)\n"}
{"Action":"skip","Package":"m/a","Test":"TestS2"}
{"Action":"output","Package":"m/a","Test":"TestS1","Output":"    a_test.go:9: no database: set DB\n"}
{"Action":"skip","Package":"m/a","Test":"TestS1"}
{"Action":"skip","Package":"m/a","Test":"TestS3"}
{"Action":"output","Package":"m/a","Output":"PASS\n"}
{"Action":"output","Package":"m/a","Output":"ok  \tm/a\t1.012s\n"}
{"Action":"pass","Package":"m/a"}
`

const failure = `{"Action":"output","Package":"m/b","Output":"-test.shuffle 18\n"}
{"Action":"output","Package":"m/b","Test":"TestB","Output":"    b_test.go:3: got 1, want 2\n"}
{"Action":"fail","Package":"m/b","Test":"TestB"}
{"Action":"output","Package":"m/b","Test":"TestCrash","Output":"panic: boom\n"}
{"Action":"output","Package":"m/b","Output":"FAIL\tm/b\t0.013s\n"}
{"Action":"fail","Package":"m/b"}
`

func TestReportShowsPackagesAndSkips(t *testing.T) {
	t.Parallel()
	want := `go: downloading example.com/x v1.0.0
c_test.go:3:27: declared and not used: x
ok  	m/a	1.012s

skipped: no database: set DB
  m/a TestS1
  m/a TestS2

skipped: no reason given
  m/a TestS3

tests: 1 passed, 0 failed, 3 skipped
`
	var got strings.Builder
	ok, err := Copy(&got, strings.NewReader(events))
	if err != nil || !ok {
		t.Errorf("got ok %v, error %v", ok, err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestReportShowsFailuresInFull(t *testing.T) {
	t.Parallel()
	want := `    b_test.go:3: got 1, want 2
-test.shuffle 18
FAIL	m/b	0.013s

never ended: m/b TestCrash
panic: boom

packages that failed: 1

tests: 0 passed, 2 failed, 0 skipped
`
	var got strings.Builder
	ok, err := Copy(&got, strings.NewReader(failure))
	if err != nil || ok {
		t.Errorf("got ok %v, error %v", ok, err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestNoTestAtAllIsAFailure(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	ok, err := Copy(&got, strings.NewReader("no Go files\n"))
	if err != nil || ok {
		t.Errorf("got ok %v, error %v", ok, err)
	}
	if want := "no Go files\n\ntests: 0 passed, 0 failed, 0 skipped\n"; got.String() != want {
		t.Errorf("got %q, want %q", got.String(), want)
	}
}

func TestReportAddsUpWhatTestsWereAskedToSay(t *testing.T) {
	t.Parallel()
	events := strings.Join([]string{
		`{"Action":"output","Package":"m/a","Test":"TestX","Output":"    x_test.go:9: recordings/jira/devlake: 59 issues, 59 items, 0 rejects\n"}`,
		`{"Action":"pass","Package":"m/a","Test":"TestX"}`,
		`{"Action":"output","Package":"m/a","Output":"40 exchanges validated (jira 40, github 0), 0 excused, 0 violations\n"}`,
		`{"Action":"output","Package":"m/a","Output":"ok  \tm/a\t0.1s\n"}`,
		`{"Action":"pass","Package":"m/a"}`,
		`{"Action":"output","Package":"m/b","Output":"2 exchanges validated (jira 2, github 0)\n"}`,
		`{"Action":"pass","Package":"m/b"}`,
	}, "\n")
	var out strings.Builder
	if ok, err := Copy(&out, strings.NewReader(events)); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for _, want := range []string{
		"  recordings/jira/devlake: 59 issues, 59 items, 0 rejects\n", "official descriptions: 42\n", "tests: 1 passed, 0 failed",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in:\n%s", want, out.String())
		}
	}
}
