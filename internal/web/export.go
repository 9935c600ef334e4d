package web

import (
	"bytes"
	"cmp"
	"io"
	"strconv"
	"strings"
	"time"

	"tandem/internal/chart"
	"tandem/internal/view"
)

// outline is the roadmap as it is told outside: of the teams of a link, or of
// the one that the address names.
func (v *visit) outline(limit int) ([]view.OutlineLane, error) {
	var teams []string
	if v.link != nil {
		teams = v.link.Teams
	} else if team := v.team(); team != "" {
		teams = []string{team}
	}
	return v.see.Outline(teams, limit)
}

// slideCards is how many cards of a horizon are given to a picture. It shows as
// many as fit, and counts the others.
const slideCards = 30

func (v *visit) roadmapPicture() (chart.Roadmap, error) {
	lanes, err := v.outline(slideCards)
	if err != nil {
		return chart.Roadmap{}, err
	}
	p := chart.Roadmap{Title: "Roadmap", Note: "As of " + v.web.Now().UTC().Format("2 January 2006")}
	if team := v.team(); v.link == nil && team != "" {
		p.Title += " of " + team
	}
	for _, l := range lanes {
		c := chart.Column{Name: horizonName(l.Horizon), More: l.More}
		for _, card := range l.Cards {
			c.Cards = append(c.Cards, chart.Card{Title: card.Title, Detail: statusText(card.Status), Tag: card.Theme})
		}
		p.Columns = append(p.Columns, c)
	}
	return p, nil
}

func (v *visit) roadmapSVG() error {
	p, err := v.roadmapPicture()
	return v.picture("roadmap.svg", p, err)
}

func (v *visit) roadmapPNG() error {
	p, err := v.roadmapPicture()
	return v.picture("roadmap.png", p, err)
}

// picture sends a picture as a file, in the format that its name says.
func (v *visit) picture(name string, p chart.Picture, err error) error {
	if err != nil {
		return err
	}
	write, kind := chart.WriteSVG, "image/svg+xml"
	if strings.HasSuffix(name, ".png") {
		write, kind = chart.WritePNG, "image/png"
	}
	return v.file(name, kind, func(w io.Writer) error { return write(w, p) })
}

// file makes a small file whole before it sends it.
func (v *visit) file(name, kind string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	v.attach(name, kind)
	_, err := v.w.Write(b.Bytes())
	return v.broken(err)
}

// cardsOf are all cards, one after the other.
func (v *visit) cardsOf() ([]view.OutlineCard, error) {
	lanes, err := v.outline(view.MostRows)
	all := []view.OutlineCard{}
	for _, l := range lanes {
		all = append(all, l.Cards...)
	}
	return all, err
}

func (v *visit) roadmapCSV() error {
	cards, err := v.cardsOf()
	if err != nil {
		return err
	}
	var rows [][]string
	for _, c := range cards {
		rows = append(rows, []string{c.Horizon, c.Title, c.Theme, c.Status})
	}
	return v.file("roadmap.csv", "text/csv; charset=utf-8", func(w io.Writer) error {
		return chart.WriteCSV(w, []string{"horizon", "title", "theme", "status"}, rows)
	})
}

func (v *visit) roadmapJSON() error {
	cards, err := v.cardsOf()
	if err != nil {
		return err
	}
	return v.file("roadmap.json", "application/json", func(w io.Writer) error { return chart.WriteJSON(w, cards) })
}

// The history of the order: how many items it follows, and for how long unless
// the address says otherwise.
const (
	followed      = 10
	mostFollowed  = 20
	followedWeeks = 12
)

func (v *visit) historyPicture() (chart.Bump, error) {
	number := func(name string, usual, most int) int {
		n, err := strconv.Atoi(v.URL.Query().Get(name))
		if err != nil || n < 1 {
			return usual
		}
		return min(n, most)
	}
	team, first, weeks := v.team(), number("first", followed, mostFollowed), number("weeks", followedWeeks, 52)
	to := midnight(v.web.Now())
	p := chart.Bump{Title: "The first " + strconv.Itoa(first) + " of the order", From: to.AddDate(0, 0, -7*weeks), To: to, First: first, OfTeam: team}
	if team != "" {
		p.Title += " of " + team
	}
	trails, err := v.see.Trails(team, first, p.From)
	began := to // of what is kept
	for i := range trails {
		if points := trails[i].Points; len(points) > 0 && points[0].Day.Before(began) {
			began = points[0].Day
		}
		p.Lines = append(p.Lines, chart.Ranked{Name: cmp.Or(trails[i].Title, trails[i].Ref), Points: trails[i].Points})
	}
	if began.After(p.From) {
		p.From = began
	}
	p.Note = "Where they stood since " + p.From.Format("2 January 2006")
	return p, err
}

func (v *visit) historySVG() error {
	p, err := v.historyPicture()
	return v.picture("history.svg", p, err)
}

func (v *visit) historyPNG() error {
	p, err := v.historyPicture()
	return v.picture("history.png", p, err)
}

// requestersCSV sends whom to tell of what was finished.
func (v *visit) requestersCSV() error {
	out, err := v.shipped(view.MostPage)
	if err != nil {
		return err
	}
	var rows [][]string
	for i := range out.Items {
		for _, r := range out.Items[i].Asked {
			rows = append(rows, []string{out.Items[i].Ref, out.Items[i].Title, r.Account, r.Person, r.Segment, string(r.Method), r.At.Format(time.DateOnly), r.URL})
		}
	}
	return v.file("requesters.csv", "text/csv; charset=utf-8", func(w io.Writer) error {
		return chart.WriteCSV(w, []string{"item", "title", "account", "person", "segment", "method", "asked", "url"}, rows)
	})
}
