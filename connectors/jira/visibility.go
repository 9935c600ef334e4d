package jira

import "tandem/internal/work"

// Comments is how the comments of Tandem are written.
type Comments struct {
	// Visibility restricts them to a role of the project or to a group.
	Visibility Visibility `yaml:"visibility"`
}

// Visibility names who can read a comment; empty is everybody who can read the
// issue.
type Visibility struct {
	Role  string `yaml:"role"`
	Group string `yaml:"group"`
}

func (c Comments) check(at work.Pointer, f *faults) {
	if c.Visibility.Role != "" && c.Visibility.Group != "" {
		f.add(at.Key("visibility"), "a comment is visible to a role or to a group", "keep one of them")
	}
}

// wire is the visibility as Jira wants it; nil is no restriction.
func (v Visibility) wire() map[string]string {
	switch {
	case v.Role != "":
		return map[string]string{"type": "role", "value": v.Role}
	case v.Group != "":
		return map[string]string{"type": "group", "value": v.Group}
	default:
		return nil
	}
}
