package view

import (
	"slices"

	"tandem/internal/engine"
)

// Unseen counts the items that wait for somebody to act and that the visitor
// may not see: those of a role and a team, where they are given.
func (vi *Visit) Unseen(role, team string) (int, error) {
	l, err := vi.lens()
	if err != nil {
		return 0, err
	}
	var hidden int
	sees := l.duties(&hidden)
	unseen := map[*engine.Decided]bool{}
	boxes := l.outcome.Inboxes(vi.desk.conf.Rules, func(d *engine.Decided) bool { return !sees(d) })
	for i := range boxes {
		for j := range boxes[i].Duties {
			duty := &boxes[i].Duties[j]
			if slices.ContainsFunc(duty.Acts, func(h engine.Hat) bool { return (role == "" || h.Role == role) && (team == "" || h.Team == team) }) {
				unseen[duty.Item] = true
			}
		}
	}
	return len(unseen), nil
}
