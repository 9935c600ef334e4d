package githubsim

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"tandem/internal/sim"
)

// reply is an answer before it is written.
type reply struct {
	status   int
	body     any // nil is an empty body
	link     string
	location string
}

// problem is the usual body of an error.
type problem struct {
	Message       string   `json:"message"`
	Errors        []detail `json:"errors,omitempty"`
	URL           string   `json:"url,omitempty"`
	Documentation string   `json:"documentation_url"`
	Status        string   `json:"status,omitempty"`
}

// detail is one finding of a validation.
type detail struct {
	Resource string `json:"resource"`
	Code     string `json:"code"`
	Field    string `json:"field"`
	Message  string `json:"message,omitempty"`
	Value    any    `json:"value,omitempty"`
}

const documentation = "https://docs.github.com/rest"

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

func created(body any, location string) reply {
	return reply{status: http.StatusCreated, body: body, location: location}
}

func refuse(status int, message string) reply {
	return reply{status: status, body: problem{Message: message, Documentation: documentation, Status: digits(status)}}
}

func missing() reply { return refuse(http.StatusNotFound, "Not Found") }

func deleted() reply { return refuse(http.StatusGone, "This issue was deleted") }

// invalid answers that fields are wrong, as recorded.
func invalid(details ...detail) reply {
	return reply{status: http.StatusUnprocessableEntity, body: problem{
		Message: "Validation Failed", Errors: details, Documentation: documentation, Status: "422",
	}}
}

// malformed answers that the body does not have the described shape.
func malformed(message string) reply {
	return refuse(http.StatusUnprocessableEntity, "Invalid request.\n\n"+message)
}

// redirect answers with another address: 301 for reads, and for writes the
// status given.
func redirect(r *http.Request, address string, write int) reply {
	status := http.StatusMovedPermanently
	if r.Method != http.MethodGet {
		status = write
	}
	return reply{status: status, location: address, body: problem{
		Message: "Moved Permanently", URL: address, Documentation: documentation + "/guides/best-practices-for-using-the-rest-api#follow-redirects",
	}}
}

// send writes an answer with the headers that every answer has, and turns it
// into a 304 when the client has it already.
func (s *Site) send(a *asker, w http.ResponseWriter, r *http.Request, out reply) {
	h := w.Header()
	var body []byte
	if out.body != nil {
		body = sim.MarshalJSON(out.body)
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	if out.status < 300 && body != nil {
		h.Set("Cache-Control", "private, max-age=60, s-maxage=60")
		h.Add("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP")
		tag := entityTag(r, body)
		h.Set("ETag", tag)
		if r.Method == http.MethodGet && known(r, tag) {
			out.status, body = http.StatusNotModified, nil
			h.Del("Content-Type")
		}
	}
	if out.link != "" {
		h.Set("Link", out.link)
	}
	if out.location != "" {
		h.Set("Location", out.location)
	}
	s.dress(a, h, r, out.status)
	w.WriteHeader(out.status)
	_, _ = w.Write(body)
}

// dress adds the headers that do not depend on the answer.
func (s *Site) dress(a *asker, h http.Header, r *http.Request, status int) {
	h.Set("Server", "GitHub.com")
	h.Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
	h.Add("Vary", "Accept-Encoding, Accept, X-Requested-With")
	h.Set("X-GitHub-Media-Type", "github.v3; format=json")
	h.Set("X-GitHub-Api-Version-Selected", apiVersion(r))
	h.Set("X-GitHub-Request-Id", s.limits.requestID())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "deny")
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubdomains; preload")
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("Access-Control-Allow-Origin", "*")
	if !s.options.Enterprise {
		s.limits.header(h, s.charge(a, r, status))
	}
}

// entityTag is the tag of a body for this client: another token has another
// one. It is weak where the answer could be compressed on its way.
func entityTag(r *http.Request, body []byte) string {
	sum := sha256.New()
	for _, name := range []string{"Accept", "Authorization", "Cookie"} {
		_, _ = sum.Write([]byte(r.Header.Get(name) + ":"))
	}
	_, _ = sum.Write(body)
	tag := `"` + hex.EncodeToString(sum.Sum(nil)) + `"`
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		tag = "W/" + tag
	}
	return tag
}

// known reports whether the client has the version with this tag.
func known(r *http.Request, tag string) bool {
	for candidate := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == "*" || candidate == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// apiVersion is the version of the interface that answers: the one asked for.
func apiVersion(r *http.Request) string {
	if v := r.Header.Get("X-GitHub-Api-Version"); v != "" {
		return v
	}
	return "2022-11-28"
}
