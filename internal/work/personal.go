package work

import (
	"fmt"
	"strings"
)

// PrivacyMode says what becomes of something personal before it is stored. A
// larger number keeps less.
type PrivacyMode uint8

// The modes. The zero value is unset: the default of the field holds.
const (
	UnsetPrivacy PrivacyMode = iota
	Keep
	Pseudonymise // a keyed hash in its place: the same person stays the same
	Drop
)

// String returns the mode as settings write it.
func (m PrivacyMode) String() string { return [...]string{"", "keep", "pseudonymise", "drop"}[m] }

// MarshalText writes the mode as String does.
func (m PrivacyMode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads keep, pseudonymise or drop.
func (m *PrivacyMode) UnmarshalText(b []byte) error {
	switch strings.ToLower(strings.TrimSpace(string(b))) {
	case "keep":
		*m = Keep
	case "pseudonymise", "pseudonymize":
		*m = Pseudonymise
	case "drop":
		*m = Drop
	default:
		return fmt.Errorf("%q is no way to treat personal data; write keep, pseudonymise or drop", b)
	}
	return nil
}

// PersonalField is a part of feedback that may tell who somebody is.
type PersonalField struct {
	Name    string
	Default PrivacyMode
	// Doc says what each mode does to it, where that is not plain.
	Doc string
}

// PersonalFields lists what of feedback is personal. Everything else is stored
// as it comes.
func PersonalFields() []PersonalField {
	return []PersonalField{
		{"person", Pseudonymise, "the tool's own id of the person; an e-mail address is treated as email says"},
		{"email", Pseudonymise, "the e-mail address, wherever the tool gives it as one"},
		{"user_id", Pseudonymise, "the organisation's and the tool's ids of users"},
		{"account", Keep, "the organisation that the person belongs to; a company is not a person, but a sole trader is"},
		{"text", Keep, "what was said, and the answers in words; pseudonymise replaces e-mail addresses and telephone numbers in it"},
		{"url", Keep, "the page that it was said on; pseudonymise cuts off what follows the path"},
		{"recording", Keep, "the address of a recording; pseudonymise is drop"},
		{"attributes", Keep, "further properties, such as plan or country; a value that is an e-mail address is treated as email says; one alone is attributes.NAME"},
		{"author", Keep, "who wrote down an insight"},
	}
}
