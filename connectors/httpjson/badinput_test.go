package httpjson_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

func TestWhatAnAnswerMayNotBe(t *testing.T) {
	t.Parallel()
	rows := func(s string) []byte { return []byte(`{"rows":[` + s + `]}`) }
	bomb := gzipped(t, bytes.Repeat([]byte(" "), 3<<20))
	for name, c := range map[string]struct {
		status int
		mime   string
		body   []byte
		keys   []string
		want   string
	}{
		"expired key":      {401, "application/json", []byte(`{"error":"expired"}`), nil, "expired"},
		"no plan":          {403, "application/json", []byte(`{"error":"upgrade"}`), nil, "kind drop"},
		"payment":          {402, "application/json", []byte(`{}`), nil, "kind drop"},
		"web page":         {200, "text/html", []byte("<!doctype html><html></html>"), nil, "web page"},
		"page as JSON":     {200, "application/json", []byte("\n <html>login</html>"), nil, "web page"},
		"cut off":          {200, "application/json", []byte(`{"rows":[{"id":"1"`), nil, "cut off"},
		"empty":            {200, "application/json", nil, nil, "cut off"},
		"no JSON":          {200, "application/json", []byte("rows"), nil, "no JSON"},
		"no list":          {200, "application/json", []byte(`{"message":"hello"}`), nil, "no list at rows"},
		"a mapping":        {200, "application/json", []byte(`{"rows":{"id":1}}`), nil, "no list at rows"},
		"zip bomb":         {200, "application/gzip", bomb, nil, "zip bomb"},
		"bomb of lines":    {200, "application/gzip", gzipped(t, bytes.Repeat([]byte("{}\n"), 1<<19)), []string{"format: jsonl"}, "zip bomb"},
		"bomb in a zip":    {200, "application/zip", zipped(t, gzipped(t, bytes.Repeat([]byte("\n"), 3<<20))), []string{"format: jsonl"}, "zip bomb"},
		"error as lines":   {200, "application/json", []byte(`{"error":"no"}`), []string{"format: jsonl"}, "error instead of lines"},
		"half an archive":  {200, "application/zip", zipped(t, []byte("{}"))[:20], []string{"format: jsonl"}, "unpack"},
		"other host":       {200, "application/json", []byte(`{"rows":[{"id":"1","at":"2026-01-01"}],"next":"https://evil.example/x"}`), []string{"page: {kind: next_url, next: next}"}, "another host"},
		"in circles":       {200, "application/json", []byte(`{"rows":[{"id":"1","at":"2026-01-01"}],"next":"x"}`), []string{"page: {kind: cursor, next: next}"}, "does not get on"},
		"too many of them": {200, "application/json", rows(`{"id":"1","at":"2026-01-01"}`), []string{"page: {kind: page, max: 5}"}, "more than 5 pages"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys := append([]string{"request: {path: /s}"}, c.keys...)
			if !slices.Contains(c.keys, "format: jsonl") {
				keys = append(keys, "records: rows")
			}
			live := open(t, to(answering(c.status, c.mime, c.body)), simple(keys...))
			pages, err := read(t, live, "s", nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%d pages and error %v, want one that says %q", len(pages), err, c.want)
			}
			findings := live.Checker.Check(t.Context())
			first := slices.Contains([]string{"does not get on", "another host", "more than 5 pages"}, c.want) || name == "bomb of lines"
			if !first && findings[0].Level != work.Fatal {
				t.Errorf("the check says %+v", findings)
			}
		})
	}
}

func TestOneBadRecordStopsNothing(t *testing.T) {
	t.Parallel()
	body := `{"rows":[
		{"id":"1","at":"2026-01-01T00:00:00Z","text":"good"},
		{"at":"2026-01-01T00:00:00Z","text":"no id"},
		{"id":"2","at":"yesterday"},
		{"id":"3"},
		{"id":"4","at":"2026-01-01","score":"many"},
		{"id":"5","at":1767225600,"score":"7","text":"number as text, epoch\u0000"},
		{"id":{"a":1},"at":"2026-01-01"},
		"no record",
		{"id":"6","at":"2026-01-01","text":{"a":1}},
		{"id":"7","at":1767225600000,"score":null}]}`
	live := open(t, to(answering(200, "application/json", []byte(body))), simple("request: {path: /s}", "records: rows"))
	pages := mustRead(t, live, "s", nil)
	if diff := cmp.Diff(map[string]string{"1": "good", "5": "number as text, epoch", "7": ""}, texts(pages)); diff != "" {
		t.Error(diff)
	}
	var causes []string
	for _, r := range rejectsOf(pages) {
		if r.Where == "" || r.Remedy == "" || r.Body == "" {
			t.Errorf("%+v lacks place, remedy or body", r)
		}
		causes = append(causes, r.Where+": "+r.Cause)
	}
	want := []string{
		"s, record 2: the record has no id", `s, 2: at: "yesterday" is no time`, "s, 3: at: nobody knows when this was said",
		`s, 4: score: "many" is no number`, "s, record 7: id: a mapping stands where a text must be", "s, record 8: the record has no id",
		"s, 6: text: a mapping stands where a text must be",
	}
	if diff := cmp.Diff(want, causes); diff != "" {
		t.Error(diff)
	}
	for _, f := range feedbackOf(pages) {
		if f.ID == "7" && f.Score.Known() {
			t.Errorf("a score that is missing reads %s", f.Score)
		}
	}
}

func gzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(b)
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipped(t *testing.T, members ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i, b := range members {
		w, err := z.Create(fmt.Sprintf("part-%d.json.gz", i))
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
