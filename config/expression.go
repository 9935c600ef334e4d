package config

import (
	"strings"

	"tandem/internal/work"
)

// expression decodes a condition or formula. It must be in quotes, because a
// plain one loses what stands behind a # and turns into a tag behind a !. A
// bare path or number cannot be misread and may stand without.
func (d *decoder) expression(n *node, p place, into *work.Expression) {
	text := strings.Join(strings.Fields(n.text), " ")
	write := func(text string) string { return "write it quoted: " + p.lead + quoted(text) }
	switch {
	case n.kind != scalar:
		d.report(n, p, p.label+" must be a condition or formula in quotes, not "+n.kind.String(), "write "+p.lead+"'…'")
	case n.tag != "":
		d.report(n, p, p.label+" is lost: YAML reads text behind ! as a tag", write(strings.TrimSpace(n.tag+" "+text)))
	case n.null || text == "":
		d.report(n, p, p.label+" has no condition or formula", "write one in quotes, such as "+p.lead+`'item.kind == "bug"'`)
	case n.cut != "":
		d.report(n, p, p.label+" is cut off at #: YAML reads the rest of the line as a comment",
			write(n.cut)+", or, if a comment is meant, quote what stands before it: "+p.lead+quoted(text))
	case n.block || n.plain && !barePath(n.text) && !number(n.text):
		d.report(n, p, p.label+" must be in quotes", write(text))
	default:
		*into = work.Expression(n.text)
	}
}

// barePath matches item.kind and evidence.accounts.
func barePath(text string) bool {
	const letters, more = "abcdefghijklmnopqrstuvwxyz_", "0123456789."
	return text != "" && strings.Contains(letters, text[:1]) && strings.Trim(text, letters+more) == ""
}
