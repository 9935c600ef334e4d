package web

import (
	"net/url"
	"strconv"
)

// window is how many rows of a list a page shows.
const window = 100

// pager leads through a list.
type pager struct {
	From, To, Total int
	// Previous and Next are addresses; empty where there is none.
	Previous, Next string
}

// offset is where a list begins, as its address says.
func (v *visit) offset() int {
	n, err := strconv.Atoi(v.URL.Query().Get("offset"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// pager leads through a list of which n rows of a total are shown.
func (v *visit) pager(offset, n, total int) pager {
	p := pager{From: min(offset+1, total), To: min(offset+n, total), Total: total}
	if offset > 0 {
		p.Previous = v.with("offset", strconv.Itoa(max(0, offset-window)))
	}
	if offset+n < total {
		p.Next = v.with("offset", strconv.Itoa(offset+n))
	}
	return p
}

// with is the address of this page with another value of one parameter.
func (v *visit) with(name, value string) string {
	q := v.URL.Query()
	q.Set(name, value)
	q.Del("place") // a jump counts once
	if value == "" || name == "offset" && value == "0" {
		q.Del(name)
	}
	return (&url.URL{Path: v.URL.Path, RawQuery: q.Encode()}).String()
}

// number reads a number of a form; 0 where it is none.
func (v *visit) number(name string) int64 {
	n, err := strconv.ParseInt(v.PostFormValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
