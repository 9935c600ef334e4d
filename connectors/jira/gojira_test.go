package jira

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

// serve runs a server on the loopback and connects to it over real sockets.
func serve(t *testing.T, path string, handle http.HandlerFunc) (*connectors.Connector, *atomic.Int32) {
	t.Helper()
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(handle)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c := testConfig()
	c.URL = server.URL + path
	if problems := validate("jira", c); len(problems) > 0 {
		t.Fatal(problems)
	}
	live, err := open(t.Context(), connectors.Env{Name: "jira"}, c)
	if err != nil {
		t.Fatal(err)
	}
	return live, &connections
}

// go-jira leaves the body of Do(req, nil) open: each call would cost a
// connection.
func TestConnectionsAreUsedAgain(t *testing.T) {
	t.Parallel()
	live, connections := serve(t, "", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPut:
			w.WriteHeader(http.StatusNoContent)
		case strings.HasSuffix(r.URL.Path, "/search/jql"):
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"errorMessages":["` + strings.Repeat("no ", 3000) + `"]}`))
		default:
			_, _ = w.Write([]byte(`{"id":"10001","key":"PAY-1","fields":{"labels":[]}}`))
		}
	})
	for range 10 {
		if got := live.Sink.Send(t.Context(), []work.Edit{add("x")}); got[0].State != work.Applied {
			t.Fatalf("%+v", got)
		}
		if got := poll(t, live, nil); got.err == nil {
			t.Fatal("a refusal was taken for a page")
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for 30 calls", n)
	}
}

// go-jira returns part of the issues with an error that hides its cause.
func TestABrokenConnectionIsNotAPage(t *testing.T) {
	t.Parallel()
	whole := fmt.Sprintf(`{"issues":[%s],"isLast":true}`, rawIssue(1, time.Now(), ""))
	live, _ := serve(t, "", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
		_, _ = w.Write([]byte(whole[:len(whole)-20])) // the server closes the connection
	})
	got := poll(t, live, nil)
	if !errors.Is(got.err, httpx.ErrCutOff) || got.pages != 0 {
		t.Errorf("%d pages, %v", got.pages, got.err)
	}
}

// go-jira reads what Jira says only from some forms, and then one message of
// many, in random order.
func TestEverythingThatJiraSaysIsKept(t *testing.T) {
	t.Parallel()
	cases := []struct{ body, want string }{
		{`{"errorMessages":["One.","Two."],"errors":{"b":"B.","a":"A."}}`, "One.; Two.; a: A.; b: B."},
		{`{"errors":{"x":{"nested":["deep"]}}}`, "x: nested: deep"},
		{`{"code":401,"message":"Unauthorized; scope does not match"}`, "Unauthorized; scope does not match"},
	}
	for _, c := range cases {
		live, _ := serve(t, "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(c.body))
		})
		for range 3 {
			if got := poll(t, live, nil); got.err == nil || !strings.Contains(got.err.Error(), c.want) {
				t.Errorf("%v, want %q in it", got.err, c.want)
			}
		}
	}
}

// go-jira's types refuse documents, Z and +02:00, empty due dates, fractions.
func TestOddFormsCostNoPage(t *testing.T) {
	t.Parallel()
	live, _ := serve(t, "", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"issues":[{"id":10001,"key":"PAY-1","fields":{"summary":"x","created":"2026-01-01T00:00:00Z","updated":"2026-01-02T00:00:00+02:00",
			"duedate":"","timespent":1.5,"description":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"y"}]}]}}}],"isLast":true}`))
	})
	got := poll(t, live, nil)
	if got.err != nil || len(got.records) != 1 || len(got.rejects) != 0 || got.records[0].Fields["description"] != work.NewText("y") || got.records[0].Fields["duedate"] != work.Empty() {
		t.Errorf("%+v", got)
	}
}

func TestASiteBelowAPathIsReached(t *testing.T) {
	t.Parallel()
	var path atomic.Value
	live, _ := serve(t, "/jira/", func(w http.ResponseWriter, r *http.Request) {
		path.Store(r.URL.Path)
		_, _ = w.Write([]byte(`{"issues":[],"isLast":true}`))
	})
	if got := poll(t, live, nil); got.err != nil || path.Load() != "/jira/rest/api/2/search/jql" {
		t.Errorf("%v, %v", path.Load(), got.err)
	}
}

func TestReadingStopsWithTheReader(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	live, _ := serve(t, "", func(w http.ResponseWriter, _ *http.Request) {
		n := calls.Add(1)
		_, _ = fmt.Fprintf(w, `{"issues":[%s],"nextPageToken":"t%d"}`, rawIssue(int(n), time.Now(), ""), n)
	})
	for _, err := range live.Source.Pages(t.Context(), issueStream, nil) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if n := calls.Load(); n != 1 {
		t.Errorf("%d calls after the reader stopped", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	pages := 0
	var last error
	for _, err := range live.Source.Pages(ctx, issueStream, nil) {
		if last = err; err == nil {
			pages++
			cancel()
		}
	}
	cancel()
	if !errors.Is(last, context.Canceled) || pages != 1 {
		t.Errorf("%d pages, %v", pages, last)
	}
}
