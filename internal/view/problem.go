package view

import "net/http"

// Problem says what is wrong, as RFC 9457 has it. Its texts hold nothing of any
// record, and nothing that the visitor sent.
type Problem struct { //nolint:errname // it is shown to people as what it is, and named so in RFC 9457
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Remedy says what would be right.
	Remedy string `json:"remedy"`
}

// Error returns the problem in one line.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail + "; " + p.Remedy }

// NewProblem returns a problem of a kind, such as bad-request.
func NewProblem(status int, kind, detail, remedy string) *Problem {
	return &Problem{Type: "urn:tandem:problem:" + kind, Title: http.StatusText(status), Status: status, Detail: detail, Remedy: remedy}
}

// BadRequest returns the problem of something that cannot be meant.
func BadRequest(detail, remedy string) *Problem {
	return NewProblem(http.StatusBadRequest, "bad-request", detail, remedy)
}

// notFound is the same for what is not there and for what the visitor may not
// see.
func notFound(what, remedy string) *Problem {
	return NewProblem(http.StatusNotFound, "not-found", "there is no such "+what+", or this token may not see it", remedy)
}
