package door

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/internal/secret"
)

// shortest is how long a token must be: 32 characters of a random generator
// cannot be guessed.
const shortest = 32

// stale is how long a token that was read counts, so that one that is rotated
// in its file is seen.
const stale = 10 * time.Second

// Key is a token, and where the settings have it, for messages.
type Key struct {
	At    string
	Token secret.Secret
}

// Keyring knows tokens. It keeps their hashes, never the tokens. What they open
// its callers know, by their places.
type Keyring struct {
	keys []Key
	now  func() time.Time
	log  *slog.Logger

	mu   sync.Mutex
	sums [][sha256.Size]byte
	// bad are tokens that could not be read; they let nobody in.
	bad  []bool
	read time.Time
}

// NewKeyring reads all tokens, and says what is wrong with each: one that could
// be guessed, or is there twice, is refused.
func NewKeyring(keys []Key, now func() time.Time, log *slog.Logger) (*Keyring, error) {
	k := &Keyring{keys: keys, now: now, log: log, sums: make([][sha256.Size]byte, len(keys)), bad: make([]bool, len(keys))}
	if err := errors.Join(k.readAll()...); err != nil {
		return nil, err
	}
	return k, nil
}

// readAll reads the tokens anew, and returns what is wrong with each. None
// counts until it was read: two may have changed places.
func (k *Keyring) readAll() []error {
	k.read = k.now()
	for i := range k.bad {
		k.bad[i] = true
	}
	wrong := make([]error, len(k.keys))
	for i := range k.keys {
		wrong[i] = k.readOne(i)
		k.bad[i] = wrong[i] != nil
	}
	return wrong
}

func (k *Keyring) readOne(i int) error {
	at, token := k.keys[i].At, k.keys[i].Token
	text, err := token.Reveal()
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	const remedy = "make one with: openssl rand -hex 32"
	if len(text) < shortest || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("%s, from %s: it has less than %d characters, or blanks among them; %s", at, token.Source(), shortest, remedy)
	}
	k.sums[i] = sha256.Sum256([]byte(text))
	for j, sum := range k.sums {
		if !k.bad[j] && sum == k.sums[i] {
			return fmt.Errorf("%s: it is the same as that of %s; %s", at, k.keys[j].At, remedy)
		}
	}
	return nil
}

// refresh reads tokens again that were read a while ago.
func (k *Keyring) refresh() {
	if k.now().Sub(k.read) < stale {
		return
	}
	was := slices.Clone(k.bad)
	for i, err := range k.readAll() {
		if err != nil && !was[i] {
			k.log.Warn("a token lets nobody in until it is mended", "err", err)
		}
	}
}

// Find returns the place of a token; -1 where it is none. It takes the same time
// for every token of its length.
func (k *Keyring) Find(text string) int {
	sum := sha256.Sum256([]byte(text))
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refresh()
	found := -1
	for i := range k.sums {
		same := subtle.ConstantTimeCompare(sum[:], k.sums[i][:])
		if k.bad[i] {
			same = 0
		}
		found = subtle.ConstantTimeSelect(same, i, found)
	}
	return found
}

// Sum returns the hash of the token at a place; false where it cannot be read
// now.
func (k *Keyring) Sum(i int) ([sha256.Size]byte, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refresh()
	return k.sums[i], !k.bad[i]
}
