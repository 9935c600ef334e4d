package work

import (
	"fmt"
	"strings"
	"time"
)

// Override is a person's word against what Tandem would decide of one piece of
// work. It has a reason, shows wherever the decision shows, and ends by itself.
type Override struct {
	// Number is given by the store; 0 before.
	Number int64 `json:"number"`
	// Ref is the record at which it was said; it goes with its item through
	// joins and moves.
	Ref  Ref          `json:"ref"`
	Kind OverrideKind `json:"kind"`
	// Value is what the person wants: a place in the team's order (1 is first),
	// a horizon, a shared priority. An objection has none.
	Value string `json:"value,omitempty"`
	By    string `json:"by"`
	// Reason is why, in the person's words. It is as strict as the item.
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	// Until is when it ends by itself; never zero.
	Until time.Time `json:"until"`
	// Ended, EndedBy and Ending are when, by whom and with which words it was
	// ended sooner; zero where it was not.
	Ended   time.Time `json:"ended,omitzero"`
	EndedBy string    `json:"ended_by,omitempty"`
	Ending  string    `json:"ending,omitempty"`
}

// Over reports whether the override has ended by a day for which Tandem
// decides.
func (o *Override) Over(asOf time.Time) bool { return !o.Ended.IsZero() || !o.Until.After(asOf) }

// LastDay is the last day on which it counts, in UTC.
func (o *Override) LastDay() time.Time {
	return o.Until.Add(-time.Nanosecond).UTC().Truncate(24 * time.Hour)
}

// Short says what was said, and by whom.
func (o *Override) Short() string {
	verb := map[OverrideKind]string{Pin: "pinned at place", MoveHorizon: "moved to", SetPriority: "set to", Objection: "objected to"}[o.Kind]
	return strings.TrimSuffix(verb+" "+o.Value, " ") + " by " + o.By
}

// String says what was said, by whom, until when and why.
func (o *Override) String() string {
	text := o.Short() + " until " + o.LastDay().Format(time.DateOnly)
	if o.Reason != "" {
		text += ": " + o.Reason
	}
	return text
}

// For how long a word counts where nobody says, and at most.
const (
	UsualOverride = 30 * 24 * time.Hour
	MostOverride  = 366 * 24 * time.Hour
	// MostReason is how many characters a reason has at most.
	MostReason = 500
)

// ParseUntil reads how long a word is to count: a length of time such as 14d, a
// day such as 2026-12-24, or nothing, which is 30 days. It returns the end of the
// last day, in UTC: Tandem decides for whole days.
func ParseUntil(text string, now time.Time) (time.Time, error) {
	last := now.Add(UsualOverride)
	var span Span
	switch day, err := time.Parse(time.DateOnly, text); {
	case text == "":
	case err == nil:
		last = day
	case span.UnmarshalText([]byte(text)) == nil:
		last = now.Add(time.Duration(span))
	default:
		return time.Time{}, fmt.Errorf("%q is neither a day nor a length of time; write 2026-12-24, 14d or 2w", text)
	}
	today := now.UTC().Truncate(24 * time.Hour)
	end := last.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	switch {
	case !end.After(today):
		return time.Time{}, fmt.Errorf("%q is over; name a day from %s on", text, today.Format(time.DateOnly))
	case end.Sub(today) > MostOverride+24*time.Hour:
		return time.Time{}, fmt.Errorf("%q is more than a year away; say it anew when it is still true then", text)
	}
	return end, nil
}

// OverrideKind is what an override is about.
type OverrideKind uint8

// The kinds of overrides.
const (
	// Pin keeps a place in the team's order.
	Pin OverrideKind = iota
	// MoveHorizon sets the horizon.
	MoveHorizon
	// SetPriority sets the shared priority.
	SetPriority
	// Objection leaves what stands in the services as it is, until somebody
	// answers: edits of derived fields of the item are held.
	Objection
)

// String returns the kind as in commands and YAML.
func (k OverrideKind) String() string {
	return [...]string{"place", "horizon", "priority", "objection"}[k]
}

// Field is the field that the word is about; NoField for objections.
func (k OverrideKind) Field() Field { return [...]Field{Place, Horizon, Priority, NoField}[k] }

// MarshalText writes the kind as String does.
func (k OverrideKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads place, horizon, priority or objection.
func (k *OverrideKind) UnmarshalText(b []byte) error {
	for kind := Pin; kind <= Objection; kind++ {
		if kind.String() == string(b) {
			*k = kind
			return nil
		}
	}
	return fmt.Errorf("%q is no override; write place, horizon, priority or objection", b)
}
