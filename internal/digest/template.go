package digest

import (
	_ "embed" // the shipped template
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"tandem/internal/work"
)

//go:embed shipped.tmpl
var shipped string

// MostTemplate is how many bytes the file of a template may have.
const MostTemplate = 32 << 10

// mostWritten is how many bytes a template may write.
const mostWritten = 256 << 10

// Template writes the text of a digest.
type Template struct{ t *template.Template }

// Mistake is a mistake in a template, at a line and a column that count from 1.
type Mistake struct {
	Line, Col    int
	What, Remedy string
}

// Shipped returns the template that is used where settings name none.
func Shipped() *Template {
	t, mistakes := Parse(shipped)
	if len(mistakes) > 0 {
		panic("the shipped template of digests: " + mistakes[0].What)
	}
	return t
}

// functions are what templates may use beside those of text/template.
func functions() template.FuncMap {
	return template.FuncMap{
		"link": mark, "plural": plural,
		"rest": func(all, told int) int { return max(all-told, 0) },
	}
}

// Parse reads a template and checks it against what a digest tells: a field that
// does not exist is found at once, not on a Monday morning.
func Parse(text string) (*Template, []Mistake) {
	if len(text) > MostTemplate {
		return nil, []Mistake{{1, 1, fmt.Sprintf("the template has %d bytes", len(text)), fmt.Sprintf("use at most %d", MostTemplate)}}
	}
	t, err := template.New("digest").Option("missingkey=error").Funcs(functions()).Parse(text)
	if err != nil {
		return nil, []Mistake{mistakeOf(err, "see docs/digests.md for what templates may use")}
	}
	made := &Template{t}
	if mistakes := made.unknown(); len(mistakes) > 0 {
		return nil, mistakes
	}
	charge(t)
	for _, sample := range samples() {
		if _, err := made.write(&sample); err != nil {
			return nil, []Mistake{mistakeOf(err, remedyFor(err))}
		}
	}
	return made, nil
}

// unknown finds the names of fields that nothing in a digest has, also where no
// sample leads.
func (t *Template) unknown() []Mistake {
	known := names()
	var mistakes []Mistake
	for _, part := range t.t.Templates() {
		if part.Tree == nil || part.Root == nil {
			continue
		}
		walk(reflect.ValueOf(part.Root), func(n parse.Node, fields []string) {
			for _, name := range fields {
				if slices.Contains(known, name) {
					continue
				}
				remedy := "a digest has " + strings.Join(known, ", ")
				if like := work.Suggest(name, known); like != "" {
					remedy = like
				}
				place, _ := part.ErrorContext(n)
				line, col := placeIn(place)
				mistakes = append(mistakes, Mistake{line, col, "a digest has no ." + name, remedy})
			}
		})
	}
	slices.SortFunc(mistakes, func(a, b Mistake) int {
		return slices.Compare([]int{a.Line, a.Col}, []int{b.Line, b.Col})
	})
	return mistakes
}

// names lists the fields and methods that templates may use.
func names() []string {
	var all []string
	for _, t := range []reflect.Type{
		reflect.TypeFor[*Content](), reflect.TypeFor[Duty](), reflect.TypeFor[Move](), reflect.TypeFor[Shift](), reflect.TypeFor[Failed](),
	} {
		for m := range t.Methods() {
			all = append(all, m.Name)
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		for _, f := range reflect.VisibleFields(t) {
			if !f.Anonymous {
				all = append(all, f.Name)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// walk visits the nodes that name fields.
func walk(v reflect.Value, visit func(parse.Node, []string)) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if n, ok := reflect.TypeAssert[parse.Node](v); ok && v.Kind() == reflect.Pointer {
			switch n := n.(type) {
			case *parse.FieldNode:
				visit(n, n.Ident)
			case *parse.VariableNode:
				visit(n, n.Ident[1:])
			case *parse.ChainNode:
				visit(n, n.Field)
			default:
			}
		}
		if v.Type() != reflect.TypeFor[*parse.Tree]() {
			walk(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() {
				walk(value, visit)
			}
		}
	default:
	}
}

// limited refuses to be written more than so much.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errTooLong
	}
	return l.w.Write(p)
}

// write returns what the template makes of a content, within its budget.
func (t *Template) write(c *Content) (string, error) {
	run, err := t.t.Clone()
	if err != nil {
		return "", fmt.Errorf("copy the template: %w", err)
	}
	left := budget{mostSteps}
	var b strings.Builder
	if err := run.Funcs(left.functions()).Execute(&limited{&b, mostWritten}, c); err != nil {
		return "", err
	}
	return b.String(), nil
}

// Text writes a digest. It cleans the content, whoever gathered it.
func (t *Template) Text(c *Content) (Text, error) {
	c.clean()
	written, err := t.write(c)
	if err != nil {
		return Text{}, fmt.Errorf("write the text: %w", err)
	}
	return Text{Subject: subject(c), Lines: lines(written), Link: c.Link}, nil
}

// subject is what a digest tells at a glance. It holds nothing from outside.
func subject(c *Content) string {
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, plural(n, one, many))
		}
	}
	add(c.FailedAll, "thing does not work", "things do not work")
	add(c.LateAll, "late", "late")
	add(c.WaitAll+c.Restricted, "waits", "wait")
	add(c.RoadmapAll, "changed in the roadmap", "changed in the roadmap")
	add(c.MovedAll, "moved", "moved")
	who := c.Role
	if c.Team != "" {
		who += " of " + c.Team
	}
	if len(parts) == 0 {
		parts = []string{"nothing new"}
	}
	return clean("Tandem, " + who + ": " + strings.Join(parts, ", "))
}

// mistakeOf finds the place that text/template names in its errors.
func mistakeOf(err error, remedy string) Mistake {
	text := err.Error()
	line, col := placeIn(strings.TrimPrefix(text, "template: "))
	if i := strings.LastIndex(text, ": "); i >= 0 && errors.As(err, new(template.ExecError)) {
		text = text[i+2:]
	} else if parts := strings.SplitN(strings.TrimPrefix(text, "template: "), ": ", 2); len(parts) == 2 {
		text = parts[1]
	}
	return Mistake{line, col, text, remedy}
}

// placeIn reads digest:3:5.
func placeIn(text string) (line, col int) {
	found := regexp.MustCompile(`^[^:]*:(\d+)(?::(\d+))?`).FindStringSubmatch(text)
	if found == nil {
		return 1, 1
	}
	line, _ = strconv.Atoi(found[1]) // digits
	if col, _ = strconv.Atoi(found[2]); found[2] != "" {
		col++
	}
	return line, max(col, 1)
}
