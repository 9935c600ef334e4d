package githubsim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// asker is who asks, what came with the request, and how the answer is to be
// written.
type asker struct {
	site    *Site
	account *Account // nil before it is known
	app     *App     // set instead of an account's token for requests of an App as such
	base    string   // address of the interface, without a slash at the end
	html    string   // address of the pages for people
	modern  bool     // version 2026-03-10, without the fields that it removed
	payload []byte
}

// identify checks the credentials.
func (s *Site) identify(r *http.Request) (*asker, *reply) {
	a := &asker{site: s, html: "https://github.com", base: strings.TrimSuffix(s.options.URL, "/")}
	if a.base == "" {
		a.base = "http://" + r.Host
		if r.TLS != nil || r.URL.Scheme == "https" {
			a.base = "https://" + r.Host
		}
		if s.options.Enterprise {
			a.base += "/api/v3"
		}
	}
	if s.options.Enterprise {
		a.html = strings.TrimSuffix(a.base, "/api/v3")
	}
	if app, is := s.application(r); is {
		a.app = app
		if app == nil {
			refused := refuse(http.StatusUnauthorized, "A JSON web token could not be decoded")
			return a, &refused
		}
		a.account = &Account{Login: app.Login, App: true, Service: app.Service}
		return a, nil
	}
	header := r.Header.Get("Authorization")
	if header == "" {
		refused := refuse(http.StatusUnauthorized, "Requires authentication")
		return a, &refused
	}
	scheme, token, _ := strings.Cut(header, " ")
	if strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "token") {
		s.mu.RLock()
		defer s.mu.RUnlock()
		for _, account := range s.accounts {
			if account.Token == strings.TrimSpace(token) && (account.Expires.IsZero() || s.options.Now().Before(account.Expires)) {
				a.account = &account
				return a, nil
			}
		}
	}
	refused := refuse(http.StatusUnauthorized, "Bad credentials")
	return a, &refused
}

// mostBytes bounds a request's body.
const mostBytes = 10 << 20

// read takes the request's body and checks what every request must have.
func (a *asker) read(r *http.Request) *reply {
	if v := apiVersion(r); v != "2022-11-28" && v != "2026-03-10" {
		refused := refuse(http.StatusBadRequest, fmt.Sprintf("The API version %q is not supported", v))
		return &refused
	}
	a.modern = apiVersion(r) == "2026-03-10"
	raw, err := io.ReadAll(io.LimitReader(r.Body, mostBytes+1))
	if err != nil || len(raw) > mostBytes {
		refused := refuse(http.StatusBadRequest, "Problems parsing JSON")
		return &refused
	}
	a.payload = raw
	if len(raw) > 0 && r.Method != http.MethodGet && !json.Valid(raw) {
		refused := refuse(http.StatusBadRequest, "Problems parsing JSON")
		return &refused
	}
	return nil
}

// decode reads the body, an object, into v.
func (a *asker) decode(v any) *reply {
	raw := strings.TrimSpace(string(a.payload))
	if raw == "" {
		raw = "{}"
	}
	if !strings.HasPrefix(raw, "{") {
		refused := refuse(http.StatusBadRequest, "Body should be a JSON object")
		return &refused
	}
	if err := json.Unmarshal([]byte(raw), v); err != nil {
		what := "The body does not have the described shape."
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			what = fmt.Sprintf("For 'properties/%s', %s is not the right type.", wrong.Field, wrong.Value)
		}
		refused := malformed(what)
		return &refused
	}
	return nil
}

// access returns what the asker may do in a repository.
func (a *asker) access(r *repository) Access {
	if r.Access == None && !r.Private {
		return Pull
	}
	return r.Access
}

// sees reports whether the asker may know of a repository.
func (a *asker) sees(r *repository) bool { return a.access(r) != None }

// repository finds the path's repository, or answers that it moved or is not
// there. Callers hold the lock.
func (a *asker) repository(r *http.Request) (*repository, *reply) {
	s := a.site
	var found *repository
	if text := r.PathValue("repository_id"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			found = s.repositories[id]
		}
	} else {
		name := r.PathValue("owner") + "/" + r.PathValue("repo")
		found = s.repository(name)
		if found != nil && a.sees(found) && s.former[fold(name)] {
			refused := redirect(r, a.moved(r, found), http.StatusTemporaryRedirect)
			return nil, &refused
		}
	}
	if found == nil || !a.sees(found) {
		refused := missing()
		return nil, &refused
	}
	return found, nil
}

// moved is the address of the same request by the repository's id.
func (a *asker) moved(r *http.Request, to *repository) string {
	_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/repos/")
	rest = strings.Join(strings.SplitN(rest, "/", 3)[2:], "/")
	address := fmt.Sprintf("%s/repositories/%d", a.base, to.ID)
	if rest != "" {
		address += "/" + rest
	}
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	return address
}

// issue finds the path's issue, or answers where it went. Callers hold the
// lock.
func (a *asker) issue(r *http.Request) (*repository, *Issue, *reply) {
	repo, refused := a.repository(r)
	if refused != nil {
		return nil, nil, refused
	}
	number, err := strconv.Atoi(r.PathValue("issue_number"))
	if err != nil {
		none := missing()
		return nil, nil, &none
	}
	if i := repo.issues[number]; i != nil && repo.IssuesOff && !i.PullRequest {
		off := refuse(http.StatusGone, "Issues are disabled for this repo")
		return nil, nil, &off
	} else if i != nil {
		return repo, i, nil
	}
	left, was := repo.gone[number]
	answer := missing()
	to := a.site.repositories[left.repository]
	switch {
	case !was:
	case left.repository == 0:
		answer = deleted()
	case to != nil && a.sees(to):
		answer = a.transferred(r, left)
	}
	return nil, nil, &answer
}

// transferred answers for an issue that went to another repository. What its
// parts answer differs in reports; what writes answer is described as 301.
func (a *asker) transferred(r *http.Request, left grave) reply {
	template := strings.TrimSuffix(r.URL.Path, "/")
	if part := template[strings.LastIndex(template, "/")+1:]; part == "comments" || part == "events" {
		if a.site.options.EmptyRedirects {
			return reply{status: http.StatusMovedPermanently, body: problem{Message: "Moved Permanently", Documentation: documentation}}
		}
		return missing()
	}
	_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/issues/")
	_, rest, found := strings.Cut(rest, "/")
	address := fmt.Sprintf("%s/repositories/%d/issues/%d", a.base, left.repository, left.number)
	if found {
		address += "/" + rest
	}
	return redirect(r, address, http.StatusMovedPermanently)
}

// person returns a user by login, made up where the world has none.
func (s *Site) person(login string) Person {
	if p, ok := s.people[fold(login)]; ok {
		return p
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(fold(login)))
	p := Person{Login: login, ID: int64(sum.Sum32()), Bot: strings.HasSuffix(login, "[bot]")}
	for _, account := range s.accounts {
		if account.App && strings.EqualFold(account.Login, login) {
			p.Bot = true
		}
	}
	p.ID = cmp.Or(p.ID, 1)
	return p
}

func digits(n int) string { return strconv.Itoa(n) }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// orNull is null for a time that is not there.
func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

// text is null for an empty text.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
