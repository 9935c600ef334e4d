package web

import (
	"strconv"
	"strings"

	"tandem/internal/view"
)

// poPage is what a product owner looks at: what next.
type poPage struct {
	Team     string
	Teams    []choice
	Waiting  waiting
	Fits     view.SprintFits
	Backlogs []backlog
	Lists    []view.List
	// Tense are the strongest disagreements, TwoLenses says that there may be any.
	Tense     []view.Disagreement
	TwoLenses bool
}

// backlog is the top of a team's order.
type backlog struct {
	Team  string
	Items []view.Item
	Total int
}

const (
	// backlogTop is how much of a backlog is shown, listTop how much of a list.
	backlogTop = 15
	listTop    = 8
	// mostTeams is how many teams a page shows one by one.
	mostTeams = 8
)

// po shows what a product owner has to decide next.
func (v *visit) po() (content, error) {
	p := poPage{Team: v.team()}
	var err error
	if p.Teams, err = v.teams(); err != nil {
		return content{}, err
	}
	if p.Waiting, err = v.waiting("po"); err != nil {
		return content{}, err
	}
	if p.Fits, err = v.see.Fits(view.FitsQuery{Team: p.Team, Limit: listTop}); err != nil {
		return content{}, err
	}
	for _, team := range shownTeams(p.Teams, p.Team) {
		list, err := v.see.Items(view.ItemsQuery{Page: view.Page{Limit: backlogTop}, Team: team})
		if err != nil {
			return content{}, err
		}
		p.Backlogs = append(p.Backlogs, backlog{team, list.Items, list.Total})
	}
	for _, kind := range []view.ListKind{view.NotReady, view.MissingEffort, view.Blocked, view.Unaccepted} {
		list, err := v.see.List(view.ListQuery{Page: view.Page{Limit: listTop}, Kind: kind, Team: p.Team})
		if err != nil {
			return content{}, err
		}
		p.Lists = append(p.Lists, list)
	}
	tense, err := v.see.Disagreements(view.TensionQuery{Team: p.Team, Limit: 3})
	p.Tense, p.TwoLenses = tense.Items[:min(len(tense.Items), 3)], tense.TwoLenses
	return content{title: "PO: what next", body: "po.html", data: p}, err
}

// shownTeams are the teams that a page shows one by one.
func shownTeams(all []choice, chosen string) []string {
	if chosen != "" {
		return []string{chosen}
	}
	var names []string
	for _, c := range all[:min(len(all), mostTeams)] {
		names = append(names, c.Value)
	}
	return names
}

// efforts adds up what items take, as far as the reader may see them.
func efforts(all []view.Fit) string {
	sum := 0.0
	for i := range all {
		if all[i].Effort != nil {
			sum += *all[i].Effort
		}
	}
	return score(sum)
}

// everyText writes a length of time as people say it: 14d is 2 weeks.
func everyText(span string) string {
	days, err := strconv.Atoi(strings.TrimSuffix(span, "d"))
	switch {
	case err != nil:
		return span
	case days == 7:
		return "week"
	case days%7 == 0:
		return strconv.Itoa(days/7) + " weeks"
	default:
		return plural(days, "day", "days")
	}
}
