package drop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tandem/internal/table"
	"tandem/internal/work"
)

// What an unknown header may be taken for.
const (
	guessOthers  = "guess"
	asQuestion   = "question"
	asAttribute  = "attribute"
	ignoreOthers = "ignore"
	refuseOthers = "refuse"
)

// columnFile is what an admin says about headers, dates and numbers.
type columnFile struct {
	path      string
	content   []byte
	columns   map[string]meaning // by folded header
	questions map[string]question
	dates     table.Dates
	decimals  table.Decimals
	options   table.Options
	others    string
	// rows holds what all rows have in common, by field.
	rows map[string]string
}

// readColumns reads the column file; no path is an empty one.
func readColumns(path string) (columnFile, error) {
	var content []byte
	if path != "" {
		var err error
		if content, err = os.ReadFile(path); err != nil {
			return columnFile{}, fmt.Errorf("read the column file: %w", err)
		}
	}
	return parseColumns(path, content)
}

// parseColumns reads the text of a column file; all mistakes come at once.
func parseColumns(path string, content []byte) (columnFile, error) {
	c := columnFile{
		path: path, content: content, columns: map[string]meaning{}, questions: map[string]question{}, others: guessOthers, rows: map[string]string{},
	}
	c.dates, _ = table.NewDates(nil, "") // nothing to refuse
	doc := yaml.Node{}
	if err := yaml.NewDecoder(bytes.NewReader(c.content)).Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("read %s: %w", path, err)
	}
	if len(doc.Content) == 0 {
		return c, nil
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		return c, fmt.Errorf("%s:%d: here must stand a mapping, such as columns: {Date Submitted: at}", path, top.Line)
	}
	if !sectioned(top) {
		return c, c.readHeaders(top)
	}
	return c, c.each(top, c.sections())
}

func (c *columnFile) sections() map[string]func(*yaml.Node) error {
	return map[string]func(*yaml.Node) error{
		"columns":   c.readHeaders,
		"questions": c.readQuestions,
		"dates":     c.readDates,
		"decimals": func(n *yaml.Node) error {
			c.decimals = table.Decimals(n.Value)
			return known(n, string(table.CommaDecimals), string(table.PointDecimals))
		},
		"encoding": func(n *yaml.Node) error {
			c.options.Encoding = strings.ToLower(n.Value)
			return known(n, table.Encodings()...)
		},
		"skip": func(n *yaml.Node) error {
			if err := n.Decode(&c.options.Skip); err != nil || c.options.Skip < 0 {
				return errors.New("write how many lines stand before the header, such as skip: 2")
			}
			return nil
		},
		"others": func(n *yaml.Node) error {
			c.others = n.Value
			return known(n, guessOthers, asQuestion, asAttribute, ignoreOthers, refuseOthers)
		},
		"rows": func(n *yaml.Node) error {
			if err := n.Decode(&c.rows); err != nil {
				return errors.New("write what all rows have in common, such as rows: {method: interview}")
			}
			return nil
		},
	}
}

// sectioned tells the form with sections from the plain one, in which every
// key is a header.
func sectioned(top *yaml.Node) bool {
	names := []string{"columns", "questions", "dates", "decimals", "encoding", "skip", "others", "rows"}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i].Value, top.Content[i+1]
		if slices.Contains(names[:3], key) && value.Kind == yaml.MappingNode && !isMeaning(value) || slices.Contains(names[3:], key) {
			return true
		}
	}
	return false
}

// isMeaning tells {field: …} from a section.
func isMeaning(n *yaml.Node) bool {
	return len(n.Content) > 0 && slices.Contains(meaningKeys(), n.Content[0].Value)
}

// each reads the keys of a mapping; all mistakes come at once.
func (c *columnFile) each(n *yaml.Node, read map[string]func(*yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return errors.New("here must stand a mapping")
	}
	var faults []error
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		one, ok := read[key.Value]
		var err error
		switch {
		case !ok:
			err = fmt.Errorf("unknown key; %s", work.Suggest(key.Value, sorted(read)))
		case seen[key.Value]:
			err = errors.New("the key stands here twice; keep one")
		default:
			err = one(value)
		}
		seen[key.Value] = true
		if err != nil {
			faults = append(faults, c.at(value, key.Value, err))
		}
	}
	return errors.Join(faults...)
}

// placed is a mistake that names its place already.
type placedError struct{ error }

func (c *columnFile) at(n *yaml.Node, what string, err error) error {
	if errors.As(err, new(placedError)) {
		return err
	}
	return placedError{fmt.Errorf("%s:%d:%d: %s: %w", c.path, n.Line, n.Column, what, err)}
}

func (c *columnFile) readHeaders(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return errors.New("here must stand headers, such as {Date Submitted: at}")
	}
	var faults []error
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		m, err := c.readMeaning(value)
		header := fold(key.Value)
		if _, twice := c.columns[header]; twice && err == nil {
			err = errors.New("the header stands here twice; keep one")
		}
		if err != nil {
			faults = append(faults, c.at(value, key.Value, err))
			continue
		}
		c.columns[header] = m
	}
	return errors.Join(faults...)
}

func (c *columnFile) readDates(n *yaml.Node) error {
	var formats []string
	zone := ""
	err := c.each(n, map[string]func(*yaml.Node) error{
		"format": func(n *yaml.Node) error {
			if n.Kind == yaml.ScalarNode {
				formats = []string{n.Value}
				return nil
			}
			return n.Decode(&formats)
		},
		"zone": func(n *yaml.Node) error { zone = n.Value; return nil },
	})
	if err != nil {
		return err
	}
	c.dates, err = table.NewDates(formats, zone)
	return err
}

func known(n *yaml.Node, words ...string) error {
	if slices.Contains(words, strings.ToLower(n.Value)) {
		return nil
	}
	return fmt.Errorf("%q is not known here; %s", n.Value, work.Suggest(n.Value, words))
}
