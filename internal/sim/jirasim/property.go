package jirasim

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
)

func badProperty(key string, value json.RawMessage) string {
	switch {
	case key == "" || len(key) > 255:
		return "The property key cannot be empty or longer than 255 characters."
	case !json.Valid(value) || len(value) == 0:
		return "The property value must be valid, non-empty JSON."
	case len(value) > 32768:
		return "The property value cannot be longer than 32768 characters."
	}
	return ""
}

func setProperty(i *Issue, key string, value json.RawMessage) {
	if i.Properties == nil {
		i.Properties = map[string]json.RawMessage{}
	}
	i.Properties[key] = value
}

func (s *Site) propertyKeys(a *asker, w http.ResponseWriter, r *http.Request) {
	e := s.visibleIssue(w, r)
	if e == nil {
		return
	}
	keys := []any{}
	for _, key := range sortedKeys(e.Properties) {
		keys = append(keys, object{"key": key, "self": a.self("/issue/" + e.Key + "/properties/" + url.PathEscape(key))})
	}
	reply(w, http.StatusOK, object{"keys": keys})
}

func (s *Site) propertyGet(_ *asker, w http.ResponseWriter, r *http.Request) {
	e := s.visibleIssue(w, r)
	if e == nil {
		return
	}
	key := r.PathValue("propertyKey")
	value, ok := e.Properties[key]
	if !ok {
		refuse(w, http.StatusNotFound, "The property "+key+" does not exist.")
		return
	}
	reply(w, http.StatusOK, object{"key": key, "value": value})
}

func (s *Site) propertyPut(a *asker, w http.ResponseWriter, r *http.Request) {
	value, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	key := r.PathValue("propertyKey")
	if problem := badProperty(key, value); err != nil || problem != "" {
		refuse(w, http.StatusBadRequest, problem)
		return
	}
	s.mu.Lock()
	e, refused := s.writable(r)
	status := http.StatusCreated
	if refused == nil {
		if _, had := e.Properties[key]; had {
			status = http.StatusOK
		}
		s.commit(a, r, e, nil, func(i *Issue) { setProperty(i, key, value) })
	}
	s.mu.Unlock()
	if refused != nil {
		refused(w)
		return
	}
	reply(w, status, object{})
}

func (s *Site) propertyDelete(a *asker, w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("propertyKey")
	s.mu.Lock()
	e, refused := s.writable(r)
	if refused == nil {
		if _, had := e.Properties[key]; !had {
			refused = func(w http.ResponseWriter) { refuse(w, http.StatusNotFound, "The property "+key+" does not exist.") }
		} else {
			s.commit(a, r, e, nil, func(i *Issue) { delete(i.Properties, key) })
		}
	}
	s.mu.Unlock()
	if refused != nil {
		refused(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
