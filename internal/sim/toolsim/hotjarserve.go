// Package toolsim holds stand-ins of the tools that feedback comes from. Each
// is an http.Handler with a state, made from what is documented of its tool,
// and refuses what the tool refuses.
package toolsim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/sim"
)

const (
	hotjarTokenLife = time.Hour
	hotjarLimit     = 100
)

// ServeHTTP answers a request to the API.
func (h *Hotjar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.Before != nil {
		h.Before(r)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case r.URL.Path == "/v1/oauth/token":
		h.token(w, r)
	case !h.authorized(r):
		hotjarError(w, http.StatusUnauthorized, "unauthorized", "the token is missing or has ended")
	case r.Method != http.MethodGet:
		hotjarError(w, http.StatusMethodNotAllowed, "method_not_allowed", "only GET")
	case len(path) < 4 || path[0] != "v1" || path[1] != "sites" || path[3] != "surveys":
		hotjarError(w, http.StatusNotFound, "not_found", "no such address")
	case path[2] != h.Site:
		hotjarError(w, http.StatusNotFound, "not_found", "no such site")
	case h.Plan != "Ask Scale":
		hotjarError(w, http.StatusForbidden, "forbidden", "not available on your plan")
	case len(path) == 4:
		h.list(w, r)
	case h.survey(path[4]) == nil:
		hotjarError(w, http.StatusNotFound, "not_found", "no such survey")
	case len(path) == 5:
		sim.WriteJSON(w, http.StatusOK, "application/json", h.survey(path[4]))
	case len(path) == 6 && path[5] == "responses":
		h.responses(w, r, h.survey(path[4]))
	default:
		hotjarError(w, http.StatusNotFound, "not_found", "no such address")
	}
}

func (h *Hotjar) token(w http.ResponseWriter, r *http.Request) {
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	switch {
	case r.Method != http.MethodPost:
		hotjarError(w, http.StatusMethodNotAllowed, "method_not_allowed", "only POST")
		return
	case !form || r.ParseForm() != nil:
		hotjarError(w, http.StatusBadRequest, "invalid_request", "send a form")
		return
	case r.PostForm.Get("grant_type") != "client_credentials":
		hotjarError(w, http.StatusBadRequest, "unsupported_grant_type", "only client_credentials")
		return
	case h.KeyEnded || h.ClientID == "" || r.PostForm.Get("client_id") != h.ClientID || r.PostForm.Get("client_secret") != h.ClientSecret:
		hotjarError(w, http.StatusUnauthorized, "invalid_client", "unknown client")
		return
	}
	if h.tokens == nil {
		h.tokens = map[string]time.Time{}
	}
	h.issued++
	token := fmt.Sprintf("hotjar-stand-in-token-%08d", h.issued)
	h.tokens[token] = h.now().Add(hotjarTokenLife)
	sim.WriteJSON(w, http.StatusOK, "application/json", map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(hotjarTokenLife.Seconds())})
}

func (h *Hotjar) authorized(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	ends, known := h.tokens[token]
	return ok && known && h.now().Before(ends)
}

// limitOf reads how many rows are asked for; it reports false where the request
// was answered.
func (h *Hotjar) limitOf(w http.ResponseWriter, r *http.Request) (int, bool) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return hotjarLimit, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > hotjarLimit {
		hotjarError(w, http.StatusBadRequest, "invalid_limit", "limit is 1 to 100")
		return 0, false
	}
	if h.PageSize > 0 {
		n = min(n, h.PageSize)
	}
	return n, true
}

func (h *Hotjar) list(w http.ResponseWriter, r *http.Request) {
	limit, ok := h.limitOf(w, r)
	if !ok {
		return
	}
	first := 0
	if text := r.URL.Query().Get("cursor"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > len(h.surveys) {
			hotjarError(w, http.StatusBadRequest, "invalid_cursor", "unknown cursor")
			return
		}
		first = n
	}
	last := min(first+limit, len(h.surveys))
	rows := []HotjarSurvey{}
	for _, s := range h.surveys[first:last] {
		one := *s
		if r.URL.Query().Get("with_questions") != "true" {
			one.Questions = nil
		}
		rows = append(rows, one)
	}
	answer := map[string]any{"results": rows, "next_cursor": nil}
	if last < len(h.surveys) {
		answer["next_cursor"] = strconv.Itoa(last)
	}
	sim.WriteJSON(w, http.StatusOK, "application/json", answer)
}

func (h *Hotjar) responses(w http.ResponseWriter, r *http.Request, s *HotjarSurvey) {
	limit, ok := h.limitOf(w, r)
	if !ok {
		return
	}
	rest := s.responses
	if text := r.URL.Query().Get("cursor"); text != "" {
		after, known := placeOf(text)
		if !known {
			hotjarError(w, http.StatusBadRequest, "invalid_cursor", "unknown cursor")
			return
		}
		i := 0
		for i < len(rest) && rest[i].key().compare(after) >= 0 {
			i++
		}
		rest = rest[i:]
	}
	rows := append([]HotjarResponse{}, rest[:min(limit, len(rest))]...)
	answer := map[string]any{"results": rows, "next_cursor": nil}
	if len(rest) > limit {
		answer["next_cursor"] = rows[len(rows)-1].key().cursor()
	}
	sim.WriteJSON(w, http.StatusOK, "application/json", answer)
}
