package config

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// API says who may ask and decide over HTTP, at Settings.Listen. Without tokens
// nobody may.
type API struct {
	Tokens []APIToken `yaml:"tokens"`
	// TLS is for those who have no proxy that speaks it.
	TLS TLS `yaml:"tls"`
	// Insecure lets it listen without TLS where other machines reach it.
	Insecure bool `yaml:"insecure"`
	// Hosts are the names that a proxy in front answers to.
	Hosts []string `yaml:"hosts,one"`
}

// APIToken is one client of the API.
type APIToken struct {
	// Name stands in the audit behind what the client did.
	Name  string        `yaml:"name"`
	Token secret.Secret `yaml:"token"`
	// Role is viewer, approver or admin.
	Role string `yaml:"role"`
	// Audience is what the client may see: public, internal or restricted.
	Audience string `yaml:"audience"`
}

// Sees returns the audience that the client belongs to.
func (t APIToken) Sees() work.Audience {
	return audienceOf(t.Audience)
}

// Roles returns what a token may be: one that looks, one that also approves,
// rejects and releases, one that also pauses.
func Roles() []string { return []string{"viewer", "approver", "admin"} }

func audiences() []work.Audience {
	return []work.Audience{work.Public, work.Internal, work.Restricted}
}

func (l *loader) checkAPI(at work.Pointer) {
	api := l.settings.API
	if (api.TLS.Cert == "") != (api.TLS.Key == "") {
		l.refuse(at.Key("tls"), "api.tls has only one of cert and key", "write tls: {cert: FILE, key: FILE}, or leave tls out and let a proxy speak TLS")
	}
	names := map[string]bool{}
	for i, t := range api.Tokens {
		l.checkToken(at.Key("tokens").Index(i), t, names)
	}
}

func (l *loader) checkToken(at work.Pointer, t APIToken, names map[string]bool) {
	const remedy = "write {name: ci, token: {env: TANDEM_API_TOKEN}, role: viewer, audience: internal}"
	if l.wrong[at] {
		return
	}
	switch {
	case t.Name == "":
		l.refuse(at, "a token of the api has no name", remedy)
	case !instanceName(t.Name):
		l.refuse(at.Key("name"), fmt.Sprintf("%q is no name of a token", t.Name), "use at most 63 letters, digits, - and _, such as ci")
	case names[t.Name]:
		l.refuse(at.Key("name"), "two tokens have the name "+t.Name, "give each client a name of its own; it stands in the audit")
	}
	names[t.Name] = true
	if !t.Token.Set() && !l.wrong[at.Key("token")] {
		l.refuse(at, "a token of the api has no token", remedy)
	}
	choose := func(key, have string, from []string, why string) {
		switch {
		case have == "":
			l.refuse(at, "a token of the api has no "+key, "write "+key+": "+strings.Join(from, " or ")+"; "+why)
		case !slices.Contains(from, have):
			l.refuse(at.Key(key), strconv.Quote(have)+" is no "+key, "write "+strings.Join(from, ", "))
		}
	}
	choose("role", t.Role, Roles(), "approver may approve, reject and release, admin may pause")
	var reaches []string
	for _, a := range audiences() {
		reaches = append(reaches, a.String())
	}
	choose("audience", t.Audience, reaches, "it sees nothing that is stricter")
}

// checkListen refuses an address that other machines reach and that would show
// tokens and titles on the way: once flags and environment had their say.
func (l *loader) checkListen() {
	s := l.settings
	if s.API.TLS.Cert != "" || s.API.Insecure || Loopback(s.Listen) {
		return
	}
	for _, o := range Options() {
		if o.Key == "listen" && !l.wrong[o.at()] {
			l.blame(o, fmt.Errorf("%s is reached from other machines, without TLS; %s", s.Listen,
				"write api: {tls: {cert: FILE, key: FILE}}, or listen: 127.0.0.1:8080 with a proxy in front, or api: {insecure: true} where the network itself is safe"))
		}
	}
}

// Loopback reports whether only this machine reaches an address.
func Loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
