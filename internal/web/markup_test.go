package web_test

import (
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// words is what a page says, without its marks; pictures say their titles.
func (r reply) words() string {
	if r.page == nil {
		return r.text
	}
	var b strings.Builder
	for n := range r.page.Descendants() {
		if n.Type == html.TextNode && !slices.Contains([]string{"script", "style"}, n.Parent.Data) {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// form returns the fields of the form that goes to an address, as a browser
// sends it when nothing was changed; nil where there is none. Where several go
// there, has is a text in the one that is meant.
func (r reply) form(action, has string) url.Values {
	for form := range each(r.page, "form") {
		if attribute(form, "action") != action || !strings.Contains(textOf(form)+marked(form), has) {
			continue
		}
		values := url.Values{}
		for n := range form.Descendants() {
			name := attribute(n, "name")
			_, disabled := valueOf(n, "disabled")
			if name == "" || disabled {
				continue
			}
			switch n.Data {
			case "input":
				_, checked := valueOf(n, "checked")
				if kind := attribute(n, "type"); kind != "submit" && (kind != "checkbox" && kind != "radio" || checked) {
					values.Add(name, attribute(n, "value"))
				}
			case "textarea":
				values.Add(name, textOf(n))
			case "select":
				values.Add(name, selected(n))
			}
		}
		return values
	}
	return nil
}

// marked are the values of the fields of a form.
func marked(form *html.Node) string {
	var b strings.Builder
	for n := range each(form, "input") {
		b.WriteString(" " + attribute(n, "value"))
	}
	return b.String()
}

func selected(list *html.Node) string {
	value, found := "", false
	for n := range each(list, "option") {
		if _, chosen := valueOf(n, "selected"); chosen || !found {
			own, ok := valueOf(n, "value")
			if value = own; !ok {
				value = textOf(n)
			}
			found = true
			if chosen {
				return value
			}
		}
	}
	return value
}

// links are the addresses that a page leads to.
func (r reply) links() []string {
	var all []string
	for n := range each(r.page, "a") {
		all = append(all, attribute(n, "href"))
	}
	return all
}

// each finds the elements of a name.
func each(from *html.Node, name string) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		if from == nil {
			return
		}
		for n := range from.Descendants() {
			if n.Type == html.ElementNode && n.Data == name && !yield(n) {
				return
			}
		}
	}
}

// first finds the first element of a name, or with [attribute=value].
func first(from *html.Node, what string) *html.Node {
	name, value, by := strings.Cut(strings.Trim(what, "[]"), "=")
	for n := range from.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if got, has := valueOf(n, name); by && has && got == value || !by && n.Data == what {
			return n
		}
	}
	return nil
}

func textOf(from *html.Node) string {
	var b strings.Builder
	for n := range from.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func valueOf(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func attribute(n *html.Node, name string) string {
	value, _ := valueOf(n, name)
	return value
}

// flaws lists what is wrong with a page for the strict content security policy
// and for people who cannot see it or use no mouse.
func flaws(page *html.Node) []string {
	c := checker{ids: map[string]bool{}, labelled: map[string]bool{}}
	for n := range each(page, "label") {
		c.labelled[attribute(n, "for")] = true
	}
	for n := range page.Descendants() {
		if n.Type == html.ElementNode {
			c.element(n)
		}
	}
	if c.titles != 1 {
		c.add("there are %d h1", c.titles)
	}
	return c.found
}

type checker struct {
	found         []string
	ids, labelled map[string]bool
	titles, level int
}

func (c *checker) add(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

func (c *checker) element(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			c.add("%s has the attribute %s, which the policy forbids", n.Data, a.Key)
		case (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.Contains(strings.ToLower(a.Val), "javascript:"):
			c.add("%s leads to a script", n.Data)
		case a.Key == "id":
			if c.ids[a.Val] {
				c.add("the id %s stands twice", a.Val)
			}
			c.ids[a.Val] = true
		}
	}
	c.kind(n)
}

func (c *checker) kind(n *html.Node) {
	switch n.Data {
	case "style":
		c.add("style stands in the page, which the policy forbids")
	case "script":
		if attribute(n, "src") == "" || n.FirstChild != nil {
			c.add("a script stands in the page, which the policy forbids")
		}
	case "h1", "h2", "h3", "h4", "h5", "h6":
		level := int(n.Data[1] - '0')
		if level == 1 {
			c.titles++
		}
		if level > c.level+1 {
			c.add("%s %q follows h%d", n.Data, textOf(n), c.level)
		}
		c.level = level
	case "table":
		if first(n, "caption") == nil {
			c.add("a table has no caption")
		}
	case "svg":
		if attribute(n, "role") != "img" && attribute(n, "aria-hidden") != "true" {
			c.add("a picture has no role")
		}
	case "img":
		if _, ok := valueOf(n, "alt"); !ok {
			c.add("an image says nothing to who cannot see it")
		}
	case "form":
		c.form(n)
	case "input", "select", "textarea":
		c.control(n)
	case "button":
		if strings.TrimSpace(textOf(n)) == "" && attribute(n, "aria-label") == "" {
			c.add("a button has no words")
		}
	case "a":
		c.link(n)
	}
}

func (c *checker) form(n *html.Node) {
	if strings.EqualFold(attribute(n, "method"), "post") && (first(n, "[name=csrf]") == nil || attribute(first(n, "[name=csrf]"), "value") != csrf) {
		c.add("the form to %s has no csrf token", attribute(n, "action"))
	}
}

func (c *checker) control(n *html.Node) {
	switch attribute(n, "type") {
	case "hidden", "submit":
		return
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return
		}
	}
	if attribute(n, "aria-label") == "" && attribute(n, "aria-labelledby") == "" && !c.labelled[attribute(n, "id")] {
		c.add("the field %s has no label", attribute(n, "name"))
	}
}

func (c *checker) link(n *html.Node) {
	if strings.TrimSpace(textOf(n)) == "" && attribute(n, "aria-label") == "" {
		c.add("a link to %s has no words", attribute(n, "href"))
	}
	if strings.HasPrefix(attribute(n, "href"), "http") && !strings.Contains(attribute(n, "rel"), "noopener") {
		c.add("the link to %s has no rel=noopener", attribute(n, "href"))
	}
}
