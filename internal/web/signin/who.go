package signin

import "tandem/internal/work"

// Role is what somebody may do. A larger one may do all that a smaller one may.
type Role uint8

// The roles.
const (
	Viewer Role = iota + 1
	Approver
	Admin
)

// String returns the role as settings write it.
func (r Role) String() string {
	return [...]string{"none", "viewer", "approver", "admin"}[r]
}

// Who is somebody who looks and decides.
type Who struct {
	Name     string
	Role     Role
	Audience work.Audience
	Person   string
}
