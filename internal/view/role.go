package view

import (
	"net/http"

	"tandem/internal/work"
)

// Role is what a visitor may do. A larger one may do all that a smaller one may.
type Role uint8

// The roles.
const (
	// Viewer looks.
	Viewer Role = iota + 1
	// Approver also approves, rejects, releases, overrides and lets edits be
	// tried again.
	Approver
	// Admin also stops and resumes all writing, undoes and retires.
	Admin
)

// String returns the role as settings write it.
func (r Role) String() string {
	return [...]string{"none", "viewer", "approver", "admin"}[r]
}

// ParseRole reads what String writes.
func ParseRole(text string) (Role, bool) {
	for r := Viewer; r <= Admin; r++ {
		if r.String() == text {
			return r, true
		}
	}
	return 0, false
}

// Who is somebody who looks and decides. The zero Who sees nothing and may do
// nothing.
type Who struct {
	// Name is what the audit says: "api:ci", "web:ana@acme.example".
	Name string
	Role Role
	// Audience is the strictest that may be seen. Restricted is everything, also
	// what no source gave an audience for.
	Audience work.Audience
	// Person is the key under people of the rules; empty where it is not known.
	Person string
}

// Sees reports whether somebody may see what is meant for an audience.
func (w Who) Sees(a work.Audience) bool {
	return w.Audience == work.Restricted || a.Reaches(w.Audience)
}

// May refuses whoever has less than a role.
func (w Who) May(role Role) error {
	if w.Role < role {
		return NewProblem(http.StatusForbidden, "role", "the role of this token is "+w.Role.String(), "use a token with role: "+role.String()).
			onPage("your role is "+w.Role.String(), "ask somebody with the role "+role.String())
	}
	return nil
}
