package browser_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"tandem/internal/web/browser"
)

// mostAlike is how many pages of a path are looked at with the same names in
// their query: an item is like the others.
const mostAlike = 3

// walked is what a reader came across.
type walked struct {
	pages, files int
	// seen is every text: pages as they are, and all that the browser received.
	seen map[string]string
}

// through opens each page that can be reached by links, up to a number, and asks
// for each file that a page offers.
func through(t *testing.T, d *daemon, tab *browser.Tab, most int) walked {
	t.Helper()
	w := walked{seen: map[string]string{}}
	todo := []string{"/", "/plan/undone?id=1&run=1", "/item?ref=vault:V-1", "/item?ref=board:I-2", "/?q=zq", "/?team=core&q=title", "/list?kind=unready", "/nowhere"}
	known, alike := map[string]bool{}, map[string]int{}
	for len(todo) > 0 && w.pages < most {
		path := todo[0]
		todo = todo[1:]
		kind := regexp.MustCompile(`=[^&]*`).ReplaceAllString(path, "")
		if known[path] || alike[kind] == mostAlike {
			continue
		}
		known[path] = true
		alike[kind]++
		tab.Open(d.url + path)
		w.pages++
		found := browser.Evaluate[struct{ Pages, Files []string }](tab, `(() => {
			const own = [...document.querySelectorAll("a[href]")].filter(a => a.origin === location.origin && !a.hash)
			const path = a => a.pathname + a.search
			return {pages: own.filter(a => !a.hasAttribute("download")).map(path), files: own.filter(a => a.hasAttribute("download")).map(path)}
		})()`)
		todo = append(todo, found.Pages...)
		for _, file := range found.Files {
			if known[file] {
				continue
			}
			known[file] = true
			w.files++
			if status := browser.Evaluate[int](tab, fmt.Sprintf(`fetch(%q).then(async r => { await r.text(); return r.status })`, file)); status != http.StatusOK {
				t.Errorf("%s is answered with %d", file, status)
			}
		}
		w.seen["page "+path] = browser.Evaluate[string](tab, "document.documentElement.outerHTML")
		for _, a := range tab.Received() {
			w.seen[path+" received "+a.Address] += a.Headers + a.Body
		}
		tab.NoComplaints()
	}
	return w
}

// tells returns where a mark stands.
func (w walked) tells(mark string) []string {
	look := regexp.MustCompile(`(?i).{0,60}` + mark + `.{0,60}`)
	var at []string
	for _, where := range slices.Sorted(maps.Keys(w.seen)) {
		if told := look.FindString(w.seen[where]); told != "" {
			at = append(at, where+": "+told)
		}
	}
	return at
}

// TestWhatIsNotForAReaderReachesNoBrowser lets people of three audiences sign in
// and walk through everything that they can reach.
func TestWhatIsNotForAReaderReachesNoBrowser(t *testing.T) {
	t.Parallel()
	d := guarded.daemon(t)
	for _, c := range []struct {
		who          string
		most         int
		sees, misses []string
	}{
		{who: "Otto, an outsider", most: 100, misses: []string{internalMark, restrictedMark}},
		{who: "Rea, who reads", most: 100, sees: []string{internalMark}, misses: []string{restrictedMark}},
		{who: "Ana, who decides", most: 12, sees: []string{internalMark, restrictedMark}},
	} {
		t.Run(c.who, func(t *testing.T) {
			t.Parallel()
			tab := chromium.Tab(t, browser.Look{})
			d.enters(t, tab, c.who)
			w := through(t, d, tab, c.most)
			t.Logf("%d pages, %d files", w.pages, w.files)
			if w.pages < 12 || w.files < 5 {
				t.Errorf("%s came to %d pages and %d files", c.who, w.pages, w.files)
			}
			for _, mark := range c.misses {
				for _, at := range w.tells(mark) {
					t.Errorf("%s was told %s", c.who, at)
				}
			}
			for _, mark := range c.sees { // or nobody has looked
				if len(w.tells(mark)) < 8 {
					t.Errorf("%s was told %s only by %q", c.who, mark, w.tells(mark))
				}
			}
			if c.misses != nil && len(w.tells(">restricted<")) == 0 {
				t.Errorf("%s is not told that something is kept", c.who)
			}
		})
	}
}
