package jirasim

import (
	"net/http"
	"strings"
)

// mostFailures is how many wrong passwords in a row a name may have before its
// logins are denied unread.
const mostFailures = 3

// login finds out who asks. A refuser is returned for everybody else. Callers
// hold the lock.
func (s *Site) login(r *http.Request) (*asker, refuser) {
	name, _, basic := r.BasicAuth()
	name = strings.ToLower(name)
	if basic && s.server() && s.options.NoBasic {
		return nil, func(w http.ResponseWriter) {
			reply(w, http.StatusForbidden, object{"message": "Basic Authentication has been disabled on this instance."})
		}
	}
	if basic && s.failures[name] >= mostFailures {
		return nil, func(w http.ResponseWriter) { s.denied(w, r) }
	}
	if a, ok := s.identify(r); ok {
		delete(s.failures, name)
		return a, nil
	}
	if strings.HasSuffix(r.URL.Path, "/serverInfo") {
		return s.anonymous(r), nil // everybody may ask
	}
	if basic {
		s.failures[name]++
	}
	if basic && s.server() {
		return nil, wrongPassword
	}
	return nil, func(w http.ResponseWriter) { unauthorised(w, r) }
}

// denied answers when too many logins failed: a person must solve a riddle in
// the browser first.
func (s *Site) denied(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATION_DENIED")
	w.Header().Set("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url="+s.anonymous(r).base+"/login.jsp")
	w.Header().Set("WWW-Authenticate", "OAuth realm=\"jira\"")
	if s.server() {
		page(w, http.StatusForbidden, "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED")
		return
	}
	reply(w, http.StatusUnauthorized, object{
		"message": "Client must be authenticated to access this resource.", "status-code": http.StatusUnauthorized,
	})
}

// wrongPassword answers as a Data Center does: with a page.
func wrongPassword(w http.ResponseWriter) {
	w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	w.Header().Set("WWW-Authenticate", "OAuth realm=\"jira\"")
	page(w, http.StatusUnauthorized, "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED")
}

// page answers with a page for people.
func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	w.WriteHeader(status)
	title := http.StatusText(status)
	_, _ = w.Write([]byte("<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>" + text + "</p></body></html>\n"))
}

// Unlock lets a name sign in again after too many failures, as a person does
// in the browser.
func (s *Site) Unlock(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failures, strings.ToLower(name))
}

// fits reports whether the request carries the account's credentials.
func (s *Site) fits(account Account, r *http.Request) bool {
	name, secret, basic := r.BasicAuth()
	if !s.server() {
		return basic && strings.EqualFold(account.Email, name) && account.Token == secret
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token == account.Token
	}
	password := account.Password
	if password == "" {
		password = account.Token
	}
	return basic && strings.EqualFold(s.catalog.login(account.Person), name) && password == secret
}
