package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// connectorPage returns the page of one kind of connector.
func connectorPage(d connectors.Definition) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Connector `%s`\n\n", d.Kind)
	fmt.Fprintf(&b, "<!-- Written by make generate from connectors/%s. Change it there. -->\n\n", folderOf(d))
	fmt.Fprintf(&b, "%s\n\n%s\n", d.Summary, strings.TrimSpace(d.Doc))
	b.WriteString("\n## Example\n\n```yaml\n# tandem.yaml\nconnectors:\n")
	for line := range strings.Lines(strings.TrimSpace(d.Example)) {
		b.WriteString(strings.TrimRight("  "+line, " \n") + "\n")
	}
	b.WriteString("```\n\nThe keys `every:` and `write:` go with every connector: [settings](../settings.md).\n")
	if len(d.Streams) > 0 {
		fmt.Fprintf(&b, "\n## Streams\n\n%s", streamTable(d.Streams))
	}
	fmt.Fprintf(&b, "\n## Fields\n\n%s\n\n%s", fieldProse(), nativeTable(d.Schema))
	b.WriteString(spellings(d.Schema))
	fmt.Fprintf(&b, "\n## Labels\n\n%s\n", labelProse(d.Schema))
	return b.String()
}

// folderOf is where a kind is written.
func folderOf(d connectors.Definition) string {
	switch {
	case d.Starter != "":
		return "httpjson/presets"
	case d.Kind == "http", d.Silent:
		return "httpjson"
	default:
		return d.Kind
	}
}

func streamTable(streams []connectors.Stream) string {
	t := newTable("stream", "what", "usually read every")
	for _, s := range streams {
		t.row(code(s.Name), s.Doc, work.Span(s.Every).String())
	}
	return t.String()
}

func fieldProse() string {
	return "*Shared* is the field of the [model](../rules.md#the-shared-model) that it fills without any rule. " +
		"*Writable* fields are written only where a rule maps them."
}

func nativeTable(s work.Schema) string {
	t := newTable("field", "kind", "writable", "shared", "what")
	for _, f := range s.Fields {
		shared := ""
		if f.Shared != work.NoField {
			shared = f.Shared.String()
		}
		t.row(code(f.Name), f.Kind.String(), tick(f.Writable), code(shared), f.Doc)
	}
	return t.String()
}

// spellings lists the native values that are understood without any rule.
func spellings(s work.Schema) string {
	var b strings.Builder
	for _, f := range s.Fields {
		if len(f.Values) == 0 {
			continue
		}
		native := map[string][]string{} // by shared value
		for _, spelling := range slices.Sorted(maps.Keys(f.Values)) {
			shared := f.Values[spelling]
			native[shared] = append(native[shared], spelling)
		}
		t := newTable("shared", "`"+f.Name+"`")
		for _, shared := range slices.Sorted(maps.Keys(native)) {
			t.row(shared, strings.Join(native[shared], ", "))
		}
		fmt.Fprintf(&b, "\nValues of `%s` that are understood without any rule:\n\n%s", f.Name, t)
	}
	return b.String()
}

func labelProse(s work.Schema) string {
	if !s.Labels {
		return "It has no labels that Tandem could write."
	}
	parts := []string{"Labels are added and removed one by one, and only those that rules own."}
	if s.MaxLabel > 0 {
		parts = append(parts, fmt.Sprintf("A label has at most %d characters.", s.MaxLabel))
	}
	if !s.LabelSpaces {
		parts = append(parts, "It holds no space.")
	}
	if s.LabelsFold {
		parts = append(parts, "Small and capital letters are the same.")
	}
	return strings.Join(parts, " ")
}
