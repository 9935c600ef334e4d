package view

// The sizes of pages: the usual one, the largest that the API gives, and all.
const (
	UsualPage = 100
	MostPage  = 500
	MostRows  = 1_000_000_000
)

// Page asks for a part of a list: Limit entries from Offset on. The usual
// number where Limit is 0.
type Page struct {
	Offset, Limit int
}

// Window is a part of a list.
type Window struct {
	// Total is how many there are, before offset and limit.
	Total  int `json:"total"`
	Offset int `json:"offset"`
	// Next is the offset of the next page; 0 where there is none.
	Next int `json:"next,omitempty"`
}

// cut cuts a part out of n entries.
func (p Page) cut(n int) (w Window, from, to int) {
	limit := atMost(p.Limit)
	from = min(max(p.Offset, 0), n)
	to = min(from+limit, n)
	w = Window{Total: n, Offset: max(p.Offset, 0)}
	if to < n {
		w.Next = to
	}
	return w, from, to
}

// atMost is a limit, the usual one where none is given.
func atMost(limit int) int {
	if limit <= 0 {
		return UsualPage
	}
	return min(limit, MostRows)
}
