package view_test

import (
	"fmt"
	"testing"
	"time"

	"tandem/internal/view"
	"tandem/internal/work"
)

func TestMovementTellsWhatChangedSinceADay(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	friday := noon()
	nothing, err := h.visit(work.Restricted).Movement(view.MovementQuery{Since: friday.AddDate(0, 0, -1)})
	h.ok(err)
	same(t, "nobody knows what was before", false, nothing.Known)

	h.pass(72 * time.Hour)
	text := work.NewText
	next := func(r work.Record) work.Record { r.Version = h.clock(); return r }
	h.read(
		next(issue("PAY-3", 95, work.Public, fields{"kind": text("epic")})), // up
		next(issue("PAY-5", 99, work.Restricted, fields{"kind": text("epic")})),
		next(issue("WEB-1", 60, work.Public, fields{"effort": work.NewNumber(1), "status_category": text("done")})),
		next(issue("PAY-4", 85, work.Restricted, fields{"status_category": text("done")})),
		next(issue("PAY-20", 1, work.Internal, nil)),
		next(issue("PAY-21", 1, work.Restricted, nil)),
	)
	h.decide()
	told := func(audience work.Audience, team string) []string {
		m, err := h.visit(audience).Movement(view.MovementQuery{Since: friday, Team: team})
		h.ok(err)
		lines := []string{fmt.Sprintf("%d moved, %d came, %d left", m.Moved, m.Came, m.Left)}
		for i := range m.Items {
			one := &m.Items[i]
			line := refs([]view.Item{one.Item}) + ":"
			if one.Was != nil {
				line += fmt.Sprintf(" %d → %d", one.Was.TeamPlace, one.TeamPlace)
			}
			lines = append(lines, line+" "+one.Because)
		}
		return lines
	}
	inside := told(work.Internal, "")
	same(t, "inside", []string{
		"3 moved, 1 came, 1 left",
		"PAY-3: 7 → 2 value 10 → 95", "PAY-6: 2 → 3 others came before it", "PAY-1: 3 → 4 others came before it",
	}, inside[:4])
	same(t, "public", []string{"1 moved, 0 came, 1 left"}, told(work.Public, "")[:1])
	same(t, "all of a team", "4 moved, 2 came, 1 left", told(work.Restricted, "pay")[0])
	h.safe("movement", true, func(v *view.Visit) (any, error) { return v.Movement(view.MovementQuery{Since: friday}) })

	items, err := h.visit(work.Internal).Items(view.ItemsQuery{Since: friday, Search: "pay-3"})
	h.ok(err)
	same(t, "in the list", &view.Was{Place: 8, TeamPlace: 7, Horizon: "next", Tier: "4", Up: 5}, items.Items[0].Was)
	h.safe("items since", true, func(v *view.Visit) (any, error) { return v.Items(view.ItemsQuery{Since: friday}) })
}
