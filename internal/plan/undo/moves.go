package undo

import (
	"slices"

	"tandem/internal/plan/backlog"
	"tandem/internal/work"
)

// moves puts records back into their former places in their backlogs, each
// directly behind its former neighbour. A retirement leaves all where they are.
func (b *builder) moves(writes []Write) {
	if b.errand.Kind == work.Retire {
		for _, w := range writes {
			b.left(w, "its place in the backlog is left as it is: people have planned around it")
		}
		return
	}
	slices.SortStableFunc(writes, compareMoves)
	for len(writes) > 0 {
		n := 1
		for n < len(writes) && compareMoves(writes[0], writes[n]) == 0 {
			n++
		}
		b.backlog(writes[:n])
		writes = writes[n:]
	}
}

// backlog puts back what was moved in one backlog.
func (b *builder) backlog(writes []Write) {
	i := slices.IndexFunc(b.scene.Backlogs, func(s backlog.State) bool {
		return s.Connector == writes[0].Target.Connector && s.Scope == writes[0].Target.Element
	})
	switch {
	case i < 0:
		b.allLeft(writes, "the backlog is not read any more")
		return
	case b.scene.Backlogs[i].Waiting:
		b.allLeft(writes, "the answer to a move is still out; try again in a few minutes")
		return
	}
	state := &b.scene.Backlogs[i]
	m := mover{builder: b, state: state, back: map[string]Write{}}
	for _, w := range writes {
		m.judge(w)
	}
	m.chain()
	m.send()
}

func (b *builder) allLeft(writes []Write, why string) {
	for _, w := range writes {
		b.left(w, why)
	}
}

// mover is the working state of one backlog.
type mover struct {
	*builder

	state *backlog.State
	back  map[string]Write // what goes back, by id
	order []string         // in which they go
}

// judge sorts out what is not Tandem's to put back.
func (m *mover) judge(w Write) {
	id := w.Target.ID
	anchor, known := work.ParseAnchor(w.Before)
	pin, later := m.pin(id), w.Run > 0 && m.scene.Moved[w.Target] > w.Run
	switch {
	case !slices.Contains(m.state.IDs, id):
		m.left(w, "it is no longer in the backlog")
	case known && (pin != nil || later) && m.stands(id, anchor):
		m.plan.Done = append(m.plan.Done, w)
	case pin != nil:
		m.plan.Changed = append(m.plan.Changed, Changed{
			Write: w, Now: backlog.Stood(m.state.IDs, id), By: pin.By, At: pin.Since,
		})
	case later:
		m.left(w, "Tandem moved it again since; undo that run first, or undo by --item")
	case !known:
		m.left(w, "where it stood before is not known")
	case m.handsOff(w):
		m.keepsOff(w)
	case m.leak(&w) != "":
		m.leaves(w, m.leak(&w))
	default:
		m.back[id] = w
	}
}

func (m *mover) pin(id string) *backlog.Pin {
	i := slices.IndexFunc(m.state.Pins, func(p backlog.Pin) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &m.state.Pins[i]
}

func (m *mover) stands(id string, a work.Anchor) bool {
	i, at := slices.Index(m.state.IDs, id), slices.Index(m.state.IDs, a.ID)
	if a.Before {
		return i == 0
	}
	return at >= 0 && i == at+1
}

// chain finds the order: a record goes behind its neighbour once that is where
// it was. What has lost its neighbour stays.
func (m *mover) chain() {
	settled := map[string]bool{}
	for progress := true; progress; {
		progress = false
		for _, id := range m.sorted() {
			anchor, _ := work.ParseAnchor(m.back[id].Before)
			if settled[id] {
				continue
			}
			if _, goes := m.back[anchor.ID]; goes && !settled[anchor.ID] && !anchor.Before {
				continue // its neighbour goes first
			}
			switch why := m.lost(anchor); {
			case why == "":
				settled[id] = true
				m.order = append(m.order, id)
			case m.stands(id, anchor):
				m.plan.Done = append(m.plan.Done, m.back[id])
				delete(m.back, id)
			default:
				m.left(m.back[id], why)
				delete(m.back, id)
			}
			progress = true
		}
	}
	for _, id := range m.sorted() { // neighbours of each other
		if !settled[id] {
			m.left(m.back[id], "its former neighbour stood behind it in another run; undo that run first")
		}
	}
}

// sorted returns the ids that go back, as they stand.
func (m *mover) sorted() []string {
	var ids []string
	for _, id := range m.state.IDs {
		if _, goes := m.back[id]; goes {
			ids = append(ids, id)
		}
	}
	return ids
}

// lost says why a neighbour is no guide to a place any more; empty if it is.
func (m *mover) lost(a work.Anchor) string {
	_, goes := m.back[a.ID]
	switch {
	case goes, a.Before: // one that was first needs no neighbour
		return ""
	case !slices.Contains(m.state.IDs, a.ID):
		return "its former neighbour is no longer in the backlog"
	case m.pin(a.ID) != nil:
		return "its former neighbour was moved by somebody since"
	default:
		return ""
	}
}

// send makes the edits, each on the order that the ones before it leave.
func (m *mover) send() {
	expect := work.NewText(m.state.Fingerprint())
	order := m.state.IDs
	for _, id := range m.order {
		w := m.back[id]
		anchor, _ := work.ParseAnchor(w.Before)
		if anchor.Before { // it was the first: before whatever is the first by now
			if order[0] == id {
				continue
			}
			anchor.ID = order[0]
		}
		from := backlog.Stood(order, id)
		after, moved := backlog.Follow(order, id, anchor)
		if !moved || slices.Equal(after, order) {
			m.plan.Done = append(m.plan.Done, w)
			continue
		}
		order = after
		e := work.Edit{Verb: work.MoveInBacklog, Value: anchor.Value(), Expect: expect, From: from, Key: w.Key, Place: w.Place}
		if r := m.scene.Records[w.Target.RefID]; r != nil {
			e.Key, e.Place = r.Key, r.Place
		}
		m.add(w, e)
	}
}
