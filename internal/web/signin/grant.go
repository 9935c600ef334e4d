package signin

import (
	"slices"

	"tandem/internal/view"
	"tandem/internal/work"
)

// Grant gives rights to a group of the issuer, or to everyone who signs in there.
type Grant struct {
	Group    string
	Everyone bool
	Role     view.Role
	Audience work.Audience
}

// granted returns what all grants give together: the highest role, the widest
// audience; no role where none fits.
func granted(grants []Grant, groups []string) (view.Role, work.Audience) {
	role, audience := view.Role(0), work.UnknownAudience
	for _, g := range grants {
		if g.Everyone || slices.Contains(groups, g.Group) {
			role, audience = max(role, g.Role), max(audience, g.Audience)
		}
	}
	return role, audience
}

// namedBy returns those of a person's groups that grants name, sorted: of the
// others nothing is kept.
func namedBy(grants []Grant, groups []string) []string {
	kept := []string{}
	for _, g := range grants {
		if !g.Everyone && slices.Contains(groups, g.Group) {
			kept = append(kept, g.Group)
		}
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}
