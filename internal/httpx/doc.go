// Package httpx is the only builder of HTTP clients (archtest and review keep
// it so). Every request of every connector passes through here:
//
//	http.Client ─► redirects ─► budget ─► retries ─► credentials, one try ─► Transport
//
// It promises:
//
//   - What a service may already have done is not asked for twice: POST and
//     PATCH are repeated only when they certainly did not arrive.
//   - That a repetition is refused does not hide that a try before it may have
//     arrived: InDoubt tells.
//   - Retry-After is obeyed. A wait longer than MaxWait, or than the caller's
//     deadline, is not slept through but returned at once as a *LimitError, so
//     that the caller can do something else until then.
//   - A share of a service's limit is left to people, where a connector asks
//     for it (Reserve) and the service tells how much is left.
//   - Credentials reach the host they are for and no other.
//   - A body that never ends does not fill the memory.
//   - Errors name the place without query and without credentials, even where
//     the service repeats them.
//
// It knows no service, except for the way in which GitHub announces limits
// with status 403.
package httpx
