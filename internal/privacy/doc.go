// Package privacy takes out of feedback what tells who somebody is, between a
// connector and the store.
//
//	page ── Policy.Feedback ──► row with pseudonyms ── store
//
// A pseudonym is a keyed hash (HMAC-SHA-256, cut to 80 bits) of what kind of
// name it is and of the name: the same address is the same pseudonym in every
// tool, and nobody without the key can try addresses out. What is a pseudonym
// already stays what it is, so that a policy may be applied twice.
//
// The package is pure.
package privacy
