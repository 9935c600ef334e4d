package github

import (
	"net/http"
	"net/url"
	"testing"
)

func TestNextLink(t *testing.T) {
	t.Parallel()
	const want = "https://api.github.com/repositories/1/issues?page=2&labels=a,b"
	for name, lines := range map[string][]string{
		"one line":               {`<` + want + `>; rel="next", <https://api.github.com/x?page=9>; rel="last"`},
		"last first":             {`<https://api.github.com/x?page=9>; rel="last", <` + want + `>; rel="next"`},
		"several lines":          {`<https://docs.github.com/a>; rel="deprecation"`, `<` + want + `>; rel="next"`},
		"several relations":      {`<` + want + `>; rel="prefetch NEXT"`},
		"no quotes":              {`<` + want + `>;rel=next`},
		"other parameters":       {`<` + want + `>; title="a, \"b\"; rel=x"; REL="next"; type=x`},
		"a title with a link":    {`<https://x>; title="<https://evil.example>; rel=\"next\"", <` + want + `>; rel="next"`},
		"a parameter, no value":  {`<` + want + `>; crossorigin; rel="next"`},
		"a broken link before":   {`<>; rel="next", <` + want + `>; rel="next"`},
		"spaces before brackets": {`  < ` + `x>; rel=prev ,` + `	<` + want + `> ; rel="next"`},
	} {
		if got := nextOf(http.Header{"Link": lines}); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, none := range []string{"", "<", `<x`, `<x>; rel="last"`, `x; rel="next"`, `<x>; rel`, `<x>; rel="`, `<x>; rel="nextish"`} {
		if got := nextOf(http.Header{"Link": {none}}); got != "" {
			t.Errorf("%q gives %q, want nothing", none, got)
		}
	}
}

func FuzzNextLink(f *testing.F) {
	f.Add(`<https://a/?x=1,2>; rel="next", <b>; rel=last`, "https://b.example/?after=Y3Vyc29y%3D%3D")
	f.Fuzz(func(t *testing.T, before, address string) {
		_ = nextOf(http.Header{"Link": {before}}) // ends, and does not panic
		u, err := url.Parse(address)
		if err != nil || u.String() == "" {
			return
		}
		if got := nextOf(http.Header{"Link": {`<x>; rel="last", <` + u.String() + `>; rel="next"`}}); got != u.String() {
			t.Errorf("%q, want %q", got, u.String())
		}
	})
}

func TestCredentialsStayAtTheService(t *testing.T) {
	t.Parallel()
	base, err := baseOf("https://api.github.com")
	if err != nil {
		t.Fatal(err)
	}
	for link, ok := range map[string]bool{
		"https://api.github.com/repositories/1/issues?after=x": true, "https://api.github.com.evil.example/": false,
		"http://api.github.com/": false, "https://u:p@api.github.com/": false, "//evil.example/": false, "/repositories/1": true, ":": false,
	} {
		if _, err := follow(base, link); (err == nil) != ok {
			t.Errorf("%s: %v", link, err)
		}
	}
}

func TestTheAddressOfTheService(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://api.github.com":            "https://api.github.com/",
		"https://github.acme.example":       "https://github.acme.example/api/v3/",
		"https://github.acme.example/":      "https://github.acme.example/api/v3/",
		"https://acme.example/git/api/v3":   "https://acme.example/git/api/v3/",
		"https://api.acme.ghe.com":          "https://api.acme.ghe.com/",
		"http://127.0.0.1:8080":             "http://127.0.0.1:8080/",
		"http://localhost/api/v3":           "http://localhost/api/v3/",
		"http://[::1]:9":                    "http://[::1]:9/",
		"http://github.acme.example":        "",
		"https://u:hunter2@github.com":      "",
		"ftp://x":                           "",
		"github.com":                        "",
		"https://github.acme.example?x=1":   "",
		"http://127.0.0.1.evil.example":     "",
		"https://github.acme.example/x#top": "",
	} {
		u, err := baseOf(address)
		switch {
		case want == "" && err == nil:
			t.Errorf("%s is taken for %s", address, u)
		case want != "" && (err != nil || u.String() != want):
			t.Errorf("%s: %v %v, want %s", address, u, err, want)
		}
	}
}
