package httpjson

import (
	"net/url"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// auth checks that one kind of credentials is whole.
func (k *compiler) auth(at work.Pointer, a Auth) {
	kinds := 0
	for _, given := range []bool{a.Bearer != nil, a.Basic != nil, a.Header != nil, a.Query != nil, a.Body != nil, a.OAuth2 != nil, a.JWT != nil} {
		if given {
			kinds++
		}
	}
	if kinds > 1 {
		k.wrong(at, "auth holds several kinds of credentials", "keep one of bearer, basic, header, query, body, oauth2 and jwt")
	}
	if a.Bearer != nil {
		k.given(at.Key("bearer"), *a.Bearer)
	}
	if b := a.Basic; b != nil {
		here := at.Key("basic")
		if (b.User == "") == !b.Key.Set() {
			k.wrong(here, "basic needs a user", "write user: NAME, or key: {env: NAME} where the user is a secret too")
		}
		k.given(here.Key("password"), b.Password)
		k.placeholders(here.Key("user"), b.User, nil)
	}
	for name, n := range map[string]*NamedSecret{"header": a.Header, "query": a.Query, "body": a.Body} {
		if n == nil {
			continue
		}
		if n.Name == "" {
			k.wrong(at.Key(name), "the "+name+" has no name", "write name: X-Api-Key")
		}
		k.given(at.Key(name).Key("value"), n.Value)
	}
	if o := a.OAuth2; o != nil {
		here := at.Key("oauth2")
		k.tokenURL(here.Key("token_url"), o.TokenURL)
		if o.ClientID == "" {
			k.wrong(here, "oauth2 has no client_id", "write client_id: the id that the service gave")
		}
		k.given(here.Key("client_secret"), o.ClientSecret)
	}
	if j := a.JWT; j != nil {
		here := at.Key("jwt")
		k.given(here.Key("key"), j.Key)
		if j.TokenURL != "" {
			k.tokenURL(here.Key("token_url"), j.TokenURL)
		}
		if len(j.Scopes) == 0 {
			k.wrong(here, "jwt has no scopes", "write scopes: [https://www.googleapis.com/auth/analytics.readonly]")
		}
	}
}

func (k *compiler) given(at work.Pointer, s secret.Secret) {
	if !s.Set() {
		k.wrong(at, "the secret is missing", "write {env: NAME} or {file: PATH}")
	}
}

func (k *compiler) tokenURL(at work.Pointer, text string) {
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		k.wrong(at, "this is no address of tokens", "write token_url: https://auth.example.com/oauth/token")
	}
}
