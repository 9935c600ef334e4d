package leak_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// TestS7APlaceThatOpensBeforeTheWriteIsNotWritten opens strict places to more
// people after they were read, right before the first write.
func TestS7APlaceThatOpensBeforeTheWriteIsNotWritten(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		place string
		open  func(*firm)
		// wrote is what Tandem did in the places that opened.
		wrote func(*firm) []string
	}{
		"a repository turns public": {
			"hub",
			func(f *firm) {
				f.ok(f.hub.Configure("acme/mkvault1zq", func(r *githubsim.Repository) { r.Private = false }))
			},
			func(f *firm) (all []string) {
				for _, e := range f.hub.Writes().Effects(true) {
					all = append(all, e.Ref+" "+e.Field+" "+e.To)
				}
				return all
			},
		},
		"a security level is taken off": {
			"secret",
			func(f *firm) { f.ok(f.secret.Edit("PAY-2", jirasim.Ana, func(i *jirasim.Issue) { i.Level = "" })) },
			func(f *firm) (all []string) {
				for _, e := range f.secret.Writes().Effects(true) {
					if e.Ref == "PAY-2" {
						all = append(all, e.Ref+" "+e.Field+" "+e.To)
					}
				}
				return all
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := found(t, func(f *firm) { f.closed = c.place == "hub" })
			var once sync.Once
			f.taps[c.place].before = func(r *http.Request, body []byte) {
				if beforeWrite(r, body) {
					once.Do(func() { c.open(f) })
				}
			}
			f.cycle()
			if got := c.wrote(f); len(got) > 0 {
				t.Errorf("Tandem wrote %v", got)
			}
		})
	}
}

// beforeWrite reports whether a request reads one issue or what a write needs,
// or is a write.
func beforeWrite(r *http.Request, body []byte) bool {
	for _, read := range []string{"/issues/", "/issue/"} {
		if strings.Contains(r.URL.Path, read) {
			return true
		}
	}
	list := strings.Contains(r.URL.Path, "graphql") || strings.Contains(r.URL.Path, "search")
	return strings.Contains(string(body), "stateReason milestone") || r.Method != http.MethodGet && !list
}
