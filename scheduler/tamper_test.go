package scheduler_test

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"

	"tandem/internal/sim"
	"tandem/internal/sim/judge"
)

// site is the way to Jira without anything in between.
func (f *firm) site() http.RoundTripper { return sim.Network{"acme.example": f.jira} }

func judged(f *firm, next http.RoundTripper) http.RoundTripper {
	if f.world.unjudged {
		return next
	}
	return judging.Transport(judge.Jira, next)
}

// untampered takes everything out of the way to Jira.
func (f *firm) untampered() { f.transport["jira"] = judged(f, f.site()) }

// rewritten changes the body of an answer and marks it, so that the judge does
// not blame the stand-in.
func rewritten(resp *http.Response, change func(string) string) (*http.Response, error) {
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	body := change(string(raw))
	if body != string(raw) {
		resp.Header = resp.Header.Clone()
		resp.Header.Set(sim.FaultHeader, "tampered")
		resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
		resp.ContentLength = int64(len(body))
	}
	resp.Body = io.NopCloser(bytes.NewReader([]byte(body)))
	return resp, nil
}

// oddSummary makes an issue's summary a number.
func oddSummary(key string) func(string) string {
	return func(body string) string { return strings.ReplaceAll(body, `"summary":"Do `+key+`"`, `"summary":[17]`) }
}
