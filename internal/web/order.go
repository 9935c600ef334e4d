package web

import (
	"tandem/internal/view"
)

// orderPage is the ranked list.
type orderPage struct {
	Items []view.Item
	Pager pager
	Query view.ItemsQuery
}

// order shows what comes next, in its order.
func (v *visit) order() (content, error) {
	q := view.ItemsQuery{Page: view.Page{Offset: v.offset(), Limit: window}, Team: v.URL.Query().Get("team")}
	list, err := v.see.Items(q)
	if err != nil {
		return content{}, err
	}
	p := orderPage{list.Items, v.pager(list.Offset, len(list.Items), list.Total), q}
	return content{title: "Order", body: "order.html", data: p}, nil
}
