package web

import (
	"net/url"

	"tandem/internal/view"
)

// listPage is a whole list.
type listPage struct {
	view.List

	Team  string
	Teams []choice
	Pager pager
	// Keep is what of the address a choice of the team keeps.
	Keep []choice
}

// listWords says what the items of a list have in common.
func listWords(k view.ListKind) string {
	switch k {
	case view.NotReady:
		return "Not ready"
	case view.MissingEffort:
		return "Effort missing"
	case view.Unaccepted:
		return "Done, not accepted"
	case view.EpicsWithoutGoal:
		return "Epics without a goal"
	case view.Blocked:
		return "Waiting for other work"
	default:
		return string(k)
	}
}

// listHint says what to do about it.
func listHint(k view.ListKind) string {
	switch k {
	case view.NotReady:
		return "They cannot be started: add what is missing where the issue lives. The readiness rules say what it takes."
	case view.MissingEffort:
		return "Without an estimate their place rests on what is usual, and nobody can say what fits. Estimate those at the top first."
	case view.Unaccepted:
		return "The team is finished and waits for somebody to accept or reject."
	case view.EpicsWithoutGoal:
		return "Nobody can say what they are for. Give each a goal, or a theme that a goal names in the rules."
	case view.Blocked:
		return "They need other open work first. A circle never ends by itself: somebody has to take one dependency away. Until then order and roadmap do as if its members did not need each other."
	default:
		return ""
	}
}

// listPath is where a whole list is.
func listPath(kind view.ListKind, team string) string {
	q := url.Values{"kind": {string(kind)}}
	if team != "" {
		q.Set("team", team)
	}
	return "/list?" + q.Encode()
}

// list shows a list from one end to the other.
func (v *visit) list() (content, error) {
	q := view.ListQuery{Page: view.Page{Offset: v.offset(), Limit: window}, Kind: view.ListKind(v.URL.Query().Get("kind")), Team: v.team()}
	list, err := v.see.List(q)
	if err != nil {
		return content{}, err
	}
	p := listPage{List: list, Team: q.Team, Pager: v.pager(list.Offset, len(list.Items), list.Total), Keep: []choice{{Name: "kind", Value: string(list.Kind)}}}
	if p.Teams, err = v.teams(); err != nil {
		return content{}, err
	}
	return content{title: listWords(list.Kind), body: "list.html", data: p}, nil
}
