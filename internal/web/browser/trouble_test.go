package browser_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/web/browser"
)

// kind opens the page of the last kind of change that is made at many records of
// the team web, and returns its path.
func kind(t *testing.T, d *daemon, tab *browser.Tab) string {
	t.Helper()
	tab.Open(d.url + "/plan?team=web")
	many := kinds(tab)
	if len(many) == 0 {
		t.Fatalf("there is no kind of change at many records:\n%s", tab.Text())
	}
	path := browser.Evaluate[string](tab, `[...document.querySelectorAll("a[href^='/plan/fold']")].filter(a => /^\d+$/.test(a.textContent)).at(-1).getAttribute("href")`)
	tab.Open(d.url + path)
	return path
}

// offers reports whether a change can be chosen, now.
func offers(tab *browser.Tab, box string) bool {
	return slices.ContainsFunc(tab.All("checkbox"), func(n browser.Node) bool { return n.Name == box })
}

// The steps follow each other at one company.
func TestWhatGoesWrongWhileSomebodyApprovesIsTold(t *testing.T) {
	t.Parallel()
	d := tried.daemon(t)
	t.Run("the session has expired", func(t *testing.T) {
		tab := d.tab(t, browser.Look{})
		path := kind(t, d, tab)
		box := starting(t, tab, "checkbox", "Choose jira:")
		tab.Click("checkbox", box)
		tab.SignOut()
		tab.Click("button", "Approve what is chosen")
		tab.Sees("You are signed out by now, so nothing was sent. Copy what you had typed before you go on.")
		tab.Accessible()
		tab.Click("link", "Sign in again")
		tab.Find("textbox", "Token of the admin").Fill(webToken)
		tab.Click("button", "Sign in")
		tab.Find("heading", "Order")
		tab.Open(d.url + path)
		if !offers(tab, box) || strings.Contains(tab.Text(), "approved by") {
			t.Errorf("somebody who is signed out approved %s:\n%s", box, tab.Text())
		}
		tab.NoComplaints()
	})
	t.Run("the server has ended the session", func(t *testing.T) { endedByServer(t, d) })
	t.Run("somebody else rejects the same", func(t *testing.T) {
		ana, cy := d.tab(t, browser.Look{}), d.tab(t, browser.Look{NoScript: true})
		box := ""
		for tries := 0; ; tries++ { // what was approved before is written beside, and the plan is another then
			cy.Open(d.url + kind(t, d, ana))
			box = starting(t, ana, "checkbox", "Choose jira:")
			if got := starting(t, cy, "checkbox", "Choose jira:"); got == box {
				break
			} else if tries == 10 {
				t.Fatalf("he sees %s, she %s", box, got)
			}
		}
		ana.Click("checkbox", box)
		// She rejects the same edit without script.
		cy.All("DisclosureTriangle")[0].Click()
		cy.Find("textbox", "Why, for those who look later").Fill("not before the release")
		cy.Click("button", "Reject")
		cy.Sees("Rejected.")
		ana.Click("button", "Approve what is chosen")
		ana.Sees("not:")
		ana.Sees("0 edits are approved")
		ana.NoComplaints()
		cy.NoComplaints()
	})
	t.Run("the plan is another by now", func(t *testing.T) {
		late := d.tab(t, browser.Look{})
		late.Open(d.url + "/plan?team=web")
		seen := starting(t, late, "checkbox", "Choose ")
		quick := d.tab(t, browser.Look{})
		quick.Open(d.url + "/plan?team=web")
		quick.Click("checkbox", seen)
		quick.Click("button", "Approve what is chosen")
		quick.Sees("approved and will be written")
		for end := time.Now().Add(patience); offers(quick, seen); quick.Open(d.url + "/plan?team=web") {
			if time.Now().After(end) {
				t.Fatalf("it is not written:\n%s", quick.Text())
			}
		}
		late.Click("checkbox", seen)
		late.Click("button", "Approve what is chosen")
		late.Sees("You saw plan")
		late.NoComplaints()
	})
}

func TestALinkToWhatIsGoneSaysWhatToDo(t *testing.T) {
	t.Parallel()
	d := acme.daemon(t)
	tab := d.tab(t, browser.Look{Phone: true})
	for _, path := range []string{"/item?ref=jira:PAY-9999", "/plan/fold?key=gone", "/plan/undone?id=gone&run=1", "/nowhere", "/item?ref=%00"} {
		if status := tab.Open(d.url + path); status != http.StatusNotFound && status != http.StatusBadRequest {
			t.Errorf("%s answers with %d", path, status)
		}
		if len(tab.All("alert")) != 1 {
			t.Errorf("%s tells nothing:\n%s", path, tab.Text())
		}
		tab.Find("link", "Back")
		flawless(t, tab)
	}
}

func TestWithoutScriptAnItemIsFoundAndAPlaceIsSet(t *testing.T) {
	t.Parallel()
	d := tried.daemon(t)
	tab := d.tab(t, browser.Look{NoScript: true, Phone: true})
	tab.Open(d.url + "/")
	tab.Find("searchbox", "Search").Fill("Login loops after")
	tab.Click("button", "Show")
	tab.Leads("q=Login")
	tab.Click("link", "Login loops after the session expired")
	tab.Leads("/item")
	tab.Find("spinbutton", "Place").Fill("4")
	tab.All("textbox")[1].Fill("support asks every day")
	tab.Click("button", "Set place")
	tab.Sees("support asks every day")
	tab.Open(d.url + "/what-if")
	tab.Find("textbox", "Pull of find it").Fill("3")
	tab.Click("button", "Compare")
	tab.Sees("items move")
	flawless(t, tab)
}
