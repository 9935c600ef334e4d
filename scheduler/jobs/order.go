package jobs

import (
	"fmt"
	"hash/fnv"
	"strings"
	"unicode"
)

// kind is what a job does.
type kind string

const (
	webhook      kind = "webhook"
	apply        kind = "apply"
	poll         kind = "poll"
	census       kind = "census"
	decide       kind = "decide"
	housekeeping kind = "housekeeping"
)

// kinds are all kinds, the most urgent first.
func kinds() []kind { return []kind{webhook, decide, apply, poll, census, housekeeping} }

// priority of a kind in its queue, 1 to 4.
func (k kind) priority() int {
	switch k {
	case webhook, decide:
		return 1
	case apply:
		return 2
	case poll:
		return 3
	case census, housekeeping:
		return 4
	default:
		return 4
	}
}

// order is a job that is to be done.
type order struct {
	Kind kind `json:"-"`
	Duty string
	// Token is of the lease under which it was enqueued. Under another one it is
	// nobody's business any more.
	Token int64
}

// queuePrefix begins the names of a duty's queues: what is left of the name by
// the alphabet of queues, and a sum that tells names apart that look alike then.
func queuePrefix(duty string) string {
	words := strings.FieldsFunc(duty, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLower(r) && !unicode.IsDigit(r) })
	name := strings.Join(words, "-")
	name = strings.TrimRight(name[:min(len(name), 32)], "-")
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(duty)) // a hash takes everything
	return strings.TrimLeft(fmt.Sprintf("%s-%08x-", name, sum.Sum32()), "-")
}

// queueOf names the queue of a duty that one node works.
func queueOf(duty, node string) string { return queuePrefix(duty) + node }
