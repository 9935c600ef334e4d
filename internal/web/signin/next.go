package signin

import (
	"net/url"
	"strings"
)

// home is where people begin.
const home = "/"

// longestNext bounds what a cookie has to hold.
const longestNext = 1500

// Local returns a path of these pages, or home where the text is none: a link
// may ask to be sent on, but never to another site.
func Local(next string) string {
	if next == pathUnsent {
		return next
	}
	if len(next) > longestNext || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsFunc(next, func(r rune) bool { return r == '\\' || r <= ' ' || r == 0x7f }) {
		return home
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) ||
		u.Path == pathIn || u.Path == pathOut || strings.HasPrefix(u.Path, pathIn+"/") {
		return home
	}
	return next
}
