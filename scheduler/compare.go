package scheduler

import (
	"context"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Memoir is what of a store a comparison with the last run needs.
type Memoir interface {
	// LastMade returns what the newest run is told from others by; false when
	// there is none.
	LastMade(ctx context.Context) (engine.Last, bool, error)
	// Earlier returns some records and what was said of them as a run saw them;
	// false where that is not kept.
	Earlier(ctx context.Context, run int64, refs []work.RefID) (engine.Snapshot, bool, error)
}

// Compare tells how far an outcome is from the last run, and what caused it;
// nil where there is nothing to compare with. It reads only what moved.
func Compare(ctx context.Context, store Memoir, rules *engine.Rules, snap *engine.Snapshot, o *engine.Outcome) (*engine.Stability, error) {
	last, ok, err := store.LastMade(ctx)
	if err != nil || !ok {
		return nil, err
	}
	s := o.Compare(snap.Previous, last)
	if s == nil || len(s.Moves) == 0 {
		return s, nil
	}
	moved := make(map[work.ItemID]bool, len(s.Moves))
	for i := range s.Moves {
		moved[s.Moves[i].Item] = true
	}
	var refs []work.RefID
	for _, d := range o.Items {
		if moved[d.Item.ID] {
			refs = append(refs, partsOf(d)...)
		}
	}
	then, err := earlier(ctx, store, rules, last, refs)
	if err != nil {
		return nil, err
	}
	s.Attribute(rules, o, then, snap, last)
	return s, nil
}

// CompareOne tells what became of one item since the last run, and why; false
// where there is nothing to compare with.
func CompareOne(ctx context.Context, store Memoir, rules *engine.Rules, snap *engine.Snapshot, o *engine.Outcome, d *engine.Decided) (engine.Move, engine.Last, bool, error) {
	last, ok, err := store.LastMade(ctx)
	if err != nil || !ok || len(snap.Previous) == 0 || d.Place == 0 {
		return engine.Move{}, last, false, err
	}
	m := o.Move(snap.Previous, d)
	if !m.Changed() {
		return m, last, true, nil
	}
	then, err := earlier(ctx, store, rules, last, partsOf(d))
	if err != nil {
		return m, last, false, err
	}
	m.Attribute(rules, o, then, snap, last, d)
	return m, last, true, nil
}

func partsOf(d *engine.Decided) []work.RefID {
	refs := make([]work.RefID, 0, len(d.Item.Parts))
	for i := range d.Item.Parts {
		refs = append(refs, d.Item.Parts[i].RefID)
	}
	return refs
}

// earlier is what today's rules make of what some records were for the last
// run; nil where that is not kept.
func earlier(ctx context.Context, store Memoir, rules *engine.Rules, last engine.Last, refs []work.RefID) (*engine.Outcome, error) {
	snap, known, err := store.Earlier(ctx, last.Run, refs)
	if err != nil || !known {
		return nil, err
	}
	o := engine.Evaluate(rules, snap)
	return &o, nil
}
