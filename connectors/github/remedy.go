package github

import (
	"errors"
	"net/http"
	"strings"

	"tandem/internal/httpx"
)

// What to do about answers that GitHub gives a reason for.
const (
	remedySSO       = "the organisation asks for single sign-on: open the token's page at GitHub and authorise it for the organisation (Configure SSO); an App needs nothing"
	remedySuspended = "the installation of the App is suspended: let an owner of the organisation resume it in the organisation's settings, under GitHub Apps"
	remedyBlocked   = "GitHub blocks the repository: ask its owner and GitHub's support, or take it out of repositories:"
	remedyArchived  = "the repository is archived and takes no changes: take it out of repositories: with !"
	remedyLocked    = "the issue is locked: unlock it, or leave it out by the label tandem/hands-off"
	remedyGone      = "the issue was deleted, transferred or turned into a discussion; it is read again"
	remedyInvalid   = "GitHub does not take the value: look at the issue, which may have a hundred labels already, and at the rules"
	remedyNoApp     = "there is no such installation: install the App in the organisation, and write its number into installation_id:"
	remedyNoKey     = "check app_id: and private_key: in the settings, and the clock of this machine"
)

// explained is a remedy for what the answer itself says; empty where it says
// nothing that is known.
func explained(e *httpx.StatusError) string {
	said := strings.ToLower(e.Reason)
	switch {
	case singleSignOn(e):
		return remedySSO
	case e.Status == http.StatusForbidden && strings.Contains(said, "suspended"):
		return remedySuspended
	case e.Status == http.StatusUnavailableForLegalReasons, strings.Contains(said, "access blocked"):
		return remedyBlocked
	case e.Status == http.StatusForbidden && strings.Contains(said, "archived"):
		return remedyArchived
	case e.Status == http.StatusForbidden && strings.Contains(said, "locked"):
		return remedyLocked
	case e.Status == http.StatusForbidden && e.Header.Get("X-Accepted-Github-Permissions") != "":
		return "the credentials lack a permission: grant " + e.Header.Get("X-Accepted-Github-Permissions")
	case e.Status == http.StatusUnprocessableEntity:
		return remedyInvalid
	default:
		return ""
	}
}

// singleSignOn reports whether an organisation shows nothing before the token
// was authorised for it.
func singleSignOn(e *httpx.StatusError) bool {
	return strings.HasPrefix(e.Header.Get("X-Github-Sso"), "required") || strings.Contains(strings.ToLower(e.Reason), "saml enforcement")
}

// awaitsAPerson reports whether an answer refuses all requests until somebody
// mends something: what was not done is done then.
func awaitsAPerson(e *httpx.StatusError) bool {
	return e.Status == http.StatusForbidden && (singleSignOn(e) || explained(e) == remedySuspended)
}

// authRemedy says what to look at where the credentials could not be had.
func authRemedy(err *authError) string {
	e, ok := errors.AsType[*httpx.StatusError](err.cause)
	switch {
	case ok && explained(e) != "":
		return explained(e)
	case ok && e.Status == http.StatusNotFound:
		return remedyNoApp
	case ok && e.Status == http.StatusUnauthorized:
		return remedyNoKey
	default:
		return "check auth: in the settings"
	}
}
