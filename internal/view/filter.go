package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// ItemsQuery asks for items; what is empty asks for nothing. Who may not see by
// what an item would be picked does not get it: a filter tells as much as a
// column.
type ItemsQuery struct {
	Page

	Team string
	// Search is a part of the title, or of the name of a record, in any case.
	Search string
	// Kind, Priority and Horizon are shared values, Accountable is the role that
	// answers for the item, and Person who must act on it today.
	Kind, Priority, Horizon, Accountable, Person string
	// Goal is the name of the goal that it serves.
	Goal string
	// Ready picks items that can be started, or those that cannot.
	Ready *bool
	// Done lists finished items too.
	Done bool
	// Since is the day for which is told where each item stood; zero asks for
	// nothing.
	Since time.Time
}

// needed is how much of an item has to be seen to answer.
func (q *ItemsQuery) needed() sight {
	switch {
	case q.Priority != "" || q.Horizon != "" || q.Accountable != "" || q.Person != "" || q.Goal != "" || q.Ready != nil:
		return everything
	case q.Search != "" || q.Kind != "":
		return surface
	default:
		return nothing
	}
}

// picker picks the items that a query asks for.
func (l *lens) picker(q *ItemsQuery) func(int, *engine.Decided) bool {
	needed, find := q.needed(), newFinder(q.Search)
	var texts []string
	if find.text != "" {
		texts = l.haystack()
	}
	is := func(d *engine.Decided, field work.Field, want string) bool {
		return want == "" || textOf(d, field) == want
	}
	return func(i int, d *engine.Decided) bool {
		switch {
		case q.Team != "" && d.Item.Team != q.Team, d.Place == 0 && !q.Done:
			return false
		case needed == nothing:
			return true
		case l.sightOf(d) < needed, q.Goal != "" && !l.sees(work.Internal):
			return false
		}
		return (find.text == "" || find.in(d, texts[i])) && is(d, work.Type, q.Kind) && is(d, work.Priority, q.Priority) && is(d, work.Horizon, q.Horizon) && is(d, work.Goal, q.Goal) &&
			(q.Ready == nil || *q.Ready == (len(d.NotReady) == 0)) &&
			(q.Accountable == "" || l.routed(d) && d.Route.Accountable == q.Accountable) &&
			(q.Person == "" || l.acts(d) == q.Person)
	}
}

// textOf is the text of a field; empty where there is none.
func textOf(d *engine.Decided, field work.Field) string {
	if v := d.Item.Fields.Get(field); v.Present() {
		return v.Text()
	}
	return ""
}

// routed reports whether it may be told which role answers for an item.
func (l *lens) routed(d *engine.Decided) bool {
	return d.Route != nil && l.sightOf(d) == everything && l.sees(l.desk.conf.Rules.RouteAudience(d))
}

// acts is who must act on an item; empty where that may not be told: who has
// which role is for those inside.
func (l *lens) acts(d *engine.Decided) string {
	if !l.sees(work.Internal) || !l.routed(d) {
		return ""
	}
	return l.outcome.Acting(l.desk.conf.Rules, d).Person
}

// finder looks for a text in titles and names, in any case.
type finder struct {
	text  string
	named bool // with a connector, as in jira:PAY-12
}

func newFinder(text string) finder {
	text = strings.ToLower(strings.TrimSpace(text))
	return finder{text, strings.Contains(text, ":")}
}

// in looks through an item; said is what haystack says of it.
func (f finder) in(d *engine.Decided, said string) bool {
	if strings.Contains(said, f.text) {
		return true
	}
	return f.named && slices.ContainsFunc(d.Item.Parts, func(p work.Part) bool { return strings.Contains(strings.ToLower(p.String()), f.text) })
}

// haystack is the title and the names of each item in small letters, in the
// order of the items: people type letter after letter.
func (l *lens) haystack() []string {
	return common(l, "haystack", "", func(o *engine.Outcome) []string {
		texts := make([]string, len(o.Items))
		var b strings.Builder
		for i, item := range o.Items {
			b.Reset()
			b.WriteString(textOf(item, work.Title))
			for k := range item.Item.Parts {
				p := &item.Item.Parts[k]
				b.WriteByte('\n')
				b.WriteString(cmp.Or(p.Key, p.ID))
			}
			texts[i] = strings.ToLower(b.String())
		}
		return texts
	})
}
