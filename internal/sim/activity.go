package sim

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Effect is one value that changed in a service.
type Effect struct {
	// Ref is the native key of what changed: an issue key, owner/name#12, a
	// repository's label.
	Ref   string
	Field string
	// From and To are the values as text; for a set such as labels there is
	// one effect per element that came (From empty) or went (To empty).
	From, To string
}

// Write is one request or act of a person that changes something, or would
// have.
type Write struct {
	Seq       int
	At        time.Time
	Connector string
	// Actor is the account or the person. Service is true for the account
	// that Tandem uses, false for people and other bots.
	Actor   string
	Service bool
	// Method, Route and Path are empty for what a person did by hand.
	Method, Route, Path string
	// Status is the service's answer; 0 for a person.
	Status int
	// Lost is the name of the fault that kept the answer from the client.
	Lost string
	// Effects are the values that changed; none when the write was refused or
	// changed nothing.
	Effects []Effect
}

// Log records writes in the order of their arrival.
type Log struct {
	mu     sync.Mutex
	seq    int
	writes []Write
}

// Add numbers and stores a write.
func (l *Log) Add(w Write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	w.Seq = l.seq
	l.writes = append(l.writes, w)
}

// All returns the writes so far, oldest first.
func (l *Log) All() []Write { return l.Since(0) }

// Since returns the writes with a higher number, oldest first.
func (l *Log) Since(seq int) []Write {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := slices.IndexFunc(l.writes, func(w Write) bool { return w.Seq > seq })
	if first < 0 {
		return nil
	}
	writes := slices.Clone(l.writes[first:])
	for i := range writes {
		writes[i].Effects = slices.Clone(writes[i].Effects)
	}
	return writes
}

// Last returns the number of the newest write, 0 before the first.
func (l *Log) Last() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seq
}

// Trim forgets the writes up to a number, for stand-ins that run for days.
func (l *Log) Trim(seq int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes = slices.DeleteFunc(l.writes, func(w Write) bool { return w.Seq <= seq })
}

// Effects returns the effects of the service account, or of everybody else.
func (l *Log) Effects(service bool) []Effect {
	var effects []Effect
	for _, w := range l.All() {
		if w.Service == service {
			effects = append(effects, w.Effects...)
		}
	}
	return effects
}

// Call is one request on its way through a gate. A stand-in fills in who
// asked and what changed.
type Call struct {
	// Route is the template, such as /rest/api/2/issue/{issueIdOrKey}.
	Route   string
	Actor   string
	Service bool
	// Write is set by stand-ins for requests that change something.
	Write   bool
	Effects []Effect
}

type callKey struct{}

// CallOf returns the call that a gate attached to a request's context. It is
// never nil.
func CallOf(ctx context.Context) *Call {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return c
	}
	return &Call{}
}

func withCall(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}
