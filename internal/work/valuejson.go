package work

import (
	"encoding/json"
	"fmt"
	"time"
)

// timeJSON keeps a Time apart from a Text in JSON.
type timeJSON struct {
	Time string `json:"time"`
}

// unknownJSON keeps Unknown apart from Empty in JSON.
type unknownJSON struct {
	Unknown bool `json:"unknown"`
}

// MarshalJSON writes text, number, flag and list as themselves, Empty as null,
// a time as {"time":…} and unknown as {"unknown":true}.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.Kind() {
	case Text:
		return json.Marshal(v.text)
	case Number:
		return json.Marshal(v.code.number())
	case Flag:
		return json.Marshal(v.code == yes)
	case List:
		return json.Marshal(v.List())
	case Time:
		return json.Marshal(timeJSON{Time: v.text})
	case None:
		return []byte("null"), nil
	default:
		return json.Marshal(unknownJSON{Unknown: true})
	}
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(b []byte) error {
	var raw any
	if err := json.Unmarshal(b, &raw); err != nil {
		return fmt.Errorf("read value: %w", err)
	}
	switch x := raw.(type) {
	case nil:
		*v = Empty()
	case string:
		*v = NewText(x)
	case float64:
		*v = NewNumber(x)
	case bool:
		*v = NewFlag(x)
	case []any:
		list := make([]string, 0, len(x))
		for _, e := range x {
			s, ok := e.(string)
			if !ok {
				return fmt.Errorf("read value: list element %v is not a text", e)
			}
			list = append(list, s)
		}
		*v = NewList(list...)
	case map[string]any:
		return v.fromObject(x)
	}
	return nil
}

func (v *Value) fromObject(x map[string]any) error {
	if _, ok := x["unknown"]; ok {
		*v = Value{}
		return nil
	}
	s, ok := x["time"].(string)
	if !ok {
		return fmt.Errorf("read value: object %v is neither a time nor unknown", x)
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return fmt.Errorf("read value: %w", err)
	}
	*v = NewTime(t)
	return nil
}
