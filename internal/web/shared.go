package web

import (
	"context"
	"net/http"
	"strings"

	"tandem/internal/view"
)

// sharedPath is where pages for people without sign-in begin; the part that
// nobody guesses follows.
const sharedPath = "/shared/"

// Link is what may be looked at without sign-in. The gate in front knows who has
// it, and which audience it shows.
type Link struct {
	// Teams are those whose work is shown; all where there are none.
	Teams []string
}

// ownSide keeps apart who signed in and who has a link: each has pages of their
// own. What a link leads to is told to nobody else, and found by no search.
func (v *visit) ownSide(ctx context.Context) bool {
	link, has := Link{}, false
	if v.web.Shared != nil {
		link, has = v.web.Shared(ctx)
	}
	below := strings.HasPrefix(v.URL.Path, sharedPath)
	if has {
		v.link = &link
		h := v.w.Header()
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Robots-Tag", "noindex, nofollow")
	}
	switch {
	case has == below:
		return true
	case has:
		v.fail(view.NewProblem(http.StatusNotFound, "not-found", "there is no such page", "open the link as it was given to you"))
	default:
		v.fail(noPage())
	}
	return false
}

// back is where a reader goes on after a problem; nowhere with a link only.
func (v *visit) back() string {
	if v.link != nil {
		return ""
	}
	return local(v.PostFormValue("back"))
}

// sharedDoor leads to the page: its files are named from there.
func (v *visit) sharedDoor() (content, error) {
	return content{to: v.URL.Path + "/"}, nil
}

// sharedCards is how many cards of a horizon a page for stakeholders shows.
const sharedCards = 100

// sharedRoadmap shows what is planned when, and nothing else.
func (v *visit) sharedRoadmap() (content, error) {
	lanes, err := v.outline(sharedCards)
	if err != nil {
		return content{}, err
	}
	return content{title: "Roadmap", body: "shared.html", data: lanes}, nil
}
