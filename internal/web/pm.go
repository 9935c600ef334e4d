package web

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"tandem/internal/chart"
	"tandem/internal/view"
	"tandem/internal/work"
)

// pmPage is what a product manager looks at: why, and what some day.
type pmPage struct {
	Team       string
	Teams      []choice
	Waiting    waiting
	Roadmaps   []roadmapBoard
	Goals      view.Goals
	Themes     []view.Theme
	MoreThemes int
	Segments   []work.SegmentEvidence
	Signals    int // of the segment that said most
	Questions  []question
	Since      time.Time
	Triage     triage
	Insights   view.Insights
	// Findings are insights that wait for somebody, and Aside what was set aside.
	Findings view.Insights
	Aside    view.Asides
	Aimless  view.List
	Shipped  view.Shipped
	Days     []choice
	Told     int // how many may be told
	Query    string
}

// triage is feedback that nothing links.
type triage struct {
	view.Suggestions

	// Count is how many there are, and more where More says so.
	Count int
	More  bool
	// Older is where the next ones are.
	Older string
}

// roadmapBoard is the roadmap of a team.
type roadmapBoard struct {
	view.Roadmap

	Capacity template.HTML
}

const (
	// cardsAtOnce is how many cards of a horizon a board shows.
	cardsAtOnce   = 5
	triagedAtOnce = 8
	mostThemes    = 12
	shippedDays   = 30
)

// pm shows what a product manager has to decide, and what speaks for it.
func (v *visit) pm() (content, error) {
	p := pmPage{Team: v.team(), Query: v.URL.RawQuery}
	for _, step := range []func(*pmPage) error{v.pmWork, v.pmVoices, v.pmShipped} {
		if err := step(&p); err != nil {
			return content{}, err
		}
	}
	return content{title: "PM: why, and what some day", body: "pm.html", data: p}, nil
}

// pmWork adds what is known of items.
func (v *visit) pmWork(p *pmPage) (err error) {
	if p.Teams, err = v.teams(); err != nil {
		return err
	}
	if p.Waiting, err = v.waiting("pm"); err != nil {
		return err
	}
	maps, err := v.see.Roadmap(view.RoadmapQuery{Page: view.Page{Limit: cardsAtOnce}, Team: p.Team})
	if err != nil {
		return err
	}
	p.Roadmaps = boards(maps[:min(len(maps), mostTeams)])
	if p.Goals, err = v.see.Goals(p.Team); err != nil {
		return err
	}
	if p.Themes, err = v.see.Themes(p.Team); err != nil {
		return err
	}
	p.MoreThemes = max(0, len(p.Themes)-mostThemes)
	p.Themes = p.Themes[:min(len(p.Themes), mostThemes)]
	p.Aimless, err = v.see.List(view.ListQuery{Page: view.Page{Limit: listTop}, Kind: view.EpicsWithoutGoal, Team: p.Team})
	return err
}

// pmVoices adds what people said, over all teams: feedback that nothing links is
// nobody's yet.
func (v *visit) pmVoices(p *pmPage) error {
	today := midnight(v.web.Now())
	p.Since = time.Date(today.Year(), today.Month()-asked+1, 1, 0, 0, 0, 0, time.UTC)
	survey, err := v.see.Survey(p.Since)
	if err != nil {
		return err
	}
	p.Segments, p.Questions = survey.Segments[:min(len(survey.Segments), mostSegments)], questions(survey.Questions, today)
	for _, s := range p.Segments {
		p.Signals = max(p.Signals, s.Signals)
	}
	before, _ := strconv.ParseInt(v.URL.Query().Get("before"), 10, 64)
	t := &p.Triage
	if t.Suggestions, err = v.see.Suggestions(view.SuggestionsQuery{Before: max(0, before), Limit: triagedAtOnce}); err != nil {
		return err
	}
	if t.Before > 0 {
		t.Older = v.with("before", strconv.FormatInt(t.Before, 10)) + "#triage"
	}
	if t.Count, t.More, err = v.see.Unlinked(); err != nil {
		return err
	}
	if p.Insights, err = v.see.Insights(view.InsightsQuery{Page: view.Page{Limit: listTop}}); err != nil {
		return err
	}
	if p.Findings, err = v.see.Insights(view.InsightsQuery{Page: view.Page{Limit: triagedAtOnce}, Waiting: true}); err != nil {
		return err
	}
	p.Aside, err = v.see.Asides(view.Page{Limit: triagedAtOnce})
	return err
}

