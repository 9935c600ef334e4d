package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// The keys of meta under which it is kept what pseudonyms are made with: the
// key that the store made itself, and what tells one key from another.
const (
	pseudonymKey  = "pseudonym_key"
	pseudonymSeal = "pseudonym_seal"
)

// PseudonymKey returns the key of pseudonyms: the given one, which is not
// stored, or else one that is made once and kept. It reports whether rows were
// stored under another key before.
func (s *Store) PseudonymKey(ctx context.Context, given []byte) (key []byte, changed bool, err error) {
	err = s.change(ctx, "find the key of pseudonyms", durable, func(ctx context.Context, c *change) error {
		key, changed = given, false
		if len(key) == 0 {
			kept, err := metaOf(ctx, c, pseudonymKey)
			if err != nil {
				return err
			}
			if key, err = hex.DecodeString(kept); err != nil {
				return damaged("the key of pseudonyms", err)
			}
		}
		if len(key) == 0 {
			key = make([]byte, sha256.Size)
			_, _ = rand.Read(key) // never fails
			if err := c.setMeta(ctx, pseudonymKey, hex.EncodeToString(key)); err != nil {
				return err
			}
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(pseudonymSeal)) // never fails
		seal := hex.EncodeToString(mac.Sum(nil)[:8])
		before, err := metaOf(ctx, c, pseudonymSeal)
		if err != nil || before == seal {
			return err
		}
		changed = before != ""
		return c.setMeta(ctx, pseudonymSeal, seal)
	})
	return key, changed, err
}
