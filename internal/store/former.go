package store

import (
	"encoding/json"
	"slices"
)

// maxFormer is how many keys of the past are remembered of a record.
const maxFormer = 20

// rename returns the keys that a record had before: its last one is added
// where it has another now. A key that it has again is none of the past.
func (s standing) rename(key string) (former string, err error) {
	if s.key == "" || s.key == key {
		return s.former, nil
	}
	keys, err := formerOf(s.former)
	if err != nil {
		return "", err
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == key || k == s.key })
	keys = append(keys, s.key)
	return encode(keys[max(len(keys)-maxFormer, 0):])
}

// formerOf reads the list of a column.
func formerOf(column string) ([]string, error) {
	var keys []string
	if column == "" || column == none {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(column), &keys); err != nil {
		return nil, damaged("keys of a record", err)
	}
	return keys, nil
}

// none is a list without keys.
const none = "[]"
