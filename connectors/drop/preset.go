package drop

import "tandem/internal/work"

// preset is what is known of the exports of one tool before a column file says
// more.
type preset struct {
	kind    string
	columns map[string]meaning // by folded header
	// questions: a header that nobody knows is a question.
	questions bool
	method    work.Method
}

// lyssnaColumns are headers that mean something else than elsewhere. The
// exports were not seen: what is wrong here becomes an attribute or a question
// and is mended by a column file.
func lyssnaColumns() map[string]meaning {
	columns := map[string]meaning{}
	for _, h := range []string{"id", "number", "participant", "participant id", "participant #", "participant number", "response id", "response #"} {
		columns[h] = meaning{sort: field, name: "participant"}
	}
	for _, h := range []string{"test", "test name", "study", "study name", "study id", "test id"} {
		columns[h] = meaning{sort: field, name: "study"}
	}
	columns["source"] = meaning{sort: attribute, name: "source"}
	columns["section"] = meaning{sort: attribute, name: "section"}
	return columns
}
