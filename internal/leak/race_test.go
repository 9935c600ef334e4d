package leak_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
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
			var listed atomic.Bool
			f.taps[c.place].before = func(r *http.Request, _ []byte) {
				if strings.HasSuffix(r.URL.Path, "/issues") {
					listed.Store(true)
				} else if c.place != "hub" && beforeWrite(r) || listed.Load() && !strings.Contains(r.URL.Path, "graphql") {
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

// beforeWrite reports whether a request reads one issue, or is a write.
func beforeWrite(r *http.Request) bool {
	return strings.Contains(r.URL.Path, "/issue/") || r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "search")
}
