package cli

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tandem/internal/web/firsthour"
	"tandem/internal/work"
)

// proposed are the fields of which something was found.
func (i *initiation) proposed() []work.Field {
	if !i.alone {
		return slices.DeleteFunc(work.AllFields(), func(f work.Field) bool { return len(i.proposals(f)) == 0 })
	}
	return slices.DeleteFunc(labelled(), func(f work.Field) bool { return len(i.family(f).places) == 0 })
}

// labelled are those that GitHub alone may show.
func labelled() []work.Field {
	return []work.Field{work.Priority, work.Horizon, work.Type, work.Effort, work.Severity, work.AcceptanceCriteria}
}

func (t *tour) fieldsData(*http.Request) any {
	i := t.i
	d := firsthour.Fields{Alone: i.alone}
	for _, p := range i.found.Places {
		row := firsthour.Place{Key: p.Key, Name: counted(p.Facts), Kind: ledBy(p.Lead)}
		if i.alone {
			row.Name = hubCounted(p.Facts)
		}
		d.Found = append(d.Found, row)
	}
	for _, f := range i.proposed() {
		row := firsthour.Field{Name: f.String(), Doc: f.Info().Doc, Written: f == work.Priority || f == work.Horizon}
		if i.alone {
			c := i.family(f)
			row.Where, row.Sure, row.Use = hubStandsIn(c), c.Confidence, i.sureOf(c)
			row.Because = []string{c.Because + ", in " + list(c.places)}
		} else {
			all := i.proposals(f)
			row.Where, row.Sure, row.Use, row.Because = standsIn(all), least(all), i.sure(all), reasons(all)
			row.Values = short(values(all[0].Ordered, all[0].Spellings), 160)
		}
		if n, known := t.preview.Filled[row.Name]; known && row.Use {
			row.Filled = fmt.Sprintf("filled in %d of %s", n, plural(t.preview.Items, "item", "items"))
		}
		d.Fields = append(d.Fields, row)
	}
	for _, f := range []work.Field{work.Effort, work.BusinessValue, work.Severity, work.AcceptanceCriteria} {
		if !slices.Contains(i.proposed(), f) {
			d.Missing = append(d.Missing, firsthour.Field{Name: f.String(), Doc: f.Info().Doc})
		}
	}
	return d
}

// values lists the native values of a field, in its order where it has one.
func values(ordered []string, spellings map[string][]string) string {
	if len(ordered) > 0 {
		return strings.Join(ordered, " › ")
	}
	var all []string
	for _, native := range spellings {
		all = append(all, native...)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
