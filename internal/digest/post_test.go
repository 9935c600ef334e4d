package digest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/digest"
	"tandem/internal/secret"
	"tandem/internal/sim/loopback"
)

// hostile are texts that would like to be more than texts.
func hostile() []string {
	return []string{
		"<!channel> <https://evil.example|click> &amp; *bold* _it_ ~no~ `code`", "[click](https://evil.example) **bold** # head", "<script>alert(1)</script><img src=x onerror=alert(1)>",
		"a\r\nBcc: all@acme.example\r\n\r\nbody", "one\n# two\n- three", "\x00\x1b[31mred\x07", "\u202Eevil\u202C \u2066x\u2069", "\uE000https://evil.example\uE001click\uE002",
		strings.Repeat("x", 10_000), strings.Repeat("\U0001F469\u200D\U0001F4BB", 3000), "שלום עולם", "", " ", "{{.Name}}", `"quoted" 'single'`, string([]byte{0xff, 0xfe}), "%0d%0aBcc:x",
		"since {{DATE(2026-11-23T08:30:00Z, LONG)}} {{{TIME(2026-11-23T08:30:00Z)}}", "${title}",
	}
}

// full is a content with as much as there can be, made of a text.
func full(text string) *digest.Content {
	c := &digest.Content{Name: text, Role: "pm", Team: "pay", Audience: "internal", Day: "2026-11-23", Since: "2026-11-20", Link: "https://tandem.acme.example/"}
	item := digest.Item{Ref: "board:" + text, Title: text, Team: text, URL: "https://board.example/?q=" + text}
	for range 10 {
		c.Late = append(c.Late, digest.Duty{Item: item, Because: text, Since: "2026-11-02", Due: "2026-11-03", Person: text})
		c.Waits = append(c.Waits, digest.Duty{Item: item, Because: text, Since: "2026-11-02"})
		c.Moved = append(c.Moved, digest.Move{Item: item, From: 3, To: 1, Because: text})
		c.Roadmap = append(c.Roadmap, digest.Shift{Item: item, From: text, To: text, Because: text})
		c.Failed = append(c.Failed, digest.Failed{What: text, Remedy: text})
	}
	c.LateAll, c.WaitAll, c.MovedAll, c.RoadmapAll, c.FailedAll, c.Restricted = 100, 1000, 100, 100, 10, 2
	return c
}

func message(tb testing.TB, c *digest.Content) *digest.Message {
	tb.Helper()
	text, err := digest.Shipped().Text(c)
	if err != nil {
		tb.Fatal(err)
	}
	return &digest.Message{Text: text, Content: c, ID: "0123456789abcdef"}
}

func TestHostileTextsStayTextsEverywhere(t *testing.T) {
	t.Parallel()
	slack, teams, mails := slackService(t), teamsService(t), newMailServer(t)
	post := &digest.Post{Mail: mails.settings()}
	for _, text := range hostile() {
		m := message(t, full(text))
		for _, to := range []digest.To{slack.to(digest.ToSlack), teams.to(digest.ToTeams), {Way: digest.ToEmail, Email: []string{"po@acme.example", "cy@acme.example"}}} {
			m.To = to
			if err := post.Send(t.Context(), m); err != nil {
				t.Fatalf("%q to %s: %v", text, to.Way, err)
			}
		}
		l := mails.last()
		if l.header.Get("Bcc") != "" || l.header.Get("To") != "<po@acme.example>, <cy@acme.example>" {
			t.Errorf("%q: the header is %v", text, l.header)
		}
		for _, tag := range []string{"<script", "<img", "onerror=alert(1)>", "href=\"javascript"} {
			if strings.Contains(l.page, tag) {
				t.Errorf("%q: the page has %s", text, tag)
			}
		}
	}
	for _, body := range slack.bodies {
		var m struct{ Blocks []json.RawMessage }
		if err := json.Unmarshal(body, &m); err != nil || strings.Contains(string(body), `"url":"https://evil`) || strings.Contains(string(body), `"mrkdwn"`) {
			t.Errorf("Slack got a link or markup: %v\n%s", err, body)
		}
	}
	for _, body := range teams.bodies {
		if strings.Contains(string(body), `"url":"https://evil`) || strings.Contains(string(body), `"TextBlock"`) {
			t.Errorf("Teams got a link or markup:\n%s", body)
		}
	}
}

