package githubsim

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"tandem/internal/sim"
)

func sameValues(a, b map[int64]any) bool {
	return maps.EqualFunc(a, b, func(x, y any) bool { return fmt.Sprint(x) == fmt.Sprint(y) })
}

// effects lists what a person's change did to the values of cards.
func (p *project) effects(s *Site, after Project) []sim.Effect {
	var all []sim.Effect
	for i := range after.Items {
		item := &after.Items[i]
		before := p.item(item.ID)
		if before == nil {
			before = &ProjectItem{}
			all = append(all, sim.Effect{Ref: s.keyOf(item.Issue), Field: "project", To: p.Title})
		}
		for f := range after.Fields {
			field := &after.Fields[f]
			from, to := field.spelled(before.Values[field.ID]), field.spelled(item.Values[field.ID])
			if from != to {
				all = append(all, sim.Effect{Ref: s.keyOf(item.Issue), Field: "project:" + field.Name, From: from, To: to})
			}
		}
	}
	return all
}

// keyOf names an issue by its id.
func (s *Site) keyOf(id int64) string {
	for _, r := range s.repositories {
		if number, ok := r.numbers[id]; ok {
			return r.issues[number].Key()
		}
	}
	return "draft"
}

// spelled is a value as people read it.
func (f *ProjectField) spelled(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.Format(time.DateOnly)
	case string:
		if o := f.option(v); o != nil {
			return o.Name
		}
		return v
	default:
		return fmt.Sprint(v)
	}
}

// set gives an item a value, as the service checks it; the text is what is
// wrong with it.
func (p *project) set(s *Site, item *ProjectItem, field *ProjectField, value any) (effects []sim.Effect, fault string) {
	switch v := value.(type) {
	case nil:
	case string:
		switch field.Kind {
		case NumberField:
			return nil, "The value type must be a number for a field of type number"
		case DateField:
			if _, err := time.Parse(time.DateOnly, v); err != nil {
				return nil, "The date is not valid"
			}
		case SelectField, IterationField:
			if field.option(v) == nil {
				return nil, "The single select option Id does not belong to the field"
			}
		}
	case float64:
		if field.Kind != NumberField {
			return nil, "Did not receive a " + field.Kind + " value for the field"
		}
	}
	from, to := field.spelled(item.Values[field.ID]), field.spelled(value)
	if value == nil {
		delete(item.Values, field.ID)
	} else {
		item.Values[field.ID] = value
	}
	if from == to {
		return nil, ""
	}
	item.Updated = s.now()
	return []sim.Effect{{Ref: s.keyOf(item.Issue), Field: "project:" + field.Name, From: from, To: to}}, ""
}

// board finds a project by owner and number. Users' boards stay hidden from
// Apps.
func (a *asker) board(owner string, number int, user bool) *project {
	i := slices.IndexFunc(a.site.projects, func(p *project) bool {
		return fold(p.Owner) == fold(owner) && p.Number == number && p.User == user
	})
	if i < 0 || a.site.projects[i].Access == None || user && a.account.App {
		return nil
	}
	return a.site.projects[i]
}
