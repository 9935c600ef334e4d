// Package signin says who is in front of a page, and keeps out everybody else.
//
//	request ─► headers ─► host ─► own paths (/signin…) ─► session ─► origin, token of the form ─► pages
//	                                                         │
//	                                          none: sign in at the issuer, or with the token
//
// Two ways lead in: an OIDC issuer (authorization code, PKCE, state and nonce),
// where groups say what somebody may do and see, and one admin token for a
// laptop. Without either nothing is shown, on the loopback too: a machine may
// have other users.
//
// It promises:
//
//   - A session is a random id in a cookie. The store has its hash only, so that
//     who reads the store cannot sign in, and every node knows the session.
//   - A session lasts hours, and ends where the settings give its person other
//     rights, or the token is another.
//   - A form counts only where it comes from our own pages and holds the token of
//     its session. What is not sent for want of a session is shown again, and
//     never sent by itself.
//   - It goes to paths of its own only, never to where a link wants.
//   - Secrets, codes and tokens reach no log, row or page.
//   - X-Forwarded headers are not believed: public_url says how Tandem is reached.
package signin
