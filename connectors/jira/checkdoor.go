package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// door looks whether a Jira of the right kind stands at the address and lets
// the account in. Only one door is ever knocked at: failed logins make Jira
// ask for a CAPTCHA. Address and cloud id are asked for without credentials.
func (c *checker) door(ctx context.Context) (me account, findings []work.Finding, ok bool) {
	shut := func(f work.Finding) (account, []work.Finding, bool) { return account{}, []work.Finding{f}, false }
	if _, err := c.site.config.Auth.Token.Reveal(); err != nil {
		return shut(c.failed("credentials", err))
	}
	if f := c.address(ctx); f != nil {
		return shut(*f)
	}
	me, err := c.site.client.myself(ctx)
	switch {
	case hasStatus(err, http.StatusUnauthorized), hasStatus(err, http.StatusForbidden):
		return shut(c.refused(ctx, err))
	case err != nil:
		return shut(c.failed("credentials", err))
	case me.id() == "":
		return shut(c.failed("credentials", fmt.Errorf("read own account: %w", errForm)))
	}
	return me, c.account(me), true
}

// serverInfo says what stands at an address.
type serverInfo struct {
	Deployment string `json:"deploymentType"`
	Version    string `json:"version"`
}

func (s serverInfo) isCloud() bool { return strings.EqualFold(s.Deployment, cloud) }

// String names the Jira as people do.
func (s serverInfo) String() string {
	if s.isCloud() {
		return "Jira Cloud"
	}
	return strings.TrimSpace("Jira Data Center " + s.Version)
}

// address asks what stands there. Everybody may ask Jira that, but a proxy
// may not let everybody; then the account decides.
func (c *checker) address(ctx context.Context) *work.Finding {
	info, err := c.serverInfo(ctx)
	if hasStatus(err, http.StatusUnauthorized) || hasStatus(err, http.StatusForbidden) {
		return nil
	}
	if f := c.strange(info, err); f != nil {
		return f
	}
	var f work.Finding
	switch {
	case info.isCloud() && !c.site.config.cloud():
		f = c.finding(work.Fatal, "url", "this is Jira Cloud, and the settings say "+c.site.config.Deployment, "leave deployment out")
	case !info.isCloud() && c.site.config.cloud():
		f = c.finding(work.Fatal, "url", "this is "+info.String()+", and the settings say cloud", "write deployment: datacenter")
	default:
		return c.tenant(ctx)
	}
	return &f
}

// strange says what is wrong if no Jira answered; nil if one did.
func (c *checker) strange(info serverInfo, err error) *work.Finding {
	const right = "write the address under which people open Jira, such as https://acme.atlassian.net"
	e, answered := statusOf(err)
	var f work.Finding
	switch {
	case answered && (e.Kind == httpx.WebPage || e.Kind == httpx.Missing):
		f = c.finding(work.Fatal, "url", "no Jira answers there: "+e.Error(), right+"; a Data Center below a path needs the path too, as in https://acme.example/jira")
	case answered:
		f = c.finding(work.Fatal, "url", e.Error(), remedy(err))
	case notJSON(err), err == nil && info.Version == "" && info.Deployment == "":
		f = c.finding(work.Fatal, "url", "something answers there, and it is no Jira", right)
	case err != nil:
		f = c.failed("url", err)
	default:
		return nil
	}
	return &f
}

// notJSON reports that an answer could not be read for its form.
func notJSON(err error) bool {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, form := errors.AsType[*json.UnmarshalTypeError](err)
	return syntax || form
}

// tenant compares the cloud id of the settings with the site's own.
func (c *checker) tenant(ctx context.Context) *work.Finding {
	if c.site.config.CloudID == "" {
		return nil
	}
	id, err := c.cloudID(ctx)
	if err != nil || id == c.site.config.CloudID {
		return nil // the way to ask is no promise of Atlassian's; the gateway will say
	}
	f := c.finding(work.Fatal, "cloud_id", "the id is not that of "+c.site.config.URL, "write cloud_id: "+id)
	return &f
}

// serverInfo asks without credentials.
func (c *checker) serverInfo(ctx context.Context) (serverInfo, error) {
	var info serverInfo
	err := c.openly(ctx, path("serverInfo"), &info)
	return info, err
}

