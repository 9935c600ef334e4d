package digest_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"maps"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/digest"
	"tandem/internal/secret"
	"tandem/internal/sim/outsider"
	"tandem/internal/work"
)

// object is one of JSON.
type object = map[string]any

// refusal is what a mail server answers in place of success.
type refusal struct {
	Code    int    `json:"code"`
	Text    string `json:"text"`
	Times   int    `json:"times,omitempty"`
	Address string `json:"address,omitempty"`
}

// outsideMail is a mail as others read it.
type outsideMail struct {
	Subject, Text, HTML, From, To, User, Sender string
	Links, Readers                              []string
	Headers                                     map[string]string
	Attachments, Longest                        int
	Bare, Eight, Secure                         bool
}

// outsideServer is a mail server that is not ours: npm's smtp-server.
type outsideServer struct {
	program *outsider.Program
	roots   *x509.CertPool
	port    int
}

// newOutsideServer starts one with options. It wants TLS, a user and a password.
func newOutsideServer(t *testing.T, options object) *outsideServer {
	t.Helper()
	s := &outsideServer{program: outsider.Start(t, filepath.Join("testdata", "mail.mjs")), roots: x509.NewCertPool()}
	certified := httptest.NewTLSServer(nil)
	t.Cleanup(certified.Close)
	s.roots.AddCert(certified.Certificate())
	cert, key := inPEM(t, &certified.TLS.Certificates[0])
	serve := object{"user": "tandem", "password": mailPassword, "cert": cert, "key": key}
	maps.Copy(serve, options)
	var said struct{ Port int }
	s.program.Ask(object{"serve": serve}, &said)
	s.port = said.Port
	return s
}

func inPEM(t *testing.T, c *tls.Certificate) (cert, key string) {
	t.Helper()
	private, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return encode("CERTIFICATE", c.Certificate[0]), encode("PRIVATE KEY", private)
}

func (s *outsideServer) settings() digest.Mail {
	return digest.Mail{Host: "127.0.0.1", Port: s.port, From: "tandem@acme.example", User: "tandem", Password: secret.FromText(mailPassword), Roots: s.roots}
}

// received returns what came so far.
func (s *outsideServer) received() []outsideMail {
	var all []outsideMail
	s.program.Ask(object{"received": 0}, &all)
	return all
}

// odd is a template whose lines are hard for mail: dots at their beginnings, From,
// very long ones, ones of spaces at the end, and letters of all sorts.
const odd = "# .\n.\n..\n.QUIT\nFrom here on\n- .dot {{.Name}}\n{{range .Late}}.{{.Title}} {{link .URL .Ref}}\n{{end}}=3D =\nä{{printf \"%700s\" \"ü\"}}ö\n"

func TestMailsReachAServerOfOutsidersAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	s := newOutsideServer(t, object{})
	post := &digest.Post{Mail: s.settings()}
	own, mistakes := digest.Parse(odd)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	texts := append(hostile(), "Größe & <Umfang> – 漢字 🚲", ".", strings.Repeat("ä", 2000), strings.Repeat("🚲", 700), "a=b&c=d", strings.Repeat("word ", 400))
	var sent []digest.Text
	for i, text := range texts {
		c := full(text)
		c.Role, c.Team = "pm "+text, "Zahlung 🚲 "+text
		for _, template := range []*digest.Template{digest.Shipped(), own} {
			m := &digest.Message{Content: c, ID: strings.Repeat("a", i+1), To: digest.To{Way: digest.ToEmail, Email: []string{"po@acme.example", "cy@acme.example"}}}
			var err error
			if m.Text, err = template.Text(c); err != nil {
				t.Fatal(err)
			}
			if err := post.Send(t.Context(), m); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			sent = append(sent, m.Text)
		}
	}
	all := s.received()
	if len(all) != len(sent) {
		t.Fatalf("%d mails came of %d", len(all), len(sent))
	}
	for i, text := range sent {
		asWritten(t, &text, &all[i])
	}
}

