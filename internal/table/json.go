package table

import (
	"encoding/json"
	"errors"
)

// Cell reads one JSON value, which is known to be well formed.
func Cell(raw json.RawMessage) (any, error) {
	switch raw[0] {
	case '{':
		return nil, errors.New("a mapping is no value")
	case '[':
		var elements []json.RawMessage
		if err := json.Unmarshal(raw, &elements); err != nil {
			return nil, err
		}
		list := make([]any, len(elements))
		for i, e := range elements {
			if e[0] == '[' {
				return nil, errors.New("a list in a list is no value")
			}
			var err error
			if list[i], err = Cell(e); err != nil {
				return nil, err
			}
		}
		return list, nil
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case 'n':
		return nil, nil
	case 't', 'f':
		return raw[0] == 't', nil
	default:
		return Number(raw), nil
	}
}
