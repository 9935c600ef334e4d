package signin

import (
	"crypto/sha256"
	"net/url"
	"sync"
	"time"

	"tandem/internal/work"
)

// onceSpan is how long a link for one sign-in counts.
const onceSpan = time.Hour

// mostVouchers bounds how many of them are open.
const mostVouchers = 16

// vouchers are links that sign in one time. They end with the process, and so do
// the sessions that they began.
type vouchers struct {
	now  func() time.Time
	life []byte // of this process

	mu   sync.Mutex
	open map[[sha256.Size]byte]time.Time
	ever bool
}

func newVouchers(now func() time.Time) *vouchers {
	return &vouchers{now: now, life: newID(), open: map[[sha256.Size]byte]time.Time{}}
}

// given reports whether there was ever such a link.
func (o *vouchers) given() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ever
}

func (o *vouchers) add() string {
	token := text(newID())
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ever = true
	o.forget()
	if len(o.open) < mostVouchers {
		o.open[sha256.Sum256([]byte(token))] = o.now().Add(onceSpan)
	}
	return token
}

func (o *vouchers) forget() {
	for sum, until := range o.open {
		if !o.now().Before(until) {
			delete(o.open, sum)
		}
	}
}

// take uses a link up; false where it is none, or was used.
func (o *vouchers) take(token string) bool {
	sum := sha256.Sum256([]byte(token))
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget()
	_, ok := o.open[sum]
	delete(o.open, sum)
	return ok
}

// OneTime returns the path of a link that signs in as an admin who sees
// everything, one time within the hour: for a demo, and for whoever may read
// what this process prints.
func (g *Gate) OneTime() string {
	return pathIn + "?once=" + url.QueryEscape(g.once.add())
}

// admin is the single one: of the token, or of a link for one time.
func admin(way string) work.Session {
	return work.Session{Kind: way, Name: "web:admin", Groups: []string{}}
}
