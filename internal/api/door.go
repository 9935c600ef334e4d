package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/door"
)

// maxBody is the largest body that is taken.
const maxBody = 1 << 20

// answerTime is how long an answer may take.
const answerTime = 50 * time.Second

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if !door.AnswersTo(r.Host, a.Listen, a.Hosts) {
		newProblem(http.StatusMisdirectedRequest, "host", "nobody of this name answers here",
			"ask for localhost, or add the name to api: {hosts: […]} in tandem.yaml").write(w)
		return
	}
	if wait := a.limits.remote.Take(door.Neighbourhood(r.RemoteAddr)); wait > 0 {
		tooMany(w, wait)
		return
	}
	if _, pattern := a.mux.Handler(r); pattern == "" {
		a.stray(w, r)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// stray answers what no pattern takes.
func (a *API) stray(w http.ResponseWriter, r *http.Request) {
	methods := []string{}
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := a.mux.Handler(other); pattern != "" {
			methods = append(methods, m)
		}
	}
	switch {
	case len(methods) > 0:
		w.Header().Set("Allow", strings.Join(methods, ", "))
		newProblem(http.StatusMethodNotAllowed, "method", "this path does not take that method", "use "+strings.Join(methods, " or ")).write(w)
	case len(a.Tokens) == 0 && strings.HasPrefix(r.URL.Path, "/api/"):
		newProblem(http.StatusNotFound, "off", "the api is off: no tokens are configured", "write api: {tokens: […]} in tandem.yaml").write(w)
	default:
		newProblem(http.StatusNotFound, "not-found", "nothing answers here", "see "+Description).write(w)
	}
}

func tooMany(w http.ResponseWriter, wait time.Duration) {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	w.Header().Set("Retry-After", seconds)
	newProblem(http.StatusTooManyRequests, "too-many", "too many requests", "ask again in "+seconds+" seconds").write(w)
}

// guarded lets in whoever shows a token that may do it.
func (a *API) guarded(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		remote := door.Neighbourhood(req.RemoteAddr)
		if wait := a.limits.failed.Wait(remote); wait > 0 {
			tooMany(w, wait)
			return
		}
		token := a.tokenOf(req)
		if token == nil {
			a.limits.failed.Take(remote)
			w.Header().Set("WWW-Authenticate", `Bearer realm="tandem"`)
			newProblem(http.StatusUnauthorized, "token", "the token is missing or nobody's", "send Authorization: Bearer TOKEN, one of api.tokens in tandem.yaml").write(w)
			return
		}
		if wait := a.limits.token.Take(token.Name); wait > 0 {
			tooMany(w, wait)
			return
		}
		if token.Role < r.role {
			newProblem(http.StatusForbidden, "role", "the role of this token is "+token.Role.String(), "use a token with role: "+r.role.String()).write(w)
			return
		}
		ctx, cancel := context.WithTimeout(req.Context(), answerTime)
		defer cancel()
		req.Body = http.MaxBytesReader(w, req.Body, maxBody)
		c := &call{Request: req.WithContext(ctx), token: token, w: w}
		a.serve(c, &r)
	})
}

func (a *API) tokenOf(r *http.Request) *Token {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return nil
	}
	scheme, text, ok := strings.Cut(headers[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	return a.keys.find(strings.TrimSpace(text))
}

func (a *API) serve(c *call, r *route) {
	if err := c.checkQuery(r.query); err != nil {
		a.fail(c, r, err)
		return
	}
	answer, err := r.answer(c)
	if err != nil {
		a.fail(c, r, err)
		return
	}
	body, err := json.Marshal(answer)
	if err != nil {
		a.fail(c, r, err)
		return
	}
	c.w.Header().Set("Content-Type", "application/json")
	if c.status != 0 {
		c.w.WriteHeader(c.status)
	}
	_, _ = c.w.Write(append(body, '\n')) // the client has gone
}

// read decodes the body, strictly. An empty body is an empty object.
func (c *call) read(into any) error {
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if (err != nil || kind != "application/json") && c.ContentLength != 0 {
		return newProblem(http.StatusUnsupportedMediaType, "media-type", "the body is not announced as JSON", "send Content-Type: application/json")
	}
	dec := json.NewDecoder(c.Body)
	dec.DisallowUnknownFields()
	err = dec.Decode(into)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more than one value")
		}
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return newProblem(http.StatusRequestEntityTooLarge, "too-large", "the body is larger than 1 MB", "send less at a time")
	}
	if err != nil {
		return badRequest("the body is not what is expected here", "send one JSON object with the keys that "+Description+" names")
	}
	return nil
}
