package digest

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"tandem/internal/httpx"
)

// mailTime is how long one step of the mail server may take.
const mailTime = 30 * time.Second

// mail hands a message to the mail server, for all its readers together.
func (p *Post) mail(ctx context.Context, m *Message) error {
	var l line
	defer l.hangUp()
	client, err := p.mailer(&l)
	if err != nil {
		return err
	}
	letter, err := p.letter(m)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return p.unreached(err)
	}
	err = client.Send(letter)
	_ = client.Close() // what counts is what it said before
	if err == nil || letter.IsDelivered() {
		return nil
	}
	return unsent(err)
}

// line is the connection of one mail. go-mail v0.8.1 leaves one open where the
// server does not let it in.
type line struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	conn net.Conn // nil before it stands
}

func (l *line) call(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := l.dial(ctx, network, address)
	if err == nil {
		l.conn = conn
	}
	return conn, err
}

func (l *line) hangUp() {
	if l.conn != nil {
		_ = l.conn.Close() // closed already where all went well
	}
}

// sealed are the ways to sign in on a connection that is encrypted from the
// beginning, the best first. go-mail does not see that it is where it did not
// dial itself, and would leave out the last two.
var sealed = []mail.SMTPAuthType{ //nolint:gochecknoglobals // a constant
	mail.SMTPAuthSCRAMSHA256PLUS, mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1PLUS, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthCramMD5, mail.SMTPAuthPlain, mail.SMTPAuthLogin,
}

// mailer prepares a connection on a line as the settings say.
func (p *Post) mailer(l *line) (*mail.Client, error) {
	s, dialer := p.Mail, new(net.Dialer)
	seal := &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	options := []mail.Option{
		mail.WithPort(s.Port), mail.WithTimeout(mailTime), mail.WithoutNoop(), mail.WithTLSConfig(seal), mail.WithDialContextFunc(l.call),
	}
	l.dial = dialer.DialContext
	signIn := mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover)
	switch s.TLS {
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case "implicit":
		l.dial = (&tls.Dialer{NetDialer: dialer, Config: seal}).DialContext
		signIn = mail.WithOpportunisticSMTPAuth(sealed...)
		options = append(options, mail.WithSSL())
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.User != "" {
		password, err := s.Password.Reveal()
		if err != nil {
			return nil, &PostError{What: "the password of the mail server is not there: " + s.Password.Source() + " is empty or cannot be read", Remedy: "set it; it is read again at the next try", Again: true}
		}
		options = append(options, signIn, mail.WithUsername(s.User), mail.WithPassword(password))
	}
	client, err := mail.NewClient(s.Host, options...)
	if err != nil {
		return nil, &PostError{What: "the mail server is not usable as the settings have it", Remedy: "look at mail: in tandem.yaml"}
	}
	return client, nil
}

// letter writes the mail. Everything in its headers comes from the settings, but
// for numbers.
func (p *Post) letter(m *Message) (*mail.Msg, error) {
	l := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(l.FromFormat("Tandem", p.Mail.From), l.To(m.To.Email...)); err != nil {
		return nil, &PostError{What: "an address of the digest is none", Remedy: "look at mail: from and at to: email in tandem.yaml"}
	}
	page, err := letter(&m.Text)
	if err != nil {
		return nil, &PostError{What: err.Error()}
	}
	_, domain, _ := strings.Cut(p.Mail.From, "@")
	l.Subject(m.Text.Subject)
	l.SetDate()
	l.SetMessageIDWithValue(m.ID + "@" + domain)
	l.SetGenHeader("Auto-Submitted", "auto-generated")
	l.SetGenHeader("X-Auto-Response-Suppress", "All")
	l.SetBodyString(mail.TypeTextPlain, m.Text.String())
	l.AddAlternativeString(mail.TypeTextHTML, page)
	return l, nil
}

// unreached sorts errors from before a mail is handed over.
func (p *Post) unreached(err error) error {
	var said *textproto.Error
	switch {
	case errors.As(err, &said) && said.Code/100 == 5:
		return &PostError{What: "the mail server answered " + strconv.Itoa(said.Code), Remedy: "look whether it takes user and password of mail: in tandem.yaml"}
	case httpx.NeverSent(err):
		return &PostError{What: "the mail server could not be reached, or does not show who it is", Remedy: "look at host, port and tls of mail: in tandem.yaml", Again: true}
	default:
		return &PostError{What: "the mail server did not let Tandem in", Remedy: "look at port, tls, user and password of mail: in tandem.yaml", Again: true}
	}
}

// unsent sorts errors of handing over. Their texts name readers, and are not
// told.
func unsent(err error) error {
	var send *mail.SendError
	if !errors.As(err, &send) {
		return &PostError{What: "the mail server broke off", Remedy: "look there whether the digest arrived; it is not sent twice", Unclear: true}
	}
	said := "the mail server answered " + strconv.Itoa(send.ErrorCode())
	if enhanced := send.EnhancedStatusCode(); enhanced != "" {
		said += " " + enhanced
	}
	handing := send.Reason == mail.ErrWriteContent || send.Reason == mail.ErrSMTPDataClose || send.Reason == mail.ErrSMTPReset
	switch {
	case send.ErrorCode() == 0 && handing:
		return &PostError{What: "the mail server broke off while it was handed the digest", Remedy: "look there whether it arrived; it is not sent twice", Unclear: true}
	case send.ErrorCode() == 0:
		return &PostError{What: "the mail server broke off", Again: true}
	case send.IsTemp():
		return &PostError{What: said, Again: true}
	case send.Reason == mail.ErrSMTPRcptTo:
		return &PostError{What: said + " to one of the readers", Remedy: "look at to: email; the mail went to nobody"}
	case send.Reason == mail.ErrSMTPMailFrom:
		return &PostError{What: said + " to the sender", Remedy: "use an address in mail: from that the server lets this user send by"}
	default:
		return &PostError{What: said, Remedy: "the log of the mail server says why"}
	}
}
