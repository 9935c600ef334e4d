package jirasim

import (
	"maps"
	"net/http"
	"strings"

	"tandem/internal/sim"
)

// Mangle spoils how one issue is written in every answer from now on; nil ends
// it. The function gets the issue as JSON objects that are its own. Such
// answers carry the header Sim-Fault.
func (s *Site) Mangle(key string, mangle func(issue map[string]any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(key)
	if e == nil {
		return
	}
	odd := maps.Clone(s.odd) // readers have the old one
	if odd == nil {
		odd = map[int64]func(map[string]any){}
	}
	if odd[e.ID] = mangle; mangle == nil {
		delete(odd, e.ID)
	}
	s.odd = odd
}

// mangled writes an issue as Mangle wants it.
func (a *asker) mangled(id int64, bean object) object {
	if mangle := a.odd[id]; mangle != nil {
		if a.header != nil {
			a.header.Set(sim.FaultHeader, "odd record")
		}
		mangle(bean)
	}
	return bean
}

// Zulu writes the times of an issue with Z instead of an offset.
func Zulu(issue map[string]any) {
	fields, _ := issue["fields"].(object)
	for _, name := range []string{"created", "updated", "resolutiondate"} {
		if text, ok := fields[name].(string); ok && len(text) > len("+0000") {
			at, err := parseJiraTime(text)
			if err == nil {
				fields[name] = at.UTC().Format("2006-01-02T15:04:05.000Z")
			}
		}
	}
}

// NumericID writes the ids of an issue and of what it refers to as numbers.
func NumericID(issue map[string]any) {
	if id, ok := issue["id"].(string); ok {
		issue["id"] = parseID(id)
	}
	fields, _ := issue["fields"].(object)
	for _, name := range []string{"project", "status", "priority", "issuetype"} {
		if bean, ok := fields[name].(object); ok {
			if id, ok := bean["id"].(string); ok {
				bean["id"] = parseID(id)
			}
		}
	}
}

// Bare leaves out all fields but the summary and the time of the change.
func Bare(issue map[string]any) {
	fields, _ := issue["fields"].(object)
	maps.DeleteFunc(fields, func(name string, _ any) bool { return name != "summary" && name != "updated" })
}

// Nulls has null for every field but the time of the change.
func Nulls(issue map[string]any) {
	fields, _ := issue["fields"].(object)
	for name := range fields {
		if name != "updated" {
			fields[name] = nil
		}
	}
}

// Undecodable writes a text where the fields should be.
func Undecodable(issue map[string]any) { issue["fields"] = "<!-- not available -->" }

// Removed returns a fault that answers 410, as an endpoint that was switched
// off.
func Removed() *sim.Fault {
	return jsonFault("removed", http.StatusGone, `{"errorMessages":["The requested API has been removed. Please migrate to the newer API."],"errors":{}}`)
}

// TooMuch returns a fault that answers 413: the issue has as many comments,
// links or attachments as it can.
func TooMuch(what string) *sim.Fault {
	return jsonFault("too much", http.StatusRequestEntityTooLarge, `{"errorMessages":["The per-issue limit for `+strings.ReplaceAll(what, `"`, "'")+` has been breached."],"errors":{}}`)
}

// OutOfScope returns a fault that answers 401 as the gateway does for a token
// without the scope: neither errorMessages nor errors.
func OutOfScope() *sim.Fault {
	return jsonFault("out of scope", http.StatusUnauthorized, `{"code":401,"message":"Unauthorized; scope does not match"}`)
}

func jsonFault(name string, status int, body string) *sim.Fault {
	return &sim.Fault{Name: name, Status: status, Header: http.Header{"Content-Type": {"application/json;charset=UTF-8"}}, Body: body}
}
