package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// scalar decodes a single value into a Go scalar.
func (d *decoder) scalar(n *node, p place, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if d.is(scalar, n, p) && d.isText(n, p) {
			v.SetString(n.text)
		}
	case reflect.Bool:
		if d.is(scalar, n, p) && d.isTruth(n, p) {
			v.SetBool(n.text == "true")
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if d.is(scalar, n, p) && d.isNumber(n, p) {
			i, err := strconv.ParseInt(n.text, 10, v.Type().Bits())
			d.set(n, p, err, signed(v.Type().Bits()), func() { v.SetInt(i) })
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if d.is(scalar, n, p) && d.isNumber(n, p) {
			u, err := strconv.ParseUint(n.text, 10, v.Type().Bits())
			d.set(n, p, err, unsigned(v.Type().Bits()), func() { v.SetUint(u) })
		}
	case reflect.Float32, reflect.Float64:
		if d.is(scalar, n, p) && d.isNumber(n, p) {
			f, err := strconv.ParseFloat(n.text, v.Type().Bits())
			d.set(n, p, err, "a number of usual size", func() { v.SetFloat(f) })
		}
	default:
		panic("config: cannot decode into " + v.Type().String())
	}
}

// signed says which whole numbers fit.
func signed(bits int) string {
	if bits == 64 {
		return "a whole number of usual size"
	}
	half := int64(1) << (bits - 1)
	return fmt.Sprintf("a whole number from %d to %d", -half, half-1)
}

// unsigned says which whole numbers from 0 fit.
func unsigned(bits int) string {
	if bits == 64 {
		return "a whole number, not below 0"
	}
	return fmt.Sprintf("a whole number from 0 to %d", uint64(1)<<bits-1)
}

// set stores a parsed number, or reports what it must be.
func (d *decoder) set(n *node, p place, err error, must string, store func()) {
	if err != nil {
		d.report(n, p, p.label+" must be "+must, "write one, such as "+p.lead+"12")
		return
	}
	store()
}

// isText reports whether every reader takes the scalar for the same text.
func (d *decoder) isText(n *node, p place) bool {
	if !n.plain || !truth(n.text) && !ambiguous(n.text) {
		return true
	}
	what := " " + oddNumber
	if truth(n.text) {
		what = " must be text, not true or false"
	}
	d.report(n, p, p.label+what, "put it in single quotes if it is text: "+p.lead+quoted(n.text))
	return false
}

// isTruth reports whether the scalar is true or false, without quotes.
func (d *decoder) isTruth(n *node, p place) bool {
	if n.plain && (n.text == "true" || n.text == "false") {
		return true
	}
	remedy := "write true or false, without quotes"
	if answer, ok := yesNo(n.text); ok {
		remedy = "write " + p.lead + strconv.FormatBool(answer)
	}
	d.report(n, p, p.label+" must be true or false", remedy)
	return false
}

// isNumber reports whether the scalar is a number that every reader
// understands alike, without quotes.
func (d *decoder) isNumber(n *node, p place) bool {
	switch {
	case n.plain && (number(n.text) || exponent(n.text)):
		return true
	case n.plain && ambiguous(n.text):
		d.report(n, p, p.label+" "+oddNumber, "write plain digits, such as "+p.lead+"12")
	case number(n.text):
		d.report(n, p, p.label+" must be a number, not text in quotes", "write "+p.lead+n.text)
	default:
		d.report(n, p, p.label+" must be a number, not text", "write one, such as "+p.lead+"12")
	}
	return false
}

// free decodes a value of open type: text, int, float64, bool, []any or
// map[string]any. Dates stay text. It is nil after a mistake.
func (d *decoder) free(n *node, p place) any {
	if n.refusal != nil {
		d.report(n, p, n.refusal.What, n.refusal.Remedy)
		return nil
	}
	if d.tagged(n, p) || d.empty(n, p) {
		return nil
	}
	switch n.kind {
	case mapping:
		m := make(map[string]any, len(n.keys))
		for i, key := range n.keys {
			m[key.text] = d.free(n.values[i], p.key(key.text))
		}
		return m
	case list:
		l := make([]any, len(n.values))
		for i, value := range n.values {
			l[i] = d.free(value, p.index(i))
		}
		return l
	case scalar:
	}
	return d.freeScalar(n, p)
}

// freeScalar decodes a scalar of open type. What some reader takes for
// something else is refused.
func (d *decoder) freeScalar(n *node, p place) any {
	if !n.plain {
		return n.text
	}
	if n.text == "true" || n.text == "false" {
		return n.text == "true"
	}
	if answer, ok := yesNo(n.text); ok {
		d.report(n, p, p.label+" is a word that some YAML readers take for true or false",
			"write "+strconv.FormatBool(answer)+", or "+quoted(n.text)+" if it is text")
		return nil
	}
	if ambiguous(n.text) {
		d.report(n, p, p.label+" "+oddNumber,
			"write plain digits, or "+quoted(n.text)+" if it is text")
		return nil
	}
	if !number(n.text) {
		return n.text
	}
	if !strings.Contains(n.text, ".") {
		if i, err := strconv.Atoi(n.text); err == nil {
			return i
		}
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		d.report(n, p, p.label+" must be a number of usual size", "put it in single quotes if it is text")
		return nil
	}
	return f
}
