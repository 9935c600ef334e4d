package httpx

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// secretsKey holds, in a request's context, what must never be repeated.
type secretsKey struct{}

// shortest is the length below which a credential is not searched for: it
// would be found in every other word.
const shortest = 6

// authorize sets the credentials, and notes them: a service that repeats them
// in an answer must not bring them into an error or a log (promise S11).
func authorize(r *http.Request, set func(*http.Request) error) (*http.Request, error) {
	before, query := r.Header.Clone(), r.URL.RawQuery
	if set != nil {
		if err := set(r); err != nil {
			return r, err
		}
	}
	var secrets []string
	for name, values := range r.Header {
		if name == "Authorization" || !slices.Equal(values, before[name]) {
			for _, v := range values {
				secrets = append(secrets, parts(v)...)
			}
		}
	}
	if r.URL.RawQuery != query {
		old, _ := url.ParseQuery(query)
		for name, values := range r.URL.Query() {
			if !slices.Equal(values, old[name]) {
				secrets = append(secrets, values...)
			}
		}
	}
	return r.WithContext(context.WithValue(r.Context(), secretsKey{}, secrets)), nil
}

// parts returns every spelling of a header's credential: the whole, what
// follows the scheme, and the password inside Basic.
func parts(value string) []string {
	all := []string{value}
	_, credential, ok := strings.Cut(value, " ")
	if !ok {
		return all
	}
	all = append(all, credential)
	if plain, err := base64.StdEncoding.DecodeString(credential); err == nil {
		if _, password, ok := strings.Cut(string(plain), ":"); ok {
			all = append(all, password)
		}
	}
	return all
}

// scrubber returns a function that hides the credentials of the request.
func scrubber(r *http.Request) func(string) string {
	if r == nil {
		return func(s string) string { return s }
	}
	secrets, _ := r.Context().Value(secretsKey{}).([]string)
	var pairs []string
	for _, s := range secrets {
		if len(s) >= shortest {
			pairs = append(pairs, s, "[redacted]", url.QueryEscape(s), "[redacted]")
		}
	}
	return strings.NewReplacer(pairs...).Replace
}
