package cli

import (
	"context"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
)

// orphans are what no rule and no setting owns any more.
func (s *setup) orphans(ctx context.Context, db *store.Store, o *engine.Outcome) ([]undo.Orphan, error) {
	sent, err := db.LastWritten(ctx)
	if err != nil {
		return nil, err
	}
	undone, err := db.Undone(ctx)
	if err != nil {
		return nil, err
	}
	homes := func(ref work.RefID) (undo.Home, bool) { return scheduler.HomeIn(o, s.rules, ref) }
	places := map[string][]string{}
	for _, i := range s.instances {
		places[i.name] = i.Places()
	}
	back := make(map[work.Target]plan.Undone, len(undone))
	for _, u := range undone {
		back[u.Target] = u
	}
	writes := undo.FromLedger(o.Ledger, sent, homes, s.rules.Program())
	return undo.Orphans(writes, back, undo.Territory{
		Rules: s.rules.Program(), Connectors: places, Teams: len(s.rules.Org().Teams()) > 0, Homes: homes,
	}), nil
}

// orphans shows what is no longer ours, and what would remove it.
func (p *printer) orphans(all []undo.Orphan, every bool) {
	rows := make([][]string, 0, len(all))
	for i := range all {
		o := &all[i]
		rows = append(rows, []string{o.Ref().String(), o.Field.String(), wrote(&o.Write), short(o.Why, 90)})
	}
	p.section("No longer ours", rows, every)
	if len(rows) > 0 {
		p.line("  It stays until somebody removes it: tandem retire --orphans --dry-run shows how.")
	}
}
