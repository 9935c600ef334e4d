package jirasim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"tandem/internal/sim"
)

type remoteBody struct {
	GlobalID string          `json:"globalId,omitempty"`
	App      json.RawMessage `json:"application,omitempty"`
	Relation string          `json:"relationship,omitempty"`
	Object   json.RawMessage `json:"object"`
}

func (a *asker) remote(e *entry, l RemoteLink) object {
	var b remoteBody
	_ = json.Unmarshal(l.Body, &b)
	out := object{"id": l.ID, "self": a.self("/issue/" + e.Key + "/remotelink/" + strconv.FormatInt(l.ID, 10)), "application": object{}, "object": b.Object}
	if l.GlobalID != "" {
		out["globalId"] = l.GlobalID
	}
	if len(b.App) > 0 {
		out["application"] = b.App
	}
	if b.Relation != "" {
		out["relationship"] = b.Relation
	}
	return out
}

// remoteLinks lists all links, or shows the one with the global id.
func (s *Site) remoteLinks(a *asker, w http.ResponseWriter, r *http.Request) {
	e := s.visibleIssue(w, r)
	if e == nil {
		return
	}
	global := r.URL.Query().Get("globalId")
	if global == "" {
		links := make([]any, len(e.Remote))
		for i, l := range e.Remote {
			links[i] = a.remote(e, l)
		}
		reply(w, http.StatusOK, links)
		return
	}
	if n := byGlobalID(e.Issue, global); n >= 0 {
		reply(w, http.StatusOK, a.remote(e, e.Remote[n]))
		return
	}
	refuse(w, http.StatusNotFound, "No remote link with the global ID '"+global+"' found for the issue.")
}

func byGlobalID(i *Issue, global string) int {
	return slices.IndexFunc(i.Remote, func(l RemoteLink) bool { return global != "" && l.GlobalID == global })
}

// remoteLinkPost creates a link, or replaces the one with the same global id.
func (s *Site) remoteLinkPost(a *asker, w http.ResponseWriter, r *http.Request) {
	var req remoteBody
	if !body(w, r, &req, false) {
		return
	}
	var target struct{ URL, Title string }
	if len(req.Object) == 0 || json.Unmarshal(req.Object, &target) != nil || target.URL == "" || target.Title == "" {
		refuseFields(w, map[string]string{"title": "'title' is required.", "url": "'url' is required."})
		return
	}
	if len(req.GlobalID) > 255 {
		refuseField(w, "globalId", "'globalId' cannot be longer than 255 characters.")
		return
	}
	s.mu.Lock()
	e, refused := s.writable(r)
	link, status := RemoteLink{GlobalID: req.GlobalID, Body: sim.MarshalJSON(req)}, http.StatusCreated
	if refused == nil {
		n := byGlobalID(e.Issue, req.GlobalID)
		if n >= 0 {
			link.ID, status = e.Remote[n].ID, http.StatusOK
		} else {
			link.ID = s.part()
		}
		s.commit(a, r, e, nil, func(i *Issue) {
			if n >= 0 {
				i.Remote[n] = link
				return
			}
			i.Remote = append(i.Remote, link)
		})
	}
	s.mu.Unlock()
	if refused != nil {
		refused(w)
		return
	}
	reply(w, status, object{"id": link.ID, "self": a.self("/issue/" + e.Key + "/remotelink/" + strconv.FormatInt(link.ID, 10))})
}

func (s *Site) remoteLinkDelete(a *asker, w http.ResponseWriter, r *http.Request) {
	global := r.URL.Query().Get("globalId")
	s.mu.Lock()
	e, refused := s.writable(r)
	if refused == nil {
		if n := byGlobalID(e.Issue, global); n < 0 {
			refused = func(w http.ResponseWriter) {
				refuse(w, http.StatusNotFound, "No remote link with the global ID '"+global+"' found for the issue.")
			}
		} else {
			s.commit(a, r, e, nil, func(i *Issue) { i.Remote = slices.Delete(i.Remote, n, n+1) })
		}
	}
	s.mu.Unlock()
	if refused != nil {
		refused(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
