package httpx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

// policy decides about the tries of one request. retryablehttp calls check and
// backoff in turn, from one goroutine.
//
//	                    connection error   429, limit with 403   502 503 504
//	GET HEAD OPTIONS    again              again                 again
//	PUT DELETE          again              again                 again
//	POST PATCH          if never sent      again                 no
//
// 503 with Retry-After is a limit only to what may be repeated: who answers it
// may stand in front of a service that did its work.
type policy struct {
	options    Options
	method     string
	repeatable bool
	tries      int
	doubted    bool          // a try that was repeated may have arrived
	asked      time.Duration // what the last answer asked for
}

// policyKey finds the policy in the context of a request's tries.
type policyKey struct{}

// repeated reports whether a try before the last one may have arrived.
func repeated(r *http.Request) bool {
	p, known := r.Context().Value(policyKey{}).(*policy)
	return known && p.doubted
}

// doubt notes in the error of the last try that one before it may have arrived.
func (p *policy) doubt(err error) error {
	if err == nil || !p.doubted {
		return err
	}
	if limit, is := errors.AsType[*LimitError](err); is {
		limit.Repeated = true
		return limit
	}
	return &repeatedError{redact(err)}
}

// check is retryablehttp's CheckRetry.
func (p *policy) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	p.tries++
	p.asked = 0
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if limit, is := errors.AsType[*LimitError](err); is {
		return false, limit // it was not sent
	}
	if err != nil {
		again := p.againAfter(err)
		p.note(ctx, again, !NeverSent(err), redact(err))
		return again, nil
	}
	wait, limit := limited(resp, time.Now())
	limit = limit && (p.repeatable || resp.StatusCode != http.StatusServiceUnavailable)
	if limit {
		if wait > p.options.patience(ctx) {
			return false, &LimitError{Until: time.Now().Add(wait), Reason: limitReason(resp), Status: resp.StatusCode}
		}
		p.asked = wait
	}
	again := limit || p.repeatable && unavailable(resp.StatusCode)
	p.note(ctx, again, unavailable(resp.StatusCode), resp.StatusCode)
	return again, nil
}

// patience is the longest wait that makes sense: the caller may have less time
// than MaxWait.
func (o Options) patience(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return min(o.MaxWait, time.Until(deadline))
	}
	return o.MaxWait
}

// note tells of a repetition, and remembers whether the try before it may have
// arrived.
func (p *policy) note(ctx context.Context, again, arrived bool, what any) {
	if again && p.tries <= p.options.RetryMax {
		p.doubted = p.doubted || arrived
		p.options.Log.DebugContext(ctx, "request will be repeated", "attempt", p.tries, "err", what)
	}
}

// unavailable tells the statuses that pass by themselves. 500 is a fault in
// the service that the same request would meet again.
func unavailable(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// againAfter decides about an error without an answer.
func (p *policy) againAfter(err error) bool {
	if hopeless(err) {
		return false
	}
	return p.repeatable || NeverSent(err)
}

// hopeless tells errors that the next try would meet again.
func hopeless(err error) bool {
	dns, isDNS := errors.AsType[*net.DNSError](err)
	return isCredentialError(err) || errors.Is(err, context.Canceled) || isDNS && dns.IsNotFound || distrusted(err)
}

// distrusted reports that the other side could not show who it is.
func distrusted(err error) bool {
	_, badCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, unknownAuthority := errors.AsType[x509.UnknownAuthorityError](err)
	_, wrongHost := errors.AsType[x509.HostnameError](err)
	_, notTLS := errors.AsType[tls.RecordHeaderError](err)
	return badCertificate || unknownAuthority || wrongHost || notTLS
}

// NeverSent reports whether no byte of the request reached the service: there
// was no connection, no trust or no credentials, and no try before that had
// them. Any other error without an answer leaves open whether the service did
// what it was asked.
func NeverSent(err error) bool {
	if InDoubt(err) {
		return false
	}
	op, isOp := errors.AsType[*net.OpError](err)
	_, isDNS := errors.AsType[*net.DNSError](err)
	_, isHeld := errors.AsType[*heldError](err)
	return isHeld || isCredentialError(err) || distrusted(err) || isDNS || isOp && op.Op == "dial"
}

// backoff is retryablehttp's Backoff: half a second, doubling, spread by
// 0.7 to 1.3 so that nodes do not come back together. What the service asks
// for is never shortened.
func (p *policy) backoff(_, _ time.Duration, attempt int, _ *http.Response) time.Duration {
	if p.asked > 0 {
		longer := time.Duration(float64(p.asked) * (1 + 0.3*rand.Float64()))
		return max(p.asked, min(longer, p.options.MaxWait))
	}
	wait := time.Duration(float64(baseWait<<min(attempt, 10)) * (0.7 + 0.6*rand.Float64()))
	return min(wait, p.options.MaxWait)
}
