package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// shortest is how long a token must be: 32 characters of a random generator
// cannot be guessed.
const shortest = 32

// stale is how long a token that was read counts, so that one that is rotated
// in its file is seen.
const stale = 10 * time.Second

// keyring knows the tokens. It keeps their hashes, never the tokens.
type keyring struct {
	tokens []Token
	now    func() time.Time
	log    *slog.Logger

	mu   sync.Mutex
	sums [][sha256.Size]byte
	// bad are tokens that could not be read; they let nobody in.
	bad  []bool
	read time.Time
}

func newKeyring(c Config) *keyring {
	return &keyring{
		tokens: c.Tokens, now: c.Now, log: c.Log,
		sums: make([][sha256.Size]byte, len(c.Tokens)), bad: make([]bool, len(c.Tokens)),
	}
}

// load reads all tokens, and says what is wrong with each.
func (k *keyring) load() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var errs []error
	for i := range k.tokens {
		errs = append(errs, k.readOne(i))
	}
	k.read = k.now()
	return errors.Join(errs...)
}

func (k *keyring) readOne(i int) error {
	t := &k.tokens[i]
	k.bad[i] = true
	text, err := t.Secret.Reveal()
	if err != nil {
		return fmt.Errorf("%w %s: %w", ErrToken, t.Name, err)
	}
	const remedy = "make one with: openssl rand -hex 32"
	if len(text) < shortest || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("%w %s, from %s: it has less than %d characters, or blanks among them; %s", ErrToken, t.Name, t.Secret.Source(), shortest, remedy)
	}
	sum := sha256.Sum256([]byte(text))
	for j := range k.sums {
		if j != i && !k.bad[j] && k.sums[j] == sum {
			return fmt.Errorf("%w %s: it is the same as that of %s; %s", ErrToken, t.Name, k.tokens[j].Name, remedy)
		}
	}
	k.sums[i], k.bad[i] = sum, false
	return nil
}

// refresh reads tokens again that were read a while ago.
func (k *keyring) refresh() {
	if k.now().Sub(k.read) < stale {
		return
	}
	k.read = k.now()
	for i := range k.tokens {
		was := k.bad[i]
		if err := k.readOne(i); err != nil && !was {
			k.log.Warn("a token of the api lets nobody in until it is mended", "err", err)
		}
	}
}

// find returns whose token it is; nil where it is nobody's. It takes the same
// time for every token of its length.
func (k *keyring) find(text string) *Token {
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
	if found < 0 {
		return nil
	}
	return &k.tokens[found]
}
