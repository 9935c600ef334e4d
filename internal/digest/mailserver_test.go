package digest_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"tandem/internal/digest"
	"tandem/internal/secret"
)

const mailPassword = marker + "password"

// mailServer stands in for a mail server (RFC 5321, 3207, 4954).
type mailServer struct {
	testing.TB

	listener net.Listener
	config   *tls.Config
	roots    *x509.CertPool
	// plain offers no TLS, and sealed speaks it from the beginning; refuse answers
	// to a command in place of success; hangUp closes the connection at a command.
	// ended tells that a connection is over.
	plain  bool
	sealed bool
	ended  chan struct{}
	refuse map[string]string
	hangUp string

	mu      sync.Mutex
	mails   []string
	readers [][]string
	signed  int
}

func newMailServer(tb testing.TB) *mailServer {
	tb.Helper()
	certified := httptest.NewTLSServer(nil)
	tb.Cleanup(certified.Close)
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &mailServer{TB: tb, listener: listener, config: &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12}, roots: roots, refuse: map[string]string{}, ended: make(chan struct{}, 1)}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() {
				s.talk(conn)
				select {
				case s.ended <- struct{}{}:
				default:
				}
			})
		}
	})
	tb.Cleanup(func() {
		_ = listener.Close()
		group.Wait()
	})
	return s
}

// settings are how digests reach the server.
func (s *mailServer) settings() digest.Mail {
	address, _ := s.listener.Addr().(*net.TCPAddr)
	return digest.Mail{
		Host: "127.0.0.1", Port: address.Port, From: "tandem@acme.example", User: "tandem", Password: secret.FromText(mailPassword), Roots: s.roots,
	}
}

func (s *mailServer) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	secure := s.sealed
	if s.sealed {
		conn = tls.Server(conn, s.config)
	}
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say("220 mail.example ESMTP")
	var readers []string
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		verb = strings.ToUpper(verb)
		if s.hangUp == verb {
			return
		}
		if answer := s.refuse[verb]; answer != "" {
			say(answer)
			continue
		}
		switch verb {
		case "EHLO":
			say("250-mail.example")
			if !secure && !s.plain {
				say("250-STARTTLS")
			}
			if secure {
				say("250-AUTH PLAIN LOGIN")
			}
			say("250-ENHANCEDSTATUSCODES")
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go ahead")
			encrypted := tls.Server(conn, s.config)
			if encrypted.HandshakeContext(s.Context()) != nil {
				return
			}
			conn, in, secure = encrypted, bufio.NewReader(encrypted), true
		case "AUTH":
			if !secure {
				s.Error("a password came without TLS")
			}
			s.mu.Lock()
			s.signed++
			s.mu.Unlock()
			say("235 2.7.0 welcome")
		case "MAIL", "RCPT":
			if !secure && !s.plain {
				s.Error("a mail came without TLS")
			}
			if verb == "RCPT" {
				readers = append(readers, rest)
			}
			say("250 2.1.0 fine")
		case "DATA":
			say("354 go on")
			var text strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				text.WriteString(strings.TrimPrefix(line, "."))
			}
			if s.hangUp == "." {
				return
			}
			if answer := s.refuse["."]; answer != "" {
				say(answer)
				continue
			}
			s.mu.Lock()
			s.mails, s.readers = append(s.mails, text.String()), append(s.readers, readers)
			s.mu.Unlock()
			say("250 2.0.0 queued")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

// letterOf is a mail as a reader sees it.
type letterOf struct {
	header      mail.Header
	subject     string
	plain, page string
}

// last reads the last mail.
func (s *mailServer) last() letterOf {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.mails) == 0 {
		s.Fatal("no mail came")
	}
	m, err := mail.ReadMessage(strings.NewReader(s.mails[len(s.mails)-1]))
	if err != nil {
		s.Fatal(err)
	}
	l := letterOf{header: m.Header}
	if l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		s.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		s.Fatalf("%s: %v", kind, err)
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return l
		}
		if err != nil {
			s.Fatal(err)
		}
		var body io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(part)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			s.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.page = string(text)
		} else {
			l.plain = string(text)
		}
	}
}

// all returns everything that was sent, as it came and as it is read.
func (s *mailServer) all() string {
	s.Helper()
	l := s.last()
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.mails, s.readers, l.header, l.subject, l.plain, l.page)
}