// cloudID asks the site for its id at the gateway, without credentials.
func (c *checker) cloudID(ctx context.Context) (string, error) {
	var tenant struct {
		CloudID string `json:"cloudId"`
	}
	if err := c.openly(ctx, "_edge/tenant_info", &tenant); err != nil {
		return "", err
	}
	if strings.Trim(tenant.CloudID, "0123456789abcdefABCDEF-") != "" || tenant.CloudID == "" {
		return "", fmt.Errorf("read cloud id: %w", errForm)
	}
	return tenant.CloudID, nil
}

// openly gets something of the site without credentials.
func (c *checker) openly(ctx context.Context, path string, into any) error {
	address, err := url.JoinPath(c.site.config.URL, path)
	if err != nil {
		return errors.New("the address cannot be read")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return errors.New("the address cannot be read")
	}
	web := httpx.New(httpx.Options{Name: c.site.name, Transport: c.env.Transport, Log: c.env.Log, RetryMax: 1})
	resp, err := web.Do(req) //nolint:bodyclose // ReadJSON closes it
	if err != nil {
		return httpx.Explain(err)
	}
	return httpx.ReadJSON(resp, into)
}

// refused says why credentials may have been refused, and what to do.
func (c *checker) refused(ctx context.Context, err error) work.Finding {
	e, _ := statusOf(err)
	config := c.site.config
	fatal := func(what, remedy string) work.Finding { return c.finding(work.Fatal, "credentials", what, remedy) }
	who := "the token"
	if name := cmp.Or(config.Auth.Email, config.Auth.User); name != "" {
		who = name + " with its token"
	}
	said := ""
	if e.Reason != "" {
		said = ": " + e.Reason
	}
	switch {
	case captcha(e.Header):
		return fatal("Jira wants to see a person: after failed logins it asks "+who+" for a CAPTCHA",
			"log in once with this account at "+config.URL+"/login.jsp in a browser, mend the token if it was wrong, then check again")
	case !config.cloud():
		return fatal("Jira does not let in "+who+said,
			"make a personal access token in the account's profile, which may have expired, and name no account beside it; Jira 11 takes no passwords")
	case config.CloudID != "" && strings.Contains(strings.ToLower(e.Reason), "scope"):
		return fatal("the token lacks a scope"+said, "make a token with the scopes "+strings.Join(c.scopes(), ", "))
	case config.CloudID != "":
		return fatal("the gateway does not let in "+who+said,
			"check auth.email and that the token has not expired; a token without scopes is accepted at the site only: for such a one take cloud_id out. Scopes that are needed: "+strings.Join(c.scopes(), ", "))
	case config.Auth.Email == "":
		return fatal("Jira does not let in the token alone"+said, "add auth.email, the address of the account that the token belongs to; "+c.gatewayAdvice(ctx))
	default:
		return fatal("Jira does not let in "+who+said,
			"check that the token belongs to this address and has not expired (it lasts at most a year); "+c.gatewayAdvice(ctx))
	}
}

// gatewayAdvice says when a token needs the gateway.
func (c *checker) gatewayAdvice(ctx context.Context) string {
	const when = "a token with scopes, or one of a service account, is accepted only at Atlassian's gateway: for such a one add cloud_id: "
	id, err := c.cloudID(ctx)
	if err != nil {
		return when + "…, which " + c.site.config.URL + "/_edge/tenant_info shows"
	}
	return when + id
}

// scopes are what a scoped token needs for what the rules do.
func (c *checker) scopes() []string {
	scopes := []string{"read:jira-work", "read:jira-user"}
	if c.writing() {
		scopes = append(scopes, "write:jira-work")
	}
	if c.uses(featureBacklog) {
		scopes = append(scopes, "read:board-scope:jira-software", "read:sprint:jira-software", "read:issue:jira-software", "write:issue:jira-software")
	}
	return scopes
}

func (c *checker) account(me account) []work.Finding {
	findings := []work.Finding{c.finding(work.Note, "account", fmt.Sprintf("connected as %s, time zone %s", me.DisplayName, me.TimeZone), "")}
	if _, err := time.LoadLocation(me.TimeZone); err != nil || me.TimeZone == "" {
		findings = append(findings, c.finding(work.Warning, "account", "the time zone of the account is not known", "set one in the account's profile; until then each poll reads a day more"))
	}
	if me.Active != nil && !*me.Active {
		findings = append(findings, c.finding(work.Fatal, "account", "the account is deactivated", "use the token of an active account"))
	}
	return findings
}
