package file

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/table"
	"tandem/internal/work"
)

// feedback turns a row into a signal.
func (c frame) feedback(r row) (work.Feedback, *fault) {
	values := map[string]work.Value{}
	for _, field := range []string{"score", "value", "at", "updated", "version"} {
		cell, there := r.cells[field]
		if !there {
			continue
		}
		v, err := table.Value(cell, c.kinds[field])
		if err != nil {
			return work.Feedback{}, &fault{fmt.Sprintf("%s: %v", field, err), "correct the cell"}
		}
		values[field] = v
	}
	text := func(field string) string { return table.Text(r.cells[field]) }
	f := work.Feedback{
		Ref:  work.NewRef(c.connector, text("id"), text("key")),
		Kind: text("kind"), Method: work.Method(strings.ToLower(text("method"))), Study: text("study"),
		Score: values["score"], Scale: text("scale"), Text: text("text"), Person: text("person"), Account: text("account"),
		Segment: text("segment"), Value: values["value"], Area: text("area"),
		URL: addressOf(r.cells["url"]), RecordingURL: addressOf(r.cells["recording_url"]),
		Tags: table.List(r.cells["tags"]), Language: text("language"), Consent: text("consent"), Links: table.List(r.cells["links"]),
		Audience: c.audience, Version: c.changed,
	}
	for _, field := range []string{"updated", "version"} {
		if t, ok := values[field].Time(); ok {
			f.Version = t
		}
	}
	f.At, _ = values["at"].Time()
	if strings.Contains(f.Person, "@") {
		f.PersonKeys = map[string]string{"email": f.Person}
	}
	if f.Account != "" {
		f.AccountKeys = map[string]string{"name": f.Account}
	}
	return c.complete(f, text("audience"))
}

// complete fills what a row may leave out and checks what it must not.
func (c frame) complete(f work.Feedback, audience string) (work.Feedback, *fault) {
	if f.ID == "" {
		f.ID = f.Key
	}
	if f.ID == "" {
		f.ID = fingerprintOf(f)
	}
	if f.Method == "" {
		f.Method = work.Request
	}
	if !slices.Contains(work.Methods(), f.Method) {
		return f, &fault{fmt.Sprintf("%q is no method", f.Method), work.Suggest(string(f.Method), methodNames())}
	}
	if f.At.IsZero() {
		return f, &fault{"nobody knows when this was said", "add a column at with a date, or map one to at in the column file"}
	}
	for _, v := range []work.Value{f.Score, f.Value} {
		if v.Present() && v.Kind() != work.Number {
			return f, &fault{fmt.Sprintf("%q is no number", v.Text()), "write score and value in digits only, such as 8 or 12000"}
		}
	}
	if audience != "" {
		a, known := work.ParseAudience(audience)
		if !known {
			return f, &fault{fmt.Sprintf("%q is no audience", audience), "write public, internal or restricted"}
		}
		f.Audience = a
	}
	return f, nil
}

func methodNames() []string {
	var names []string
	for _, m := range work.Methods() {
		names = append(names, string(m))
	}
	return names
}

// fingerprintOf is the id of a signal that has none: the same words of the
// same person at the same time are the same signal.
func fingerprintOf(f work.Feedback) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		f.At.String(), f.Person, f.Account, string(f.Method), f.Study, f.Score.String(), f.Text,
	}, "\x00")))
	return "row-" + hex.EncodeToString(sum[:8])
}
