package chaos_test

import (
	"cmp"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// toll holds a connection to what its service allows, by the service's own
// answers (S10): nothing is asked before a Retry-After is over, nor while no
// more is left than the share that belongs to people. A process that starts
// anew has heard nothing.
type toll struct {
	mu    sync.Mutex
	until time.Time            // nothing is asked before
	why   string               // the answer that said so
	heard time.Time            // when
	of    string               // the folder of what was asked, where it was read
	late  int                  // how many more of that folder set out at that moment
	spent map[string]time.Time // until when a quota belongs to people
}

// share is what is left to people.
const share = 0.2

// asks judges a request that sets out.
func (t *toll) asks(l *life, connector string, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, what := time.Now(), r.Method+" "+r.URL.Path
	if l.skew != 0 {
		return // package httpx goes by the clock of the bubble, which no step moves: the two would contradict each other
	}
	l.mu.Lock()
	l.checked["S10 requests within what the service allows"]++
	l.mu.Unlock()
	if now.Before(t.until) && !t.onItsWay(now, r) {
		l.broken("S10", connector, "%s was sent %s before the time that %s gave", what, t.until.Sub(now).Round(time.Second), t.why)
	}
	if until := t.spent[quotaOf(r)]; now.Before(until) {
		l.broken("S10", connector, "%s was sent although only the share of people was left until %s", what, until.Format(time.TimeOnly))
	}
}

// abreast is how many issues are read by id at a time (connectors/jira). What is
// on its way beside the one that was refused cannot be called back.
const abreast = 6

func (t *toll) onItsWay(now time.Time, r *http.Request) bool {
	if !now.Equal(t.heard) || r.Method != http.MethodGet || path.Dir(r.URL.Path) != t.of {
		return false
	}
	t.late++
	return t.late < abreast
}

func quotaOf(r *http.Request) string {
	if strings.HasSuffix(r.URL.Path, "/graphql") {
		return "graphql"
	}
	return "core"
}

// hears notes what an answer says.
func (t *toll) hears(r *http.Request, resp *http.Response) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, h := time.Now(), resp.Header
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err == nil && seconds > 0 && resp.StatusCode == http.StatusTooManyRequests {
		if until := now.Add(time.Duration(seconds) * time.Second); until.After(t.until) {
			t.until, t.why = until, resp.Status+" to "+r.Method+" "+r.URL.Path
			t.heard, t.of, t.late = now, "", 0
			if r.Method == http.MethodGet && path.Base(path.Dir(r.URL.Path)) == "issue" {
				t.of = path.Dir(r.URL.Path)
			}
		}
	}
	limit, errLimit := strconv.ParseFloat(h.Get("X-Ratelimit-Limit"), 64)
	left, errLeft := strconv.ParseFloat(h.Get("X-Ratelimit-Remaining"), 64)
	reset, errReset := strconv.ParseInt(h.Get("X-Ratelimit-Reset"), 10, 64)
	if errLimit != nil || errLeft != nil || errReset != nil || limit <= 0 {
		return
	}
	quota := cmp.Or(h.Get("X-Ratelimit-Resource"), "core")
	if delete(t.spent, quota); left <= limit*share {
		t.spent[quota] = time.Unix(reset, 0)
	}
}
