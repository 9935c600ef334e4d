package mapping

import (
	"slices"
	"strconv"

	"tandem/internal/work"
)

// Slot is one field at one place of one connector: where it stands and how it
// is spelled there.
type Slot struct {
	Field     work.Field
	Connector string
	// Path is the native field, "labels" for a label axis.
	Path string
	// Mapped tells that a rule names this slot. Nothing else is ever written.
	Mapped bool
	// Writable tells that the connector can write it, Required that it cannot
	// be cleared.
	Writable, Required bool
	// Blind tells that it is written and never read.
	Blind bool
	// OnlyPublic and OnlyPrivate restrict writing to such places.
	OnlyPublic, OnlyPrivate bool
	// AllowPublic is set where the rules name this field for public places.
	AllowPublic bool

	axis     *LabelAxis
	section  []string // headings of the section of Path that holds the value
	values   *ValueMap
	kind     work.ValueKind
	defaults []string
}

// Reading is what a record shows at a slot.
type Reading struct {
	// Native is the source's own spelling; for a label axis, the owned labels
	// that stand there.
	Native work.Value
	// Shared is the shared value: Unknown where it was not read or has no
	// mapping, Empty where it is known to be empty.
	Shared work.Value
	// Unmapped: there is a native value and no shared one.
	Unmapped bool
	// Ambiguous: labels of one axis contradict each other. Owned tells that all
	// of them are labels that Tandem may write.
	Ambiguous, Owned bool
	// Default: the value is one that the service sets when nobody chose.
	Default bool
}

// Axis returns the label axis; nil for other slots.
func (s *Slot) Axis() *LabelAxis { return s.axis }

// Read returns what the record shows.
func (s *Slot) Read(r *work.Record) Reading {
	native := r.Fields[s.Path]
	if s.axis != nil {
		native, shared, ambiguous, mixed := s.axis.read(native)
		if s.kind == work.Number && shared.Present() {
			if f, err := strconv.ParseFloat(shared.Text(), 64); err == nil {
				shared = work.NewNumber(f)
			}
		}
		return Reading{Native: native, Shared: shared, Ambiguous: ambiguous, Owned: ambiguous && !mixed}
	}
	if len(s.section) > 0 {
		native = sectionOf(native, s.section)
	}
	shared, ok := s.values.Read(native)
	if ok && shared.Present() && s.kind == work.Number && shared.Kind() != work.Number {
		shared, ok = s.number(shared)
	}
	return Reading{
		Native: native, Shared: shared, Unmapped: !ok && native.Present(),
		Default: native.Present() && s.isDefault(r, native),
	}
}

// number reads a shared value that a map of values gave, such as severity 1 of
// the option Critical. A text that no map gave is no number.
func (s *Slot) number(shared work.Value) (work.Value, bool) {
	f, err := strconv.ParseFloat(shared.Text(), 64)
	if s.values == nil || err != nil {
		return work.Value{}, false
	}
	return work.NewNumber(f), true
}

// isDefault reports whether nobody chose the value: it is listed as default:,
// and as far as the source tells nobody ever changed the field; or the source
// tells both.
func (s *Slot) isDefault(r *work.Record, native work.Value) bool {
	touch, known := r.Touched[s.Path]
	if known && (touch.By != "" || touch.Untouched) {
		return touch.By == ""
	}
	return len(s.defaults) > 0 && slices.Contains(s.defaults, native.String())
}

// Recall returns what a blind slot shows: what was last written there.
func (s *Slot) Recall(last work.Value) Reading {
	if !last.Known() {
		last = work.Empty()
	}
	shared, _ := s.values.Read(last)
	return Reading{Native: last, Shared: shared}
}

// Spell returns the native spelling of a shared value; false when it has none
// (the value is then reported, never written and never cleared).
func (s *Slot) Spell(shared work.Value) (work.Value, bool) {
	if s.axis != nil {
		return s.axis.spell(shared)
	}
	return s.values.Spell(shared)
}
