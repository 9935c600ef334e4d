package config

import (
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// Digest is a notice that is sent at a time of the day: what moved, what waits,
// what is late. Nothing is sent without one.
type Digest struct {
	// Name tells digests apart; it is part of what is kept of them.
	Name string `yaml:"name"`
	// Role is a role of the rules, or admin, which is told what failed.
	Role string `yaml:"role"`
	// Team narrows it to one team; empty is all.
	Team string `yaml:"team"`
	// At is the time of the day in Zone, On are the days of the week; every day
	// where there are none.
	At *work.Clock    `yaml:"at"`
	On []work.Weekday `yaml:"on,one"`
	// Zone is a name such as Europe/Berlin: that of the team, else of the
	// instance, where it is empty.
	Zone string `yaml:"zone"`
	// Audience is what its readers may see: public, internal or restricted.
	Audience string   `yaml:"audience"`
	To       DigestTo `yaml:"to"`
	// Template names a file that takes the place of the shipped text, from the
	// folder of the settings file.
	Template string `yaml:"template"`
	// Always lets it be sent also where there is nothing to say.
	Always bool `yaml:"always"`
}

// DigestTo is where a digest goes: one of these.
type DigestTo struct {
	// Slack and Teams are addresses of incoming webhooks, Webhook that of
	// whoever takes JSON. Whoever knows one can write there: they are secrets.
	Slack   secret.Secret `yaml:"slack"`
	Teams   secret.Secret `yaml:"teams"`
	Webhook secret.Secret `yaml:"webhook"`
	Email   []string      `yaml:"email,one"`
}

// Ways names the places that are given.
func (t DigestTo) Ways() []string {
	var ways []string
	for _, w := range []struct {
		name  string
		given bool
	}{{"slack", t.Slack.Set()}, {"teams", t.Teams.Set()}, {"webhook", t.Webhook.Set()}, {"email", len(t.Email) > 0}} {
		if w.given {
			ways = append(ways, w.name)
		}
	}
	return ways
}

// Sees returns the audience that its readers belong to.
func (d Digest) Sees() work.Audience { return APIToken{Audience: d.Audience}.Sees() }

// AdminRole is the role of those who run Tandem, in digests.
const AdminRole = "admin"

// Mail is the server that digests are sent by.
type Mail struct {
	Host string `yaml:"host"`
	Port int    `yaml:"port"`
	// From is the address that they come from.
	From     string        `yaml:"from"`
	User     string        `yaml:"user"`
	Password secret.Secret `yaml:"password"`
	// TLS is starttls, or implicit as on port 465. none is for a server on this
	// machine.
	TLS string `yaml:"tls"`
}

// The ways to a mail server.
const (
	StartTLS    = "starttls"
	ImplicitTLS = "implicit"
	NoTLS       = "none"
)

const implicitPort = 465

// Security returns the way to the server: what is written, or what its port
// means.
func (m Mail) Security() string {
	switch {
	case m.TLS != "":
		return m.TLS
	case m.Port == implicitPort:
		return ImplicitTLS
	default:
		return StartTLS
	}
}

const digestRemedy = "write {name: pm pay, role: pm, team: pay, at: '08:30', on: [mon, tue, wed, thu, fri], audience: internal, to: {slack: {env: SLACK_URL}}}"

func (l *loader) checkDigests(at work.Pointer) {
	names := map[string]bool{}
	mails := false
	for i, d := range l.settings.Digests {
		at := at.Index(i)
		mails = mails || len(d.To.Email) > 0
		if !l.wrong[at] {
			l.checkDigest(at, d, names)
		}
	}
	l.checkMail(work.Pointer("").Key("mail"), mails)
}

// checkDigest looks at what can be told without the rules.
func (l *loader) checkDigest(at work.Pointer, d Digest, names map[string]bool) {
	switch {
	case d.Name == "":
		l.refuse(at.Key("name"), "a digest has no name", digestRemedy)
	case !digestName(d.Name):
		l.refuse(at.Key("name"), fmt.Sprintf("%q is no name of a digest", d.Name), "use at most 63 letters, digits, spaces, - and _, such as pm pay")
	case names[d.Name]:
		l.refuse(at.Key("name"), "two digests have the name "+d.Name, "give each a name of its own; what was sent is kept under it")
	}
	names[d.Name] = true
	if d.Role == "" {
		l.refuse(at.Key("role"), "the digest "+d.Name+" has no role", "write role: pm, another role of your rules, or admin for those who run Tandem")
	}
	l.checkTime(at, d)
	var reaches []string
	for _, a := range audiences() {
		reaches = append(reaches, a.String())
	}
	switch {
	case l.wrong[at.Key("audience")]:
	case d.Audience == "":
		l.refuse(at.Key("audience"), "the digest "+d.Name+" has no audience", "write audience: "+strings.Join(reaches, " or ")+"; it names nothing that is stricter")
	case !slices.Contains(reaches, d.Audience):
		l.refuse(at.Key("audience"), strconv.Quote(d.Audience)+" is no audience", "write "+strings.Join(reaches, ", "))
	}
	l.checkTo(at.Key("to"), d)
}

func (l *loader) checkTime(at work.Pointer, d Digest) {
	const endOfDay = 24 * 60
	switch {
	case l.wrong[at.Key("at")]:
	case d.At == nil:
		l.refuse(at.Key("at"), "the digest "+d.Name+" has no time", "write at: '08:30'")
	case *d.At >= endOfDay:
		l.refuse(at.Key("at"), "24:00 is the end of a day", "write at: '00:00' for its beginning, or '23:59'")
	}
	days := map[work.Weekday]bool{}
	for i, day := range d.On {
		if days[day] {
			l.refuse(at.Key("on").Index(i), day.String()+" stands there twice", "leave one out")
		}
		days[day] = true
	}
	if d.Zone != "" {
		if _, err := time.LoadLocation(d.Zone); err != nil || d.Zone == "Local" {
			l.refuse(at.Key("zone"), strconv.Quote(d.Zone)+" is no time zone", "write a name such as Europe/Berlin or UTC")
		}
	}
}

// mostAddresses is how many people one digest is mailed to: more are a list, which
// has an address of its own.
const mostAddresses = 50

func (l *loader) checkTo(at work.Pointer, d Digest) {
	switch ways := d.To.Ways(); {
	case l.wrong[at] || l.follows(at):
	case len(ways) == 0:
		l.refuse(at, "the digest "+d.Name+" goes nowhere", "write to: {slack: {env: SLACK_URL}}, {teams: {env: TEAMS_URL}}, {webhook: {env: URL}} or {email: [po@acme.example]}")
	case len(ways) > 1:
		l.refuse(at, "the digest "+d.Name+" goes to "+strings.Join(ways, " and "), "write one digest for each place, so that each is sent once, whatever becomes of the other")
	}
	if len(d.To.Email) > mostAddresses {
		l.refuse(at.Key("email"), fmt.Sprintf("a digest is mailed to %d addresses", len(d.To.Email)), "use at most 50, or the address of a mailing list")
	}
	for i, address := range d.To.Email {
		if !mailAddress(address) {
			l.refuse(at.Key("email").Index(i), strconv.Quote(address)+" is no mail address", "write the plain address, such as po@acme.example")
		}
	}
}

// checkMail looks at the server, where one is given or needed.
func (l *loader) checkMail(at work.Pointer, needed bool) {
	const remedy = "write mail: {host: smtp.acme.example, port: 587, from: tandem@acme.example, user: tandem, password: {env: SMTP_PASSWORD}}"
	m := l.settings.Mail
	given := l.document.Has(at)
	switch {
	case l.wrong[at] || !given && !needed:
		return
	case !given:
		l.refuse(at, "a digest is mailed and there is no mail server", remedy)
		return
	case m.Host == "" || strings.ContainsAny(m.Host, "/:@ "):
		l.refuse(at.Key("host"), fmt.Sprintf("%q is no host of a mail server", m.Host), "write its name alone, such as smtp.acme.example")
	}
	if m.Port < 1 || m.Port > 65535 {
		l.refuse(at.Key("port"), fmt.Sprintf("%d is no port", m.Port), "write 587, or 465 for TLS from the beginning")
	}
	if !mailAddress(m.From) {
		l.refuse(at.Key("from"), fmt.Sprintf("%q is no mail address", m.From), "write the plain address that digests come from, such as tandem@acme.example")
	}
	if (m.User != "") != m.Password.Set() && !l.wrong[at.Key("password")] && !l.follows(at.Key("password")) {
		l.refuse(at.Key("user"), "the mail server gets only one of user and password", "write both, or neither where it asks for none")
	}
	switch {
	case !slices.Contains([]string{"", StartTLS, ImplicitTLS, NoTLS}, m.TLS):
		l.refuse(at.Key("tls"), fmt.Sprintf("%q is no way to a mail server", m.TLS), "write starttls, implicit, or none for a server on this machine")
	case m.TLS == NoTLS && !Loopback(m.Host+":0"):
		l.refuse(at.Key("tls"), "digests would be readable on their way to "+m.Host, "write tls: starttls; none is for a server on this machine")
	}
}

// mailAddress reports whether a text is an address and nothing else: no name, no
// second one, no line end.
func mailAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Name == "" && a.Address == text && len(text) <= 254 && strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// digestName reports whether a name can be shown and kept.
func digestName(name string) bool {
	return !strings.HasPrefix(name, " ") && !strings.HasSuffix(name, " ") && instanceName(strings.ReplaceAll(name, " ", "_"))
}
