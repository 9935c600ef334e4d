package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"tandem/internal/web/browser"
)

// paths are all pages, as Acme has them.
func paths() []string {
	all := []string{"/?q=export&team=pay", "/roadmap", "/list?kind=unready", "/item?ref=jira:NOPE-1", "/nowhere"}
	for _, p := range pages() {
		all = append(all, p.path)
	}
	return all
}

// looks are those in which pages are looked at: in make browser each.
func looks() map[string]browser.Look {
	all := map[string]browser.Look{"light": {}}
	if os.Getenv("TANDEM_BROWSER") != "" {
		all["dark"], all["phone"], all["without script"], all["forced colours"] = browser.Look{Dark: true}, browser.Look{Phone: true}, browser.Look{NoScript: true}, browser.Look{Forced: true}
	}
	return all
}

// flawless looks at a page as a browser, a screen reader and a phone do.
func flawless(t *testing.T, tab *browser.Tab) {
	t.Helper()
	tab.NoComplaints()
	tab.Accessible()
	if wider, ok := tab.Fits(); !ok {
		t.Errorf("%s: %s", tab.Address(), wider)
	}
	if beside := browser.Evaluate[string](tab, `[...document.querySelectorAll("nav[aria-label=Pages] a")].filter(a => a.getBoundingClientRect().right > innerWidth).map(a => a.textContent).join(", ")`); beside != "" {
		t.Errorf("%s: nobody sees that there are %s", tab.Address(), beside)
	}
	if n := len(tab.All("heading")); n == 0 {
		t.Errorf("%s has no heading", tab.Address())
	}
}

func TestEachPageIsFlawlessInEachLook(t *testing.T) {
	t.Parallel()
	d := acme.daemon(t)
	for name, look := range looks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tab := d.tab(t, look)
			for _, path := range paths() {
				if status := tab.Open(d.url + path); status >= http.StatusInternalServerError {
					t.Errorf("%s answers with %d", path, status)
				}
				flawless(t, tab)
			}
		})
	}
}

// texts are what somebody may write into an issue to harm who reads it.
func texts() []string {
	return []string{
		`<script>document.title = "run"; alert(1)</script>`,
		`"><img src=x onerror=alert(1)>`,
		`'; alert(1); //  </textarea><svg onload=alert(1)>`,
		`javascript:alert(1) {{.CSRF}} ${alert(1)} </title><style>*{display:none}</style>`,
		"\u202Eevil \u2066turned\u2069 שלום עולם مرحبا بالعالم",
		strings.Repeat("👩‍👩‍👧‍👦🏳️‍🌈", 60),
		strings.Repeat("endless", 1429),
		strings.Repeat("word ", 2000),
		"Z" + strings.Repeat("\u0335\u0321\u0354", 300),
		"漢字" + strings.Repeat("長", 400),
	}
}

// hostile is a company whose issues have such titles.
var hostile = shared{begin: func(ctx context.Context) (*daemon, error) {
	all := texts()
	return board(ctx, 3*len(all), func(i int) string { return fmt.Sprintf("%s (%d)", all[i%len(all)], i) })
}}

func TestHostileTextsRunNothingAndWidenNoPage(t *testing.T) {
	t.Parallel()
	d := hostile.daemon(t)
	every := []string{"/", "/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/pm", "/po", "/tension", "/roadmap", "/plan", "/what-if", "/health", "/item?ref=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E"}
	for i := range texts() {
		every = append(every, fmt.Sprintf("/item?ref=board:B-%d", i+1))
	}
	for name, look := range map[string]browser.Look{"phone": {Phone: true}, "laptop": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "laptop" {
				long(t)
			}
			tab := d.tab(t, look)
			for _, path := range every {
				tab.Open(d.url + path)
				tab.NoComplaints()
				if wider, ok := tab.Fits(); !ok {
					t.Errorf("%s: %.600s", path, wider)
				}
				if title := tab.Title(); !strings.HasSuffix(title, "· Tandem") {
					t.Errorf("%s has the title %q", path, title)
				}
			}
		})
	}
}
