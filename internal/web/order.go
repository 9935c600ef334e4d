package web

import (
	"net/url"

	"tandem/internal/view"
)

// orderPage is the ranked list with what leads to it.
type orderPage struct {
	Rows  []view.Row
	Pager pager
	// Filter is what is shown, Words the same in a line, and Query as it stands in
	// the address.
	Filter       filter
	Words, Query string
	// Chosen says that the list is not all there is.
	Chosen                               bool
	Teams, Horizons, Roles, Kinds, Goals []choice
	// Person is the reader, where the rules know who that is.
	Person string
	Views  []savedView
	// Since lists the days to compare with; SinceName is the one that is chosen.
	Since     []choice
	SinceName string
	Movement  view.Movement
	// Aims are the goals.
	Aims view.Goals
	// Whole is the address of the list without a filter.
	Jump int
	// Hidden are the parts of the filter, for forms beside it.
	Hidden []choice
}

// savedView is a saved filter with whether it is the one that is shown.
type savedView struct {
	view.Saved

	Path string
	Here bool
}

// order shows what comes next, in its order, and what moved.
func (v *visit) order() (content, error) {
	f := v.filter()
	p := orderPage{Filter: f, Words: f.words(), Query: f.query(), Person: v.who.Person, Jump: v.jump()}
	p.Chosen = p.Query != ""
	since, days := v.since()
	p.Since = days
	p.Hidden = f.fields()
	p.SinceName = dayName(since, midnight(v.web.Now()))
	q := view.RowsQuery{ItemsQuery: f.items(&v.who), From: p.Jump, Since: since}
	q.Page = view.Page{Offset: v.offset(), Limit: window}
	list, err := v.see.Rows(q)
	if err != nil {
		return content{}, err
	}
	p.Rows, p.Pager = list.Rows, v.pager(list.Offset, len(list.Rows), list.Total)
	if p.Movement, err = v.see.Movement(since, f.Team); err != nil {
		return content{}, err
	}
	if !p.Chosen && p.Pager.From <= 1 {
		if p.Aims, err = v.see.Goals(""); err != nil {
			return content{}, err
		}
	}
	return v.orderFrame(p)
}

// orderFrame adds what can be chosen.
func (v *visit) orderFrame(p orderPage) (content, error) {
	c, err := v.see.Choices()
	if err != nil {
		return content{}, err
	}
	f := &p.Filter
	p.Teams, p.Horizons, p.Kinds = choices(c.Teams, f.Team, asItIs), choices(c.Horizons, f.Horizon, asItIs), choices(c.Kinds, f.Kind, asItIs)
	p.Roles, p.Goals = choices(c.Roles, f.Role, roleName), choices(c.Goals, f.Goal, asItIs)
	views, err := v.see.SavedViews()
	if err != nil {
		return content{}, err
	}
	for _, s := range views {
		p.Views = append(p.Views, savedView{s, "/?" + s.Query, s.Query == p.Query})
	}
	return content{title: "Order", body: "order.html", data: p}, nil
}

// saveView keeps the filter that is shown.
func (v *visit) saveView() (note, string, error) {
	query := v.PostFormValue("query")
	saved, err := v.see.SaveView(v.PostFormValue("name"), query, v.PostFormValue("shared") != "")
	if err != nil {
		return note{}, "", err
	}
	return note{"good", "Saved as “" + saved.Name + "”."}, "/?" + saved.Query, nil
}

// changeView renames or deletes a saved view.
func (v *visit) changeView() (note, string, error) {
	number := v.number("number")
	if v.PostFormValue("do") == "delete" {
		return note{"good", "The view is deleted."}, v.PostFormValue("back"), v.see.DeleteView(number)
	}
	return note{"good", "The view has another name."}, v.PostFormValue("back"), v.see.RenameView(number, v.PostFormValue("name"))
}

// exportPath is where the list that is shown is had as a file.
func exportPath(kind, query string) string {
	return (&url.URL{Path: "/order." + kind, RawQuery: query}).String()
}
