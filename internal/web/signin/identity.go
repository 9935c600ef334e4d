package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/httpx"
	"tandem/internal/work"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// identity is whom the issuer vouches for.
type identity struct {
	Subject string
	// Email is in small letters; empty where the issuer knows none, or does not
	// vouch for it.
	Email  string
	Groups []string
}

// session is one for the person.
func (p *identity) session(grants []Grant) work.Session {
	s := work.Session{Kind: wayOIDC, Name: "web:subject:" + p.Subject, Email: p.Email, Groups: namedBy(grants, p.Groups)}
	if p.Email != "" {
		s.Name = "web:" + p.Email
	}
	return s
}

// identify takes a code to the issuer, and returns whom it is for.
func (i *issuer) identify(ctx context.Context, code, verifier, nonce string) (*identity, error) {
	d, err := i.discover(ctx)
	if err != nil {
		return nil, err
	}
	content, err := i.ClientSecret.Reveal()
	if err != nil {
		i.log.Error("the secret of the issuer cannot be read", "kind", wayOIDC, "err", err)
		return nil, &issuerError{"The secret for the issuer cannot be read.", "Correct web: {oidc: {client_secret: …}} in tandem.yaml, or what it names."}
	}
	config := i.ask(d)
	config.ClientSecret = content
	ctx = oidc.ClientContext(ctx, i.client)
	token, err := config.Exchange(httpx.Hidden(ctx, content, code, verifier), code, oauth2.VerifierOption(verifier))
	if err != nil {
		return nil, i.refused(err)
	}
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return nil, &issuerError{"The issuer answered without an ID token.", "Let the client of Tandem have the scope openid at the issuer."}
	}
	id, err := d.verifier.Verify(ctx, raw)
	if err == nil {
		err = i.accept(id, token, nonce)
	}
	if err != nil {
		i.log.Warn("an ID token was refused", "kind", wayOIDC, "err", err)
		return nil, &issuerError{"The issuer's answer is not to be trusted.", "Sign in again. Where it stays so, compare the clocks of both machines, and web: {oidc: …} in tandem.yaml with the client at the issuer; the log of the daemon says what is wrong."}
	}
	return i.read(ctx, d, id, token)
}

// refused puts an answer of the issuer into words. Its text is not repeated.
func (i *issuer) refused(err error) error {
	told, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		i.log.Warn("a code could not be taken to the issuer", "kind", wayOIDC, "err", err)
		return &issuerError{"The issuer did not answer.", "Sign in again in a moment."}
	}
	code := plainWord(told.ErrorCode)
	i.log.Warn("the issuer refused a code", "kind", wayOIDC, "rule", code)
	switch code {
	case "invalid_client", "unauthorized_client":
		return &issuerError{"The issuer does not know Tandem.", "Compare client_id and client_secret of web: {oidc: …} in tandem.yaml with the client at the issuer."}
	case "invalid_grant":
		return &issuerError{"The issuer takes this sign-in no more: it was used, or is too old.", "Sign in again."}
	default:
		return &issuerError{"The issuer refused the sign-in.", "Sign in again. The log of the daemon says which error the issuer named."}
	}
}

// accept looks at what the library leaves to its callers.
func (i *issuer) accept(id *oidc.IDToken, token *oauth2.Token, nonce string) error {
	var more struct {
		Party string `json:"azp"`
	}
	if err := id.Claims(&more); err != nil {
		return fmt.Errorf("read the claims: %w", err)
	}
	switch {
	case !same(id.Nonce, nonce):
		return errors.New("the nonce is of another sign-in")
	case id.IssuedAt.After(i.now().Add(skew)):
		return errors.New("it was issued in the future; compare the clocks")
	case id.Subject == "":
		return errors.New("it names no subject")
	case more.Party != "" && more.Party != i.ClientID, more.Party == "" && len(id.Audience) > 1:
		return errors.New("it was made for another client")
	case id.AccessTokenHash != "":
		return id.VerifyAccessToken(token.AccessToken)
	default:
		return nil
	}
}

// read finds e-mail and groups in the ID token, and where they are not there,
// in what the issuer tells of the person.
func (i *issuer) read(ctx context.Context, d *description, id *oidc.IDToken, token *oauth2.Token) (*identity, error) {
	p := &identity{Subject: subjectName(id.Subject)}
	var claims, more map[string]json.RawMessage
	if err := id.Claims(&claims); err != nil {
		return nil, fmt.Errorf("read the claims of the ID token: %w", err)
	}
	_, grouped := claims[i.GroupsClaim]
	_, mailed := claims["email"]
	if (!grouped || !mailed) && d.provider.UserInfoEndpoint() != "" {
		info, err := d.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		switch {
		case err != nil && !grouped:
			i.log.Warn("the issuer did not tell the groups of a person", "kind", wayOIDC, "err", err)
			return nil, &issuerError{"The issuer did not say which groups you belong to.", "Sign in again in a moment. Better, let the issuer write the groups into the ID token."}
		case err != nil:
		case info.Subject != id.Subject:
			i.log.Warn("the issuer told of another person than it vouched for", "kind", wayOIDC)
			return nil, &issuerError{"The issuer's answer is not to be trusted.", "Tell whoever runs the issuer: its userinfo names another subject than the ID token."}
		default:
			if err := info.Claims(&more); err != nil {
				return nil, fmt.Errorf("read the claims of the userinfo: %w", err)
			}
		}
	}
	if !grouped {
		p.Groups = groupsOf(more[i.GroupsClaim])
	} else {
		p.Groups = groupsOf(claims[i.GroupsClaim])
	}
	if mailed {
		p.Email = emailOf(claims)
	} else {
		p.Email = emailOf(more)
	}
	return p, nil
}

// groupsOf reads a list of names, or one name. A name is never taken apart:
// whoever may name a group could join any otherwise.
func groupsOf(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		return []string{one}
	}
	var many []any
	_ = json.Unmarshal(raw, &many) // what is no list names no groups
	var groups []string
	for _, m := range many {
		if name, ok := m.(string); ok && name != "" {
			groups = append(groups, name)
		}
	}
	return groups
}

// emailOf reads an e-mail address, unless the issuer says that nobody looked
// whether it is the person's.
func emailOf(claims map[string]json.RawMessage) string {
	var email string
	_ = json.Unmarshal(claims["email"], &email) // what is no text is no address
	verified := strings.Trim(string(claims["email_verified"]), `" `)
	if verified != "" && verified != "true" && verified != "null" {
		return ""
	}
	email = strings.ToLower(email)
	name, host, ok := strings.Cut(email, "@")
	if !ok || name == "" || host == "" || len(email) > 254 || strings.Contains(host, "@") || strings.ContainsFunc(email, unprintable) {
		return ""
	}
	return email
}

// subjectName is a subject as the audit can name it.
func subjectName(subject string) string {
	if len(subject) > 255 || strings.ContainsFunc(subject, unprintable) {
		return text(mac(nil, subject))
	}
	return subject
}

func unprintable(r rune) bool { return r <= ' ' || r > '~' || slices.Contains([]rune(`"'<>\`), r) }

// plainWord is an error code of the issuer that may be told.
func plainWord(code string) string {
	if len(code) > 40 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "other"
	}
	return code
}
