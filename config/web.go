package config

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// Web says how people reach the pages, at Settings.Listen, and how they sign in.
// Without a token and an issuer nothing is shown.
type Web struct {
	// PublicURL is the address of the pages as browsers see it, through whatever
	// stands in front.
	PublicURL string `yaml:"public_url"`
	// Token is that of a single admin, who sees everything.
	Token secret.Secret `yaml:"token"`
	// OIDC is the issuer that people sign in at.
	OIDC OIDC `yaml:"oidc"`
	// Roadmap lists pages that are read without sign-in.
	Roadmap []Roadmap `yaml:"roadmap"`
}

// Given reports whether people can sign in, or read without.
func (w *Web) Given() bool { return w.Token.Set() || w.OIDC.Given() || len(w.Roadmap) > 0 }

// OIDC is an issuer, and what its groups may do and see.
type OIDC struct {
	// Issuer is the address that the issuer calls itself by.
	Issuer       string        `yaml:"issuer"`
	ClientID     string        `yaml:"client_id"`
	ClientSecret secret.Secret `yaml:"client_secret"`
	// Groups is the claim that lists the groups of a person.
	Groups string `yaml:"groups"`
	// SignOut offers to whoever signed out to do so at the issuer too.
	SignOut bool `yaml:"sign_out"`
	// Grants all count that fit a person: the highest role, the widest audience.
	Grants []Grant `yaml:"grants"`
}

// Grant gives rights to a group, or to everyone who signs in.
type Grant struct {
	Group string `yaml:"group"`
	// Everyone is in place of a group.
	Everyone bool `yaml:"everyone"`
	// Role is viewer, approver or admin.
	Role string `yaml:"role"`
	// Audience is what they may see: public, internal or restricted.
	Audience string `yaml:"audience"`
}

// Sees returns the audience of the grant.
func (g Grant) Sees() work.Audience { return audienceOf(g.Audience) }

// Roadmap is a read-only page for whoever has its link.
type Roadmap struct {
	// Name stands in messages.
	Name string `yaml:"name"`
	// Token is the part of the link that nobody guesses.
	Token secret.Secret `yaml:"token"`
	// Audience is what the page shows: public or internal.
	Audience string `yaml:"audience"`
	// Teams are those whose work it shows; all where there are none.
	Teams []string `yaml:"teams,one"`
}

// Sees returns the audience of the page.
func (r Roadmap) Sees() work.Audience { return audienceOf(r.Audience) }

// Given reports whether an issuer is configured.
func (o OIDC) Given() bool { return o.Issuer != "" }

func audienceOf(text string) work.Audience {
	for _, a := range audiences() {
		if a.String() == text {
			return a
		}
	}
	return work.UnknownAudience
}

func audienceNames() []string {
	var names []string
	for _, a := range audiences() {
		names = append(names, a.String())
	}
	return names
}

func (l *loader) checkWeb(at work.Pointer) {
	web := l.settings.Web
	if web.PublicURL != "" {
		if err := l.checkPages(web.PublicURL); err != nil {
			l.reject(at.Key("public_url"), err)
		}
	}
	if l.document.Has(at.Key("oidc")) && !l.wrong[at.Key("oidc")] {
		l.checkOIDC(at, web)
	}
	names := map[string]bool{}
	for i, r := range web.Roadmap {
		l.checkRoadmap(at.Key("roadmap").Index(i), r, names)
	}
}

// checkPages accepts the address of pages: those of a whole host, so that paths
// and cookies are the same inside and outside.
func (l *loader) checkPages(text string) error {
	if err := checkPublicURL(text); err != nil {
		return err
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("public_url has more than a host; write https://HOST, and let the proxy serve Tandem at the root of a name of its own")
	case !l.protected(u):
		return fmt.Errorf("public_url would show sign-ins in the clear; write https://HOST, or api: {insecure: true} where the network itself is safe")
	default:
		return nil
	}
}

// protected reports whether nobody on the way reads what goes to an address.
func (l *loader) protected(u *url.URL) bool {
	return u.Scheme == "https" || l.settings.API.Insecure || Loopback(net.JoinHostPort(u.Hostname(), "0"))
}

