package jira

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// issue is one issue as Jira writes it; its fields stay raw, so that one that
// is odd can be named.
type issue struct {
	ID         identifier                 `json:"id"`
	Key        string                     `json:"key"`
	Fields     map[string]json.RawMessage `json:"fields"`
	Properties map[string]json.RawMessage `json:"properties"`
	Changelog  struct {
		Histories []history `json:"histories"`
	} `json:"changelog"`
}

// identifier is an id that some answers write as a number.
type identifier string

// UnmarshalJSON reads "10001" and 10001.
func (i *identifier) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*i = identifier(s)
		return nil
	}
	var n int64
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("%s is no id", clip(b))
	}
	*i = identifier(strconv.FormatInt(n, 10))
	return nil
}

// named is what priorities, types, versions, components and options share.
type named struct {
	ID    identifier `json:"id"`
	Name  string     `json:"name"`
	Value string     `json:"value"`
}

// isNull reports whether a raw value is null.
func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

// validText replaces what is no UTF-8.
func validText(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
