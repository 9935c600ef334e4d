package digest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/secret"
)

// hookTime is how long the webhook of a service may take to answer.
const hookTime = 30 * time.Second

// post hands a body to a webhook, once.
func post(ctx context.Context, client *http.Client, service string, address secret.Secret, body []byte) error {
	where, err := hookAddress(service, address)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(httpx.Hidden(ctx, where), http.MethodPost, where, bytes.NewReader(body))
	if err != nil {
		return &PostError{What: "the address of " + service + " is none", Remedy: "copy it from there once more"}
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := client.Do(request)
	if err != nil {
		return unanswered(service, err)
	}
	defer func() { _ = response.Body.Close() }() // all that is asked for was read
	if response.StatusCode/100 == 2 {
		return nil
	}
	return answered(service, response)
}

// hookAddress reads the secret and looks whether it is an address that may be
// written to.
func hookAddress(service string, address secret.Secret) (string, error) {
	text, err := address.Reveal()
	if err != nil {
		return "", &PostError{What: "the address of " + service + " is not there: " + address.Source() + " is empty or cannot be read", Remedy: "set it; it is read again at the next try", Again: true}
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !local(u.Hostname())) {
		return "", &PostError{What: "what " + address.Source() + " holds is no address of " + service, Remedy: "copy it from there once more; it begins with https://"}
	}
	return text, nil
}

// local reports whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// unanswered sorts errors without an answer. Their texts name the address, which
// is a secret, and are not told.
func unanswered(service string, err error) error {
	limit, limited := errors.AsType[*httpx.LimitError](err)
	switch {
	case limited:
		return &PostError{What: service + " asks to wait", Again: true, After: time.Until(limit.Until)}
	case httpx.NeverSent(err):
		return &PostError{What: service + " could not be reached", Remedy: "look whether this machine reaches it, by a proxy where there is one", Again: true}
	default:
		return &PostError{What: service + " gave no answer", Remedy: "look there whether the digest arrived; it is not sent twice", Unclear: true}
	}
}

// answered sorts answers other than success.
func answered(service string, response *http.Response) error {
	said := service + " answered " + strconv.Itoa(response.StatusCode) + code(response)
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable || status == http.StatusRequestTimeout:
		return &PostError{What: said, Again: true, After: httpx.FromResponse(response).RetryAfter}
	case status >= 500:
		return &PostError{What: said, Remedy: "look there whether the digest arrived; it is not sent twice", Unclear: true}
	case status/100 == 3:
		return &PostError{What: said, Remedy: "the address leads elsewhere, and is not followed; copy it once more"}
	case status == http.StatusNotFound || status == http.StatusGone || status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &PostError{What: said, Remedy: "make a new webhook there and enter its address; the old one, or its channel, is gone"}
	default:
		return &PostError{What: said, Remedy: "what was sent was not understood; if it has a template of yours, try without"}
	}
}

// code is the code by which Slack says what is wrong, such as no_service: a word
// that can be nothing else.
func code(response *http.Response) string {
	start, err := io.ReadAll(io.LimitReader(response.Body, 64))
	if err != nil || !regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`).Match(start) {
		return ""
	}
	return " " + string(start)
}
