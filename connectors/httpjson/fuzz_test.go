package httpjson_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"tandem/connectors/connectortest"
	"tandem/connectors/httpjson"
	"tandem/internal/work"
)

// FuzzAnswer feeds any bytes as an answer: nothing panics, and what is no list
// of records is an error or a reject, never an empty list.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"rows":[{"id":"1","at":"2026-01-01"}]}`, `{"rows":[]}`, `[]`, "{}\n{}", "\x1f\x8b\x08", "PK\x03\x04", `{"rows":[{"id":1e400,"at":1e308}]}`, `{"rows":[[[]]]}`} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	json := prepare(f, simple("request: {path: /s}", "records: rows"))
	lines := prepare(f, simple("request: {path: /s}", "format: jsonl"))
	f.Fuzz(func(t *testing.T, body string, asLines bool) {
		instance := json
		if asLines {
			instance = lines
		}
		live := openAgain(t, instance, to(answering(http.StatusOK, "application/json", []byte(body))))
		pages, err := read(t, live, "s", nil)
		if err == nil && !asLines && !strings.Contains(body, "rows") && !strings.HasPrefix(body, "\x1f\x8b") && !strings.HasPrefix(body, "PK") && !strings.Contains(body, `\u`) {
			t.Errorf("%q gave %d pages and no error", body, len(pages))
		}
	})
}

// FuzzPath compiles any text as a path and reads a record by it.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"a.b[0]", "a[*].b", `["x.y"]`, "a[?b=c].d", "@parent.x", ".", "a..b", "[", "[?", `["`, "@", "a[?b.c[0]=d]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, problems := httpjson.Definition().New(connectortest.Name, func(into any) []work.Problem {
			c, ok := into.(*httpjson.Config)
			if !ok {
				t.Fatalf("decode into %T", into)
			}
			c.URL = "https://api.example.com"
			c.Streams = map[string]httpjson.Stream{"s": {Yields: "feedback", Fields: map[string]httpjson.Field{"id": {Path: text}, "at": {Path: "at"}}}}
			return nil
		})
		for _, p := range problems {
			if p.What == "" || p.Remedy == "" {
				t.Errorf("%s: %+v", strconv.Quote(text), p)
			}
		}
	})
}
