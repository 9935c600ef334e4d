package signin

import (
	"context"
	"net/http"
	"strings"

	"tandem/internal/door"
	"tandem/internal/secret"
	"tandem/internal/view"
	"tandem/internal/work"
)

// LinkPath is where pages for people without sign-in begin: the token of a link
// follows, and whatever the pages have below it.
const LinkPath = "/shared/"

// Link shows read-only pages to whoever has it.
type Link struct {
	// Name stands in messages.
	Name string
	// Token is the part of the address that nobody guesses.
	Token secret.Secret
	// Audience is the strictest that is shown, and Teams are those whose work is;
	// all where there are none.
	Audience work.Audience
	Teams    []string
}

// keysOf returns the tokens of links.
func keysOf(links []Link) []door.Key {
	keys := make([]door.Key, 0, len(links))
	for _, l := range links {
		keys = append(keys, door.Key{At: "web.roadmap " + l.Name, Token: l.Token})
	}
	return keys
}

// byLink lets in whoever has a link.
func (g *Gate) byLink(w http.ResponseWriter, r *http.Request, pages http.Handler) {
	remote := door.Neighbourhood(r.RemoteAddr)
	if wait := g.failed.Wait(remote); wait > 0 {
		g.refuseTooMany(w, wait)
		return
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, LinkPath), "/")
	i := g.links.Find(token)
	if i < 0 {
		g.failed.Take(remote)
		g.refuse(w, http.StatusNotFound, refusal{Title: "There is no such page", Text: "The link is misspelt, or counts no more.", Remedy: "Ask whoever gave it to you for the new one."})
		return
	}
	if !reads(r) {
		w.Header().Set("Allow", "GET, HEAD")
		g.refuse(w, http.StatusMethodNotAllowed, refusal{Title: "This page can only be read", Text: "Nothing was done.", Remedy: "Sign in to decide."})
		return
	}
	link := g.Links[i]
	ctx := context.WithValue(r.Context(), linkKey{}, link)
	v := &visitor{who: view.Who{Name: "link:" + link.Name, Role: view.Viewer, Audience: link.Audience}, alive: true}
	pages.ServeHTTP(w, r.WithContext(with(ctx, v)))
}
