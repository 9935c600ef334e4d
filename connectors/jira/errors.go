package jira

import (
	"errors"
	"fmt"
	"net/http"

	"tandem/internal/httpx"
)

// errRepeatedToken says that paging goes in a circle.
var errRepeatedToken = errors.New("jira sent the same page token twice, so the end of the issues cannot be reached; what was read is kept, and the next poll starts this walk anew")

// errNoToken says that the rest of an answer cannot be asked for.
var errNoToken = errors.New("jira says that there are more issues, and not how to ask for them; it is read again later")

// errForm says that an answer is JSON, but not what was asked for.
var errForm = errors.New("the answer has not the form of Jira's; are the address and deployment right?")

// withRemedy adds what a person can do about an answer.
func withRemedy(err error) error {
	if err == nil {
		return nil
	}
	if r := remedy(err); r != "" {
		return fmt.Errorf("%w; %s", err, r)
	}
	return err
}

// remedy says what to do about an answer; empty for errors without one.
func remedy(err error) string {
	e, ok := errors.AsType[*httpx.StatusError](err)
	if !ok {
		return ""
	}
	if captcha(e.Header) {
		return "jira wants to see a person: log in once with this account in a browser, then try again"
	}
	switch e.Kind {
	case httpx.Credentials:
		return "check auth.email and auth.token (on Data Center auth.token alone, or auth.user); tokens expire after at most a year, and a scoped token needs cloud_id and its scopes"
	case httpx.Forbidden:
		return "give the account the permission in the project's permission scheme"
	case httpx.Missing:
		return "it does not exist or the account cannot see it; check the address, and Browse projects"
	case httpx.Removed:
		return "Jira no longer offers this call; a newer version of Tandem is needed"
	case httpx.Limited:
		return "Jira asks for a pause; Tandem goes on by itself"
	case httpx.TooLarge:
		return "the issue has reached a limit of Jira; move part of it, such as old comments or links, to another issue"
	case httpx.Unavailable:
		return "Jira has trouble; Tandem tries again, and status.atlassian.com may say more"
	case httpx.Invalid:
		return "check projects and where; the same JQL can be tried in Jira's issue search"
	case httpx.Conflict:
		return "somebody else was changing it; the next cycle looks again"
	default:
		return "check the address"
	}
}

// captcha reports that Jira locked the account for calls until it logs in.
func captcha(h http.Header) bool {
	return h.Get("X-Seraph-Loginreason") == "AUTHENTICATION_DENIED"
}

// hasStatus reports whether an error is an answer with the status.
func hasStatus(err error, status int) bool {
	e, ok := errors.AsType[*httpx.StatusError](err)
	return ok && e.Status == status && e.Kind != httpx.WebPage
}

// headerOf is the header of an answer; empty for errors without one.
func headerOf(err error) http.Header {
	if e, ok := errors.AsType[*httpx.StatusError](err); ok {
		return e.Header
	}
	return nil
}
