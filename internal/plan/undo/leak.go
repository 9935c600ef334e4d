package undo

import "tandem/internal/work"

// audience is who can read today what stands at a target.
func (b *builder) audience(t work.Target) work.Audience {
	record := b.scene.Records[t.RefID]
	if record == nil {
		return work.UnknownAudience
	}
	if strict, is := record.Strict[t.Path]; is {
		return record.Audience.And(strict)
	}
	return record.Audience
}

// tells reports whether a write is undone by putting something there. To take away
// what Tandem put there tells nobody anything.
func tells(w *Write) bool {
	if on, isFlag := w.Before.Flag(); w.Target.InList() && w.Target.Path != work.NativeRank {
		return isFlag && on
	}
	return w.Before.Present()
}

// leak says why the leak guard keeps what stood there before from coming back:
// more people can read the place than could when it stood there last (promise S7).
// It is empty where nothing does. What the rules name for public places goes there,
// as any edit does.
func (b *builder) leak(w *Write) string {
	then, now := w.Audience, b.audience(w.Target)
	switch {
	case !tells(w), then.Reaches(now), then == work.Internal && now == work.Public && b.allowed(w):
		return ""
	case now == work.UnknownAudience:
		return "leak guard: nobody knows who can read this place; tandem check tells why, then type the same again"
	case then == work.UnknownAudience:
		return "leak guard: nobody knows who could read it when that stood there; set it by hand if all may see it"
	default:
		return "leak guard: " + now.String() + " readers see it by now, when that stood there only " + then.String() + " ones did; set it by hand"
	}
}

// allowed reports whether the rules name a target for public places.
func (b *builder) allowed(w *Write) bool {
	if b.scene.Rules == nil {
		return false
	}
	if w.Target.Path == work.NativeRank {
		order := b.scene.Rules.Backlog(w.Target.Connector)
		return order != nil && order.AllowPublic
	}
	rule := b.scene.Rules.Rule(w.Field)
	if rule == nil {
		return false
	}
	slot := rule.Slot(w.Target.Connector, b.scene.Records[w.Target.RefID].Place)
	return owns(slot, w.Target) && slot.AllowPublic
}

// leaves holds a write for another time.
func (b *builder) leaves(w Write, why string) {
	b.plan.Left = append(b.plan.Left, Left{Write: w, Why: why, Later: true})
}
