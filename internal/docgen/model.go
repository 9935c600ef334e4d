package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

func fieldTable() (string, error) {
	t := newTable("field", "hat", "kind", "what")
	for _, f := range work.AllFields() {
		info := f.Info()
		t.row(code(info.Name), info.Hat.String(), info.Kind.String(), info.Doc)
	}
	return t.String(), nil
}

func methodTable() (string, error) {
	t := newTable("method", "one signal weighs")
	for _, m := range work.Methods() {
		t.row(code(string(m)), number(evidence.DefaultWeight(m)))
	}
	return t.String(), nil
}

func modeTable(root string) (string, error) {
	comments, err := constants(filepath.Join(root, "internal", "work", "scalar.go"), "WriteMode")
	if err != nil {
		return "", err
	}
	said := map[string]string{}
	for _, c := range comments {
		said[strings.ToLower(c.name)] = c.comment
	}
	t := newTable("mode", "what Tandem does")
	for mode := work.Observe; mode <= work.Auto; mode++ {
		comment := said[mode.String()]
		if comment == "" {
			return "", fmt.Errorf("mode %s has no comment", mode)
		}
		t.row(code(mode.String()), sentence(comment))
	}
	return t.String(), nil
}

func causeTable(root string) (string, error) {
	causes, err := holdCauses(root)
	if err != nil {
		return "", err
	}
	t := newTable("cause", "why the value is held")
	for _, c := range causes {
		if c.text == "" || c.comment == "" {
			return "", fmt.Errorf("%s has no text or no comment", c.name)
		}
		t.row(code(c.text), sentence(c.comment))
	}
	return t.String(), nil
}

// holdCauses reads the causes where they are declared: they are no list that a
// program could ask for.
func holdCauses(root string) ([]constant, error) {
	return constants(filepath.Join(root, "internal", "work", "hold.go"), "Cause")
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
