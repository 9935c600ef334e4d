package digest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"tandem/internal/digest"
	"tandem/internal/secret"
)

// service stands in for whoever takes webhooks. What it is handed it checks as
// the vendor documents it.
type service struct {
	testing.TB
	*httptest.Server

	check  func(body []byte) error
	status int // of the answer to what is right
	answer string

	mu     sync.Mutex
	bodies [][]byte
}

const hookPath = "/services/T0/B0/" + marker + "secret"

func newService(tb testing.TB, check func([]byte) error, status int, answer string) *service {
	tb.Helper()
	s := &service{TB: tb, check: check, status: status, answer: answer}
	s.Server = httptest.NewServer(s)
	tb.Cleanup(s.Close)
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.Error(err)
	}
	if r.Method != http.MethodPost || r.URL.Path != hookPath || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || !utf8.Valid(body) {
		s.Errorf("%s %s of %s", r.Method, r.URL, r.Header.Get("Content-Type"))
	}
	for name, values := range r.Header {
		if strings.Contains(fmt.Sprint(values), marker) {
			s.Errorf("header %s has the secret", name)
		}
	}
	s.mu.Lock()
	s.bodies = append(s.bodies, body)
	s.mu.Unlock()
	if err := s.check(body); err != nil {
		s.Errorf("not as documented: %v\n%s", err, body)
		http.Error(w, "invalid_blocks", http.StatusBadRequest)
		return
	}
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.answer)
}

func (s *service) to(way digest.Way) digest.To {
	return digest.To{Way: way, Address: secret.FromText(s.URL + hookPath)}
}

// all returns everything that was sent.
func (s *service) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, body := range s.bodies {
		b.Write(body)
	}
	return b.String()
}

func slackService(tb testing.TB) *service {
	tb.Helper()
	return newService(tb, checkSlack, http.StatusOK, "ok")
}

func teamsService(tb testing.TB) *service {
	tb.Helper()
	return newService(tb, checkTeams, http.StatusAccepted, "")
}

// checkSlack checks what docs.slack.dev says of messages of incoming webhooks:
// at most 50 blocks, headers of plain text up to 150 characters, rich text of
// sections and lists whose texts have 1 to 3,000 characters, escaped markup in
// text.
func checkSlack(body []byte) error {
	var m struct {
		Text   string
		Blocks []map[string]any
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	if m.Text == "" || strings.ContainsAny(m.Text, "<>") {
		return fmt.Errorf("text is %q", m.Text)
	}
	if len(m.Blocks) == 0 || len(m.Blocks) > 50 {
		return fmt.Errorf("%d blocks", len(m.Blocks))
	}
	size := 0
	for _, b := range m.Blocks {
		switch b["type"] {
		case "header":
			text, _ := b["text"].(map[string]any)
			if words, _ := text["text"].(string); text["type"] != "plain_text" || words == "" || utf8.RuneCountInString(words) > 150 {
				return fmt.Errorf("header %v", text)
			}
		case "rich_text":
			n, err := slackElements(b["elements"], "rich_text_section", "rich_text_list")
			if err != nil {
				return err
			}
			size += n
		default:
			return fmt.Errorf("block of type %v", b["type"])
		}
	}
	if size > 9600 {
		return fmt.Errorf("%d characters in all", size)
	}
	return nil
}

func slackElements(v any, kinds ...string) (int, error) {
	all, _ := v.([]any)
	if len(all) == 0 {
		return 0, fmt.Errorf("no elements")
	}
	size := 0
	for _, one := range all {
		e, _ := one.(map[string]any)
		kind, _ := e["type"].(string)
		if !strings.Contains(strings.Join(kinds, " "), kind) || kind == "" {
			return 0, fmt.Errorf("element of type %q, not of %v", kind, kinds)
		}
		var n int
		var err error
		switch kind {
		case "rich_text_list":
			n, err = slackElements(e["elements"], "rich_text_section")
		case "rich_text_section":
			n, err = slackElements(e["elements"], "text", "link")
		default:
			text, _ := e["text"].(string)
			if n = utf8.RuneCountInString(text); n == 0 || n > 3000 {
				err = fmt.Errorf("text of %d characters", n)
			}
			address, _ := e["url"].(string)
			if u, wrong := url.Parse(address); kind == "link" && (wrong != nil || u.Host == "" || len(address) > 3000 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' })) {
				err = fmt.Errorf("link to %q", address)
			}
		}
		if size += n; err != nil {
			return 0, err
		}
	}
	return size, nil
}

// checkTeams checks what learn.microsoft.com says of cards of workflows: a
// message of at most 28 KB with one Adaptive Card, whose texts are runs: there
// "Markdown is not supported", but DATE and TIME in double braces are.
func checkTeams(body []byte) error {
	var m struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type, Version string
				Body          []struct {
					Type    string
					Inlines []struct {
						Type, Text   string
						SelectAction *struct{ Type, URL string }
					}
				}
				Actions []struct{ Type, Title, URL string }
			}
		}
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	if len(body) > 28<<10 || m.Type != "message" || len(m.Attachments) != 1 || m.Attachments[0].ContentType != "application/vnd.microsoft.card.adaptive" {
		return fmt.Errorf("a message of %d bytes", len(body))
	}
	card := m.Attachments[0].Content
	if card.Type != "AdaptiveCard" || card.Version != "1.4" || len(card.Body) == 0 {
		return fmt.Errorf("a card of type %s", card.Type)
	}
	for _, b := range card.Body {
		if b.Type != "RichTextBlock" || len(b.Inlines) == 0 {
			return fmt.Errorf("a block of type %s", b.Type)
		}
		for _, run := range b.Inlines {
			if run.Type != "TextRun" || run.Text == "" || strings.Contains(run.Text, "{{DATE(") || strings.Contains(run.Text, "{{TIME(") {
				return fmt.Errorf("a run of type %s: %q", run.Type, run.Text)
			}
			if a := run.SelectAction; a != nil && (a.Type != "Action.OpenUrl" || !strings.HasPrefix(a.URL, "http")) {
				return fmt.Errorf("an action %+v", a)
			}
		}
	}
	return nil
}
