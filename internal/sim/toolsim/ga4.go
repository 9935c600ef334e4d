package toolsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// GA4 answers runReport by date and event name, and gives tokens to a service
// account at /token.
type GA4 struct {
	presetDesk
	Property string
	// Token is what /token gives, for an hour.
	Token string
	// Counts are events by day (2006-01-02) and name.
	Counts map[string]map[string]int
	Names  []string // the order of names
}

// ServeHTTP answers POST /v1beta/properties/ID:runReport and POST /token.
func (g *GA4) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	property, ok := g.asks(w, r, http.MethodPost, "/token", "/v1beta/properties/*:runReport")
	if !ok {
		return
	}
	if r.URL.Path == "/token" {
		if err := r.ParseForm(); err != nil || r.PostForm.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" || r.PostForm.Get("assertion") == "" {
			g.refuse(w, http.StatusBadRequest, "no signed assertion")
			return
		}
		g.answer(w, map[string]any{"access_token": g.Token, "token_type": "Bearer", "expires_in": 3600})
		return
	}
	if !g.bearer(w, r, g.Token) {
		return
	}
	g.report(w, r, property)
}

type ga4Named struct {
	Name string `json:"name"`
}

type ga4Request struct {
	DateRanges []struct {
		Start string `json:"startDate"`
		End   string `json:"endDate"`
	} `json:"dateRanges"`
	Dimensions []ga4Named `json:"dimensions"`
	Metrics    []ga4Named `json:"metrics"`
	Filter     struct {
		Filter struct {
			Field string `json:"fieldName"`
			List  struct {
				Values []string `json:"values"`
			} `json:"inListFilter"`
		} `json:"filter"`
	} `json:"dimensionFilter"`
	Limit  json.Number `json:"limit"`
	Offset json.Number `json:"offset"`
	Quota  bool        `json:"returnPropertyQuota"`
}

func (g *GA4) report(w http.ResponseWriter, r *http.Request, property string) {
	var q ga4Request
	if !g.body(w, r, &q) {
		return
	}
	if property != g.Property || len(q.DateRanges) != 1 || fmt.Sprint(q.Dimensions, q.Metrics) != "[{date} {eventName}] [{eventCount} {totalUsers}]" || len(q.Filter.Filter.List.Values) == 0 {
		g.refuse(w, http.StatusBadRequest, "property, one range, dimensions and metrics are needed")
		return
	}
	from, err1 := time.Parse(time.DateOnly, q.DateRanges[0].Start)
	to, err2 := time.Parse(time.DateOnly, q.DateRanges[0].End)
	limit, err3 := strconv.Atoi(q.Limit.String())
	offset, err4 := strconv.Atoi(q.Offset.String())
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || to.Before(from) || limit > 250000 {
		g.refuse(w, http.StatusBadRequest, "dates, limit (250,000 at most) or offset are wrong")
		return
	}
	value := func(s string) map[string]string { return map[string]string{"value": s} }
	rows := []any{}
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		for _, name := range q.Filter.Filter.List.Values {
			if n := g.Counts[day.Format(time.DateOnly)][name]; n > 0 { // nothing is no row
				rows = append(rows, map[string]any{
					"dimensionValues": []any{value(day.Format("20060102")), value(name)},
					"metricValues":    []any{value(strconv.Itoa(n)), value(strconv.Itoa((n + 1) / 2))},
				})
			}
		}
	}
	answer := map[string]any{
		"dimensionHeaders": []ga4Named{{"date"}, {"eventName"}}, "metricHeaders": []ga4Named{{"eventCount"}, {"totalUsers"}},
		"kind": "analyticsData#runReport",
	}
	if len(rows) > 0 {
		answer["rowCount"], answer["rows"] = len(rows), cutOf(rows, offset, min(limit, 20))
	}
	g.answer(w, answer)
}
