package expression

// Truth is the answer of a condition in Kleene's logic.
type Truth int8

// The three answers. The zero value is UnknownTruth.
const (
	False        Truth = -1
	UnknownTruth Truth = 0
	True         Truth = 1
)

// TruthOf returns True or False.
func TruthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// And is the lesser of both in the order False, unknown, True.
func (t Truth) And(o Truth) Truth { return min(t, o) }

// Or is the greater of both in the order False, unknown, True.
func (t Truth) Or(o Truth) Truth { return max(t, o) }

// Not swaps True and False.
func (t Truth) Not() Truth { return -t }

// String returns true, false or unknown.
func (t Truth) String() string {
	switch t {
	case True:
		return "true"
	case False:
		return "false"
	default:
		return "unknown"
	}
}
