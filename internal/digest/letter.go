package digest

import (
	_ "embed" // the page of a mail
	"fmt"
	"html/template"
	"strings"
)

//go:embed letter.tmpl
var letterPage string

// part is a heading, a paragraph, or a list with all its entries.
type part struct {
	Kind  Kind
	Lines []Line
}

// Each returns the entries of a list, one at a time.
func (p part) Each() [][]Line {
	all := make([][]Line, 0, len(p.Lines))
	for i := range p.Lines {
		all = append(all, p.Lines[i:i+1])
	}
	return all
}

// letter returns the text as a page for mail. html/template escapes whatever it
// holds.
func letter(t *Text) (string, error) {
	page, err := template.New("letter").Parse(letterPage)
	if err != nil {
		return "", fmt.Errorf("write the mail: %w", err)
	}
	in := struct {
		Subject, Link string
		Parts         []part
	}{Subject: t.Subject, Link: t.Link}
	for _, l := range t.Lines {
		if last := len(in.Parts) - 1; l.Kind == Bullet && last >= 0 && in.Parts[last].Kind == Bullet {
			in.Parts[last].Lines = append(in.Parts[last].Lines, l)
			continue
		}
		in.Parts = append(in.Parts, part{l.Kind, []Line{l}})
	}
	var b strings.Builder
	if err := page.Execute(&b, in); err != nil {
		return "", fmt.Errorf("write the mail: %w", err)
	}
	return b.String(), nil
}
