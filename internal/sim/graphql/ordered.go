package graphql

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// ordered is an object whose fields stand in the order of the selections, as
// answers do.
type ordered struct {
	names  []string
	values map[string]any
}

func (o *ordered) set(name string, v any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	before, again := o.values[name]
	if !again {
		o.names = append(o.names, name)
	}
	first, both := before.(*ordered)
	second, ok := v.(*ordered)
	if both && ok { // the same field selected twice
		for _, n := range second.names {
			first.set(n, second.values[n])
		}
		return
	}
	o.values[name] = v
}

// MarshalJSON writes the fields in order.
func (o *ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, fmt.Errorf("write name: %w", err)
		}
		value, err := json.Marshal(o.values[name])
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Plain returns the object with a given set of fields, for objects whose
// values are all known.
func Plain(kind string, fields map[string]any, is ...string) *Object {
	return &Object{Type: kind, Is: is, Field: func(name string, _ Args) (any, error) {
		v, ok := fields[name]
		if !ok {
			return nil, Unknown(kind, name)
		}
		return v, nil
	}}
}

// Unknown is the error for a field that an object does not have.
func Unknown(kind, name string) error {
	return &Error{Message: fmt.Sprintf("Field '%s' doesn't exist on type '%s'", name, kind)}
}
