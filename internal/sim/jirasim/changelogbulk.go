package jirasim

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// bulkLog is a request for the changelogs of many issues.
type bulkLog struct {
	Issues    []string `json:"issueIdsOrKeys"`
	Fields    []string `json:"fieldIds"`
	Max       *int     `json:"maxResults"`
	NextToken string   `json:"nextPageToken"`
}

// valid reports whether the request keeps to the limits; all of maxResults
// are changes, not issues.
func (q bulkLog) valid() bool {
	return len(q.Issues) > 0 && len(q.Issues) <= 1000 && len(q.Fields) <= 10 && q.size() > 0 && q.size() <= 10000
}

func (q bulkLog) size() int {
	if q.Max != nil {
		return *q.Max
	}
	return 1000
}

// A page token is a place in the list and the request that it belongs to.
func (q bulkLog) token(at int) string {
	text := strconv.Itoa(at) + " " + fingerprint(strings.Join(q.Issues, " ")+"/"+strings.Join(q.Fields, " "), nil)
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// start reads the page token.
func (q bulkLog) start() (int, bool) {
	if q.NextToken == "" {
		return 0, true
	}
	raw, err := base64.RawURLEncoding.DecodeString(q.NextToken)
	if err != nil {
		return 0, false
	}
	place, _, _ := strings.Cut(string(raw), " ")
	at, err := strconv.Atoi(place)
	return at, err == nil && at > 0 && q.NextToken == q.token(at)
}

// logLine is one change of one of the issues.
type logLine struct {
	issue  int64
	change Change
}

// changelogBulk answers for many issues at once: oldest change first, then
// smallest issue id. The changes of a page are put together by issue, so an
// issue may come again on the next page.
func (s *Site) changelogBulk(a *asker, w http.ResponseWriter, r *http.Request) {
	var req bulkLog
	if !body(w, r, &req, true) {
		return
	}
	start, ok := req.start()
	if !ok || !req.valid() {
		badPayload(w)
		return
	}
	lines := s.logLines(a, req)
	answer := object{}
	end := min(start+req.size(), len(lines))
	if end < len(lines) {
		answer["nextPageToken"] = req.token(end)
	}
	logs := []object{}
	places := map[int64]int{}
	for _, l := range lines[min(start, end):end] {
		n, known := places[l.issue]
		if !known {
			n = len(logs)
			places[l.issue] = n
			logs = append(logs, object{"issueId": strconv.FormatInt(l.issue, 10), "changeHistories": []any{}})
		}
		entry := a.history(l.change)
		if s.options.EpochChangelog {
			entry["created"] = l.change.At.Unix()
		}
		logs[n]["changeHistories"] = append(logs[n]["changeHistories"].([]any), entry)
	}
	answer["issueChangeLogs"] = logs
	reply(w, http.StatusOK, answer)
}

// logLines collects what the request asks for and the caller may see, in
// order.
func (s *Site) logLines(a *asker, req bulkLog) []logLine {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []logLine
	met := map[int64]bool{}
	for _, idOrKey := range req.Issues {
		e := s.seen(a, idOrKey)
		if e == nil || met[e.ID] {
			continue
		}
		met[e.ID] = true
		for _, c := range e.History {
			if c.Items = only(c.Items, req.Fields); len(c.Items) > 0 {
				lines = append(lines, logLine{e.ID, c})
			}
		}
	}
	slices.SortStableFunc(lines, func(x, y logLine) int {
		return cmp.Or(x.change.At.Compare(y.change.At), cmp.Compare(x.issue, y.issue))
	})
	return lines
}

func only(items []Item, fields []string) []Item {
	if len(fields) == 0 {
		return items
	}
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return !slices.Contains(fields, i.FieldID) })
}