// asWritten compares a text with the mail that came.
func asWritten(t *testing.T, text *digest.Text, m *outsideMail) {
	t.Helper()
	if m.Subject != text.Subject {
		t.Errorf("the subject is %q, want %q", m.Subject, text.Subject)
	}
	if diff := cmp.Diff(strings.TrimRight(text.String(), "\n"), strings.TrimRight(strings.ReplaceAll(m.Text, "\r\n", "\n"), "\n")); diff != "" {
		t.Errorf("%s: the text (-want +got):\n%s", text.Subject, diff)
	}
	var links []string
	for _, l := range text.Lines {
		for _, span := range l.Spans {
			if span.URL != "" {
				links = append(links, span.URL)
			}
		}
	}
	if links = append(links, text.Link); !slices.Equal(links, m.Links) {
		t.Errorf("%s: the links (-want +got):\n%s", text.Subject, cmp.Diff(links, m.Links))
	}
	want := outsideMail{
		From: `"Tandem" <tandem@acme.example>`, To: "po@acme.example, cy@acme.example", User: "tandem", Sender: "tandem@acme.example", Secure: true,
		Readers: []string{"po@acme.example", "cy@acme.example"},
	}
	got := outsideMail{From: m.From, To: m.To, User: m.User, Sender: m.Sender, Secure: m.Secure, Readers: m.Readers, Attachments: m.Attachments, Bare: m.Bare, Eight: m.Eight}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text.Subject, diff)
	}
	if m.Longest > 78 {
		t.Errorf("%s: a line has %d bytes", text.Subject, m.Longest)
	}
	for name, value := range map[string]string{"auto-submitted": "auto-generated", "x-auto-response-suppress": "All", "mime-version": "1.0", "bcc": "", "cc": ""} {
		if m.Headers[name] != value {
			t.Errorf("%s: %s is %q", text.Subject, name, m.Headers[name])
		}
	}
	if _, err := time.Parse(time.RFC1123Z, m.Headers["date"]); err != nil {
		t.Errorf("the date: %v", err)
	}
}

func TestAnswersOfAnOutsidersMailServerAreSorted(t *testing.T) {
	t.Parallel()
	refuse := func(step string, r refusal) object { return object{"refuse": map[string]refusal{step: r}} }
	plain := func(m *digest.Mail) { m.TLS = "none" }
	for name, c := range map[string]struct {
		options object
		change  func(*digest.Mail)
		want    string // sent, or the kind of failure and what it says
	}{
		"it takes it":                       {object{}, nil, "sent"},
		"it speaks TLS from the beginning":  {object{"secure": true}, func(m *digest.Mail) { m.TLS = "implicit" }, "sent"},
		"its TLS is another than ours":      {object{"secure": true}, nil, "again"},
		"we speak TLS too early":            {object{}, func(m *digest.Mail) { m.TLS = "implicit" }, "again"},
		"it has no STARTTLS":                {object{"disabledCommands": []string{"STARTTLS"}}, nil, "again did not let Tandem in"},
		"it hides STARTTLS":                 {object{"hideSTARTTLS": true}, nil, "again did not let Tandem in"},
		"it speaks old TLS only":            {object{"minVersion": "TLSv1.1", "maxVersion": "TLSv1.1", "ciphers": "DEFAULT@SECLEVEL=0"}, nil, "again"},
		"it is of nobody we trust":          {object{}, func(m *digest.Mail) { m.Roots = nil }, "again does not show who it is"},
		"it is called otherwise":            {object{}, func(m *digest.Mail) { m.Host = "localhost" }, "again"},
		"by PLAIN":                          {object{"authMethods": []string{"PLAIN"}}, nil, "sent"},
		"by LOGIN":                          {object{"authMethods": []string{"LOGIN"}}, nil, "sent"},
		"by a challenge":                    {object{"authMethods": []string{"CRAM-MD5"}}, nil, "sent"},
		"by tokens only":                    {object{"authMethods": []string{"XOAUTH2"}}, nil, "again did not let Tandem in"},
		"it asks for no password":           {object{"authOptional": true, "disabledCommands": []string{"AUTH"}}, func(m *digest.Mail) { m.User = "" }, "sent"},
		"it asks for one that there is not": {object{}, func(m *digest.Mail) { m.User = "" }, "failed"},
		"without TLS on this machine": {
			object{"disabledCommands": []string{"STARTTLS", "AUTH"}, "authOptional": true}, func(m *digest.Mail) { plain(m); m.User = "" }, "sent",
		},
		"another password":          {object{}, func(m *digest.Mail) { m.Password = secret.FromText(marker + "wrong") }, "failed answered 535"},
		"a password of all letters": {object{"password": "pä ss:=\x7f\u202e" + marker}, func(m *digest.Mail) { m.Password = secret.FromText("pä ss:=\x7f\u202e" + marker) }, "sent"},
		"it is down for a while":    {refuse("auth", refusal{Code: 454, Text: "4.7.0 later"}), nil, "again"},
		"the sender is refused":     {refuse("from", refusal{Code: 553, Text: "5.7.1 not yours"}), nil, "failed answered 553 to the sender"},
		"greylisting":               {refuse("to", refusal{Code: 451, Text: "4.7.1 <po@acme.example> come back"}), nil, "again answered 451"},
		"no such reader":            {refuse("to", refusal{Code: 550, Text: "5.1.1 <po@acme.example> who?"}), nil, "failed answered 550 to one of the readers"},
		"no such reader among them": {refuse("to", refusal{Code: 550, Text: "5.1.1 who?", Address: "cy@acme.example"}), nil, "failed to one of the readers"},
		"one of them is full":       {refuse("to", refusal{Code: 452, Text: "4.2.2 full", Address: "cy@acme.example"}), nil, "again answered 452"},
		"spam":                      {refuse("data", refusal{Code: 554, Text: "5.6.0 spam"}), nil, "failed answered 554"},
		"no room":                   {refuse("data", refusal{Code: 452, Text: "4.3.1 no room"}), nil, "again answered 452"},
		"it takes small ones only":  {object{"size": 500}, nil, "failed answered 552"},
		"it is old":                 {object{"hide8BITMIME": true, "hidePIPELINING": true, "hideENHANCEDSTATUSCODES": true, "hideSMTPUTF8": true, "hideSize": true}, nil, "sent"},
		"it is new":                 {object{"hideSMTPUTF8": false, "hideDSN": false, "hideENHANCEDSTATUSCODES": false}, nil, "sent"},
		"it greets at length":       {object{"banner": strings.Repeat("welcome ", 50)}, nil, "sent"},
		"it greets by HELO alone":   {object{"disabledCommands": []string{"EHLO"}}, nil, "again did not let Tandem in"},
		"it tells more": {
			object{"hideENHANCEDSTATUSCODES": false, "refuse": map[string]refusal{"to": {Code: 550, Text: "who is <po@acme.example>?"}}}, nil, "failed answered 550 5.1.1 to one of the readers",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newOutsideServer(t, c.options)
			settings := s.settings()
			if c.change != nil {
				c.change(&settings)
			}
			m := message(t, full("Größe"))
			m.To = digest.To{Way: digest.ToEmail, Email: []string{"po@acme.example", "cy@acme.example"}}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			err := (&digest.Post{Mail: settings}).Send(ctx, m)
			kind, says, _ := strings.Cut(c.want, " ")
			came := s.received()
			if kind == "sent" {
				if err != nil || len(came) != 1 || came[0].Subject != m.Text.Subject || len(came[0].Readers) != 2 {
					t.Errorf("%v: %+v", err, came)
				}
				return
			}
			if err == nil {
				t.Fatal("it was sent")
			}
			if got := kindOf(t, err); got != kind || !strings.Contains(err.Error(), says) || len(came) > 0 {
				t.Errorf("%s: %v; %d came", got, err, len(came))
			}
		})
	}
}

