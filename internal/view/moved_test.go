package view_test

import (
	"testing"
	"time"

	"tandem/internal/view"
	"tandem/internal/work"
)

func TestAListTellsWhereItsItemsStoodOnADay(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	friday := noon()
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
	items, err := h.visit(work.Internal).Items(view.ItemsQuery{Since: friday, Search: "pay-3"})
	h.ok(err)
	same(t, "in the list", &view.Was{Place: 8, TeamPlace: 7, Horizon: "next", Tier: "4", Up: 5}, items.Items[0].Was)
	h.safe("items since", true, func(v *view.Visit) (any, error) { return v.Items(view.ItemsQuery{Since: friday}) })
}
