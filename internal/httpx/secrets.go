package httpx

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// secretsKey holds, in a request's context, what must never be repeated.
type secretsKey struct{}

// shortest is the length below which a credential is not searched for: it
// would be found in every other word.
const shortest = 6

// shortestInData is the same for answers that are read as data: what a person
// wrote there is hidden only where it can be nothing else. Tokens are longer.
const shortestInData = 16

// authorize sets the credentials, and notes them: a service that repeats them
// in an answer must not bring them into an error or a log (promise S11).
func authorize(r *http.Request, set func(*http.Request) error) (*http.Request, error) {
	before, query := r.Header.Clone(), r.URL.RawQuery
	if set != nil {
		if err := set(r); err != nil {
			return r, err
		}
	}
	hidden, _ := r.Context().Value(secretsKey{}).([]string)
	secrets := slices.Clone(hidden)
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

// scrubber returns a function that hides the credentials of the request that
// have at least so many characters, in every spelling.
func scrubber(r *http.Request, least int) func(string) string {
	if r == nil {
		return func(s string) string { return s }
	}
	secrets, _ := r.Context().Value(secretsKey{}).([]string)
	var pairs []string
	for _, s := range secrets {
		if len(s) < least {
			continue
		}
		for _, spelled := range spellings(s) {
			pairs = append(pairs, spelled, redacted)
		}
	}
	replacer := strings.NewReplacer(pairs...)
	return func(text string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(text, pairs[i]) { // mostly none is there
				return replacer.Replace(text)
			}
		}
		return text
	}
}

const redacted = "[redacted]"

// spellings are the forms in which a secret may stand in addresses, JSON and
// web pages, the longest first.
func spellings(s string) []string {
	all := []string{s, url.QueryEscape(s), url.PathEscape(s), html.EscapeString(s), strings.Trim(strconv.QuoteToASCII(s), `"`)}
	for _, escapeHTML := range []bool{true, false} {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(escapeHTML)
		if e.Encode(s) == nil {
			quoted := strings.TrimSpace(b.String())
			all = append(all, quoted[1:len(quoted)-1])
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(all)
}

// scrubbedBody is an answer's body without the credentials of its request. It
// is read as a whole at the first Read, so that no credential hides across
// two.
type scrubbedBody struct {
	io.ReadCloser
	scrub func(string) string

	clean *strings.Reader // nil until then
	err   error           // how the body ended
}

func (b *scrubbedBody) Read(p []byte) (int, error) {
	if b.clean == nil {
		var all strings.Builder
		_, b.err = io.Copy(&all, b.ReadCloser)
		b.clean = strings.NewReader(b.scrub(all.String()))
	}
	n, err := b.clean.Read(p)
	if err != nil {
		err = cmp.Or(b.err, err)
	}
	return n, err
}

// Hidden marks a request that carries secrets where nobody sees them by
// themselves, such as in its body: they are taken out of what is told of the
// answer, as those in headers are.
func Hidden(ctx context.Context, secrets ...string) context.Context {
	before, _ := ctx.Value(secretsKey{}).([]string)
	return context.WithValue(ctx, secretsKey{}, slices.Concat(before, secrets))
}
