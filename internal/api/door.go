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
	"tandem/internal/view"
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
		write(w, view.NewProblem(http.StatusMisdirectedRequest, "host", "nobody of this name answers here",
			"ask for localhost, or add the name to api: {hosts: […]} in tandem.yaml"))
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
		write(w, view.NewProblem(http.StatusMethodNotAllowed, "method", "this path does not take that method", "use "+strings.Join(methods, " or ")))
	case len(a.Tokens) == 0 && strings.HasPrefix(r.URL.Path, "/api/"):
		write(w, view.NewProblem(http.StatusNotFound, "off", "the api is off: no tokens are configured", "write api: {tokens: […]} in tandem.yaml"))
	default:
		write(w, view.NewProblem(http.StatusNotFound, "not-found", "nothing answers here", "see "+Description))
	}
}

func tooMany(w http.ResponseWriter, wait time.Duration) {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	w.Header().Set("Retry-After", seconds)
	write(w, view.NewProblem(http.StatusTooManyRequests, "too-many", "too many requests", "ask again in "+seconds+" seconds"))
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
			write(w, view.NewProblem(http.StatusUnauthorized, "token", "the token is missing or nobody's", "send Authorization: Bearer TOKEN, one of api.tokens in tandem.yaml"))
			return
		}
		if wait := a.limits.token.Take(token.Name); wait > 0 {
			tooMany(w, wait)
			return
		}
		ctx, cancel := context.WithTimeout(req.Context(), answerTime)
		defer cancel()
		req.Body = http.MaxBytesReader(w, req.Body, maxBody)
		who := view.Who{Name: "api:" + token.Name, Role: token.Role, Audience: token.Audience}
		a.serve(&call{Visit: a.Desk.Visit(ctx, who), req: req, w: w}, &r)
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
	i := a.keys.Find(strings.TrimSpace(text))
	if i < 0 {
		return nil
	}
	return &a.Tokens[i]
}

func (a *API) serve(c *call, r *route) {
	err := c.Who().May(r.role) // before a word of the request is looked at
	if err == nil {
		err = c.checkQuery(r.query)
	}
	if err != nil {
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
	if c.code != 0 {
		c.w.WriteHeader(c.code)
	}
	_, _ = c.w.Write(append(body, '\n')) // the client has gone
}

// read decodes the body, strictly. An empty body is an empty object.
func (c *call) read(into any) error {
	kind, _, err := mime.ParseMediaType(c.req.Header.Get("Content-Type"))
	if (err != nil || kind != "application/json") && c.req.ContentLength != 0 {
		return view.NewProblem(http.StatusUnsupportedMediaType, "media-type", "the body is not announced as JSON", "send Content-Type: application/json")
	}
	dec := json.NewDecoder(c.req.Body)
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
		return view.NewProblem(http.StatusRequestEntityTooLarge, "too-large", "the body is larger than 1 MB", "send less at a time")
	}
	if err != nil {
		return view.BadRequest("the body is not what is expected here", "send one JSON object with the keys that "+Description+" names")
	}
	return nil
}
