package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// ParseDocument reads one YAML document strictly. The Document is nil if the
// text is no YAML at all; otherwise it holds what could be kept, so that its
// other mistakes can be found in the same run. An empty text is an empty
// mapping.
func ParseDocument(name string, body []byte) (*Document, Diagnostics) {
	if d, ok := acceptable(name, body); !ok {
		return nil, Diagnostics{d}
	}
	source := Source{Name: name, Body: bytes.Clone(body)}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	top, second, err := parseYAML(body)
	if err != nil {
		return nil, Diagnostics{syntaxMistake(name, body, err)}
	}
	r := reader{file: name, text: layOut(body)}
	if second != nil {
		r.report(r.at(second), "a second YAML document starts here", "leave out the line ---, or move what follows to a file of its own")
	}
	document := &Document{
		root:    &node{file: name, line: 1, col: 1, kind: mapping},
		sources: []Source{source},
	}
	if top != nil && len(top.Content) == 1 {
		if content := r.convert(top.Content[0], 0); !content.null || content.tag != "" {
			document.root = content
		}
	}
	return document, r.found
}

// acceptable refuses a text before YAML sees it: too large, or not UTF-8.
func acceptable(name string, body []byte) (Diagnostic, bool) {
	d := Diagnostic{File: name, Line: 1, Col: 1}
	if len(body) > maxBytes {
		d.What, d.Remedy = "the file is larger than 1 MB", "split it; every file of rules: is read"
		return d, false
	}
	if utf8.Valid(body) {
		return d, true
	}
	good := 0
	for good < len(body) {
		r, size := utf8.DecodeRune(body[good:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		good += size
	}
	lines := splitLines(body[:good])
	d.Line, d.Col = len(lines), utf8.RuneCountInString(lines[len(lines)-1])+1
	d.What, d.Remedy = "the text is not UTF-8", "save the file as UTF-8"
	return d, false
}

// parseYAML returns the first document of a text, and the second if there is
// one. A panic of the YAML library is an error like any other.
func parseYAML(body []byte) (first, second *yaml.Node, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			first, second, err = nil, nil, fmt.Errorf("%v", cause)
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(body))
	documents := [2]*yaml.Node{}
	for i := range documents {
		var n yaml.Node
		err := decoder.Decode(&n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		documents[i] = &n
	}
	return documents[0], documents[1], nil
}
