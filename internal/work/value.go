package work

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ValueKind tells what a Value holds.
type ValueKind uint8

// The kinds of value. Unknown is the zero value: nobody said. None is known
// to be empty. The two are never confused (promise S6).
const (
	Unknown ValueKind = iota
	None
	Text
	Number
	List
	Flag
	Time
)

// String returns the kind's name as it stands in messages.
func (k ValueKind) String() string {
	return [...]string{"unknown", "empty", "text", "number", "list", "yes/no", "time"}[k]
}

// listSeparator joins list elements; no service allows a control character in
// a label, key or name, and NewList drops it from elements.
const listSeparator = "\x1f"

// Value is one value of a field. It is comparable with ==, which is equality
// of content: lists are kept sorted, without repeats, in one string.
type Value struct { //nolint:recvcheck // a value; only reading JSON needs a pointer
	text string
	code code
}

// code is the kind of a value; of a Flag also the answer, and of a Number all of
// it, in one word: many values are kept.
type code uint64

const (
	yes code = code(Time) + 1
	// notANumber makes a code of the bits of a number. The codes that are left over
	// would be NaN, which no Value is.
	notANumber code = 0x7ff8_0000_0000_0000
)

func numberCode(f float64) code { return code(math.Float64bits(f)) ^ notANumber }

func (c code) number() float64 { return math.Float64frombits(uint64(c ^ notANumber)) }

// Empty returns the value that is known to be empty.
func Empty() Value { return Value{code: code(None)} }

// NewText returns a text value; the empty string is Empty.
func NewText(s string) Value {
	if s == "" {
		return Empty()
	}
	return Value{code: code(Text), text: s}
}

// NewNumber returns a number. NaN is Unknown: no service means it.
func NewNumber(f float64) Value {
	if f != f {
		return Value{}
	}
	if f == 0 {
		f = 0 // minus zero equals zero
	}
	return Value{code: numberCode(f)}
}

// NewFlag returns a yes/no value.
func NewFlag(b bool) Value {
	if b {
		return Value{code: yes}
	}
	return Value{code: code(Flag)}
}

// NewTime returns a point in time, to the microsecond, in UTC; the zero time
// is Empty.
func NewTime(t time.Time) Value {
	if t.IsZero() {
		return Empty()
	}
	return Value{code: code(Time), text: t.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)}
}

// NewList returns a set of texts: sorted, without repeats and empty elements.
// A list without elements is Empty.
func NewList(elements ...string) Value {
	set := make([]string, 0, len(elements))
	for _, e := range elements {
		if e = strings.ReplaceAll(e, listSeparator, " "); e != "" {
			set = append(set, e)
		}
	}
	slices.Sort(set)
	set = slices.Compact(set)
	if len(set) == 0 {
		return Empty()
	}
	return Value{code: code(List), text: strings.Join(set, listSeparator)}
}

// Kind returns what the value holds.
func (v Value) Kind() ValueKind {
	switch {
	case v.code > yes:
		return Number
	case v.code == yes:
		return Flag
	default:
		return ValueKind(v.code) //nolint:gosec // one of seven
	}
}

// Known reports whether somebody said something, were it that it is empty.
func (v Value) Known() bool { return v.code != code(Unknown) }

// Present reports whether there is content: neither unknown nor empty.
func (v Value) Present() bool { return v.code > code(None) }

// Text returns the text of a Text value, and what String returns for others.
func (v Value) Text() string {
	if v.code == code(Text) {
		return v.text
	}
	return v.String()
}

// Number returns the number of a Number value.
func (v Value) Number() (float64, bool) {
	if v.code <= yes {
		return 0, false
	}
	return v.code.number(), true
}

// Flag returns the answer of a Flag value.
func (v Value) Flag() (answer, ok bool) { return v.code == yes, v.Kind() == Flag }

// Time returns the moment of a Time value.
func (v Value) Time() (time.Time, bool) {
	if v.code != code(Time) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, v.text)
	return t, err == nil
}

// List returns the elements of a List value, sorted; a Text value is a list of
// one; everything else has no elements.
func (v Value) List() []string {
	switch v.Kind() {
	case List:
		return strings.Split(v.text, listSeparator)
	case Text:
		return []string{v.text}
	default:
		return nil
	}
}

// Elements calls yield for each element that List returns, without copying.
func (v Value) Elements(yield func(string) bool) {
	if v.code == code(Text) {
		yield(v.text)
	}
	rest, more := v.text, v.code == code(List)
	for more {
		var element string
		if element, rest, more = strings.Cut(rest, listSeparator); !yield(element) {
			return
		}
	}
}

// Has reports whether a list has the element.
func (v Value) Has(element string) bool {
	for e := range v.Elements {
		if e == element {
			return true
		}
	}
	return false
}

// Sharing returns the same value with its text replaced by an equal one, so
// that many values may share it.
func (v Value) Sharing(word func(string) string) Value {
	v.text = word(v.text)
	return v
}

// String returns the value as people read it: "unknown", "empty", or content.
func (v Value) String() string {
	switch v.Kind() {
	case Text:
		return v.text
	case Number:
		return strconv.FormatFloat(v.code.number(), 'f', -1, 64)
	case List:
		return strings.Join(v.List(), ", ")
	case Flag:
		return strconv.FormatBool(v.code == yes)
	case Time:
		return v.text
	case None:
		return "empty"
	default:
		return "unknown"
	}
}
