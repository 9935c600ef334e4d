package toolsim

import (
	"archive/zip"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Amplitude answers the export and the segmentation of events.
type Amplitude struct {
	presetDesk
	Key, Secret string
	Now         func() time.Time
	Events      []AmplitudeEvent
}

// AmplitudeEvent is one event; Uploaded is when it came.
type AmplitudeEvent struct {
	UUID, Type, User string
	Uploaded         time.Time
	Properties       map[string]any
}

// ServeHTTP answers /api/2/export and /api/2/events/segmentation.
func (a *Amplitude) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, ok := a.asks(w, r, http.MethodGet, "/api/2/export", "/api/2/events/segmentation"); !ok || !a.basic(w, r, a.Key, a.Secret) {
		return
	}
	if r.URL.Path == "/api/2/export" {
		a.export(w, r)
		return
	}
	a.segmentation(w, r)
}

// span reads start and end; both are included.
func (a *Amplitude) span(w http.ResponseWriter, r *http.Request, layout string, unit time.Duration) (from, to time.Time, ok bool) {
	from, err1 := time.Parse(layout, r.URL.Query().Get("start"))
	to, err2 := time.Parse(layout, r.URL.Query().Get("end"))
	to = to.Add(unit)
	if err1 != nil || err2 != nil || !to.After(from) || to.Sub(from) > 365*24*time.Hour {
		a.refuse(w, http.StatusBadRequest, "start and end must be "+layout+" and at most 365 days apart")
		return from, to, false
	}
	return from, to, true
}

func (a *Amplitude) export(w http.ResponseWriter, r *http.Request) {
	from, to, ok := a.span(w, r, "20060102T15", time.Hour)
	if !ok || !a.only(w, r.URL.Query(), "start", "end") {
		return
	}
	hours := map[string][]AmplitudeEvent{}
	var names []string
	for _, e := range a.Events {
		if e.Uploaded.Before(from) || !e.Uploaded.Before(to) || e.Uploaded.After(a.Now().Add(-2*time.Hour)) { // not there yet
			continue
		}
		name := fmt.Sprintf("4711/4711_%s#0.json.gz", e.Uploaded.Format("2006-01-02_15"))
		if len(hours[name]) == 0 {
			names = append(names, name)
		}
		hours[name] = append(hours[name], e)
	}
	if len(names) == 0 {
		w.WriteHeader(http.StatusNotFound) // as documented: no data
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	z := zip.NewWriter(w)
	for _, name := range names {
		if err := writeHour(z, name, hours[name]); err != nil {
			return // the reader went away
		}
	}
	_ = z.Close()
}

func writeHour(z *zip.Writer, name string, events []AmplitudeEvent) error {
	member, err := z.Create(name)
	if err != nil {
		return err
	}
	g := gzip.NewWriter(member)
	for _, e := range events {
		line := map[string]any{
			"uuid": e.UUID, "$insert_id": "i-" + e.UUID, "user_id": e.User, "event_type": e.Type,
			"event_time": e.Uploaded.Add(-time.Minute).Format("2006-01-02 15:04:05.000000"), "event_properties": e.Properties,
		}
		if err := json.NewEncoder(g).Encode(line); err != nil {
			return err
		}
	}
	return g.Close()
}

func (a *Amplitude) segmentation(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, to, ok := a.span(w, r, "20060102", 24*time.Hour)
	if !ok || !a.only(w, q, "e", "start", "end", "m", "i", "limit") {
		return
	}
	var e struct {
		Type string `json:"event_type"`
	}
	if err := json.Unmarshal([]byte(q.Get("e")), &e); err != nil || e.Type == "" || q.Get("m") != "totals" || q.Get("i") != "1" {
		a.refuse(w, http.StatusBadRequest, "e must be JSON with event_type, m totals, i 1")
		return
	}
	days, numbers := []string{}, []int{}
	for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
		n := 0
		for _, x := range a.Events {
			if x.Type == e.Type && !x.Uploaded.Before(day) && x.Uploaded.Before(day.AddDate(0, 0, 1)) {
				n++
			}
		}
		days, numbers = append(days, day.Format(time.DateOnly)), append(numbers, n)
	}
	a.answer(w, map[string]any{"data": map[string]any{
		"series": [][]int{numbers}, "seriesLabels": []any{e.Type}, "xValues": days,
	}})
}
