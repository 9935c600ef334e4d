package web

import (
	"html/template"
	"net/url"

	"tandem/internal/chart"
	"tandem/internal/view"
)

// roadmapPage is the roadmap of one team or all, horizon by horizon.
type roadmapPage struct {
	Team, Horizon string
	Teams         []choice
	Roadmaps      []roadmapBoard
	// Keep is what of the address a choice of the team keeps.
	Keep []choice
	// Moved is how the first of the order changed places, where that is kept.
	Moved template.HTML
	// Pager leads through one horizon of one team.
	Pager *pager
}

// roadmap shows what stands in which horizon.
func (v *visit) roadmap() (content, error) {
	p := roadmapPage{Team: v.team(), Horizon: v.URL.Query().Get("horizon")}
	q := view.RoadmapQuery{Page: view.Page{Limit: cardsAtOnce * 4}, Team: p.Team, Horizon: p.Horizon}
	one := p.Team != "" && p.Horizon != ""
	if one {
		q.Page = view.Page{Offset: v.offset(), Limit: window}
	}
	maps, err := v.see.Roadmap(q)
	if err != nil {
		return content{}, err
	}
	p.Roadmaps = boards(maps[:min(len(maps), mostTeams)])
	if one && len(maps) == 1 && len(maps[0].Lanes) == 1 {
		lane := maps[0].Lanes[0]
		page := v.pager(lane.Offset, len(lane.Cards), lane.Total)
		p.Pager = &page
	}
	if p.Horizon != "" {
		p.Keep = []choice{{Name: "horizon", Value: p.Horizon}}
	}
	if p.Horizon == "" {
		moved, err := v.historyPicture()
		if err != nil {
			return content{}, err
		}
		if moved.To.After(moved.From) {
			p.Moved = chart.Figure(moved)
		}
	}
	p.Teams, err = v.teams()
	return content{title: "Roadmap", body: "roadmap.html", data: p}, err
}

// lanePath is where a whole horizon of a team is.
func lanePath(team, horizon string) string {
	if team == "" { // of items without a team there is no page of their own
		return "/?" + url.Values{"horizon": {horizon}}.Encode()
	}
	return "/roadmap?" + url.Values{"team": {team}, "horizon": {horizon}}.Encode()
}

// File is where the roadmap that is shown is had as a file.
func (p roadmapPage) File(kind string) string { return teamFile("/roadmap."+kind, p.Team) }

// historyFile is where the history of the order is had as a file.
func historyFile(kind, team string) string { return teamFile("/history."+kind, team) }

func teamFile(path, team string) string {
	if team == "" {
		return path
	}
	return path + "?" + url.Values{"team": {team}}.Encode()
}
