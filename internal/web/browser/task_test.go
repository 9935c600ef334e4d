package browser_test

import (
	"strings"
	"testing"
	"time"

	"tandem/internal/web/browser"
)

// starting returns the name of the first node of a role whose name begins so.
func starting(t *testing.T, tab *browser.Tab, role, prefix string) string {
	t.Helper()
	for _, n := range tab.All(role) {
		if strings.HasPrefix(n.Name, prefix) {
			return n.Name
		}
	}
	t.Fatalf("no %s begins with %q on %s:\n%s", role, prefix, tab.Address(), tab.Text())
	return ""
}

// kinds returns the names of the links to the kinds of changes that are made at
// many records: how many there are.
func kinds(tab *browser.Tab) []string {
	var all []string
	for _, n := range tab.All("link") {
		if n.Name != "" && strings.Trim(n.Name, "0123456789") == "" {
			all = append(all, n.Name)
		}
	}
	return all
}

// TestEachTaskIsDoneByKeyboardAlone does what each page is for, without a mouse.
// Each stop of the keyboard has a name and is seen (Reach).
func TestEachTaskIsDoneByKeyboardAlone(t *testing.T) {
	t.Parallel()
	d := tried.daemon(t)
	for _, task := range []struct {
		name, path string
		do         func(*testing.T, *browser.Tab)
	}{
		{"an item is found", "/", findItem},
		{"a place is set", "/item?ref=jira:PAY-12", setPlace},
		{"somebody objects", "/item?ref=jira:PAY-27", objectTo},
		{"hands are kept off", "/item?ref=jira:PAY-15", keepOff},
		{"a change is rejected", "/plan?team=pay", rejectOne},
		{"some of a kind are approved", "/plan?team=pay&connector=github", approveSome},
		{"a kind is approved", "/plan?team=pay", approveKind},
		{"an undo is looked at", "/plan?team=pay", lookAtUndo},
		{"values are compared", "/what-if", compareValues},
		{"writing is paused and goes on", "/health", pauseAndResume},
	} {
		ok := t.Run(task.name, func(t *testing.T) {
			tab := d.tab(t, browser.Look{})
			tab.Open(d.url + task.path)
			task.do(t, tab)
			tab.NoComplaints()
		})
		if !ok {
			break // what follows builds on it
		}
	}
}

func findItem(t *testing.T, tab *browser.Tab) {
	t.Helper()
	tab.Press("/")
	tab.Type("CSV export drops")
	if got := tab.Focus().Text() + tab.Find("searchbox", "Search").Value(); got != "CSV export drops" {
		t.Errorf("typed %q", got)
	}
	tab.Press("Enter")
	tab.Reach("link", "CSV export drops rows without a warning")
	tab.Press("Enter")
	tab.Find("heading", "CSV export drops rows without a warning")
	tab.Find("heading", "Why it stands there")
}

func setPlace(_ *testing.T, tab *browser.Tab) {
	tab.Reach("spinbutton", "Place")
	tab.Type("9")
	tab.Reach("textbox", "Reason")
	tab.Type("the auditors come in March")
	tab.Reach("button", "Set place")
	tab.Press("Enter")
	tab.Sees("the auditors come in March")
}

func objectTo(_ *testing.T, tab *browser.Tab) {
	tab.Reach("textbox", "Reason")
	tab.Type("the law changes again")
	tab.Reach("button", "Object")
	tab.Press("Enter")
	tab.Sees("Objection by")
	tab.Sees("the law changes again")
}

func keepOff(_ *testing.T, tab *browser.Tab) {
	tab.Reach("button", "Hands off")
	tab.Agree()
	tab.Press("Enter")
	tab.Sees("Objection by")
}

// decide does what decides on a change of the page that is open. Where the plan
// was made anew meanwhile, because of what was done before, the page that comes
// says so, and it is done once more, as a person does.
func decide(tab *browser.Tab, do func()) {
	page := tab.Address()
	for range 5 {
		do()
		if !strings.Contains(tab.Text(), "look at the plan again") {
			return
		}
		tab.Open(page)
	}
}

// approve approves the first that can be chosen whose name begins so.
func approve(t *testing.T, tab *browser.Tab, prefix string) {
	t.Helper()
	tab.Reach("checkbox", starting(t, tab, "checkbox", prefix))
	tab.Press("Space", "Enter")
}

func approveKind(t *testing.T, tab *browser.Tab) {
	t.Helper()
	decide(tab, func() { approve(t, tab, "Choose ") })
	tab.Sees("approved and will be written with the next cycle.")
}

// openKind opens the first kind of change that is made at many records.
func openKind(t *testing.T, tab *browser.Tab) {
	t.Helper()
	many := kinds(tab)
	if len(many) == 0 {
		t.Fatalf("no change is made at many records:\n%s", tab.Text())
	}
	tab.Reach("link", many[0])
	tab.Press("Enter")
	tab.Sees("The same change at")
}

func approveSome(t *testing.T, tab *browser.Tab) {
	t.Helper()
	decide(tab, func() {
		openKind(t, tab)
		approve(t, tab, "Choose github:")
	})
	tab.Sees("approved and will be written with the next cycle.")
}

func rejectOne(t *testing.T, tab *browser.Tab) {
	t.Helper()
	decide(tab, func() {
		openKind(t, tab)
		tab.Reach("DisclosureTriangle", "Reject…")
		tab.Press("Enter")
		tab.Reach("textbox", "Why, for those who look later")
		tab.Type("not before the release")
		tab.Reach("button", "Reject")
		tab.Press("Enter")
	})
	tab.Sees("Rejected. It is proposed again when what it was made of changes.")
}

func lookAtUndo(t *testing.T, tab *browser.Tab) {
	t.Helper()
	const name = "Look what undoing it would put back"
	for end := time.Now().Add(patience); !strings.Contains(tab.Text(), name); tab.Open(tab.Address()) {
		if time.Now().After(end) {
			t.Fatalf("what was approved is not written:\n%s", tab.Text())
		}
	}
	tab.Reach("button", name)
	tab.Press("Enter")
	tab.Sees("This is what would be put back.")
	if !strings.HasPrefix(starting(t, tab, "button", "Put back "), "Put back ") {
		t.Error("it cannot be put back")
	}
}

func compareValues(_ *testing.T, tab *browser.Tab) {
	tab.Reach("textbox", "Pull of keep exporters")
	tab.Press("End", "Backspace")
	tab.Type("4")
	tab.Press("Enter")
	tab.Sees("items move")
	tab.Find("heading", "With other values")
}

func pauseAndResume(_ *testing.T, tab *browser.Tab) {
	tab.Reach("textbox", "Why, for those who look later")
	tab.Type("the release is on")
	tab.Agree()
	tab.Press("Enter")
	tab.Sees("Writing is paused by")
	tab.Sees("the release is on")
	tab.Reach("button", "Write again")
	tab.Press("Enter")
	tab.Find("button", "Pause all writing")
}
