package file

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"

	"tandem/internal/table"
)

// set changes one cell of a row; the rest of the row stays as it is spelled.
func (r *row) set(c columns, field string, cell any) error {
	var err error
	switch {
	case r.node != nil:
		err = setNode(r.node, c, field, cell)
	case r.sheet != nil:
		r.spelled, err = r.sheet.set(r.spelled, field, cell)
	default:
		r.spelled, err = setMember(r.spelled, c, field, cell)
	}
	if err == nil {
		r.cells[field], r.changed = cell, true
	}
	return err
}

func (t *sheet) set(spelled []byte, field string, cell any) ([]byte, error) {
	cells := table.Split(spelled, t.comma)
	i := slices.Index(t.fields, field)
	if i < 0 || i >= len(cells) {
		return nil, fmt.Errorf("the file has no column %s; add it to the header", field)
	}
	cells[i] = csvText(cell)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = rune(t.comma)
	w.UseCRLF = bytes.HasSuffix(spelled, []byte("\r\n"))
	if err := w.Write(cells); err != nil {
		return nil, err
	}
	w.Flush()
	if !bytes.HasSuffix(spelled, []byte("\n")) {
		return table.TrimBreak(out.Bytes()), w.Error()
	}
	return out.Bytes(), w.Error()
}

// setMember replaces the bytes of one value in a JSON object, or adds a key at
// its end.
func setMember(spelled []byte, c columns, field string, cell any) ([]byte, error) {
	value, err := jsonText(cell)
	if err != nil {
		return nil, err
	}
	content, byteOrder := bytes.CutPrefix(spelled, []byte("\uFEFF"))
	if byteOrder {
		fresh, err := setMember(content, c, field, cell)
		return slices.Concat([]byte("\uFEFF"), fresh), err
	}
	d := json.NewDecoder(bytes.NewReader(spelled))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	empty := true
	for ; d.More(); empty = false {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var old json.RawMessage
		if err := d.Decode(&old); err != nil {
			return nil, err
		}
		if end := int(d.InputOffset()); c.field(fmt.Sprint(name)) == field {
			return slices.Concat(spelled[:end-len(old)], value, spelled[end:]), nil
		}
	}
	name, err := jsonText(c.header(field))
	if err != nil {
		return nil, err
	}
	added := slices.Concat(name, []byte(": "), value)
	if !empty {
		added = slices.Concat([]byte(", "), added)
	}
	end := bytes.LastIndexByte(spelled, '}')
	return slices.Concat(bytes.TrimRight(spelled[:end], " \t"), added, spelled[end:]), nil
}

// jsonText spells a cell as JSON, without escapes that only browsers need.
func jsonText(cell any) ([]byte, error) {
	if n, ok := cell.(table.Number); ok {
		return []byte(n), nil
	}
	if list, ok := cell.([]any); ok {
		spelled := make([]any, len(list))
		for i, e := range list {
			if n, ok := e.(table.Number); ok {
				e = json.Number(n)
			}
			spelled[i] = e
		}
		cell = spelled
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(cell)
	return bytes.TrimSpace(out.Bytes()), err
}

// setNode replaces one value of a YAML mapping, comments and list style kept.
func setNode(n *yaml.Node, c columns, field string, cell any) error {
	fresh := &yaml.Node{}
	if num, ok := cell.(table.Number); ok {
		*fresh = yaml.Node{Kind: yaml.ScalarNode, Value: string(num)}
	} else if err := fresh.Encode(cell); err != nil {
		return err
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if c.field(n.Content[i].Value) != field {
			continue
		}
		old := n.Content[i+1]
		if anchored(old) {
			return fmt.Errorf("line %d: the value carries an anchor that others may use; write it out", old.Line)
		}
		fresh.HeadComment, fresh.LineComment, fresh.FootComment = old.HeadComment, old.LineComment, old.FootComment
		if old.Kind == yaml.SequenceNode && fresh.Kind == yaml.SequenceNode && len(fresh.Content) > 0 {
			fresh.Style, fresh.Content = old.Style, keepElements(old.Content, fresh.Content)
		}
		n.Content[i+1] = fresh
		return nil
	}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: c.header(field)}, fresh)
	return nil
}

// anchored reports whether a value can be referred to from elsewhere.
func anchored(n *yaml.Node) bool {
	return n.Anchor != "" || slices.ContainsFunc(n.Content, anchored)
}

// keepElements uses the old nodes of elements that stay.
func keepElements(old, fresh []*yaml.Node) []*yaml.Node {
	for i, f := range fresh {
		if at := slices.IndexFunc(old, func(o *yaml.Node) bool { return o.Kind == yaml.ScalarNode && o.Value == f.Value }); at >= 0 {
			fresh[i] = old[at]
		}
	}
	return fresh
}

// replace writes the file beside itself and renames it into its place, unless
// somebody changed it since it was read.
func (f *target) replace() (err error) {
	path, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(path), ".tandem-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(out.Name()))
		}
	}()
	err = f.write(out)
	if err == nil {
		err = out.Chmod(f.info.Mode().Perm())
	}
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("write %s: %w", f.path, err)
	}
	now, err := os.Stat(path)
	if err != nil {
		return err
	}
	if now.Size() != f.info.Size() || !now.ModTime().Equal(f.info.ModTime()) {
		return fmt.Errorf("%s was changed at the same moment", f.path)
	}
	return os.Rename(out.Name(), path)
}

func (f *target) write(out io.Writer) error {
	changed := make([]*row, 0, len(f.rows))
	for _, r := range f.rows {
		if r.changed {
			changed = append(changed, r)
		}
	}
	slices.SortFunc(changed, func(a, b *row) int { return cmp.Compare(a.start.Offset, b.start.Offset) })
	if len(changed) > 0 && changed[0].document != nil {
		e := yaml.NewEncoder(out)
		e.SetIndent(2)
		return errors.Join(e.Encode(changed[0].document), e.Close())
	}
	in, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read
	for _, r := range changed {
		if err := copyUntil(out, in, r.start.Offset); err != nil {
			return err
		}
		if _, err := out.Write(r.spelled); err != nil {
			return err
		}
		if _, err := in.Seek(r.end.Offset, io.SeekStart); err != nil {
			return err
		}
	}
	_, err = io.Copy(out, in)
	return err
}

// copyUntil copies what stands before an offset.
func copyUntil(out io.Writer, in io.ReadSeeker, offset int64) error {
	here, err := in.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	_, err = io.CopyN(out, in, offset-here)
	return err
}
