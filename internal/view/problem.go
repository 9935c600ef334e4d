package view

import (
	"cmp"
	"net/http"
)

// Problem says what is wrong, as RFC 9457 has it. Its texts hold nothing of any
// record, and nothing that the visitor sent.
type Problem struct { //nolint:errname // it is shown to people as what it is, and named so in RFC 9457
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Remedy says what would be right.
	Remedy string `json:"remedy"`

	// said and advice are the same to a person before a page, where the words for
	// a program mean nothing.
	said, advice string
}

// Error returns the problem in one line.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail + "; " + p.Remedy }

// problemType is what the type of every problem begins with.
const problemType = "urn:tandem:problem:"

// NewProblem returns a problem of a kind, such as bad-request.
func NewProblem(status int, kind, detail, remedy string) *Problem {
	return &Problem{Type: problemType + kind, Title: http.StatusText(status), Status: status, Detail: detail, Remedy: remedy}
}

// BadRequest returns the problem of something that cannot be meant.
func BadRequest(detail, remedy string) *Problem {
	return NewProblem(http.StatusBadRequest, "bad-request", detail, remedy)
}

// onPage gives the problem the words of a page; an empty one is the same there.
func (p *Problem) onPage(said, advice string) *Problem {
	p.said, p.advice = cmp.Or(said, p.said), cmp.Or(advice, p.advice)
	return p
}

// ForPage returns the problem in the words of a page: for a person who looks at
// one, and sent no JSON.
func (p *Problem) ForPage() *Problem {
	plain := *p
	plain.Detail, plain.Remedy = cmp.Or(p.said, p.Detail), cmp.Or(p.advice, p.Remedy)
	return &plain
}

// notFound is the same for what is not there and for what the visitor may not
// see.
func notFound(what, remedy string) *Problem {
	const none = "there is no such "
	p := NewProblem(http.StatusNotFound, "not-found", none+what+", or this token may not see it", remedy)
	return p.onPage(none+what+", or you may not see it", "")
}
