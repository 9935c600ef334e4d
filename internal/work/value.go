package work

import (
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
	kind ValueKind
	num  float64
	text string
}

// Empty returns the value that is known to be empty.
func Empty() Value { return Value{kind: None} }

// NewText returns a text value; the empty string is Empty.
func NewText(s string) Value {
	if s == "" {
		return Empty()
	}
	return Value{kind: Text, text: s}
}

// NewNumber returns a number. NaN is Unknown: no service means it.
func NewNumber(f float64) Value {
	if f != f {
		return Value{}
	}
	if f == 0 {
		f = 0 // minus zero equals zero
	}
	return Value{kind: Number, num: f}
}

// NewFlag returns a yes/no value.
func NewFlag(b bool) Value {
	if b {
		return Value{kind: Flag, num: 1}
	}
	return Value{kind: Flag}
}

// NewTime returns a point in time, to the microsecond, in UTC; the zero time
// is Empty.
func NewTime(t time.Time) Value {
	if t.IsZero() {
		return Empty()
	}
	return Value{kind: Time, text: t.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)}
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
	return Value{kind: List, text: strings.Join(set, listSeparator)}
}

// Kind returns what the value holds.
func (v Value) Kind() ValueKind { return v.kind }

// Known reports whether somebody said something, were it that it is empty.
func (v Value) Known() bool { return v.kind != Unknown }

// Present reports whether there is content: neither unknown nor empty.
func (v Value) Present() bool { return v.kind > None }

// Text returns the text of a Text value, and what String returns for others.
func (v Value) Text() string {
	if v.kind == Text {
		return v.text
	}
	return v.String()
}

// Number returns the number of a Number value.
func (v Value) Number() (float64, bool) { return v.num, v.kind == Number }

// Flag returns the answer of a Flag value.
func (v Value) Flag() (answer, ok bool) { return v.num != 0, v.kind == Flag }

// Time returns the moment of a Time value.
func (v Value) Time() (time.Time, bool) {
	if v.kind != Time {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, v.text)
	return t, err == nil
}

// List returns the elements of a List value, sorted; a Text value is a list of
// one; everything else has no elements.
func (v Value) List() []string {
	switch v.kind {
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
	if v.kind == Text {
		yield(v.text)
	}
	rest, more := v.text, v.kind == List
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
	switch v.kind {
	case Text:
		return v.text
	case Number:
		return strconv.FormatFloat(v.num, 'f', -1, 64)
	case List:
		return strings.Join(v.List(), ", ")
	case Flag:
		return strconv.FormatBool(v.num != 0)
	case Time:
		return v.text
	case None:
		return "empty"
	default:
		return "unknown"
	}
}
