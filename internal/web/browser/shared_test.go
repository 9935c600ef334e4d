package browser_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/web/browser"
)

// TestARoadmapIsReadByItsLinkAlone looks at what stakeholders get, as each of
// them may look at it.
func TestARoadmapIsReadByItsLinkAlone(t *testing.T) {
	t.Parallel()
	d := guarded.daemon(t)
	for name, look := range map[string]browser.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}, "without script": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tab := chromium.Tab(t, look)
			if status := tab.Open(d.url + "/shared/" + secrets()["customers"] + "/"); status != http.StatusOK {
				t.Fatalf("status %d: %s", status, tab.Text())
			}
			tab.Sees("Do title 1 of open")
			told := browser.Evaluate[string](tab, "document.documentElement.outerHTML")
			for _, a := range tab.Received() {
				told += a.Headers + a.Body
			}
			for _, kept := range []string{internalMark, restrictedMark, "csrf", "Sign out", "ana@", "cookie"} {
				if strings.Contains(strings.ToLower(told), strings.ToLower(kept)) {
					t.Errorf("it tells %q", kept)
				}
			}
			flawless(t, tab)
			if name == "light" {
				tab.Open(d.url + "/shared/" + secrets()["partners"] + "/")
				tab.Sees("Do " + internalMark)
				if strings.Contains(tab.Text(), restrictedMark) {
					t.Errorf("partners read %s", tab.Text())
				}
			}
		})
	}
}

// TestALinkThatIsTakenBackEndsWhileItIsOpen takes a link away under the eyes of
// its reader.
func TestALinkThatIsTakenBackEndsWhileItIsOpen(t *testing.T) {
	t.Parallel()
	d := guarded.daemon(t)
	tab := chromium.Tab(t, browser.Look{Phone: true})
	address := d.url + "/shared/" + secrets()["press"] + "/"
	tab.Open(address)
	tab.Sees("Do title 1 of open")
	const another = "another-token-of-the-press-0000000004"
	if err := os.WriteFile(filepath.Join(d.folder, "press.token"), []byte(another), 0o600); err != nil {
		t.Fatal(err)
	}
	files := func() int {
		return browser.Evaluate[int](tab, `fetch("roadmap.csv").then(r => r.status)`)
	}
	for end := time.Now().Add(patience); files() == http.StatusOK; time.Sleep(time.Second) {
		if time.Now().After(end) {
			t.Fatal("the link still counts")
		}
	}
	_ = tab.Complaints()           // that the file did not come
	tab.Sees("Do title 1 of open") // what was read stays
	if status := tab.Open(address); status != http.StatusNotFound {
		t.Errorf("status %d", status)
	}
	tab.Sees("The link is misspelt, or counts no more.")
	tab.Sees("Ask whoever gave it to you for the new one.")
	if text := tab.Text(); strings.Contains(text, "Do title") || strings.Contains(text, "Sign out") {
		t.Errorf("it tells %s", text)
	}
	flawless(t, tab)
	tab.Open(d.url + fmt.Sprintf("/shared/%s/", another))
	tab.Sees("Do title 1 of open")
}
