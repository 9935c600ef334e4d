package view

import (
	"slices"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Fits is what fits into the next sprint of a team. It is advice: Tandem
// writes no sprint.
type Fits struct {
	Team     string  `json:"team"`
	Sprint   string  `json:"sprint,omitempty"`
	Capacity float64 `json:"capacity"`
	Every    string  `json:"every"`
	Room     float64 `json:"room"`
	Used     float64 `json:"used"`
	Carried  []Fit   `json:"carried"`
	Planned  []Fit   `json:"planned"`
	Fits     []Fit   `json:"fits"`
	Misses   []Fit   `json:"misses"`
	// Missed counts all that do not fit, before limit.
	Missed int      `json:"missed"`
	Notes  []string `json:"notes"`
}

// Fit is an item and its size.
type Fit struct {
	Restricted string   `json:"restricted,omitempty"`
	TeamPlace  int      `json:"team_place,omitempty"`
	Ref        string   `json:"ref,omitempty"`
	Title      string   `json:"title,omitempty"`
	Effort     *float64 `json:"effort,omitempty"`
	Assumed    bool     `json:"assumed,omitempty"`
	Because    string   `json:"because,omitempty"`
}

// Finding is something that the advice stumbled over.
type Finding struct {
	Level   work.Level `json:"level"`
	Subject string     `json:"subject"`
	What    string     `json:"what"`
	Remedy  string     `json:"remedy,omitempty"`
}

// SprintFits is what fits into the next sprints.
type SprintFits struct {
	Findings []Finding `json:"findings"`
	Teams    []Fits    `json:"teams"`
}

// FitsQuery asks what fits into a sprint; the next one of all teams where it is
// empty.
type FitsQuery struct {
	Team, Sprint string
	// Limit is the most misses of a team.
	Limit int
}

// Fits says what of each team's order fits into its next sprint.
func (vi *Visit) Fits(q FitsQuery) (SprintFits, error) {
	l, err := vi.lens()
	if err != nil {
		return SprintFits{}, err
	}
	asked := q.Sprint != "" && q.Sprint != engine.NextSprint
	if q.Sprint == "" {
		q.Sprint = engine.NextSprint
	}
	all, findings := l.packed(q.Team, q.Sprint)
	v := SprintFits{[]Finding{}, []Fits{}}
	for i := range all {
		v.Teams = append(v.Teams, l.fits(&all[i], asked, atMost(q.Limit)))
	}
	for _, f := range findings {
		v.Findings = append(v.Findings, Finding{f.Level, f.Subject, f.What, f.Remedy})
	}
	return v, nil
}

// fits shows the advice for a team. The name of a sprint is that of its items:
// who may see none of them is not told.
func (l *lens) fits(f *engine.Fits, asked bool, limit int) Fits {
	v := Fits{
		Team: f.Team, Capacity: f.Capacity, Every: f.Every.String(), Room: f.Room, Used: f.Used, Missed: len(f.Miss), Notes: append([]string{}, f.Notes...),
		Carried: l.fitList(f.Carried), Planned: l.fitList(f.Planned), Fits: l.fitList(f.Fit), Misses: l.fitList(f.Miss[:min(len(f.Miss), limit)]),
	}
	seen := func(one engine.Fit) bool { return l.sightOf(one.Item) != nothing }
	if asked || l.who.Audience == work.Restricted || slices.ContainsFunc(f.Planned, seen) {
		v.Sprint = f.Sprint
	}
	return v
}

func (l *lens) fitList(all []engine.Fit) []Fit {
	list := []Fit{}
	for i := range all {
		list = append(list, l.fit(&all[i]))
	}
	return list
}

func (l *lens) fit(f *engine.Fit) Fit {
	item := l.item(f.Item)
	v := Fit{Restricted: item.Restricted, TeamPlace: item.TeamPlace, Ref: item.Ref, Title: item.Title}
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

// packing is what fits into the next sprint of a team.
type packing struct {
	fits     []engine.Fits
	findings []work.Finding
}

// packed is what fits into a sprint; of the next one it is found once.
func (l *lens) packed(team, sprint string) ([]engine.Fits, []work.Finding) {
	rules := l.desk.conf.Rules
	if _, known := rules.Org().Team(team); sprint != engine.NextSprint || team != "" && !known {
		return l.outcome.Fits(rules, team, sprint)
	}
	p := common(l, "fits", team, func(o *engine.Outcome) (p packing) {
		p.fits, p.findings = o.Fits(rules, team, sprint)
		return p
	})
	return p.fits, p.findings
}