func TestAMailIsReadableByEverybody(t *testing.T) {
	t.Parallel()
	mails := newMailServer(t)
	post := &digest.Post{Mail: mails.settings()}
	m := message(t, full("Größe & <Umfang>"))
	m.To = digest.To{Way: digest.ToEmail, Email: []string{"po@acme.example", "cy@acme.example"}}
	if err := post.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	l := mails.last()
	if diff := cmp.Diff(m.Text.Subject, l.subject); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{
		"From": `"Tandem" <tandem@acme.example>`, "Auto-Submitted": "auto-generated", "Message-Id": "<0123456789abcdef@acme.example>",
	} {
		if got := l.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(l.plain, "Größe & <Umfang>") || !strings.Contains(l.page, "Größe &amp; &lt;Umfang&gt;") || !strings.Contains(l.page, "<h2>Late: 100</h2>") {
		t.Errorf("it reads\n%s\n%s", l.plain, l.page)
	}
	if len(mails.readers[0]) != 2 || mails.signed != 1 {
		t.Errorf("readers are %v, signed in %d times", mails.readers, mails.signed)
	}
}

func TestAWebhookThatTakesJSONGetsEverything(t *testing.T) {
	t.Parallel()
	var got struct {
		Subject, Text string
		Digest        digest.Content
	}
	hook := newService(t, func(body []byte) error { return json.Unmarshal(body, &got) }, http.StatusNoContent, "")
	m := message(t, full("x"))
	m.To = hook.to(digest.ToWebhook)
	if err := new(digest.Post).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*m.Content, got.Digest); diff != "" || got.Subject != m.Text.Subject {
		t.Error(diff)
	}
}

// kindOf sorts a failure.
func kindOf(tb testing.TB, err error) string {
	tb.Helper()
	var f *digest.PostError
	if !errors.As(err, &f) {
		tb.Fatalf("%v is no failure", err)
	}
	for _, secret := range []string{marker, "127.0.0.1", "po@acme.example"} {
		if strings.Contains(err.Error(), secret) {
			tb.Errorf("%q tells %s", err, secret)
		}
	}
	switch {
	case f.Unclear && f.Again:
		tb.Errorf("%v is both", err)
		return ""
	case f.Unclear:
		return "unclear"
	case f.Again:
		return "again"
	default:
		return "failed"
	}
}

func TestAnswersOfWebhooksAreSorted(t *testing.T) {
	t.Parallel()
	for status := 100; status < 600; status++ {
		want := "failed"
		switch {
		case status/100 == 1 && status != 101, status/100 == 2:
			continue
		case status == 408, status == 429, status == 503:
			want = "again"
		case status == 101:
			want = "failed"
		case status >= 500:
			want = "unclear"
		}
		m := message(t, full("x"))
		m.To = digest.To{Way: digest.ToSlack, Address: secret.FromText("https://hooks.example" + hookPath)}
		asked := 0
		post := &digest.Post{Transport: transport(func(r *http.Request) (*http.Response, error) {
			asked++
			w := httptest.NewRecorder()
			w.Header().Set("Location", "https://elsewhere.example/")
			w.WriteHeader(status)
			_, _ = w.WriteString("no_service " + marker)
			response := w.Result()
			response.Request = r
			return response, nil
		})}
		if got := kindOf(t, post.Send(t.Context(), m)); got != want || asked != 1 {
			t.Errorf("%d: %s after %d requests, want %s", status, got, asked, want)
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func TestErrorsOfWebhooksAreSortedAndKeepTheSecret(t *testing.T) {
	t.Parallel()
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	t.Cleanup(silent.Close)
	waits := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(waits.Close)
	said := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "channel_is_archived", http.StatusGone)
	}))
	t.Cleanup(said.Close)
	untrusted := httptest.NewTLSServer(nil)
	t.Cleanup(untrusted.Close)
	for _, c := range []struct{ name, address, want, says string }{
		{"nobody listens", "http://" + loopback.Address(t) + hookPath, "again", "could not be reached"},
		{"no such host", "https://nowhere.invalid" + hookPath, "again", "could not be reached"},
		{"no trust", untrusted.URL + hookPath, "again", "could not be reached"},
		{"it hangs up", silent.URL + hookPath, "unclear", "it is not sent twice"},
		{"it asks to wait", waits.URL + hookPath, "again", "wait"},
		{"the channel is gone", said.URL + hookPath, "failed", "410"},
		{"not encrypted", "http://hooks.example" + hookPath, "failed", "is no address"},
		{"no address", marker, "failed", "is no address"},
		{"a user in it", "https://u:" + marker + "@hooks.example/", "failed", "is no address"},
		{"nothing", "", "again", "is not there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := message(t, full("x"))
			m.To = digest.To{Way: digest.ToSlack, Address: secret.FromText(c.address)}
			err := new(digest.Post).Send(t.Context(), m)
			if got := kindOf(t, err); got != c.want || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", got, err)
			}
			var f *digest.PostError
			if errors.As(err, &f); c.name == "it asks to wait" && (f.After < 9*time.Minute || f.After > 11*time.Minute) {
				t.Errorf("it waits %s", f.After)
			}
		})
	}
}

