package work

import (
	"slices"
	"strconv"
	"time"
)

// Says reports whether two values say the same, be it in different forms:
// services keep as a list of one what another has as a text, and as a number
// or a date what a file has as a text. Unknown says only what unknown says;
// the two kinds of nothing differ.
func (v Value) Says(other Value) bool {
	switch {
	case v == other:
		return true
	case !v.Present() || !other.Present() || v.Kind() == other.Kind() && v.Kind() != Text:
		return false
	case v.Kind() == List || other.Kind() == List:
		return slices.Equal(v.List(), other.List())
	case v.Kind() == Number || other.Kind() == Number:
		return v.says(other, number)
	case v.Kind() == Time || other.Kind() == Time:
		return v.says(other, moment)
	default:
		return false
	}
}

// says compares what both values read as.
func (v Value) says(other Value, read func(Value) (Value, bool)) bool {
	a, known := read(v)
	b, both := read(other)
	return known && both && a == b
}

// number reads a number, or a text that is one.
func number(v Value) (Value, bool) {
	if v.Kind() == Number {
		return v, true
	}
	f, err := strconv.ParseFloat(v.text, 64)
	return NewNumber(f), v.Kind() == Text && err == nil
}

// moment reads a time, or a text that is a date or a moment.
func moment(v Value) (Value, bool) {
	if v.Kind() == Time {
		return v, true
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, v.text); v.Kind() == Text && err == nil {
			return NewTime(at), true
		}
	}
	return Value{}, false
}
