// Package signature proves that a webhook's delivery comes from who knows its
// secret. It is one set of settings for the forms that services use:
//
//	kind                      what is proven
//	hmac_sha256, hmac_sha1    the body, the time and the body, or a nonce alone
//	token                     nothing: a fixed word in a header or in the body
//	basic                     nothing: user and password
//
// It promises:
//
//   - Comparisons take the same time whatever was sent.
//   - What is not signed as the settings say is refused with ErrRefused, and
//     the error says which part was wrong, never what would have been right.
//   - Where a time is sent, a delivery that is older than the window is refused.
//     A service's clock may be ahead by the skew.
//   - Proof.Body says how much of the body the secret vouches for. A fixed word
//     and a signed nonce vouch for nothing: such a delivery is a reason to ask
//     the service, and never data.
//
// It remembers nothing: whoever stores deliveries tells repeats.
package signature
