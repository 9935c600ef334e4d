package digest

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// What Slack takes: 50 blocks in a message, 150 characters in a header and 3,000
// in a text. How much a message may have as a whole is not documented; 9,600
// characters were accepted and 11,300 refused (slackapi/bolt-js#2867).
const (
	slackBlocks = 45
	slackHeader = 150
	slackText   = 2900
	slackWhole  = 9000
)

type slackMessage struct {
	// Text is what notifications show.
	Text   string       `json:"text"`
	Blocks []slackBlock `json:"blocks"`
	// Unfurls would show what is behind links to everybody who reads.
	UnfurlLinks bool `json:"unfurl_links"`
	UnfurlMedia bool `json:"unfurl_media"`
}

type slackBlock struct {
	Type     string         `json:"type"`
	Text     *slackPlain    `json:"text,omitempty"`
	Elements []slackElement `json:"elements,omitempty"`
}

type slackPlain struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji bool   `json:"emoji"`
}

type slackElement struct {
	Type     string         `json:"type"`
	Text     string         `json:"text,omitempty"`
	URL      string         `json:"url,omitempty"`
	Style    any            `json:"style,omitempty"`
	Elements []slackElement `json:"elements,omitempty"`
}

// slack returns the body for an incoming webhook. Texts stand in rich text,
// where nothing in them is markup or a mention; only the notification is
// markup, and is escaped.
func slack(t *Text) ([]byte, error) {
	m := slackOf(t.fitting(func(short *Text) bool {
		m := slackOf(short)
		return len(m.Blocks) <= slackBlocks && m.size() <= slackWhole
	}))
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write the message for Slack: %w", err)
	}
	return body, nil
}

func slackOf(t *Text) slackMessage {
	m := slackMessage{
		Text:   strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(t.Subject),
		Blocks: []slackBlock{{Type: "header", Text: &slackPlain{"plain_text", cut(t.Subject, slackHeader), false}}},
	}
	size := slackText // a new block for the first line
	for _, l := range t.Lines {
		n := width(l.Spans)
		if size += n; l.Kind == Heading || size > slackText {
			m.Blocks, size = append(m.Blocks, slackBlock{Type: "rich_text"}), n
		}
		block := &m.Blocks[len(m.Blocks)-1]
		block.Elements = slackLine(block.Elements, l)
	}
	if t.Link != "" {
		m.Blocks = append(m.Blocks, slackBlock{Type: "rich_text", Elements: []slackElement{{Type: "rich_text_section", Elements: []slackElement{{Type: "link", URL: t.Link, Text: "See all"}}}}})
	}
	return m
}

// slackLine adds a line to the elements of a block: lists have their entries
// together.
func slackLine(to []slackElement, l Line) []slackElement {
	section := slackElement{Type: "rich_text_section"}
	for _, s := range l.Spans {
		e := slackElement{Type: "text", Text: s.Text}
		if s.URL != "" {
			e.Type, e.URL = "link", s.URL
		}
		if l.Kind == Heading {
			e.Style = map[string]bool{"bold": true}
		}
		section.Elements = append(section.Elements, e)
	}
	last := len(to) - 1
	switch {
	case l.Kind == Bullet && last >= 0 && to[last].Type == "rich_text_list":
		to[last].Elements = append(to[last].Elements, section)
		return to
	case l.Kind == Bullet:
		return append(to, slackElement{Type: "rich_text_list", Style: "bullet", Elements: []slackElement{section}})
	default:
		if last >= 0 && to[last].Type == "rich_text_section" { // sections run on
			to[last].Elements = append(to[last].Elements, slackElement{Type: "text", Text: "\n"})
		}
		return append(to, section)
	}
}

func width(spans []Span) int {
	n := 0
	for _, s := range spans {
		n += utf8.RuneCountInString(s.Text) + len(s.URL)
	}
	return n
}

// size is how many characters the message has.
func (m *slackMessage) size() int {
	n := 0
	var add func([]slackElement)
	add = func(all []slackElement) {
		for _, e := range all {
			n += utf8.RuneCountInString(e.Text) + len(e.URL)
			add(e.Elements)
		}
	}
	for _, b := range m.Blocks {
		add(b.Elements)
	}
	return n
}
