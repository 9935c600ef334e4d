package browser

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp/kb"
)

// Press presses keys one after the other: "Tab", "Shift+Tab", "Enter", "Space",
// "Escape", "ArrowDown", "Home", "/" or a letter.
func (t *Tab) Press(keys ...string) {
	t.tb.Helper()
	for _, key := range keys {
		t.press(key)
	}
	t.settle()
}

// Type types a text where the focus is.
func (t *Tab) Type(text string) {
	t.tb.Helper()
	for _, r := range text {
		t.strike(r, 0)
	}
	t.settle()
}

func (t *Tab) press(key string) {
	t.tb.Helper()
	name, modifiers := key, int64(0)
	for _, held := range []struct {
		prefix string
		bit    int64
	}{{"Control+", 2}, {"Alt+", 1}, {"Shift+", 8}} {
		if rest, found := strings.CutPrefix(name, held.prefix); found {
			name, modifiers = rest, modifiers|held.bit
		}
	}
	r, known := map[string]string{
		"Tab": kb.Tab, "Enter": kb.Enter, "Space": " ", "Escape": kb.Escape, "Backspace": kb.Backspace, "Delete": kb.Delete, "Home": kb.Home, "End": kb.End,
		"ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight, "PageDown": kb.PageDown, "PageUp": kb.PageUp,
	}[name]
	if !known {
		r = name
	}
	if runes := []rune(r); len(runes) == 1 {
		t.strike(runes[0], modifiers)
		return
	}
	t.tb.Fatalf("there is no key %q", key)
}

func (t *Tab) strike(r rune, modifiers int64) {
	t.tb.Helper()
	events := kb.Encode(r)
	for i, event := range events {
		if event.Type == input.DispatchKeyEventTypeChar && i > 0 {
			continue
		}
		if i+1 < len(events) && events[i+1].Type == input.DispatchKeyEventTypeChar {
			// The character comes with the key, so that a page which takes the key for
			// itself gets no character, as with a real keyboard.
			event.Type, event.Text, event.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, events[i+1].Text, events[i+1].UnmodifiedText
		}
		event.Modifiers |= modifiers
		call(t, input.DispatchKeyEvent, *event)
	}
}

// Focus returns the node that has the focus, with empty role where nothing has.
func (t *Tab) Focus() Node {
	t.tb.Helper()
	object := call(t, runtime.Evaluate, runtime.EvaluateParams{Expression: "document.activeElement"}).Result
	if object.ObjectID == "" {
		return Node{tab: t}
	}
	no := false
	r := call(t, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: object.ObjectID, FetchRelatives: &no})
	if len(r.Nodes) == 0 || text(r.Nodes[0].Role) == "RootWebArea" || object.ClassName == "HTMLBodyElement" {
		return Node{tab: t}
	}
	n := r.Nodes[0]
	return Node{tab: t, id: n.BackendDOMNodeID, Role: text(n.Role), Name: text(n.Name)}
}

// Reach presses Tab until the node with the role and the name has the focus.
// Each stop on the way must have a name and show that it has the focus; one that
// was seen on the same page before is not looked at again.
func (t *Tab) Reach(role, name string) Node {
	t.tb.Helper()
	const most = 300
	page, _, _ := strings.Cut(t.Address(), "?")
	var stops []string
	var last Node
	for range most {
		t.press("Tab")
		n := t.Focus()
		if n.Role == "" {
			stops = append(stops, "the page")
			continue
		}
		stops = append(stops, fmt.Sprintf("%s %q", n.Role, n.Name))
		if n.Name == "" {
			t.tb.Errorf("a stop of the keyboard has no name: %s %s", n.Role, short(n.HTML()))
		}
		if n.id == last.id {
			continue // a date has a stop for day, month and year
		}
		last = n
		if _, known := t.shared.shown.LoadOrStore(strings.Join([]string{page, n.Role, n.Name}, "\n"), true); !known && !n.Shown() {
			t.tb.Errorf("nobody sees that %s %q has the focus", n.Role, n.Name)
		}
		if n.Role == role && n.Name == name {
			return n
		}
		if len(stops) > 2 && stops[len(stops)-1] == stops[0] && stops[len(stops)-2] == "the page" {
			break // once around
		}
	}
	t.tb.Fatalf("the keyboard does not reach %s %q; it stops at: %s", role, name, short(strings.Join(stops, ", ")))
	return Node{}
}

// Shown reports whether somebody sees that the node has the focus: it looks
// other without it, and it is on the screen.
func (n Node) Shown() bool {
	n.tab.tb.Helper()
	return n.ask(`function() {
		const how = () => { const s = getComputedStyle(this); return [s.outlineStyle === "none" ? "" : s.outlineStyle + s.outlineWidth + s.outlineColor, s.boxShadow, s.border, s.backgroundColor, s.textDecoration].join() }
		const box = this.getBoundingClientRect()
		const visible = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth
		const focused = how()
		this.blur()
		const blurred = how()
		this.focus({preventScroll: true, focusVisible: true})
		return visible && focused !== blurred ? "yes" : ""
	}`) == "yes"
}
