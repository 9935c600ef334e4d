package httpx

import (
	"fmt"
	"net/http"
)

// redirectRule follows redirects only where nothing can be lost: reads, on the
// same host. A refused redirect comes back as the 3xx answer itself, so that
// FromResponse can tell where it wanted to go. net/http would turn a PATCH
// answered with 301 into a GET and report success.
func redirectRule(o Options) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		first := via[0]
		next.Header.Del("Referer") // it would tell the next host the query, which may be a signature
		if first.Method != http.MethodGet && first.Method != http.MethodHead {
			return http.ErrUseLastResponse
		}
		if len(via) >= maxRedirects {
			return fmt.Errorf("%s redirects in a circle; check the address", o.Name)
		}
		if first.URL.Scheme == "https" && next.URL.Scheme != "https" {
			return http.ErrUseLastResponse
		}
		sameHost := next.URL.Host == first.URL.Host
		if !sameHost && carriesCredentials(o, first) {
			return http.ErrUseLastResponse
		}
		return nil
	}
}

func carriesCredentials(o Options, r *http.Request) bool {
	return o.Authorize != nil || r.URL.User != nil ||
		r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != ""
}
