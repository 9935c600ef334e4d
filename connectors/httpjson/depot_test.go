package httpjson_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/config"
	"tandem/connectors/httpjson"
	"tandem/internal/work"
)

// depot holds records and offers them by every kind of paging.
type depot struct {
	rows []stone
	now  time.Time
}

type stone struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	V      time.Time `json:"v"`
	Text   string    `json:"text"`
	parent string
}

func newDepot(r *rapid.T, now time.Time) *depot {
	d := &depot{now: now.UTC().Truncate(time.Second)}
	n := rapid.IntRange(0, 40).Draw(r, "records")
	at := d.now.Add(-25 * 24 * time.Hour)
	for i := range n {
		at = at.Add(time.Duration(rapid.IntRange(0, 14).Draw(r, "hours")) * time.Hour) // some at the same time
		d.rows = append(d.rows, stone{fmt.Sprintf("S-%03d", i), at, at, "as said", "p" + strconv.Itoa(i%3)})
	}
	return d
}

func (d *depot) texts() map[string]string {
	all := map[string]string{}
	for _, s := range d.rows {
		all[s.ID] = s.Text
	}
	return all
}

// change adds a newest record.
func (d *depot) change(r *rapid.T) {
	d.rows = append(d.rows, stone{"S-new", d.now, d.now, "later", "p" + strconv.Itoa(rapid.IntRange(0, 2).Draw(r, "parent"))})
}

func (d *depot) since(text string) []stone {
	since, _ := time.Parse(time.RFC3339, text)
	return slices.DeleteFunc(slices.Clone(d.rows), func(s stone) bool { return s.At.Before(since) })
}

const depotPage = 7

func (d *depot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	rows := d.since(q.Get("since"))
	from, _ := strconv.Atoi(q.Get("cursor"))
	size := depotPage
	switch kind := strings.TrimPrefix(r.URL.Path, "/"); {
	case kind == "parents":
		_, _ = w.Write([]byte(`[{"id":"p2"},{"id":"p0"},{"id":"p1"}]`))
		return
	case strings.HasPrefix(kind, "of/"):
		rows = slices.DeleteFunc(rows, func(s stone) bool { return "of/"+s.parent != kind })
	case kind == "offset":
		from, _ = strconv.Atoi(q.Get("offset"))
	case kind == "page":
		page, _ := strconv.Atoi(q.Get("page"))
		from = page * size
	case kind == "last":
		from = slices.IndexFunc(rows, func(s stone) bool { return s.ID == q.Get("after") }) + 1
	case kind == "newest":
		slices.Reverse(rows)
	case kind == "window":
		until, _ := time.Parse(time.RFC3339, q.Get("to"))
		rows = slices.DeleteFunc(d.since(q.Get("from")), func(s stone) bool { return !s.At.Before(until) && until.Before(d.now) })
		size = len(rows)
	case kind == "key":
		var body struct {
			Filter struct{ From string }
			Limit  int
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.Limit == 0 {
			http.Error(w, `{"message":"no limit"}`, http.StatusBadRequest)
			return
		}
		rows, size = d.since(body.Filter.From), body.Limit
	}
	from = min(from, len(rows))
	to := min(from+size, len(rows))
	answer := map[string]any{"rows": rows[from:to], "more": to < len(rows)}
	if rows[from:to] == nil {
		answer["rows"] = []stone{}
	}
	if to < len(rows) {
		answer["next"] = strconv.Itoa(to)
		if r.URL.Path == "/next_url" {
			q.Set("cursor", strconv.Itoa(to))
			answer["next"] = "https://api.example.com/next_url?" + q.Encode()
		}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func allProblems(t *testing.T, read func(any) []work.Problem, settings config.Connector) []string {
	t.Helper()
	_, problems := httpjson.Definition().New("tool", read)
	var all []string
	for _, d := range settings.Diagnose(problems) {
		all = append(all, d.Error())
	}
	return all
}
