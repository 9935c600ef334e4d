package expression

import (
	"math"
	"strings"
	"time"

	"tandem/internal/work"
)

// named is one name that expressions know.
type named struct {
	kind  kind
	reads Reads
	value func(*Subject) work.Value
	// elements and moment replace value where it would have to copy.
	elements func(*Subject) elements
	moment   func(*Subject) (time.Time, bool)
}

// Names returns every name that expressions know, in the order of the model.
func Names() []string {
	names := make([]string, 0, 64)
	for _, f := range work.AllFields() {
		names = append(names, "item."+f.String())
	}
	return append(names,
		"item.team", "item.key", "item.connectors", "item.places", "item.age_days", "item.days_since_update",
		"item.days_in_priority", "item.overrides",
		"evidence.accounts", "evidence.people", "evidence.signals", "evidence.votes", "evidence.weight", "evidence.reach", "evidence.value",
		"evidence.nps", "evidence.nps_low", "evidence.nps_high", "evidence.nps_sample",
		"evidence.csat", "evidence.csat_low", "evidence.csat_high", "evidence.csat_sample",
		"evidence.importance", "evidence.importance_sample", "evidence.satisfaction", "evidence.satisfaction_sample",
		"evidence.confidence", "evidence.days_since_latest", "evidence.insights", "evidence.usage", "evidence.usage_trend",
		"goal.name", "goal.weight", "goal.insights", "as_of")
}

// lookUp finds a name.
func lookUp(name string) (named, bool) {
	object, property, _ := strings.Cut(name, ".")
	switch object {
	case "item":
		if f, ok := work.ParseField(property); ok {
			return fieldName(f), true
		}
		return partName(property)
	case "evidence":
		n, ok := evidenceName(property)
		n.reads.Evidence = true
		return n, ok
	case "goal":
		n, ok := goalName(property)
		n.reads.Evidence = property == "insights"
		n.reads.Goal, n.reads.Fields = true, []work.Field{work.Goal}
		return n, ok
	case "as_of":
		return named{
			kind: moment, reads: Reads{AsOf: true},
			value:  func(s *Subject) work.Value { return work.NewTime(s.AsOf) },
			moment: func(s *Subject) (time.Time, bool) { return s.AsOf, !s.AsOf.IsZero() },
		}, property == ""
	default:
		return named{}, false
	}
}

// fieldName reads a field of the shared model.
func fieldName(f work.Field) named {
	return named{
		kind:  kindOf(f.Info().Kind),
		reads: Reads{Fields: []work.Field{f}},
		value: func(s *Subject) work.Value { return s.field(f) },
	}
}

func kindOf(k work.ValueKind) kind {
	switch k {
	case work.Number:
		return number
	case work.List:
		return list
	case work.Flag:
		return flag
	case work.Time:
		return moment
	default:
		return text
	}
}

// partName reads what an item has beside its fields.
func partName(property string) (named, bool) {
	parts := Reads{Parts: true}
	switch property {
	case "team":
		return named{kind: text, reads: parts, value: ofItem(func(i *work.Item) work.Value { return work.NewText(i.Team) })}, true
	case "key":
		return named{kind: text, reads: parts, value: ofItem(func(i *work.Item) work.Value { return work.NewText(i.Key()) })}, true
	case "connectors", "places":
		list := partList(property == "places")
		return named{kind: list.kind, reads: parts, value: list.value, elements: list.elements}, true
	case "age_days":
		return named{
			kind: number, reads: Reads{Fields: []work.Field{work.Created}, AsOf: true},
			value: func(s *Subject) work.Value { return s.daysSinceField(work.Created) },
		}, true
	case "days_in_priority":
		return named{
			kind: number, reads: Reads{Fields: []work.Field{work.Score}, AsOf: true}, // it looks at all that ranking did
			value: func(s *Subject) work.Value { return s.daysSince(s.PrioritySince) },
		}, true
	case "overrides":
		return named{
			kind: list, reads: parts,
			value:    func(s *Subject) work.Value { return work.NewList(s.Overrides...) },
			elements: func(s *Subject) elements { return elements{ok: true, fixed: s.Overrides} },
		}, true
	case "days_since_update":
		return named{
			kind: number, reads: Reads{Fields: []work.Field{work.Updated}, AsOf: true},
			value: func(s *Subject) work.Value { return s.daysSinceField(work.Updated) },
		}, true
	default:
		return named{}, false
	}
}

func ofItem(read func(*work.Item) work.Value) func(*Subject) work.Value {
	return func(s *Subject) work.Value {
		if s.Item == nil {
			return work.Value{}
		}
		return read(s.Item)
	}
}

// partList reads the connectors or places of an item's parts.
func partList(places bool) named {
	read := func(s *Subject) elements {
		if s.Item == nil {
			return elements{}
		}
		return elements{ok: true, parts: s.Item.Parts, places: places}
	}
	return named{kind: list, elements: read, value: func(s *Subject) work.Value {
		var all []string
		for e := range read(s).all {
			all = append(all, e)
		}
		return work.NewList(all...)
	}}
}

// goalName reads the goal of the item.
func goalName(property string) (named, bool) {
	switch property {
	case "name":
		return named{kind: text, value: func(s *Subject) work.Value { return work.NewText(s.Goal.Name) }}, true
	case "insights":
		return named{kind: number, value: func(s *Subject) work.Value {
			if s.Goal.Name == "" {
				return work.Value{}
			}
			return work.NewNumber(float64(s.Evidence.GoalInsights))
		}}, true
	case "weight":
		return named{kind: number, value: func(s *Subject) work.Value {
			if s.Goal.Name == "" {
				return work.Value{}
			}
			return work.NewNumber(s.Goal.Weight)
		}}, true
	default:
		return named{}, false
	}
}

// term turns the name into the function of its kind. A value of another kind
// than the name's counts as unknown.
func (n named) term() term {
	value := n.value
	switch n.kind {
	case number:
		return term{kind: number, number: func(e env) (float64, bool) {
			f, ok := value(e.subject).Number()
			if !ok || math.IsInf(f, 0) {
				return 0, false
			}
			return f, true
		}}
	case flag:
		return term{kind: flag, truth: func(e env) Truth {
			answer, ok := value(e.subject).Flag()
			if !ok {
				return UnknownTruth
			}
			return TruthOf(answer)
		}}
	case moment:
		if n.moment != nil {
			read := n.moment
			return term{kind: moment, moment: func(e env) (time.Time, bool) { return read(e.subject) }}
		}
		return term{kind: moment, moment: func(e env) (time.Time, bool) { return value(e.subject).Time() }}
	case list:
		if n.elements != nil {
			read := n.elements
			return term{kind: list, list: func(e env) elements { return read(e.subject) }}
		}
		return term{kind: list, list: func(e env) elements { return elementsOf(value(e.subject)) }}
	default:
		return term{kind: text, text: func(e env) (string, bool) {
			v := value(e.subject)
			return v.Text(), v.Kind() == work.Text
		}}
	}
}
