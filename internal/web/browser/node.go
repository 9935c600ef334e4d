package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Node is something on a page as a screen reader tells it: it has a role, such
// as button, link, heading, row, textbox, and a name.
type Node struct {
	tab        *Tab
	id         cdp.BackendNodeID
	Role, Name string
}

// Find waits until there is exactly one node with the role and the name on the
// page.
func (t *Tab) Find(role, name string) Node {
	t.tb.Helper()
	return t.one(t.root, role, name)
}

// All returns the nodes of a role in the order of the page, now.
func (t *Tab) All(role string) []Node {
	t.tb.Helper()
	nodes, err := t.query(t.root, role, "")
	if err != nil {
		t.tb.Fatalf("look for each %s: %v", role, err)
	}
	return nodes
}

// Click clicks on the one node with the role and the name.
func (t *Tab) Click(role, name string) {
	t.tb.Helper()
	t.Find(role, name).Click()
}

// Find waits until there is exactly one node with the role and the name inside
// of this one.
func (n Node) Find(role, name string) Node {
	n.tab.tb.Helper()
	return n.tab.one(func() (cdp.BackendNodeID, error) { return n.id, nil }, role, name)
}

func (t *Tab) one(inside func() (cdp.BackendNodeID, error), role, name string) Node {
	t.tb.Helper()
	var found []Node
	var err error
	if t.until(func() bool { found, err = t.query(inside, role, name); return err == nil && len(found) == 1 }) {
		return found[0]
	}
	var others []string
	more, _ := t.query(inside, role, "") // it is only told
	for _, n := range more {
		others = append(others, fmt.Sprintf("%q", n.Name))
	}
	slices.Sort(others)
	t.tb.Fatalf("there are %d of role %s with the name %q, not one (%v); of that role there are: %s", len(found), role, name, t.cause(err), short(strings.Join(slices.Compact(others), ", ")))
	return Node{}
}

// answerTime is how long a question about a page may take: one about a page that
// goes away meanwhile is never answered, and is asked again.
const answerTime = 3 * time.Second

// root is the page itself.
func (t *Tab) root() (cdp.BackendNodeID, error) {
	ctx, cancel := context.WithTimeout(t.ctx, answerTime)
	defer cancel()
	r, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		return 0, err
	}
	return r.Root.BackendNodeID, nil
}

// query returns what a screen reader tells, without what it passes over. It asks
// for nothing while a page is on its way or about to go by itself: Chromium's
// process of the page crashes where such a question meets a page that comes or
// goes (seen with 156).
func (t *Tab) query(inside func() (cdp.BackendNodeID, error), role, name string) ([]Node, error) {
	t.stays()
	id, err := inside()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(t.ctx, answerTime)
	defer cancel()
	r, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{BackendNodeID: id, Role: role, AccessibleName: name})
	if err != nil {
		return nil, err
	}
	var nodes []Node
	for _, n := range r.Nodes {
		if !n.Ignored && n.BackendDOMNodeID != 0 {
			nodes = append(nodes, Node{tab: t, id: n.BackendDOMNodeID, Role: text(n.Role), Name: text(n.Name)})
		}
	}
	return nodes, nil
}

func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	_ = json.Unmarshal(v.Value, &s) // what is no text has none
	return s
}

// Click moves the mouse to the middle of the node and clicks. What lies above it
// must not be in the way.
func (n Node) Click() {
	n.tab.tb.Helper()
	x, y := n.middle()
	if above := n.ask(`function(x, y) {
		const e = document.elementFromPoint(x, y)
		return !e || e === this || this.contains(e) || (e.labels === undefined && e.contains(this)) || e.control === this ? "" : e.cloneNode().outerHTML
	}`, x, y); above != "" {
		n.tab.tb.Fatalf("nobody can click on %s %q: %s lies above it", n.Role, n.Name, above)
	}
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		p := input.DispatchMouseEventParams{Type: kind, X: x, Y: y}
		if kind != input.DispatchMouseEventTypeMouseMoved {
			p.Button, p.ClickCount = input.MouseButtonLeft, 1
		}
		call(n.tab, input.DispatchMouseEvent, p)
	}
	n.tab.settle()
}

// middle brings the node into view and returns where it is.
func (n Node) middle() (x, y float64) {
	n.tab.tb.Helper()
	call(n.tab, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: n.id})
	r := call(n.tab, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: n.id})
	if len(r.Quads) == 0 {
		n.tab.tb.Fatalf("%s %q is nowhere on the page", n.Role, n.Name)
	}
	q := r.Quads[0]
	return (q[0] + q[2] + q[4] + q[6]) / 4, (q[1] + q[3] + q[5] + q[7]) / 4
}

// Fill puts a text into a field instead of what is there, as typing does.
func (n Node) Fill(text string) {
	n.tab.tb.Helper()
	call(n.tab, dom.Focus, dom.FocusParams{BackendNodeID: n.id})
	n.ask(`function() { this.select ? this.select() : 0; return "" }`)
	call(n.tab, input.InsertText, input.InsertTextParams{Text: text})
	if got := n.Value(); got != text {
		n.tab.tb.Fatalf("%s %q holds %q after %q was typed", n.Role, n.Name, got, text)
	}
	n.tab.settle()
}

// Choose takes the option with a text in a list to choose from.
func (n Node) Choose(option string) {
	n.tab.tb.Helper()
	if wrong := n.ask(`function(text) {
		const o = [...this.options].find(o => o.text.trim() === text)
		if (!o) return "there are " + [...this.options].map(o => o.text.trim()).join(", ")
		this.value = o.value
		this.dispatchEvent(new Event("input", {bubbles: true}))
		this.dispatchEvent(new Event("change", {bubbles: true}))
		return ""
	}`, option); wrong != "" {
		n.tab.tb.Fatalf("%s %q has no option %q: %s", n.Role, n.Name, option, wrong)
	}
	n.tab.settle()
}

// Value is what a field holds.
func (n Node) Value() string { return n.ask(`function() { return this.value ?? "" }`) }

// Text is what can be read in the node.
func (n Node) Text() string { return n.ask(`function() { return this.innerText ?? "" }`) }

// HTML is the source of the node.
func (n Node) HTML() string { return n.ask(`function() { return this.outerHTML ?? "" }`) }

// Attribute is that of the element, "" where it has none.
func (n Node) Attribute(name string) string {
	return n.ask(`function(name) { return this.getAttribute(name) ?? "" }`, name)
}

// ask runs a function on the element, which returns a text.
func (n Node) ask(function string, args ...any) string {
	n.tab.tb.Helper()
	object := call(n.tab, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: n.id}).Object
	yes := true
	params := runtime.CallFunctionOnParams{FunctionDeclaration: function, ObjectID: object.ObjectID, ReturnByValue: &yes}
	for _, a := range args {
		raw, err := json.Marshal(a)
		if err != nil {
			n.tab.tb.Fatal(err)
		}
		params.Arguments = append(params.Arguments, &runtime.CallArgument{Value: raw})
	}
	r := call(n.tab, runtime.CallFunctionOn, params)
	if r.ExceptionDetails != nil {
		n.tab.tb.Fatalf("%s %q: %s", n.Role, n.Name, tell(r.ExceptionDetails))
	}
	var s string
	if err := json.Unmarshal(r.Result.Value, &s); err != nil {
		n.tab.tb.Fatalf("%s %q: %v", n.Role, n.Name, err)
	}
	return s
}
