package jira

import (
	"encoding/json"
	"strings"

	"tandem/internal/work"
)

// node is one node of an Atlassian document. Every form is accepted: a
// description is for reading, and no reason to set an issue aside.
type node struct {
	Type    string         `json:"type"`
	Text    string         `json:"text"`
	Attrs   map[string]any `json:"attrs"`
	Content []node         `json:"content"`
}

// maxDepth is how deep a document is read.
const maxDepth = 100

// richText reads wiki markup (REST 2) or a document (REST 3). A document of
// an unknown form is unknown, not empty.
func richText(raw json.RawMessage) (work.Value, error) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return work.NewText(s), nil
	}
	if _, err := into[map[string]json.RawMessage](raw, "text or document"); err != nil {
		return work.Value{}, err
	}
	s, ok := documentText(raw)
	if !ok {
		return work.Value{}, nil
	}
	return work.NewText(s), nil
}

// documentText returns the plain text of a document: one line for each block.
func documentText(raw json.RawMessage) (string, bool) {
	var root node
	if json.Unmarshal(raw, &root) != nil {
		return "", false
	}
	var b strings.Builder
	root.write(&b, 0)
	return strings.TrimSpace(b.String()), true
}

func (n node) write(b *strings.Builder, depth int) {
	if depth > maxDepth {
		return
	}
	b.WriteString(n.own())
	for _, child := range n.Content {
		child.write(b, depth+1)
	}
	if n.block() && b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
		b.WriteByte('\n')
	}
}

// own is what a node says itself.
func (n node) own() string {
	switch n.Type {
	case "text":
		return n.Text
	case "hardBreak":
		return "\n"
	case "listItem", "taskItem":
		return "- "
	case "mention", "emoji", "status", "placeholder":
		return n.attr("text", "shortName")
	case "inlineCard", "blockCard", "embedCard":
		return n.attr("url")
	default:
		return ""
	}
}

func (n node) attr(names ...string) string {
	for _, name := range names {
		if s, ok := n.Attrs[name].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// block reports whether a node ends a line.
func (n node) block() bool {
	switch n.Type {
	case "paragraph", "heading", "codeBlock", "listItem", "taskItem", "tableRow", "rule", "blockCard", "embedCard":
		return true
	default:
		return false
	}
}
