package signin

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"tandem/internal/secret"
)

// shortest is how long a token must be, as those of the API.
const shortest = 32

// stale is how long a token that was read counts, so that one that is rotated
// in its file is seen.
const stale = 10 * time.Second

// named is a token and where the settings have it.
type named struct {
	at    string
	token secret.Secret
}

// keyring knows tokens by their hashes.
type keyring struct {
	tokens []named
	now    func() time.Time
	log    *slog.Logger

	mu   sync.Mutex
	sums [][sha256.Size]byte
	bad  []bool
	read time.Time
}

func newKeyring(c Config, tokens []named) *keyring {
	return &keyring{tokens: tokens, now: c.Now, log: c.Log, sums: make([][sha256.Size]byte, len(tokens)), bad: make([]bool, len(tokens))}
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
	t := k.tokens[i]
	k.bad[i] = true
	content, err := t.token.Reveal()
	if err != nil {
		return fmt.Errorf("%s: %w", t.at, err)
	}
	const remedy = "make one with: openssl rand -hex 32"
	if len(content) < shortest || strings.ContainsFunc(content, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("%s, from %s: it has less than %d characters, or blanks among them; %s", t.at, t.token.Source(), shortest, remedy)
	}
	sum := sha256.Sum256([]byte(content))
	for j := range k.sums {
		if j != i && !k.bad[j] && k.sums[j] == sum {
			return fmt.Errorf("%s: it is the same as that of %s; %s", t.at, k.tokens[j].at, remedy)
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
			k.log.Warn("a token of the pages lets nobody in until it is mended", "err", err)
		}
	}
}

// find returns which token it is; -1 where it is none. It takes the same time
// for every token of its length.
func (k *keyring) find(token string) int {
	sum := sha256.Sum256([]byte(token))
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

// sum returns the hash of a token; false where it cannot be read now.
func (k *keyring) sum(i int) ([sha256.Size]byte, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refresh()
	return k.sums[i], !k.bad[i]
}