func TestADigestThatAnOutsidersServerPutsOffArrivesOnce(t *testing.T) {
	t.Parallel()
	s := newOutsideServer(t, object{"refuse": map[string]refusal{"to": {Code: 451, Text: "4.7.1 come back", Times: 2, Address: "po@acme.example"}}})
	f := opened(t)
	daily := spec(t)
	daily.To = digest.To{Way: digest.ToEmail, Email: []string{"po@acme.example", "cy@acme.example"}}
	sender := digest.New(digest.Config{
		Specs: []digest.Spec{daily}, Store: f.db, Desk: f.desk(), Send: (&digest.Post{Mail: s.settings()}).Send, Instance: "acme-test", Now: f.clock.Now,
		Log: slog.New(slog.NewTextHandler(io.Writer(f.log), nil)),
	})
	f.clock.pass(time.Minute)
	for _, want := range []struct {
		state work.DigestState
		wait  time.Duration
		came  int
	}{{work.DigestWaiting, 30 * time.Second, 0}, {work.DigestWaiting, 30 * time.Second, 0}, {work.DigestWaiting, 5 * time.Minute, 0}, {work.DigestSent, time.Hour, 1}, {work.DigestSent, 0, 1}} {
		f.look(sender)
		if got, came := f.state(), s.received(); got.State != want.state || len(came) != want.came {
			t.Errorf("it is %v (%s), %d came, want %v and %d", got.State, got.Detail, len(came), want.state, want.came)
		}
		f.clock.pass(want.wait)
	}
	f.says(s.received()[0].Text, []string{"Waits for pm of pay: 3"}, []string{marker})
}
