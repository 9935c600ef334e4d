package work

// Level orders findings.
type Level string

// The levels of a finding.
const (
	Fatal   Level = "error"   // nothing will work until it is mended
	Warning Level = "warning" // something will be left out
	Note    Level = "note"    // worth knowing
)

// Finding is something that a person should know or mend.
type Finding struct {
	Level   Level  `json:"level"`
	Subject string `json:"subject"` // connector, field, rule, record
	What    string `json:"what"`
	Remedy  string `json:"remedy,omitempty"`
}

// Pointer names a place in a rule file as RFC 6901 does: "/route/routes/2/if".
type Pointer string

// Problem is a mistake in user input found by a pure compiler. The reader of
// the file turns At into file:line:col.
type Problem struct { //nolint:errname // the word that rules and messages use
	At   Pointer
	What string
	// Remedy says what would be right, such as `did you mean "priority"?`.
	Remedy string
	// Key says that At means the key itself rather than its value, such as a
	// name that nobody knows.
	Key bool
}

// Error returns the problem in one line.
func (p Problem) Error() string {
	s := string(p.At) + ": " + p.What
	if p.Remedy != "" {
		s += "; " + p.Remedy
	}
	return s
}
