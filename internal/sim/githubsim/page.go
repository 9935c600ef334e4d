package githubsim

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// page is the part of a list that was asked for.
type page struct{ number, size int }

// pageOf reads page and per_page; what makes no sense is the default.
func pageOf(r *http.Request) page {
	p := page{number: 1, size: 30}
	q := r.URL.Query()
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 0 {
		p.number = n
	}
	if n, err := strconv.Atoi(q.Get("per_page")); err == nil && n > 0 {
		p.size = min(n, 100)
	}
	return p
}

// of cuts the page out of a list of that length.
func (p page) of(length int) (from, to int) {
	from = min((p.number-1)*p.size, length)
	return from, min(from+p.size, length)
}

// links collects the parts of a Link header.
type links struct {
	address string
	query   []string // the request's, in its order, without what names the page
	parts   []string
}

func newLinks(r *http.Request, address string) *links {
	l := &links{address: address}
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		switch name {
		case "", "page", "after", "before":
		default:
			l.query = append(l.query, pair)
		}
	}
	return l
}

func (l *links) add(rel string, place ...string) {
	l.parts = append(l.parts, "<"+l.address+"?"+strings.Join(append(append([]string{}, l.query...), place...), "&")+`>; rel="`+rel+`"`)
}

func (l *links) String() string { return strings.Join(l.parts, ", ") }

func pageNumber(n int) string { return "page=" + strconv.Itoa(n) }

func cursor(name, value string) string { return name + "=" + url.QueryEscape(value) }

// paged answers with one page of a list.
func paged[T any](r *http.Request, address string, all []T, show func(T) any) reply {
	p := pageOf(r)
	from, to := p.of(len(all))
	shown := make([]any, 0, to-from)
	for _, v := range all[from:to] {
		shown = append(shown, show(v))
	}
	return reply{status: http.StatusOK, body: shown, link: p.links(newLinks(r, address), len(all))}
}

// links returns the Link header of a page as recorded: prev and first from
// the second page on, next and last up to the last but one.
func (p page) links(l *links, length int) string {
	last := (length + p.size - 1) / p.size
	if p.number > 1 {
		l.add("prev", pageNumber(min(p.number-1, max(last, 1))))
	}
	if p.number < last {
		l.add("next", pageNumber(p.number+1))
		l.add("last", pageNumber(last))
	}
	if p.number > 1 {
		l.add("first", pageNumber(1))
	}
	return l.String()
}
