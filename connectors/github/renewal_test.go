package github_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
)

// What GitHub answers 304 to depends on the token, and that of an App lives for
// an hour. So each renewal costs one answer for each list: of the issues since
// the overlap, never of all, and of the names.
func TestARenewedTokenCostsOneSmallAnswerForEachList(t *testing.T) {
	t.Parallel()
	auth := appAuth(t)
	synctest.Test(t, func(t *testing.T) {
		const repositories, issues = 20, 150
		w := githubsim.World{Apps: []githubsim.App{{ID: 12, Installation: 34, Key: &appKey().PublicKey, Login: "tandem[bot]", Service: true}}}
		at := time.Now().UTC().Add(-40 * 24 * time.Hour).Truncate(time.Second)
		for r := range repositories {
			name := fmt.Sprintf("acme/r%02d", r)
			w.Repositories = append(w.Repositories, githubsim.Repository{Name: name, Private: true})
			for n := range issues {
				w.Issues = append(w.Issues, githubsim.Issue{Repository: name, Title: fmt.Sprint(n), Labels: []string{"bug"}, Created: at, Updated: at.Add(time.Duration(n) * time.Hour)})
			}
		}
		site, err := githubsim.New(w, githubsim.Options{Now: time.Now, Limits: true})
		if err != nil {
			t.Fatal(err)
		}
		rows := &weighed{next: sim.Network{"127.0.0.1": site}}
		c := connect(t, connectors.Env{Name: "gh", Transport: rows, Now: time.Now}, "url: http://127.0.0.1\n"+auth+`repositories: ["acme/*"]`)
		var at1, names connectors.Cursor
		poll := func(minute int) {
			if minute%15 == 0 {
				_, _, names = looked(t, c, names)
			}
			at1 = read(t, c, at1).Cursor
			time.Sleep(time.Minute)
		}
		for m := range 20 { // the first import, and the first look at the names
			poll(m)
		}
		const hours = 24
		used, calls, sent := quota(site), site.Calls("", ""), rows.bytes
		for m := range hours * 60 {
			poll(m)
		}
		used, calls, sent = quota(site)-used, site.Calls("", "")-calls, rows.bytes-sent
		perHour := used / hours
		t.Logf("%d repositories, an idle hour: %d calls, %d of them from the quota of 5,000, %d kB", repositories, calls/hours, perHour, sent/hours/1000)
		// Three lists each at every renewal, and who may read each repository, once
		// a day; a token and the repositories of the glob.
		if most := repositories*4 + 4; perHour > most {
			t.Errorf("%d of the quota in an hour, want at most %d", perHour, most)
		}
		if kb := sent / hours / 1000; kb > repositories*15 {
			t.Errorf("%d kB in an hour: more than what changed last is read again", kb)
		}
	})
}

// weighed counts the bytes of answers.
type weighed struct {
	next  http.RoundTripper
	bytes int
}

func (c *weighed) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	c.bytes += len(raw)
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	return resp, nil
}
