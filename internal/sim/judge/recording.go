package judge

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Recorded reads the bodies of a recorded table: the column data of a CSV file
// below the shared folder's recordings.
func (j *Judge) Recorded(name string) ([]json.RawMessage, error) {
	raw, err := os.ReadFile(filepath.Join(j.dir, "recordings", filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("read recording: %w", err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimLeft(raw, "\r\n")))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read recording %s: %w", name, err)
	}
	column := slices.Index(rows[0], "data")
	if column < 0 {
		return nil, fmt.Errorf("recording %s has no column data", name)
	}
	var bodies []json.RawMessage
	for _, row := range rows[1:] {
		bodies = append(bodies, json.RawMessage(row[column]))
	}
	return bodies, nil
}

// Unlike lists how an answer differs in shape from recorded ones: keys that no
// recording has, and values of another kind than any recording has. A null is
// like everything.
func Unlike(answer json.RawMessage, recorded ...json.RawMessage) ([]string, error) {
	var ours any
	if err := json.Unmarshal(answer, &ours); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	seen := shape{}
	for _, raw := range recorded {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, fmt.Errorf("read recording: %w", err)
		}
		seen.learn("", v)
	}
	problems := map[string]bool{}
	seen.judge("", ours, problems)
	return slices.Sorted(maps.Keys(problems)), nil
}

// shape holds the kinds of values seen at each place; elements of a list share
// one place.
type shape map[string]map[string]bool

func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "list"
	default:
		return "object"
	}
}

func (s shape) learn(place string, v any) {
	if s[place] == nil {
		s[place] = map[string]bool{}
	}
	s[place][kind(v)] = true
	switch v := v.(type) {
	case map[string]any:
		for key, kid := range v {
			s.learn(place+"/"+key, kid)
		}
	case []any:
		for _, kid := range v {
			s.learn(place+"[]", kid)
		}
	}
}

func (s shape) judge(place string, v any, problems map[string]bool) {
	kinds, known := s[place]
	if !known {
		problems[place+": no recording has it"] = true
		return
	}
	if k := kind(v); k != "null" && !kinds[k] && !onlyNull(kinds) {
		problems[fmt.Sprintf("%s: %s, recorded as %v", place, k, slices.Sorted(maps.Keys(kinds)))] = true
		return
	}
	if onlyNull(kinds) {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for key, kid := range v {
			s.judge(place+"/"+key, kid, problems)
		}
	case []any:
		for _, kid := range v {
			s.judge(place+"[]", kid, problems)
		}
	}
}

func onlyNull(kinds map[string]bool) bool { return len(kinds) == 1 && kinds["null"] }
