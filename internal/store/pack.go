package store

import (
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"tandem/internal/plan"
)

// A plan is kept as its JSON text. One of many edits is packed: it is millions
// of characters, which repeat themselves, and is written and read piece by
// piece, so that nobody ever holds the whole text.
//
//	packed {"edits":45000,"holds":0,"brake":"…","gates":{"ready":45000}}
//	base64 of deflate of the JSON text

const (
	// packedMark begins a packed plan; the text of others begins with a brace.
	packedMark = "packed "
	// packedFrom is how many edits and holds a plan has to have.
	packedFrom = 100
	// coverMost is how long the first line is at most.
	coverMost = 4096
)

// cover is what lists of runs tell of a plan.
type cover struct {
	Edits int    `json:"edits"`
	Holds int    `json:"holds"`
	Brake string `json:"brake,omitempty"`
	// FirstRead names the connectors that were waited for.
	FirstRead []string `json:"first_read,omitempty"`
	// Gates count the edits; nil in plans of before.
	Gates map[plan.Gate]int `json:"gates,omitempty"`
}

// packed returns what is kept of a plan, and a hash of it.
func packed(p *plan.Plan) (hash, body string, err error) {
	if len(p.Edits)+len(p.Holds)+len(p.Adopted)+len(p.Findings) < packedFrom {
		body, err = encode(p)
		return hashOf(body), body, err
	}
	head, err := encode(cover{len(p.Edits), len(p.Holds), p.Brake, p.FirstRead, gatesOf(p)})
	if err != nil {
		return "", "", err
	}
	var text strings.Builder
	text.WriteString(packedMark + head + "\n")
	letters := base64.NewEncoder(base64.StdEncoding, &text)
	small, err := flate.NewWriter(letters, flate.BestSpeed)
	if err != nil {
		return "", "", fmt.Errorf("encode: %w", err)
	}
	sum := sha256.New()
	err = errors.Join(writePlan(io.MultiWriter(sum, small), p), small.Close(), letters.Close())
	if err != nil {
		return "", "", fmt.Errorf("encode: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), text.String(), nil
}

// writePlan writes the JSON of a plan piece by piece.
func writePlan(w io.Writer, p *plan.Plan) error {
	brake, err := json.Marshal(p.Brake)
	return errors.Join(
		err,
		writeList(w, `{"edits":`, p.Edits), writeList(w, `,"holds":`, p.Holds),
		writeList(w, `,"adopted":`, p.Adopted), writeList(w, `,"findings":`, p.Findings),
		writeText(w, `,"brake":`+string(brake)), writeList(w, `,"first_read":`, p.FirstRead), writeHeld(w, p.RulesHeld), writeText(w, "}"),
	)
}

func writeHeld(w io.Writer, held bool) error {
	if !held {
		return nil
	}
	return writeText(w, `,"rules_held":true`)
}

func writeList[T any](w io.Writer, name string, list []T) error {
	if list == nil {
		return writeText(w, name+"null")
	}
	if err := writeText(w, name+"["); err != nil {
		return err
	}
	to := json.NewEncoder(w)
	for i := range list {
		if i > 0 {
			if err := writeText(w, ","); err != nil {
				return err
			}
		}
		if err := to.Encode(&list[i]); err != nil {
			return err
		}
	}
	return writeText(w, "]")
}

func writeText(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}

// unpacked reads a plan that is kept.
func unpacked(body string) (p plan.Plan, err error) {
	if !strings.HasPrefix(body, packedMark) {
		err = json.Unmarshal([]byte(body), &p)
		return p, err
	}
	_, letters, _ := strings.Cut(body, "\n")
	from := json.NewDecoder(flate.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(letters))))
	if _, err := from.Token(); err != nil { // the brace
		return p, err
	}
	for from.More() {
		key, err := from.Token()
		if err != nil {
			return p, err
		}
		switch key {
		case "edits":
			err = readList(from, &p.Edits)
		case "holds":
			err = readList(from, &p.Holds)
		case "adopted":
			err = readList(from, &p.Adopted)
		case "findings":
			err = readList(from, &p.Findings)
		case "brake":
			err = from.Decode(&p.Brake)
		case "first_read":
			err = readList(from, &p.FirstRead)
		case "rules_held":
			err = from.Decode(&p.RulesHeld)
		default:
			err = fmt.Errorf("a plan has no %v", key)
		}
		if err != nil {
			return p, err
		}
	}
	_, err = from.Token()
	return p, err
}

func readList[T any](from *json.Decoder, list *[]T) error {
	if begin, err := from.Token(); err != nil || begin == nil {
		return err
	}
	*list = []T{}
	for from.More() {
		var one T
		if err := from.Decode(&one); err != nil {
			return err
		}
		*list = append(*list, one)
	}
	_, err := from.Token()
	return err
}

// coverOf reads the first line of a packed plan; false where it is none.
func coverOf(body string) (c cover, ok bool) {
	head, ok := strings.CutPrefix(body, packedMark)
	if !ok {
		return c, false
	}
	head, _, _ = strings.Cut(head, "\n")
	return c, json.Unmarshal([]byte(head), &c) == nil
}
