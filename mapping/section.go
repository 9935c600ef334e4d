package mapping

import (
	"slices"
	"strings"

	"tandem/internal/work"
)

// The levels of headings that are no h1 to h6: a line in bold, and a line that
// ends in a colon.
const (
	boldHeading  = 7
	colonHeading = 8
)

// compileSection reads a field from a named section of the description.
func (p *Program) compileSection(at work.Pointer, t *target, spec TargetSpec, schema work.Schema) []work.Problem {
	var problems []work.Problem
	if spec.Field.Set() || spec.Label != "" || len(spec.ByProject) > 0 || len(spec.Values) > 0 {
		problems = append(problems, work.Problem{At: at.Key("section"), What: "a section of the description has no field, label or values", Remedy: "keep section alone"})
	}
	if kind := t.base.Field.Info().Kind; kind != work.Text {
		problems = append(problems, work.Problem{At: at.Key("section"), What: "a section is text, and " + t.base.Field.String() + " is not", Remedy: "map it to a field or a label"})
	}
	for i, title := range spec.Section {
		if strings.TrimSpace(title) == "" {
			problems = append(problems, work.Problem{At: at.Key("section").Index(i), What: "this heading is blank", Remedy: "write the heading as it stands in descriptions, such as Acceptance criteria"})
		}
	}
	i := slices.IndexFunc(schema.Fields, func(f work.NativeField) bool { return f.Shared == work.Body })
	if i < 0 {
		return append(problems, work.Problem{At: at.Key("section"), What: schema.Kind + " has no description", Remedy: "map the field to one of its fields"})
	}
	t.base.Path, t.base.section = schema.Fields[i].Name, spec.Section
	return problems
}

// sectionOf reads the section from the description: Empty where the description
// is known and has no such section, or a blank one.
func sectionOf(body work.Value, titles []string) work.Value {
	if !body.Known() {
		return body
	}
	text := section(body.Text(), titles)
	if text == "" {
		return work.Empty()
	}
	return work.NewText(text)
}

// section returns what stands under the first heading that has one of the
// titles, up to the next heading of the same or a higher level.
func section(body string, titles []string) string {
	lines := strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n")
	start, level, code := -1, 0, false
	for i, line := range lines {
		if fence := fences(line); fence > 0 {
			code = code != (fence%2 == 1)
			continue
		}
		if code {
			continue
		}
		title, at := heading(lines, i, start >= 0 && level == colonHeading)
		switch {
		case start < 0:
			if at == 0 && isTitle(line, titles) && strings.HasSuffix(strings.TrimSpace(line), ":") {
				title, at = line, colonHeading
			}
			if at > 0 && isTitle(title, titles) {
				start, level = i+1, at
			}
		case at > 0 && at <= level:
			return strings.TrimSpace(strings.Join(lines[start:i], "\n"))
		}
	}
	if start < 0 {
		return ""
	}
	return strings.TrimSpace(strings.Join(lines[start:], "\n"))
}

// fences counts the marks in a line that begin or end code, in either markup.
func fences(line string) int {
	trimmed := strings.TrimSpace(line)
	if strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~") {
		return 1
	}
	return strings.Count(trimmed, "{code") + strings.Count(trimmed, "{noformat}")
}

// heading returns title and level of a heading; level 0 is none. Colons count
// where the section began with one.
func heading(lines []string, i int, colons bool) (title string, level int) {
	line := strings.TrimSpace(lines[i])
	if len(line) > 3 && line[0] == 'h' && line[1] >= '1' && line[1] <= '6' && line[2] == '.' {
		return line[3:], int(line[1] - '0')
	}
	if hashes := len(line) - len(strings.TrimLeft(line, "#")); hashes > 0 && hashes <= 6 && !numbered(lines, i) && strings.HasPrefix(line[hashes:], " ") {
		return strings.TrimRight(line[hashes:], "# "), hashes
	}
	for _, mark := range []string{"**", "__", "*"} {
		inner := strings.TrimSuffix(line, ":")
		if len(inner) > 2*len(mark) && strings.HasPrefix(inner, mark) && strings.HasSuffix(inner, mark) && inner[len(mark)] != ' ' {
			if inner = inner[len(mark) : len(inner)-len(mark)]; !strings.Contains(inner, mark) {
				return inner, boldHeading
			}
		}
	}
	const short = 5
	if colons && strings.HasSuffix(line, ":") && len(strings.Fields(line)) <= short && i > 0 && strings.TrimSpace(lines[i-1]) == "" {
		return line, colonHeading
	}
	return "", 0
}

// numbered reports whether a line with a hash is one of a numbered list of wiki
// markup, where its neighbour has a hash too.
func numbered(lines []string, i int) bool {
	for _, j := range []int{i - 1, i + 1} {
		if j >= 0 && j < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[j]), "#") {
			return true
		}
	}
	return false
}

// isTitle compares as people write: in any case, with or without a colon, in
// bold or not.
func isTitle(text string, titles []string) bool {
	plain := func(s string) string { return strings.TrimSpace(strings.Trim(strings.TrimSpace(s), "*_: ")) }
	return slices.ContainsFunc(titles, func(t string) bool { return plain(t) != "" && strings.EqualFold(plain(text), plain(t)) })
}
