package digest

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// teamsWhole is how many bytes a message may have: Microsoft Teams takes 28 KB,
// and a workflow wraps it.
const teamsWhole = 24 << 10

type teamsMessage struct {
	Type        string            `json:"type"`
	Attachments []teamsAttachment `json:"attachments"`
}

type teamsAttachment struct {
	ContentType string    `json:"contentType"`
	Content     teamsCard `json:"content"`
}

type teamsCard struct {
	Schema  string            `json:"$schema"`
	Type    string            `json:"type"`
	Version string            `json:"version"`
	Width   map[string]string `json:"msteams"`
	Body    []teamsBlock      `json:"body"`
	Actions []teamsAction     `json:"actions,omitempty"`
}

type teamsBlock struct {
	Type    string     `json:"type"`
	Spacing string     `json:"spacing,omitempty"`
	Inlines []teamsRun `json:"inlines"`
}

type teamsRun struct {
	Type   string       `json:"type"`
	Text   string       `json:"text"`
	Size   string       `json:"size,omitempty"`
	Weight string       `json:"weight,omitempty"`
	Select *teamsAction `json:"selectAction,omitempty"`
}

type teamsAction struct {
	Type  string `json:"type"`
	Title string `json:"title,omitempty"`
	URL   string `json:"url"`
}

// teams returns the body for the webhook of a workflow: an Adaptive Card. Texts
// stand in runs, in which Markdown does not count: escaping it in text blocks
// does not work on every client (microsoft/AdaptiveCards#5758, #4677, #7474).
func teams(t *Text) ([]byte, error) {
	body, err := json.Marshal(teamsOf(t.fitting(func(short *Text) bool {
		body, err := json.Marshal(teamsOf(short))
		return err == nil && len(body) <= teamsWhole
	})))
	if err != nil {
		return nil, fmt.Errorf("write the card for Teams: %w", err)
	}
	return body, nil
}

// literal parts a text between the braces of what cards would put a date or a
// time for, as in {{DATE(2026-11-23T08:30:00Z)}}: a run is looked at alone.
func literal(text string) []string {
	var parts []string
	for {
		at := regexp.MustCompile(`\{\{(DATE|TIME)\(`).FindStringIndex(text)
		if at == nil {
			return append(parts, text)
		}
		parts, text = append(parts, text[:at[0]+1]), text[at[0]+1:]
	}
}

func teamsOf(t *Text) teamsMessage {
	card := teamsCard{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4", Width: map[string]string{"width": "Full"},
		Body: []teamsBlock{{Type: "RichTextBlock"}},
	}
	for _, text := range literal(t.Subject) {
		card.Body[0].Inlines = append(card.Body[0].Inlines, teamsRun{Type: "TextRun", Text: text, Size: "Large", Weight: "Bolder"})
	}
	for _, l := range t.Lines {
		b := teamsBlock{Type: "RichTextBlock", Spacing: "Small"}
		switch l.Kind {
		case Heading:
			b.Spacing = "Large"
		case Bullet:
			b.Inlines = append(b.Inlines, teamsRun{Type: "TextRun", Text: "• "})
		case Plain:
		}
		for _, s := range l.Spans {
			run := teamsRun{Type: "TextRun"}
			if l.Kind == Heading {
				run.Weight = "Bolder"
			}
			if s.URL != "" {
				run.Select = &teamsAction{Type: "Action.OpenUrl", URL: s.URL}
			}
			for _, run.Text = range literal(s.Text) {
				b.Inlines = append(b.Inlines, run)
			}
		}
		card.Body = append(card.Body, b)
	}
	if t.Link != "" {
		card.Actions = []teamsAction{{Type: "Action.OpenUrl", Title: "See all", URL: t.Link}}
	}
	return teamsMessage{"message", []teamsAttachment{{"application/vnd.microsoft.card.adaptive", card}}}
}
