package toolsim

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PostHog answers two HogQL queries: survey answers, and usage by day.
type PostHog struct {
	presetDesk
	Key, Project string
	Events       []PostHogEvent
}

// PostHogEvent is one event.
type PostHogEvent struct {
	UUID, Event, DistinctID string
	At                      time.Time
	Properties              map[string]any
}

// ServeHTTP answers POST /api/projects/ID/query/.
func (p *PostHog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	project, ok := p.asks(w, r, http.MethodPost, "/api/projects/*/query/")
	if !ok || !p.bearer(w, r, p.Key) {
		return
	}
	var body struct {
		Query struct {
			Kind  string `json:"kind"`
			Query string `json:"query"`
		} `json:"query"`
	}
	if !p.body(w, r, &body) {
		return
	}
	switch {
	case project != p.Project:
		p.refuse(w, http.StatusNotFound, "there is no project "+project)
	case body.Query.Kind != "HogQLQuery":
		p.refuse(w, http.StatusBadRequest, "unknown kind of query")
	case strings.Contains(body.Query.Query, "event = 'survey sent'"):
		p.answers(w, body.Query.Query)
	default:
		p.usage(w, body.Query.Query)
	}
}

// times finds toDateTime('…') in a query.
func (p *PostHog) times(w http.ResponseWriter, query string, want int) ([]time.Time, bool) {
	var times []time.Time
	for _, m := range regexp.MustCompile(`toDateTime\('([^']*)'\)`).FindAllStringSubmatch(query, -1) {
		t, err := time.Parse(time.DateTime, m[1])
		if err != nil {
			t, err = time.Parse(time.DateOnly, m[1])
		}
		if err == nil {
			times = append(times, t)
		}
	}
	if len(times) != want {
		p.refuse(w, http.StatusBadRequest, "the times of the query cannot be parsed: "+query)
		return nil, false
	}
	return times, true
}

func (p *PostHog) answers(w http.ResponseWriter, query string) {
	limit := regexp.MustCompile(`^select uuid, timestamp, distinct_id, properties from events where .* order by timestamp limit (\d+)$`).FindStringSubmatch(query)
	if limit == nil {
		p.refuse(w, http.StatusBadRequest, "this query was not foreseen: "+query)
		return
	}
	times, ok := p.times(w, query, 1)
	if !ok {
		return
	}
	rows := [][]any{}
	for _, e := range p.sorted() {
		if e.Event != "survey sent" || e.At.Before(times[0]) {
			continue
		}
		properties, err := json.Marshal(e.Properties)
		if err != nil {
			panic(err)
		}
		rows = append(rows, []any{e.UUID, e.At.Format("2006-01-02T15:04:05.000000Z07:00"), e.DistinctID, string(properties)})
	}
	most, _ := strconv.Atoi(limit[1])
	p.answer(w, map[string]any{"columns": []string{"uuid", "timestamp", "distinct_id", "properties"}, "results": cutOf(rows, 0, most)})
}

func (p *PostHog) sorted() []PostHogEvent {
	return slices.SortedStableFunc(slices.Values(p.Events), func(a, b PostHogEvent) int { return a.At.Compare(b.At) })
}

func (p *PostHog) usage(w http.ResponseWriter, query string) {
	names := regexp.MustCompile(`event in \(([^)]*)\)`).FindStringSubmatch(query)
	if names == nil || !strings.Contains(query, "group by event, day") {
		p.refuse(w, http.StatusBadRequest, "this query was not foreseen: "+query)
		return
	}
	times, ok := p.times(w, query, 2)
	if !ok {
		return
	}
	type key struct{ day, event string }
	count, people := map[key]int{}, map[key]map[string]bool{}
	for _, e := range p.Events {
		if !strings.Contains(names[1], "'"+e.Event+"'") || e.At.Before(times[0]) || !e.At.Before(times[1]) {
			continue
		}
		k := key{e.At.Format(time.DateOnly), e.Event}
		count[k]++
		if people[k] == nil {
			people[k] = map[string]bool{}
		}
		people[k][e.DistinctID] = true
	}
	rows := [][]any{}
	for _, k := range slices.SortedFunc(maps.Keys(count), func(a, b key) int { return strings.Compare(a.day+a.event, b.day+b.event) }) {
		rows = append(rows, []any{k.event, k.day, count[k], len(people[k])})
	}
	p.answer(w, map[string]any{"columns": []string{"event", "day", "times", "people"}, "results": rows})
}
