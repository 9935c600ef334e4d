package httpjson

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"tandem/connectors"
	"tandem/internal/signature"
	"tandem/internal/work"
)

const (
	// maxLetterRows is how many records one delivery may hold.
	maxLetterRows = 5000
	longestEvent  = 60
)

// mailbox takes deliveries that are the data. It is used by many goroutines.
type mailbox struct {
	hook   *hook
	source *source
}

// sealed is how a delivery is stored: with what its signature vouched for.
type sealed struct {
	Signed signature.Trust `json:"signed"`
	Body   json.RawMessage `json:"body"`
}

// seal spells the body without escapes, so that names in it can be found.
func seal(signed signature.Trust, root any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(map[string]any{"signed": signed, "body": root})
	return b.Bytes(), err
}

// Accept proves the delivery and says what it is.
func (m *mailbox) Accept(h http.Header, body []byte) (connectors.Parcel, error) {
	now := m.source.env.Now().UTC().Truncate(time.Microsecond)
	proof, err := m.hook.verify.Verify(h, body, now)
	switch {
	case errors.Is(err, signature.ErrRefused):
		return connectors.Parcel{}, fmt.Errorf("verify delivery: %w: %w", connectors.ErrUnverified, err)
	case err != nil:
		return connectors.Parcel{}, err
	case !json.Valid(body):
		return connectors.Parcel{}, fmt.Errorf("read delivery: %w: it is no JSON", connectors.ErrUnreadable)
	}
	root, err := decodeJSON(body)
	if err != nil {
		return connectors.Parcel{}, fmt.Errorf("read delivery: %w: it is no JSON", connectors.ErrUnreadable)
	}
	kept, err := seal(proof.Body, root)
	if err != nil {
		return connectors.Parcel{}, fmt.Errorf("read delivery: %w: it is no JSON", connectors.ErrUnreadable)
	}
	return connectors.Parcel{ID: m.id(h, body, root, proof), Event: word(textAt(m.hook.event, root), longestEvent), At: now, Body: kept}, nil
}

// id tells repeats: the nonce that was signed, what the tool says, or the body.
func (m *mailbox) id(h http.Header, body []byte, root any, proof signature.Proof) string {
	const longest = 100
	for _, id := range []string{proof.Nonce, textAt(m.hook.id, root), h.Get(m.hook.header)} {
		if id = word(id, longest); id != "" {
			return id
		}
	}
	sum := sha256.Sum256(body)
	return "h-" + hex.EncodeToString(sum[:12])
}

// textAt is the text at a path; nothing where there is no path.
func textAt(p *path, root any) string {
	if p == nil {
		return ""
	}
	v, ok := p.in(root)
	if !ok {
		return ""
	}
	return textOf(v)
}

// word returns a text that is one short word, as ids and names of events are;
// nothing else gets into logs and keys.
func word(text string, longest int) string {
	if len(text) > longest || !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:/=+$-]*$`).MatchString(text) {
		return ""
	}
	return text
}

// Unpack reads the records of a delivery.
func (m *mailbox) Unpack(p connectors.Parcel) connectors.Page {
	w := &walk{source: m.source, stream: m.hook.stream, index: map[string]int{}}
	w.maker = maker{
		connector: m.source.env.Name, place: m.source.program.config.Place, audience: m.source.program.audience, stream: m.hook.stream, read: p.At,
	}
	aside := func(cause, remedy string, body any) {
		w.page.Rejects = append(w.page.Rejects, m.source.reject(m.hook.stream.name, &fault{cause, remedy}, body))
	}
	var s sealed
	err := json.Unmarshal(p.Body, &s)
	root, wrong := decodeJSON(s.Body)
	if err != nil || wrong != nil {
		aside("what was stored of the delivery is damaged", "let the tool send it again", nil)
		return w.page
	}
	if !m.hook.weak && s.Signed == signature.Nothing {
		aside("nothing vouches for what the delivery says", "write trust: weak to take it nevertheless, or let the tool send it again, signed", root)
		return w.page
	}
	if !m.hook.weak && s.Signed == signature.First {
		var rest []any
		if root, rest = firstAlone(root); len(rest) > 0 {
			aside(fmt.Sprintf("the signature vouches only for the first of %d events of a batch", len(rest)+1),
				"let the tool send one event at a time, or write trust: weak to take all of them", rest)
		}
	}
	v, ok := m.hook.records.raw(scope{value: root, params: m.source.program.config.Params})
	rows := elements(v, "")
	_, isList := v.([]any)
	if !ok || rows == nil && !isList {
		aside("there is no record where records: says", "compare records: with what the tool sends", root)
		return w.page
	}
	for i, e := range rows {
		if i == maxLetterRows {
			aside("there are more than "+strconv.Itoa(maxLetterRows)+" records in it", "let the tool send fewer at a time", nil)
			break
		}
		w.add(m.hook.stream.prepared(e, nil, "record "+strconv.Itoa(i+1)), parent{value: root}, nil)
	}
	if !m.hook.versioned {
		arrived(&w.page, p.At)
	}
	return w.page
}

// firstAlone cuts a batch to what is signed of it: its first event.
func firstAlone(root any) (first any, rest []any) {
	switch x := root.(type) {
	case []any:
		if len(x) > 0 {
			return x[:1:1], x[1:]
		}
	case map[string]any:
		if list, ok := x["batch"].([]any); ok && len(list) > 0 {
			return map[string]any{"batch": list[:1:1]}, list[1:]
		}
	}
	return nil, nil
}

// arrived makes the moment of arrival the version of what tells none: what was
// edited later is sent later.
func arrived(page *connectors.Page, at time.Time) {
	for i := range page.Feedback {
		page.Feedback[i].Version = at
	}
	for i := range page.Insights {
		page.Insights[i].Version = at
	}
	for i := range page.Records {
		page.Records[i].Version = at
	}
}

// Check looks whether the secret can be read. Deliveries cannot be asked for.
func (m *mailbox) Check(context.Context) []work.Finding {
	if _, err := m.hook.verify.Secret.Reveal(); err != nil {
		return []work.Finding{{Level: work.Fatal, Subject: "verify.secret", What: err.Error(), Remedy: "give the secret that the tool shows where its webhook is set up"}}
	}
	findings := []work.Finding{{
		Level: work.Note, Subject: "deliveries", What: "are taken at /hooks/" + m.source.env.Name,
		Remedy: "enter that address, behind webhooks.public_url, at the tool and let it send a test; tandem status tells when one came",
	}}
	if m.hook.weak {
		findings = append(findings, work.Finding{
			Level: work.Warning, Subject: "trust", What: "weak: whoever knows the secret word can write any feedback, and those who see the traffic know it",
			Remedy: "use a signature over the body if the tool can make one",
		})
	}
	return findings
}
