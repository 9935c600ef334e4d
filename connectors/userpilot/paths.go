package userpilot

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// tree is a JSON value as Go holds it, numbers as they were written.
type tree = any

// treeOf reads the metadata of an event, as if it stood under its name.
func treeOf(metadata json.RawMessage) tree {
	d := json.NewDecoder(bytes.NewReader(metadata))
	d.UseNumber()
	var inner tree
	if d.Decode(&inner) != nil {
		return nil
	}
	if text, ok := inner.(string); ok { // an object written as text
		d = json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if d.Decode(&inner) != nil {
			return nil
		}
	}
	return map[string]any{"metadata": inner}
}

// at returns what stands at a path such as metadata.answers.0.text.
func at(t tree, path string) (tree, bool) {
	for name := range strings.SplitSeq(path, ".") {
		switch node := t.(type) {
		case map[string]any:
			inner, there := node[name]
			if !there {
				return nil, false
			}
			t = inner
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(node) {
				return nil, false
			}
			t = node[i]
		default:
			return nil, false
		}
	}
	return t, t != nil
}

// firstAt returns what stands at the first path that leads somewhere.
func firstAt(t tree, paths []string) (tree, bool) {
	for _, p := range paths {
		if found, ok := at(t, p); ok {
			return found, true
		}
	}
	return nil, false
}

// saidOf returns what an answer holds, one element for each choice: a scalar, a
// list, or objects with a text.
func saidOf(t tree) ([]string, error) {
	switch node := t.(type) {
	case nil:
		return nil, nil
	case string:
		if node = strings.TrimSpace(node); node == "" {
			return nil, nil
		}
		return []string{node}, nil
	case json.Number:
		return []string{node.String()}, nil
	case bool:
		return []string{map[bool]string{true: "yes", false: "no"}[node]}, nil
	case []any:
		var all []string
		for _, one := range node {
			said, err := saidOf(one)
			if err != nil {
				return nil, err
			}
			all = append(all, said...)
		}
		return all, nil
	case map[string]any:
		for _, name := range []string{"text", "label", "name", "value", "answer"} {
			if v, there := node[name]; there {
				return saidOf(v)
			}
		}
	}
	return nil, errors.New("an answer holds no text")
}

// names are the keys of metadata, for a person who looks for the right path.
func names(t tree) string {
	inner, _ := at(t, "metadata")
	object, ok := inner.(map[string]any)
	if !ok || len(object) == 0 {
		return "metadata is empty"
	}
	keys := slices.Sorted(maps.Keys(object))
	const most = 20
	more := ""
	if len(keys) > most {
		keys, more = keys[:most], ", …"
	}
	return "metadata holds " + strings.Join(keys, ", ") + more
}
