package web

import (
	"bytes"
	"html/template"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// prose shows Markdown that people wrote elsewhere. It is the only place where
// a text from outside becomes HTML: what goldmark makes of it passes a sanitiser
// that lets through what is listed, and nothing of which a browser would load or
// run anything.
type prose struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

// longestProse is how many characters of a text are shown; the rest is at its
// source.
const longestProse = 20_000

func newProse() prose {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h3", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li")
	p.AllowStandardURLs()
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(false) // they would lead to this server
	p.AllowAttrs("href").OnElements("a")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true) // and with it rel=noopener
	md := goldmark.New(
		goldmark.WithExtensions(extension.Strikethrough, extension.Linkify),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(flatten{}, 1))))
	return prose{md, p}
}

// flatten makes all headings those of the third level: the page has its own
// above them. Images are shown as links, as a page loads nothing from elsewhere.
type flatten struct{}

// Transform changes a document before it is written.
func (flatten) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var images []*ast.Image
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it returns only what the function does
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = 3
		case *ast.Image:
			if entering {
				images = append(images, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range images {
		link := ast.NewLink()
		link.Destination = n.Destination
		words := ast.NewString([]byte("picture"))
		if n.HasChildren() {
			words = ast.NewString([]byte("picture: "))
		}
		link.AppendChild(link, words)
		for c := n.FirstChild(); c != nil; c = n.FirstChild() {
			link.AppendChild(link, c)
		}
		n.Parent().ReplaceChild(n.Parent(), n, link)
	}
}

// html is the text as a part of a page.
func (p prose) html(source string) template.HTML {
	if utf8.RuneCountInString(source) > longestProse {
		source = string([]rune(source)[:longestProse]) + " …"
	}
	var b bytes.Buffer
	if err := p.markdown.Convert([]byte(source), &b); err != nil { // it fails where a buffer does: never
		return template.HTML("<p>" + template.HTMLEscapeString(strings.TrimSpace(source)) + "</p>") //nolint:gosec // it is escaped
	}
	return template.HTML(p.policy.SanitizeBytes(b.Bytes())) //nolint:gosec // it is what the sanitiser lets through
}