func (l *loader) checkOIDC(top work.Pointer, web Web) {
	o, at, public := web.OIDC, top.Key("oidc"), top.Key("public_url")
	missing := func(key string, given bool, remedy string) {
		if !given && !l.wrong[at.Key(key)] {
			l.refuse(at.Key(key), "web.oidc has no "+key, remedy)
		}
	}
	missing("issuer", o.Issuer != "", "write issuer: https://login.acme.example, as the issuer calls itself")
	if o.Issuer != "" {
		if err := l.checkIssuer(o.Issuer); err != nil {
			l.reject(at.Key("issuer"), err)
		}
	}
	missing("client_id", o.ClientID != "", "write the id that the issuer has for Tandem, such as client_id: tandem")
	missing("client_secret", o.ClientSecret.Set(), "write client_secret: {env: OIDC_SECRET}")
	missing("groups", o.Groups != "", "write the claim that lists the groups of a person, such as groups: groups")
	missing("grants", len(o.Grants) > 0, "write grants: [{group: product, role: approver, audience: internal}]; without one nobody may see anything")
	if web.PublicURL == "" && !l.wrong[public] {
		l.refuse(public, "web.oidc needs public_url", "write public_url: https://tandem.acme.example, where the issuer sends people back to")
	}
	for i, g := range o.Grants {
		l.checkGrant(at.Key("grants").Index(i), g)
	}
}

func (l *loader) checkIssuer(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("issuer is no address of an issuer; write https://HOST, without user, query and fragment")
	case u.Scheme != "https" && !Loopback(net.JoinHostPort(u.Hostname(), "0")):
		return fmt.Errorf("issuer would be asked in the clear; write https://HOST")
	default:
		return nil
	}
}

func (l *loader) checkGrant(at work.Pointer, g Grant) {
	if l.wrong[at] {
		return
	}
	const remedy = "write {group: product, role: approver, audience: internal}, or {everyone: true, role: viewer, audience: public}"
	if (g.Group == "") != g.Everyone {
		l.refuse(at, "a grant is for a group or for everyone, and this one names both or neither", remedy)
	}
	l.choose(at, "a grant", "role", g.Role, Roles(), "approver may approve, reject and release, admin may pause")
	l.choose(at, "a grant", "audience", g.Audience, audienceNames(), "they see nothing that is stricter")
}

// choose refuses a word that is none of those that a key takes.
func (l *loader) choose(at work.Pointer, what, key, have string, from []string, why string) {
	switch {
	case l.wrong[at.Key(key)]:
	case have == "":
		l.refuse(at.Key(key), what+" has no "+key, "write "+key+": "+strings.Join(from, " or ")+"; "+why)
	case !slices.Contains(from, have):
		l.refuse(at.Key(key), strconv.Quote(have)+" is no "+key, "write "+strings.Join(from, ", "))
	}
}

func (l *loader) checkRoadmap(at work.Pointer, r Roadmap, names map[string]bool) {
	const remedy = "write {name: customers, token: {file: roadmap.token}, audience: public}"
	if l.wrong[at] {
		return
	}
	switch {
	case r.Name == "":
		l.refuse(at.Key("name"), "a roadmap has no name", remedy)
	case !instanceName(r.Name):
		l.refuse(at.Key("name"), fmt.Sprintf("%q is no name of a roadmap", r.Name), "use at most 63 letters, digits, - and _, such as customers")
	case names[r.Name]:
		l.refuse(at.Key("name"), "two roadmaps have the name "+r.Name, "give each a name of its own")
	}
	names[r.Name] = true
	if !r.Token.Set() && !l.wrong[at.Key("token")] {
		l.refuse(at.Key("token"), "a roadmap has no token", remedy)
	}
	if r.Sees() == work.Restricted {
		l.refuse(at.Key("audience"), "a page without sign-in shows nothing that is restricted", "write public, or internal where only colleagues have the link")
		return
	}
	l.choose(at, "a roadmap", "audience", r.Audience, []string{work.Public.String(), work.Internal.String()}, "the page shows nothing that is stricter")
}
