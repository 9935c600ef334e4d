package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"tandem/internal/secret"
	"tandem/internal/work"
)

// mistake is a problem together with the node to point at.
type mistake struct {
	problem work.Problem
	node    *node
}

// diagnostics returns the mistakes with their places.
func diagnostics(found []mistake) Diagnostics {
	var ds Diagnostics
	for _, m := range found {
		ds = append(ds, m.node.diagnostic(m.problem.What, m.problem.Remedy))
	}
	return ds
}

// subtree takes a value as it is, to be decoded later.
type subtree struct{ node *node }

// decoder fills Go values from nodes and collects every mistake.
type decoder struct {
	found []mistake
	base  work.Pointer
	// foreign are keys of the outermost mapping that somebody else reads; they
	// are no mistake and help to guess what was meant.
	foreign []string
}

// decode fills the value that into points to.
func decode(n *node, where place, into any, foreign []string) []mistake {
	d := decoder{base: where.at, foreign: foreign}
	d.value(n, where, reflect.ValueOf(into).Elem(), false)
	return d.found
}

func (d *decoder) report(n *node, p place, what, remedy string) {
	d.found = append(d.found, mistake{problem: work.Problem{At: p.at, What: what, Remedy: remedy}, node: n})
}

// value decodes one value. one says that a single value stands for a list.
func (d *decoder) value(n *node, p place, v reflect.Value, one bool) {
	if n.refusal != nil {
		d.report(n, p, n.refusal.What, n.refusal.Remedy)
		return
	}
	switch into := v.Addr().Interface().(type) {
	case *subtree:
		into.node = n
		return
	case *work.Expression:
		d.expression(n, p, into)
		return
	case *secret.Secret:
		d.secret(n, p, into)
		return
	}
	if v.Kind() == reflect.Pointer {
		fresh := reflect.New(v.Type().Elem())
		d.value(n, p, fresh.Elem(), one)
		v.Set(fresh)
		return
	}
	if d.tagged(n, p) || d.empty(n, p) {
		return
	}
	if into, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok {
		d.text(n, p, into)
		return
	}
	d.plain(n, p, v, one)
}

// tagged reports a tag. The value is not repeated: it may be a secret.
func (d *decoder) tagged(n *node, p place) bool {
	if n.tag != "" {
		d.report(n, p, p.label+" has a YAML tag (!)", "leave the tag out; put text that starts with ! in single quotes")
	}
	return n.tag != ""
}

// empty reports a value that is not there.
func (d *decoder) empty(n *node, p place) bool {
	if n.null {
		d.report(n, p, p.label+" has no value", "write one, or leave it out")
	}
	return n.null
}

// text decodes a type that reads its own spelling.
func (d *decoder) text(n *node, p place, into encoding.TextUnmarshaler) {
	if !d.is(scalar, n, p) {
		return
	}
	if err := into.UnmarshalText([]byte(n.text)); err != nil {
		d.reject(n, p, err)
	}
}

// reject reports an error that holds its remedy behind a semicolon.
func (d *decoder) reject(n *node, p place, err error) {
	what, remedy, _ := strings.Cut(err.Error(), "; ")
	d.report(n, p, what, remedy)
}

// plain decodes by the kind of the Go type.
func (d *decoder) plain(n *node, p place, v reflect.Value, one bool) {
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, p, v)
	case reflect.Map:
		d.dictionary(n, p, v, one)
	case reflect.Slice:
		d.slice(n, p, v, one)
	case reflect.Interface:
		if v.NumMethod() > 0 {
			panic("config: cannot decode into " + v.Type().String())
		}
		if free := d.free(n, p); free != nil {
			v.Set(reflect.ValueOf(free))
		}
	default:
		d.scalar(n, p, v)
	}
}

// is reports whether the node is of the kind that is expected here, and what
// to write if it is not.
func (d *decoder) is(want kind, n *node, p place) bool {
	if n.kind == want {
		return true
	}
	remedy := "write " + p.lead
	switch want {
	case scalar:
		remedy += "VALUE"
	case mapping:
		remedy += "{KEY: VALUE}"
	case list:
		remedy += "[VALUE, …]"
	}
	d.report(n, p, fmt.Sprintf("%s must be %s, not %s", p.label, want, n.kind), remedy)
	return false
}

// ordinal counts from one.
func ordinal(i int) string { return strconv.Itoa(i + 1) }
