package engine

import (
	"maps"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// held are holds by what they are asked for.
type held map[plan.HoldKey]plan.Held

func (h held) add(holds []work.Hold) {
	for i := range holds {
		h.put(&holds[i])
	}
}

// put adds a hold. Of several with one key the oldest counts, whatever their
// order.
func (h held) put(of *work.Hold) {
	key, hold := heldBy(of)
	if was, known := h[key]; known {
		older := was.Since.Compare(hold.Since)
		if older < 0 || older == 0 && was.Have.String() <= hold.Have.String() {
			return
		}
	}
	h[key] = hold
}

// turned are the holds that came and went with an evaluation, where the state
// that it looked at held those of the evaluation before.
type turned struct{ came, went held }

// turn finds them: those of items that were judged anew, and those that stand
// behind the items'.
func (e *evaluation) turn() *turned {
	p, t := e.past, &turned{held{}, held{}}
	for i, from := range p.from {
		if p.fresh[i] && e.spans.counts[i][holdsOf] > 0 {
			t.came.add(e.plan.Holds[e.spans.starts[i][holdsOf]:][:e.spans.counts[i][holdsOf]])
		}
		if from >= 0 && !p.fresh[i] {
			continue
		}
		if from >= 0 {
			t.went.add(p.plan.Holds[p.spans.starts[from][holdsOf]:][:p.spans.counts[from][holdsOf]])
		}
	}
	for _, from := range p.left {
		t.went.add(p.plan.Holds[p.spans.starts[from][holdsOf]:][:p.spans.counts[from][holdsOf]])
	}
	t.went.add(p.tail)
	t.came.add(e.tail)
	return t
}

// keepHolds makes the holds of an evaluation those of the last run.
func (s *stale) keepHolds(state *plan.State, e *evaluation) {
	t := e.turned
	if t == nil {
		t = &turned{held{}, maps.Clone(held(state.Holds))}
		t.came.add(e.plan.Holds)
		t.came.add(e.tail)
		for key, hold := range state.Fresh {
			if delete(t.went, key); hold != nil {
				t.went[key] = *hold
			}
		}
	}
	fresh := make(map[plan.HoldKey]*plan.Held, len(state.Fresh))
	maps.Copy(fresh, state.Fresh)
	for key, hold := range t.came {
		if was, known := state.Held(key); !known || was != hold {
			fresh[key], s.refs[key.Slot.Ref] = &hold, true
		}
	}
	for key := range t.went {
		if _, still := t.came[key]; !still {
			fresh[key], s.refs[key.Slot.Ref] = nil, true
		}
	}
	if state.Fresh = fresh; len(fresh) > 1000+len(state.Holds)/4 {
		state.Holds, state.Fresh = settled(state), nil
	}
}

// settled makes one map of the holds.
func settled(state *plan.State) map[plan.HoldKey]plan.Held {
	all := maps.Clone(state.Holds)
	for key, hold := range state.Fresh {
		if delete(all, key); hold != nil {
			all[key] = *hold
		}
	}
	return all
}
