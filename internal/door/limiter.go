package door

import (
	"net/netip"
	"sync"
	"time"
)

// mostBuckets bounds the memory of a limiter: whoever comes beyond it shares
// one bucket.
const mostBuckets = 4096

// Limiter holds a bucket of tokens for each name: it fills up by rate in a
// second, to burst.
type Limiter struct {
	now         func() time.Time
	rate, burst float64

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// NewLimiter returns one whose buckets are full.
func NewLimiter(now func() time.Time, rate, burst float64) *Limiter {
	return &Limiter{now: now, rate: rate, burst: burst, buckets: map[string]bucket{}}
}

// Take takes one token, and returns how long to wait where there is none.
func (l *Limiter) Take(name string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	name = l.room(name, now)
	b := l.filled(name, now)
	if b.left < 1 {
		l.buckets[name] = b
		return time.Duration((1 - b.left) / l.rate * float64(time.Second))
	}
	b.left--
	l.buckets[name] = b
	return 0
}

// Wait reports how long to wait, and takes nothing.
func (l *Limiter) Wait(name string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.filled(name, l.now())
	if b.left < 1 {
		return time.Duration((1 - b.left) / l.rate * float64(time.Second))
	}
	return 0
}

func (l *Limiter) filled(name string, now time.Time) bucket {
	b, known := l.buckets[name]
	if !known {
		return bucket{l.burst, now}
	}
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.left = min(l.burst, b.left+passed*l.rate)
	}
	b.at = now
	return b
}

// room forgets who has not asked for a while. Where all are busy, the name is
// one for all.
func (l *Limiter) room(name string, now time.Time) string {
	if _, known := l.buckets[name]; known || len(l.buckets) < mostBuckets {
		return name
	}
	for other := range l.buckets {
		if l.filled(other, now).left >= l.burst {
			delete(l.buckets, other)
		}
	}
	if len(l.buckets) < mostBuckets {
		return name
	}
	return ""
}

// Neighbourhood is whom an address belongs to: of IPv6 one household has more
// addresses than anybody can count.
func Neighbourhood(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return remote
	}
	return prefix.String()
}