func TestAnswersOfMailServersAreSorted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		server func(s *mailServer, m *digest.Mail)
		want   string
	}{
		{"the reader is unknown", func(s *mailServer, _ *digest.Mail) { s.refuse["RCPT"] = "550 5.1.1 <po@acme.example> no such user" }, "failed"},
		{"the reader is greylisted", func(s *mailServer, _ *digest.Mail) { s.refuse["RCPT"] = "451 4.7.1 <po@acme.example> later" }, "again"},
		{"the sender is refused", func(s *mailServer, _ *digest.Mail) { s.refuse["MAIL"] = "553 5.7.1 not yours" }, "failed"},
		{"the password is wrong", func(s *mailServer, _ *digest.Mail) { s.refuse["AUTH"] = "535 5.7.8 no " + marker }, "failed"},
		{"the text is refused", func(s *mailServer, _ *digest.Mail) { s.refuse["."] = "554 5.6.0 spam" }, "failed"},
		{"it is full", func(s *mailServer, _ *digest.Mail) { s.refuse["."] = "452 4.3.1 full" }, "again"},
		{"it hangs up at once", func(s *mailServer, _ *digest.Mail) { s.hangUp = "EHLO" }, "again"},
		{"it hangs up before the text", func(s *mailServer, _ *digest.Mail) { s.hangUp = "RCPT" }, "again"},
		{"it hangs up after the text", func(s *mailServer, _ *digest.Mail) { s.hangUp = "." }, "unclear"},
		{"it hangs up after it took it", func(s *mailServer, _ *digest.Mail) { s.hangUp = "RSET" }, "sent"},
		{"it has no TLS", func(s *mailServer, _ *digest.Mail) { s.plain = true }, "again"},
		{"it cannot show who it is", func(_ *mailServer, m *digest.Mail) { m.Roots = nil }, "again"},
		{"nobody listens", func(s *mailServer, _ *digest.Mail) { _ = s.listener.Close() }, "again"},
		{"without TLS, where that is wanted", func(s *mailServer, m *digest.Mail) { s.plain, m.TLS, m.User = true, "none", "" }, "sent"},
		{"the password is absent", func(_ *mailServer, m *digest.Mail) { m.Password = secret.FromText("") }, "again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newMailServer(t)
			settings := s.settings()
			c.server(s, &settings)
			m := message(t, full("x"))
			m.To = digest.To{Way: digest.ToEmail, Email: []string{"po@acme.example"}}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			err := (&digest.Post{Mail: settings}).Send(ctx, m)
			if c.want == "sent" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if got := kindOf(t, err); got != c.want {
				t.Errorf("%s, want %s: %v", got, c.want, err)
			}
		})
	}
}

func TestImplicitTLSIsSpokenFromTheBeginning(t *testing.T) {
	t.Parallel()
	for _, sealed := range []bool{true, false} {
		s := newMailServer(t)
		s.sealed = sealed
		settings := s.settings()
		settings.TLS = "implicit"
		m := message(t, full("x"))
		m.To = digest.To{Way: digest.ToEmail, Email: []string{"po@acme.example"}}
		err := (&digest.Post{Mail: settings}).Send(t.Context(), m)
		switch {
		case sealed && (err != nil || len(s.mails) != 1 || s.signed != 1):
			t.Errorf("a server that speaks TLS got %d mails after %d signed in: %v", len(s.mails), s.signed, err)
		case !sealed && (kindOf(t, err) != "again" || len(s.mails) > 0):
			t.Errorf("a server that does not got %d mails: %v", len(s.mails), err)
		}
	}
}

// TestAServerThatDoesNotLetTandemInIsHungUpOn: a connection that stays open
// would hold up the server until Tandem's memory is tidied up.
func TestAServerThatDoesNotLetTandemInIsHungUpOn(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(*mailServer, *digest.Mail){
		"it has no TLS":           func(s *mailServer, _ *digest.Mail) { s.plain = true },
		"it refuses the password": func(s *mailServer, _ *digest.Mail) { s.refuse["AUTH"] = "535 5.7.8 no" },
		"it refuses the password inside TLS": func(s *mailServer, m *digest.Mail) {
			s.sealed, m.TLS, s.refuse["AUTH"] = true, "implicit", "535 5.7.8 no"
		},
		"it refuses the sender":               func(s *mailServer, _ *digest.Mail) { s.refuse["MAIL"] = "550 5.7.1 no" },
		"it does not even say good-bye to us": func(s *mailServer, _ *digest.Mail) { s.refuse["QUIT"] = "421 4.3.0 no" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newMailServer(t)
			settings := s.settings()
			refuse(s, &settings)
			m := message(t, full("x"))
			m.To = digest.To{Way: digest.ToEmail, Email: []string{"po@acme.example"}}
			_ = (&digest.Post{Mail: settings}).Send(t.Context(), m)
			select {
			case <-s.ended:
			case <-time.After(10 * time.Second):
				t.Error("the connection is still open")
				_ = s.listener.Close()
				runtime.GC() // which closes what nobody holds
			}
		})
	}
}
