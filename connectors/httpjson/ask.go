package httpjson

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// asked is the request without what goes only before the first cursor.
func (w *walk) asked(at place) Request {
	r := w.stream.Request
	if at.Token == "" || len(w.stream.Page.Without) == 0 {
		return r
	}
	r.Query, r.Body = without(r.Query, w.stream.Page.Without), without(r.Body, w.stream.Page.Without)
	return r
}

func without(m map[string]any, names []string) map[string]any {
	rest := map[string]any{}
	for key, v := range m {
		if !slices.Contains(names, key) {
			rest[key] = v
		}
	}
	return rest
}

func (w *walk) address(at place) string {
	if w.stream.Page.Kind == "next_url" {
		return at.Token
	}
	return ""
}

// look fills in the placeholders of a request.
func (w *walk) look(p parent, pt *part, to time.Time) look {
	s := w.stream
	return func(name string) (any, bool) {
		switch name {
		case "since":
			return spelled(pt.From, s.spec.Since.Format, s.zone), !pt.From.IsZero()
		case "until":
			return spelled(lastOf(to, s), s.spec.Since.Format, s.zone), true
		case "key":
			if len(pt.Place.Key) == 0 {
				return spelled(pt.From, s.spec.Since.Format, s.zone), !pt.From.IsZero()
			}
			key, err := decodeJSON(pt.Place.Key)
			return key, err == nil
		}
		if v, ok := placed(&s.endpoint, pt.Place, name); ok {
			return v, true
		}
		return w.given(p, name)
	}
}

// lastOf is {until}: the end of the window, or the last step inside of it.
func lastOf(to time.Time, s *stream) time.Time {
	unit := unitOf(s.spec.Since.Format)
	if s.spec.Since.Inclusive {
		return floor(to.Add(-time.Nanosecond), unit, s.zone)
	}
	down := floor(to, unit, s.zone)
	if down.Before(to) && unit > time.Second {
		return stepped(down, unit, s.zone)
	}
	return to
}

// placed are the placeholders of paging.
func placed(e *endpoint, at place, name string) (any, bool) {
	switch name {
	case "cursor", "last":
		return at.Token, at.Token != ""
	case "offset":
		return json.Number(fmt.Sprint(at.Offset)), true
	case "page":
		return json.Number(fmt.Sprint(e.Page.First + at.Page)), true
	case "limit":
		return json.Number(fmt.Sprint(e.size(at))), e.size(at) > 0
	default:
		return nil, false
	}
}