// pmShipped adds whom to tell of what was finished.
func (v *visit) pmShipped(p *pmPage) (err error) {
	if p.Shipped, err = v.shipped(listTop); err != nil {
		return err
	}
	for i := range p.Shipped.Items {
		p.Told += len(p.Shipped.Items[i].Asked)
	}
	days := v.shippedDays()
	for _, n := range []int{7, 14, 30, 90} {
		p.Days = append(p.Days, choice{strconv.Itoa(n), "the last " + strconv.Itoa(n) + " days", n == days})
	}
	return nil
}

// shippedDays is for how many days back the address asks.
func (v *visit) shippedDays() int {
	n, err := strconv.Atoi(v.URL.Query().Get("days"))
	if err != nil || n < 1 || n > 365 {
		return shippedDays
	}
	return n
}

// shipped asks what was finished of late.
func (v *visit) shipped(limit int) (view.Shipped, error) {
	since := midnight(v.web.Now()).AddDate(0, 0, -v.shippedDays()-1)
	return v.see.Shipped(view.ShippedQuery{Team: v.team(), Since: since, Limit: limit})
}

// boards are roadmaps with what is used of their capacity.
func boards(all []view.Roadmap) []roadmapBoard {
	list := make([]roadmapBoard, 0, len(all))
	for i := range all {
		r := &all[i]
		c := chart.Capacity{Title: "Effort of team " + teamName(r.Team) + " by horizon", Unit: "effort"}
		for _, lane := range r.Lanes {
			if lane.Used != nil && lane.Capacity != nil { // what has no end would dwarf the others
				c.Rows = append(c.Rows, chart.Use{Name: horizonName(lane.Horizon), Used: *lane.Used, Limit: *lane.Capacity})
			}
		}
		b := roadmapBoard{Roadmap: *r}
		if len(c.Rows) > 0 {
			b.Capacity = chart.Figure(c)
		}
		list = append(list, b)
	}
	return list
}

// judgeLink says whether a feedback or an insight is about an item, or about
// none.
func (v *visit) judgeLink() (note, string, error) {
	of, ref, back := v.PostFormValue("of"), v.PostFormValue("ref"), v.PostFormValue("back")
	var err error
	var said note
	switch v.PostFormValue("verdict") {
	case "accept":
		said = note{"good", "It counts as evidence of " + ref + " from the next run on."}
		_, err = v.see.AcceptLink(of, ref)
	case "refuse":
		said = note{"good", "The two are not tied again, neither by rules nor by a suggestion."}
		_, err = v.see.RefuseLink(of, ref)
	case "forget":
		said = note{"", "Forgotten. What the rules say of the two holds again."}
		_, err = v.see.ForgetLink(of, ref)
	case "aside":
		said = note{"good", "It is set aside, and waits for nobody any more."}
		_, err = v.see.SetAside(of, v.PostFormValue("because"))
	case "back":
		said = note{"good", "It waits for somebody again."}
		_, err = v.see.TakeBack(of)
	default:
		err = view.BadRequest("the form does not say whether it is about the item", "choose one of the two buttons beside the suggestion")
	}
	return said, back, err
}

// teamName names a team, also that of items that have none.
func teamName(team string) string {
	if team == "" {
		return "none"
	}
	return team
}

// horizonName writes a horizon as a heading.
func horizonName(horizon string) string {
	switch horizon {
	case "":
		return "No horizon"
	case "now", "next", "later":
		return strings.ToUpper(horizon[:1]) + horizon[1:]
	default:
		return horizon
	}
}

// statusText writes a status as people say it.
func statusText(status string) string {
	switch status {
	case "todo", "":
		return "planned"
	case "doing":
		return "in progress"
	case "done":
		return "done"
	default:
		return status
	}
}
