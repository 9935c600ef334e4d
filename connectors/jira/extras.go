package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"tandem/connectors"
	"tandem/internal/work"
)

// extras remembers what does not stand in an issue and costs a call of its own,
// by issue and version.
type extras struct {
	mu    sync.Mutex
	known map[string]work.Value
}

// maxExtras bounds the memory. When it is full it begins anew.
const maxExtras = 20000

func (e *extras) get(key string) (work.Value, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v, ok := e.known[key]
	return v, ok
}

func (e *extras) put(key string, v work.Value) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known == nil || len(e.known) >= maxExtras {
		e.known = map[string]work.Value{}
	}
	e.known[key] = v
}

// complete adds to the records of a page what rules use and what does not stand
// in the issue: links to other places, the marker on Data Center, who touched a
// field. byID asks again for what is remembered: a link does not change the
// version of its issue. Of who touched a field it may stay unknown where Jira
// does not let the account know; where asking again may help, the page fails,
// since what is older than the overlap would never be read again.
func (s *site) complete(ctx context.Context, page *connectors.Page, byID bool) (whole bool, err error) {
	if slices.Contains(s.features, work.NativeRemoteLink) {
		if err := s.extra(ctx, page.Records, byID, "links", s.remoteLinks, addLinks); err != nil {
			return false, err
		}
	}
	if !s.config.cloud() && slices.Contains(s.features, "mark") {
		if err := s.extra(ctx, page.Records, byID, "marker", s.serverMarker, setMarker); err != nil {
			return false, err
		}
	}
	err = s.touch(ctx, page)
	if err != nil && !isRefusal(err) {
		return false, err
	}
	return err == nil, nil
}

// extra reads one thing for each record, a few side by side.
func (s *site) extra(ctx context.Context, records []work.Record, byID bool, what string,
	read func(context.Context, string) (work.Value, error), set func(*work.Record, work.Value),
) error {
	return sideBySide(ctx, len(records), func(ctx context.Context, i int) error {
		r := &records[i]
		key := what + " " + r.ID + " " + strconv.FormatInt(r.Version.UnixMilli(), 36)
		v, known := s.extras.get(key)
		if !known || byID {
			var err error
			if v, err = read(ctx, r.ID); err != nil {
				return fmt.Errorf("read %s of %s: %w", what, r.Key, err)
			}
			s.extras.put(key, v)
		}
		set(r, v)
		return nil
	})
}

// remoteLinks reads the addresses that an issue links to.
func (s *site) remoteLinks(ctx context.Context, id string) (work.Value, error) {
	var list []struct {
		Object struct {
			URL string `json:"url"`
		} `json:"object"`
	}
	err := s.client.get(ctx, path("issue", id, "remotelink"), nil, &list)
	if hasStatus(err, http.StatusNotFound) || hasStatus(err, http.StatusForbidden) { // gone meanwhile, or linking is switched off
		return work.NewList(), nil
	}
	if err != nil {
		return work.Value{}, err
	}
	urls := make([]string, 0, len(list))
	for _, l := range list {
		if l.Object.URL != "" {
			urls = append(urls, l.Object.URL)
		}
	}
	return work.NewList(urls...), nil
}

func addLinks(r *work.Record, urls work.Value) {
	if all := append(r.Fields[work.NativeLinks].List(), urls.List()...); len(all) > 0 {
		r.Fields[work.NativeLinks] = work.NewList(all...)
	}
}

// serverMarker reads the marker of an issue on Data Center, where the search
// does not show it.
func (s *site) serverMarker(ctx context.Context, id string) (work.Value, error) {
	properties, err := s.serverProperties(ctx, id)
	if err != nil {
		return work.Value{}, err
	}
	return issue{Properties: properties}.marker(), nil
}

// serverProperties reads the issue property of Tandem.
func (s *site) serverProperties(ctx context.Context, id string) (map[string]json.RawMessage, error) {
	var p struct {
		Value json.RawMessage `json:"value"`
	}
	err := s.client.get(ctx, path("issue", id, "properties", markerProperty), nil, &p)
	if hasStatus(err, http.StatusNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return map[string]json.RawMessage{markerProperty: p.Value}, nil
}

func setMarker(r *work.Record, twin work.Value) { r.Fields[work.NativeMarker] = twin }
