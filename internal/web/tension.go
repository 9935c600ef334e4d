package web

import (
	"tandem/internal/view"
)

// tensionPage is where the two lenses disagree most.
type tensionPage struct {
	view.Disagreements

	Team  string
	Teams []choice
}

// tensions is how many of a team are told.
const tensions = 10

// tension shows where the two lenses disagree most, and whom to talk to.
func (v *visit) tension() (content, error) {
	p := tensionPage{Team: v.team()}
	var err error
	if p.Disagreements, err = v.see.Disagreements(view.TensionQuery{Team: p.Team, Limit: tensions}); err != nil {
		return content{}, err
	}
	if p.Teams, err = v.teams(); err != nil {
		return content{}, err
	}
	return content{title: "Tension", body: "tension.html", data: p}, nil
}

// talk says whom to talk to: of two people the one who looks through the other
// lens.
func talk(d *view.Disagreement, reader string) string {
	switch {
	case d.PM == "" && d.PO == "":
		return ""
	case d.PM == d.PO && d.PM == reader:
		return "both hats are yours: decide which of the two counts"
	case d.PM == d.PO:
		return "talk to " + d.PM + ", who is PM and PO"
	case d.PM == "":
		return "the team has no PM; talk to " + d.PO + " (PO)"
	case d.PO == "":
		return "the team has no PO; talk to " + d.PM + " (PM)"
	case d.PM == reader:
		return "talk to " + d.PO + " (PO)"
	case d.PO == reader:
		return "talk to " + d.PM + " (PM)"
	default:
		return "bring " + d.PM + " (PM) and " + d.PO + " (PO) together"
	}
}
