package httpx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Explain rewrites an error of http.Client.Do so that it names the request
// without query or credentials, and says what to look at. Errors of this
// package and of the context stay reachable by errors.Is and errors.As.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	remedy := remedyFor(err)
	if remedy != "" {
		return fmt.Errorf("%w; %s", redact(err), remedy)
	}
	return redact(err)
}

// redact takes the query and the credentials out of net/http's errors.
func redact(err error) error {
	u, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	where, parseErr := url.Parse(u.URL)
	if parseErr != nil {
		return fmt.Errorf("%s: %w", strings.ToUpper(u.Op), u.Err)
	}
	return fmt.Errorf("%s %s: %w", strings.ToUpper(u.Op), place(where), redact(u.Err))
}

// place is the address without query, fragment and credentials.
func place(u *url.URL) string {
	clean := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return clean.String()
}

func remedyFor(err error) string {
	_, unknownAuthority := errors.AsType[x509.UnknownAuthorityError](err)
	_, badCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, notTLS := errors.AsType[tls.RecordHeaderError](err)
	dns, isDNS := errors.AsType[*net.DNSError](err)
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case unknownAuthority, badCertificate:
		return "is the address right? If the organisation has its own certificate authority, add it to the system's list"
	case notTLS:
		return "the port does not speak TLS; is the address right, should it be http://?"
	case isDNS && dns.IsNotFound:
		return "no such host; is the address right?"
	case isOp && op.Op == "dial":
		return "nobody answers there; is the address right, is a proxy or firewall in between?"
	case errors.Is(err, context.DeadlineExceeded):
		return "the service did not answer in time"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection ended before the answer did"
	default:
		return ""
	}
}

// Place names a request in messages: method and address without query.
func Place(r *http.Request) string {
	if r == nil {
		return "request"
	}
	return r.Method + " " + place(r.URL)
}
