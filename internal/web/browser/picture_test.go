package browser_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tandem/internal/web/browser"
)

// mostBytes is how much a picture in the docs may weigh.
const mostBytes = 150 << 10

// shown is a page that the docs show.
type shown struct {
	name, path string
	// looks are how it is shown besides light.
	looks []string
	// waiting is a page of the company where everything waits for approval.
	waiting bool
}

// pages are those that make pictures shows, in the order in which the docs tell
// of them.
func pages() []shown {
	every := []string{"dark", "phone"}
	return []shown{
		{name: "order", path: "/", looks: every},
		{name: "item", path: "/item?ref=jira:PAY-12", looks: every},
		{name: "pm", path: "/pm", looks: every},
		{name: "po", path: "/po", looks: every},
		{name: "tension", path: "/tension", looks: every},
		{name: "plan", path: "/plan?team=pay", waiting: true, looks: every},
		{name: "what-if", path: "/what-if?set.goals.keep_exporters.weight=4", looks: every},
		{name: "health", path: "/health", looks: every},
		{name: "roadmap", path: "/roadmap", looks: every},
	}
}

// TestPictures writes the pictures of the docs anew: make pictures.
func TestPictures(t *testing.T) {
	folder := os.Getenv("TANDEM_PICTURES")
	if folder == "" {
		t.Skip("TANDEM_PICTURES names no folder: this writes docs/pictures anew; make pictures sets it")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, page := range pages() {
		d := acme.daemon(t)
		if page.waiting {
			d = tried.daemon(t)
		}
		take(t, folder, d.url, page, d.tab)
	}
}

// views are how each page is shown, by the end of the name of its picture.
func views() map[string]browser.Look {
	return map[string]browser.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}}
}

// take writes a picture of a page in light and in its other looks:
// NAME-VIEW.png.
func take(t *testing.T, folder, base string, page shown, open func(testing.TB, browser.Look) *browser.Tab) {
	t.Helper()
	for view, look := range views() {
		if view != "light" && !slices.Contains(page.looks, view) {
			continue
		}
		tab := open(t, look)
		if status := tab.Open(base + page.path); status != 200 {
			t.Errorf("%s answers with %d; a picture shows what works", page.path, status)
			continue
		}
		tab.NoComplaints()
		picture := tab.Picture()
		name := page.name + "-" + view + ".png"
		if len(picture) > mostBytes {
			t.Errorf("%s has %d bytes, more than %d", name, len(picture), mostBytes)
		}
		if err := os.WriteFile(filepath.Join(folder, name), picture, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes", name, len(picture))
	}
}

func TestAPictureIsWrittenForEachView(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	take(t, folder, site(t, clean).URL, shown{name: "order", path: "/", looks: []string{"dark", "phone"}}, chromium.Tab)
	for view := range views() {
		if _, err := os.Stat(filepath.Join(folder, "order-"+view+".png")); err != nil {
			t.Error(err)
		}
	}
}
