package work

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Audience tells who may read something. A larger number is stricter. The
// zero value is UnknownAudience, which nothing is written to (promise S7).
type Audience uint8

// The audiences, from nobody-knows to the strictest.
const (
	UnknownAudience Audience = iota
	Public                   // anybody on the internet
	Internal                 // members of the organisation
	Restricted               // named people: security levels, restricted comments
)

// String returns the audience as it stands in messages.
func (a Audience) String() string {
	return [...]string{"unknown", "public", "internal", "restricted"}[a]
}

// ParseAudience reads public, internal or restricted. Case and space around it
// do not matter.
func ParseAudience(s string) (Audience, bool) {
	for a := Public; a <= Restricted; a++ {
		if strings.EqualFold(strings.TrimSpace(s), a.String()) {
			return a, true
		}
	}
	return UnknownAudience, false
}

// Reaches reports whether something meant for a may be shown in a place of
// audience to. Nothing reaches, or comes from, an unknown audience.
func (a Audience) Reaches(to Audience) bool {
	return a != UnknownAudience && to != UnknownAudience && a <= to
}

// Native field names that connectors share.
const (
	NativeLabels = "labels" // List of label names
	NativeMarker = "marker" // Text "connector:id" that Tandem itself wrote to join twins
	NativeLinks  = "links"  // List of "connector:key" or URLs that a person set on purpose

	NativeRank       = "rank"        // Path of MoveInBacklog
	NativeRemoteLink = "remote_link" // Path of PutLink
	NativeComment    = "comment"     // the one comment that Tandem keeps up to date

	// ProjectFieldPrefix begins the native name of a field of a GitHub project:
	// "project:Horizon".
	ProjectFieldPrefix = "project:"

	NativeSprint      = "sprint"       // Text: name of the active or future sprint; Empty in no sprint
	NativeSprintState = "sprint_state" // Text: active or future; Empty in no sprint
)

// And is the audience of what was made of both: the stricter one. What one part
// of is unknown is unknown.
func (a Audience) And(b Audience) Audience {
	if a == UnknownAudience || b == UnknownAudience {
		return UnknownAudience
	}
	return max(a, b)
}

// Record is one issue as a connector read it.
type Record struct {
	Ref
	// Place is the project key or the repository's full name.
	Place string `json:"place"`
	// URL is where a person opens it.
	URL string `json:"url,omitempty"`
	// Audience is who may read it at its source.
	Audience Audience `json:"audience"`
	// Version is the source's own time of last change. An older version never
	// replaces a newer one.
	Version time.Time `json:"version"`
	// Created is the source's time of creation: the oldest record is where an
	// item was born.
	Created time.Time `json:"created"`
	// Fields holds native values by native field name. A field that is absent
	// was not read; a field that is Empty is known to be empty.
	Fields map[string]Value `json:"fields"`
	// Strict says who may read a native field that fewer people may read than
	// the record, such as one of a private project with public issues.
	Strict map[string]Audience `json:"strict,omitempty"`
	// Touched says who last changed a native field, where rules want to know
	// and the source tells. A field that is absent here is one of which nothing
	// is known.
	Touched map[string]Touch `json:"touched,omitempty"`
	// Former are keys that the record had before it was moved or renamed. The
	// store remembers them; connectors leave it empty.
	Former []string `json:"former,omitempty"`
	// LastChange is when somebody other than Tandem last changed it; the zero
	// time where that is the version. The store remembers it; connectors leave
	// it empty.
	LastChange time.Time `json:"last_change,omitzero"`
	// Was is the id that the record had before, where a move gave it another
	// one. The store hands over what it knows under that id; it is not kept.
	Was string `json:"-"`
	// Gone is set by a census: deleted, moved out or no longer visible.
	Gone bool `json:"gone,omitempty"`
}

// Touch is the last change of a field.
type Touch struct {
	// By is the source's own id of who made it; empty where the field was never
	// changed since the record was created.
	By string    `json:"by,omitempty"`
	At time.Time `json:"at,omitzero"`
	// Untouched: never changed, and it is the value that the service sets when
	// nobody chooses.
	Untouched bool `json:"untouched,omitempty"`
}

// Hash returns a content hash of everything but the version.
func (r Record) Hash() (string, error) {
	r.Version = time.Time{}
	b, err := json.Marshal(r) // map keys are sorted by encoding/json
	if err != nil {
		return "", fmt.Errorf("hash %s: %w", r.Ref, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16]), nil
}

// Reject is a record that could not be understood. It is set aside with its
// cause and stops nothing else (promise S15).
type Reject struct {
	Connector string `json:"connector"`
	Where     string `json:"where"` // key, id, file:line or position on the page
	Cause     string `json:"cause"`
	Remedy    string `json:"remedy,omitempty"`
	Body      string `json:"body,omitempty"` // the start of the raw record, at most 2 kB
}
