package githubsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The places of webhooks.
const (
	appHookRoute  = "/app/hook"
	orgHooksRoute = "/orgs/{org}/hooks"
	hooksRoute    = "/repos/{owner}/{repo}/hooks"
)

// hookID is the number of the one webhook.
const hookID = 292430182

// kept is how long the service lists what became of a delivery.
const kept = 3 * 24 * time.Hour

// attempt is one try to deliver. All tries of a delivery have its id in common.
type attempt struct {
	Delivery

	number int64
	at     time.Time
	again  bool
	status int // what the receiver answered; 502 where it did not
}

// attempt puts a delivery on its way. It counts as arrived unless Miss takes
// it. Callers hold the lock.
func (s *Site) attempt(d Delivery, again bool) {
	now := s.now()
	for len(s.attempts) > 0 && now.Sub(s.attempts[0].at) > kept {
		s.attempts = s.attempts[1:]
	}
	s.announced = append(s.announced, d)
	s.tries++
	s.attempts = append(s.attempts, attempt{Delivery: d, number: 19_600_000_000 + s.tries, at: now, again: again, status: http.StatusOK})
}

func (s *Site) hookTable() []route {
	table := []route{
		{method: "GET", template: appHookRoute + "/config", handle: s.appHook},
		{method: "GET", template: orgHooksRoute, handle: s.hookList},
		{method: "GET", template: hooksRoute, handle: s.hookList},
	}
	for _, place := range []string{appHookRoute, orgHooksRoute + "/{hook_id}", hooksRoute + "/{hook_id}"} {
		table = append(table,
			route{method: "GET", template: place + "/deliveries", handle: s.attemptList},
			route{method: "GET", template: place + "/deliveries/{delivery_id}", handle: s.attemptGet},
			route{method: "POST", template: place + "/deliveries/{delivery_id}/attempts", write: true, handle: s.attemptPost})
	}
	return table
}

// hook answers whether the webhook stands at the place of the path and may be
// seen; nil if so.
func (a *asker) hook(r *http.Request) *reply {
	none, h := missing(), a.site.options.Hook
	if h == nil || r.PathValue("hook_id") != "" && r.PathValue("hook_id") != strconv.Itoa(hookID) {
		return &none
	}
	org, owner := r.PathValue("org"), r.PathValue("owner")
	stands := false
	switch {
	case org == "" && owner == "":
		stands = a.app != nil && h.Of == AppHook
	case !a.account.Hooks:
	case org != "":
		stands = h.Of == "" || strings.EqualFold(h.Of, org)
	default:
		stands = strings.EqualFold(h.Of, owner+"/"+r.PathValue("repo"))
	}
	if !stands {
		return &none
	}
	return nil
}

func (s *Site) hookURL() string {
	if s.options.Hook.URL == "" {
		return "https://hooks.acme.example/hooks/github"
	}
	return s.options.Hook.URL
}

// appHook answers with the settings of the App's webhook.
func (s *Site) appHook(a *asker, r *http.Request) reply {
	if refused := a.hook(r); refused != nil {
		return *refused
	}
	return ok(map[string]any{"url": s.hookURL(), "content_type": "json", "insecure_ssl": "0", "secret": "********"})
}

// hookList answers with the webhooks of a place: the one, or none. Who may not
// see any is told that there is no such place.
func (s *Site) hookList(a *asker, r *http.Request) reply {
	if !a.account.Hooks {
		return missing()
	}
	var all []string
	kind := "Organization"
	if r.PathValue("owner") != "" {
		if _, refused := a.repository(r); refused != nil {
			return *refused
		}
		kind = "Repository"
	}
	if a.hook(r) == nil {
		all = append(all, kind)
	}
	self := a.base + r.URL.Path + "/" + strconv.Itoa(hookID)
	return paged(r, a.base+r.URL.Path, all, func(kind string) any {
		return map[string]any{
			"type": kind, "id": hookID, "name": "web", "active": true, "events": []string{"*"}, "updated_at": stamp(s.now()), "created_at": stamp(s.now()),
			"config": map[string]any{"url": s.hookURL(), "content_type": "json", "insecure_ssl": "0"}, "url": self, "test_url": self + "/test",
			"ping_url": self + "/pings", "deliveries_url": self + "/deliveries", "last_response": map[string]any{"code": nil, "status": "unused", "message": nil},
		}
	})
}

// attemptList answers with tries to deliver, newest first.
func (s *Site) attemptList(a *asker, r *http.Request) reply {
	if refused := a.hook(r); refused != nil {
		return *refused
	}
	q, size := r.URL.Query(), pageOf(r).size
	below, err := strconv.ParseInt(strings.TrimPrefix(q.Get("cursor"), "v1_"), 10, 64)
	if q.Get("cursor") != "" && err != nil {
		return refuse(http.StatusBadRequest, "Invalid cursor")
	}
	shown, link := []any{}, ""
	for n := len(s.attempts) - 1; n >= 0; n-- {
		t := &s.attempts[n]
		failed := t.status >= http.StatusBadRequest
		if below > 0 && t.number >= below || q.Get("status") == "failure" && !failed || q.Get("status") == "success" && failed || s.now().Sub(t.at) > kept {
			continue
		}
		if len(shown) == size {
			query := url.Values{"per_page": {strconv.Itoa(size)}, "cursor": {fmt.Sprintf("v1_%d", t.number+1)}}
			if q.Get("status") != "" {
				query.Set("status", q.Get("status"))
			}
			link = "<" + a.base + r.URL.Path + "?" + query.Encode() + `>; rel="next"`
			break
		}
		shown = append(shown, a.attempt(t))
	}
	return reply{status: http.StatusOK, body: shown, link: link}
}

func (a *asker) attempt(t *attempt) map[string]any {
	status := "OK"
	if t.status >= http.StatusBadRequest {
		status = "failed to connect"
	}
	v := map[string]any{
		"id": t.number, "guid": t.ID, "delivered_at": stamp(t.at), "redelivery": t.again, "duration": 0.27, "status": status, "status_code": t.status,
		"event": t.Event, "action": text(t.Action), "installation_id": nil, "repository_id": t.repository, "throttled_at": nil,
	}
	if a.app != nil {
		v["installation_id"] = a.app.Installation
	}
	return v
}

// try returns the try of the path.
func (s *Site) try(r *http.Request) *attempt {
	for n := range s.attempts {
		if strconv.FormatInt(s.attempts[n].number, 10) == r.PathValue("delivery_id") {
			return &s.attempts[n]
		}
	}
	return nil
}

// attemptGet answers with one try and what was sent.
func (s *Site) attemptGet(a *asker, r *http.Request) reply {
	t := s.try(r)
	if refused := a.hook(r); refused != nil || t == nil {
		return missing()
	}
	v := a.attempt(t)
	headers := map[string]any{}
	for name, values := range t.Header() {
		headers[name] = values[0]
	}
	v["url"] = s.hookURL()
	v["request"] = map[string]any{"headers": headers, "payload": json.RawMessage(t.Body)}
	v["response"] = map[string]any{"headers": map[string]any{}, "payload": ""}
	return ok(v)
}

// attemptPost delivers once more.
func (s *Site) attemptPost(a *asker, r *http.Request) reply {
	t := s.try(r)
	if refused := a.hook(r); refused != nil || t == nil {
		return missing()
	}
	s.attempt(t.Delivery, true)
	return reply{status: http.StatusAccepted, body: map[string]any{}}
}
