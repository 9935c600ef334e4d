package toolsim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Pendo answers aggregations of pollEvents and featureEvents.
type Pendo struct {
	presetDesk
	Key      string
	Polls    []PendoPoll
	Features []PendoUse
}

// PendoPoll is one answer to a poll.
type PendoPoll struct {
	PollID      string `json:"pollId"`
	GuideID     string `json:"guideId"`
	VisitorID   string `json:"visitorId"`
	AccountID   string `json:"accountId"`
	BrowserTime int64  `json:"browserTime"`
	Type        string `json:"type"`
	Country     string `json:"country"`
	Response    any    `json:"pollResponse"`
}

// PendoUse is the usage of a feature by a visitor on a day.
type PendoUse struct {
	FeatureID string `json:"featureId"`
	VisitorID string `json:"visitorId"`
	AccountID string `json:"accountId"`
	Day       int64  `json:"day"`
	NumEvents int    `json:"numEvents"`
}

type pendoStage struct {
	Source *struct {
		Polls    *struct{ AppID []string }   `json:"pollEvents"`
		Features *struct{ FeatureID string } `json:"featureEvents"`
		Series   struct {
			Period string
			First  int64
			Last   any
		} `json:"timeSeries"`
	} `json:"source"`
	Sort   []string `json:"sort"`
	Filter string   `json:"filter"`
	Limit  int      `json:"limit"`
}

// ServeHTTP answers POST /api/v1/aggregation.
func (p *Pendo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, ok := p.asks(w, r, http.MethodPost, "/api/v1/aggregation"); !ok {
		return
	}
	if r.Header.Get("X-Pendo-Integration-Key") != p.Key {
		p.refuse(w, http.StatusForbidden, "the integration key is not valid")
		return
	}
	var body struct {
		Response struct {
			MimeType string `json:"mimeType"`
		} `json:"response"`
		Request struct {
			Pipeline []pendoStage `json:"pipeline"`
		} `json:"request"`
	}
	if !p.body(w, r, &body) {
		return
	}
	stages := body.Request.Pipeline
	if len(stages) != 4 || stages[0].Source == nil || body.Response.MimeType != "application/json" {
		p.refuse(w, http.StatusBadRequest, "the pipeline must be source, sort, filter, limit")
		return
	}
	series := stages[0].Source.Series
	if series.Period != "dayRange" || series.First == 0 || series.Last == nil {
		p.refuse(w, http.StatusBadRequest, "a date range is mandatory")
		return
	}
	filter := regexp.MustCompile(`^(browserTime|day)>=(\d+)$`).FindStringSubmatch(stages[2].Filter)
	if filter == nil || len(stages[1].Sort) != 1 || stages[1].Sort[0] != filter[1] || stages[3].Limit < 1 {
		p.refuse(w, http.StatusBadRequest, "sort, filter or limit is wrong: "+stages[2].Filter)
		return
	}
	from, _ := strconv.ParseInt(filter[2], 10, 64)
	p.answer(w, map[string]any{"results": cutOf(p.rows(stages[0], max(from, series.First)), 0, stages[3].Limit)})
}

func (p *Pendo) rows(s pendoStage, from int64) []any {
	rows := []any{}
	if s.Source.Polls != nil {
		for _, e := range slices.SortedStableFunc(slices.Values(p.Polls), func(a, b PendoPoll) int { return int(a.BrowserTime - b.BrowserTime) }) {
			if e.BrowserTime >= from {
				rows = append(rows, e)
			}
		}
		return rows
	}
	last := time.Now().UnixMilli()
	if n, ok := s.Source.Series.Last.(float64); ok {
		last = int64(n)
	}
	if n, ok := s.Source.Series.Last.(json.Number); ok {
		last, _ = n.Int64()
	}
	for _, e := range slices.SortedStableFunc(slices.Values(p.Features), func(a, b PendoUse) int { return int(a.Day - b.Day) }) {
		if e.Day >= from && e.Day < last && e.FeatureID == s.Source.Features.FeatureID {
			rows = append(rows, e)
		}
	}
	return rows
}
