package api

import (
	"slices"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// fitsView is what fits into the next sprint of a team. It is advice: Tandem
// writes no sprint.
type fitsView struct {
	Team     string    `json:"team"`
	Sprint   string    `json:"sprint,omitempty"`
	Capacity float64   `json:"capacity"`
	Every    string    `json:"every"`
	Room     float64   `json:"room"`
	Used     float64   `json:"used"`
	Carried  []fitView `json:"carried"`
	Planned  []fitView `json:"planned"`
	Fits     []fitView `json:"fits"`
	Misses   []fitView `json:"misses"`
	// Missed counts all that do not fit, before limit.
	Missed int      `json:"missed"`
	Notes  []string `json:"notes"`
}

type fitView struct {
	Restricted string   `json:"restricted,omitempty"`
	TeamPlace  int      `json:"team_place,omitempty"`
	Ref        string   `json:"ref,omitempty"`
	Title      string   `json:"title,omitempty"`
	Effort     *float64 `json:"effort,omitempty"`
	Assumed    bool     `json:"assumed,omitempty"`
	Because    string   `json:"because,omitempty"`
}

type findingView struct {
	Level   work.Level `json:"level"`
	Subject string     `json:"subject"`
	What    string     `json:"what"`
	Remedy  string     `json:"remedy,omitempty"`
}

// fits says what of each team's order fits into its next sprint.
func (a *API) fits(c *call) (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	sprint := c.query.Get("sprint")
	asked := sprint != "" && sprint != engine.NextSprint
	if sprint == "" {
		sprint = engine.NextSprint
	}
	all, findings := l.outcome.Fits(a.Rules, c.query.Get("team"), sprint)
	teams := []fitsView{}
	for i := range all {
		teams = append(teams, l.fits(&all[i], asked, limit))
	}
	told := []findingView{}
	for _, f := range findings {
		told = append(told, findingView{f.Level, f.Subject, f.What, f.Remedy})
	}
	return map[string]any{"teams": teams, "findings": told}, nil
}

// fits shows the advice for a team. The name of a sprint is that of its items:
// who may see none of them is not told.
func (l *lens) fits(f *engine.Fits, asked bool, limit int) fitsView {
	v := fitsView{
		Team: f.Team, Capacity: f.Capacity, Every: f.Every.String(), Room: f.Room, Used: f.Used, Missed: len(f.Miss), Notes: append([]string{}, f.Notes...),
		Carried: l.fitList(f.Carried), Planned: l.fitList(f.Planned), Fits: l.fitList(f.Fit), Misses: l.fitList(f.Miss[:min(len(f.Miss), limit)]),
	}
	seen := func(one engine.Fit) bool { return l.sightOf(one.Item) != nothing }
	if asked || l.token.Audience == work.Restricted || slices.ContainsFunc(f.Planned, seen) {
		v.Sprint = f.Sprint
	}
	return v
}

func (l *lens) fitList(all []engine.Fit) []fitView {
	list := []fitView{}
	for i := range all {
		list = append(list, l.fit(&all[i]))
	}
	return list
}

func (l *lens) fit(f *engine.Fit) fitView {
	item := l.item(f.Item)
	v := fitView{Restricted: item.Restricted, TeamPlace: item.TeamPlace, Ref: item.Ref, Title: item.Title}
	if l.sightOf(f.Item) == nothing {
		return v
	}
	v.Effort, v.Assumed = &f.Effort, f.Assumed
	if l.sightOf(f.Item) != everything {
		return v
	}
	v.Because = f.Because
	if f.Past != nil {
		v.Because = "small enough for what others leave"
		if l.sightOf(f.Past) != nothing {
			v.Because = "small enough for what " + f.Past.Item.Key() + " leaves"
		}
	}
	return v
}
