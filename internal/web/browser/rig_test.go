package browser_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/png" // pictures are
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"tandem/internal/web/browser"
)

// chromium is the one browser of these tests.
var chromium browser.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	chromium.Close()
	for _, s := range []*shared{&acme, &tried, &hostile, &guarded} {
		if err := s.close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// policy is that of Tandem's pages.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// clean is a page that nobody has to complain about.
const clean = `<h1>Order</h1>
<p>Two items wait.</p>
<label for="search">Search</label> <input id="search" type="search">
<label for="team">Team</label> <select id="team"><option>pay<option>web</select>
<table><caption>Items</caption>
<tr><th scope="row">PAY-1</th><td><form method="post" action="/approve"><button name="edit" value="1">Approve PAY-1</button></form></td></tr>
<tr><th scope="row">PAY-2</th><td><form method="post" action="/approve"><button name="edit" value="2">Approve PAY-2</button></form></td></tr>
</table>
<p><a href="/item">Why is PAY-1 first?</a></p>
<p id="drawn">not drawn</p>`

// site serves pages with the body that is given, its style and its script.
func site(tb testing.TB, body string) *httptest.Server {
	tb.Helper()
	mux := http.NewServeMux()
	page := func(w http.ResponseWriter, title, body string) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title>`+
			`<link rel="icon" href="/style.css"><link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script></head><body><main>%s</main></body></html>`, title, body)
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { page(w, "Order", body) })
	mux.HandleFunc("GET /item", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "Item", "<h1>PAY-1</h1><p>It has most points.</p>")
	})
	mux.HandleFunc("POST /approve", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("edit") == "2" {
			w.WriteHeader(http.StatusConflict)
			page(w, "Refused", "<h1>Refused</h1><p>Somebody rejected it.</p>")
			return
		}
		page(w, "Approved", "<h1>Approved</h1><p>Edit "+r.FormValue("edit")+" is sent.</p>")
	})
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		_, _ = w.Write([]byte(":root { color-scheme: light dark } :focus-visible { outline: 3px solid #06c } #far { width: 2000px } .hidden:focus-visible { outline: none }"))
	})
	mux.HandleFunc("GET /script.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(`document.querySelector("#drawn")?.replaceChildren("drawn")`))
	})
	server := httptest.NewServer(mux)
	tb.Cleanup(server.Close)
	return server
}

func TestACleanPageIsUsedWithoutAComplaint(t *testing.T) {
	t.Parallel()
	address := site(t, clean).URL
	tab := chromium.Tab(t, browser.Look{})
	if got := tab.Open(address); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	tab.Sees("Two items wait.")
	tab.Find("searchbox", "Search").Fill("export")
	tab.Find("combobox", "Team").Choose("web")
	if got := tab.Find("combobox", "Team").Value(); got != "web" {
		t.Errorf("the team is %q", got)
	}
	w := tab.Weight()
	if w.Requests < 3 || w.Bytes < 1000 || w.FirstByte <= 0 || w.Elements < 20 {
		t.Errorf("the page weighs %+v", w)
	}
	tab.Click("button", "Approve PAY-1")
	tab.Sees("Edit 1 is sent.")
	if got := tab.Title(); got != "Approved" {
		t.Errorf("the title is %q", got)
	}
	tab.NoComplaints()
}

func TestAKeyboardDoesWhatAMouseDoes(t *testing.T) {
	t.Parallel()
	tab := chromium.Tab(t, browser.Look{})
	tab.Open(site(t, clean).URL)
	tab.Reach("searchbox", "Search")
	tab.Type("Größe 漢字")
	if got := tab.Find("searchbox", "Search").Value(); got != "Größe 漢字" {
		t.Errorf("typed %q", got)
	}
	tab.Press("Tab", "ArrowDown")
	if got := tab.Find("combobox", "Team").Value(); got != "web" {
		t.Errorf("the team is %q", got)
	}
	tab.Reach("link", "Why is PAY-1 first?")
	tab.Press("Shift+Tab")
	if n := tab.Focus(); n.Role != "button" || n.Name != "Approve PAY-2" {
		t.Errorf("the focus is at %s %q", n.Role, n.Name)
	}
	tab.Press("Enter")
	tab.Sees("Somebody rejected it.")
	tab.NoComplaints() // a page that says no is no fault
}

func TestWithoutScriptNothingRuns(t *testing.T) {
	t.Parallel()
	address := site(t, clean).URL
	for look, want := range map[browser.Look]string{{}: "drawn", {NoScript: true}: "not drawn"} {
		tab := chromium.Tab(t, look)
		tab.Open(address)
		if got := browser.Evaluate[string](tab, `document.getElementById("drawn").textContent`); got != want {
			t.Errorf("%+v: %q", look, got)
		}
		tab.Click("link", "Why is PAY-1 first?")
		tab.Sees("It has most points.")
		tab.Accessible()
	}
}

// TestAPageThatLooksAgainIsWaitedFor asks for what stands on a page while others
// come before it.
func TestAPageThatLooksAgainIsWaitedFor(t *testing.T) {
	t.Parallel()
	const looks = 10
	var asked atomic.Int32
	body := "<h1>One moment</h1>" + strings.Repeat("<p>A large Jira takes minutes.</p>", 300)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > looks {
			body = "<h1>Here it is</h1>"
		} else {
			w.Header().Set("Refresh", "0")
		}
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Work</title><body>%s`, body)
	}))
	t.Cleanup(server.Close)
	tab := chromium.Tab(t, browser.Look{})
	tab.Open(server.URL)
	tab.Find("heading", "Here it is")
	if n := asked.Load(); n <= looks {
		t.Errorf("the page looked %d times", n)
	}
	tab.NoComplaints()
}

// TestPlantedFaultsAreFound shows that nothing would pass because nobody looked.
func TestPlantedFaultsAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		kind browser.Kind
		text string
	}{
		"a script in the page":         {"<script>document.title = 'run'</script>", browser.Policy, "script-src"},
		"a handler in the page":        {`<img alt="" src="/none.png" onerror="alert(1)">`, browser.Policy, "script-src"},
		"a style in the page":          {`<p style="color:red">red</p>`, browser.Policy, "style-src"},
		"a frame":                      {`<iframe title="x" src="/item"></iframe>`, browser.Policy, "frame-src"},
		"a picture from another place": {`<img alt="" src="https://pictures.example/1.png">`, browser.Policy, "img-src"},
		"a picture that is not there":  {`<img alt="" src="/none.png">`, browser.Resource, "none.png"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tab := chromium.Tab(t, browser.Look{})
			tab.Open(site(t, c.body).URL)
			got := tab.Complaints()
			if !slices.ContainsFunc(got, func(g browser.Complaint) bool { return g.Kind == c.kind && strings.Contains(g.Text, c.text) }) {
				t.Errorf("no complaint of kind %s about %s: %v", c.kind, c.text, got)
			}
			if tab.Title() != "Order" {
				t.Error("the script has run")
			}
		})
	}
	t.Run("what a script does", func(t *testing.T) {
		t.Parallel()
		mux := http.NewServeMux()
		mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<!doctype html><script>console.error('oh'); setTimeout(() => { alert('boo'); undefined.x })</script>"))
		})
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		tab := chromium.Tab(t, browser.Look{})
		tab.Open(server.URL)
		got := tab.Complaints()
		for _, kind := range []browser.Kind{browser.Console, browser.Dialog, browser.Exception} {
			if !slices.ContainsFunc(got, func(g browser.Complaint) bool { return g.Kind == kind }) {
				t.Errorf("no complaint of kind %s: %v", kind, got)
			}
		}
	})
	t.Run("a part from another host", func(t *testing.T) {
		t.Parallel()
		other := site(t, clean).URL
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `<!doctype html><link rel="stylesheet" href="%s/style.css">`, other)
		}))
		t.Cleanup(server.Close)
		tab := chromium.Tab(t, browser.Look{})
		tab.Open(server.URL)
		if got := tab.Complaints(); len(got) == 0 || got[0].Kind != browser.Foreign {
			t.Errorf("complaints %v", got)
		}
	})
}

func TestAxeFindsWhatIsPlantedAndNothingElse(t *testing.T) {
	t.Parallel()
	tab := chromium.Tab(t, browser.Look{})
	tab.Open(site(t, clean).URL)
	tab.Accessible()
	tab.NoComplaints() // axe itself leaves no trace
	tab.Open(site(t, `<h1>Order</h1><input type="text"><img src="/none.png"><button></button>`).URL)
	var rules []string
	for _, f := range tab.Axe() {
		if f.Grave() {
			rules = append(rules, f.Rule)
			if len(f.Nodes) == 0 || !strings.Contains(f.String(), "<") {
				t.Errorf("where is %s?", f)
			}
		}
	}
	slices.Sort(rules)
	if want := []string{"button-name", "image-alt", "label"}; !slices.Equal(rules, want) {
		t.Errorf("found %v, want %v", rules, want)
	}
}

func TestAPageThatIsWiderThanAPhoneIsTold(t *testing.T) {
	t.Parallel()
	tab := chromium.Tab(t, browser.Look{Phone: true})
	tab.Open(site(t, clean).URL)
	if wider, ok := tab.Fits(); !ok {
		t.Error(wider)
	}
	tab.Open(site(t, `<p id="far">far</p>`).URL)
	if wider, ok := tab.Fits(); ok || !strings.Contains(wider, `id="far"`) {
		t.Errorf("wider: %q", wider)
	}
}

func TestFocusThatNobodySeesIsTold(t *testing.T) {
	t.Parallel()
	tab := chromium.Tab(t, browser.Look{})
	tab.Open(site(t, `<a href="/item">seen</a> <a class="hidden" href="/item">unseen</a>`).URL)
	for name, want := range map[string]bool{"seen": true, "unseen": false} {
		tab.Press("Tab")
		for tab.Focus().Name != name {
			tab.Press("Tab")
		}
		if got := tab.Focus().Shown(); got != want {
			t.Errorf("%s is shown: %v", name, got)
		}
	}
}

func TestPicturesAreSmallAndTheSameEachTime(t *testing.T) {
	t.Parallel()
	address := site(t, clean).URL
	for _, c := range []struct {
		look browser.Look
		size image.Point
		dark bool
	}{{browser.Look{}, image.Pt(1280, 800), false}, {browser.Look{Dark: true}, image.Pt(1280, 800), true}, {browser.Look{Phone: true}, image.Pt(780, 1688), false}} {
		var pictures [2][]byte
		for i := range pictures {
			tab := chromium.Tab(t, c.look)
			tab.Open(address)
			pictures[i] = tab.Picture()
		}
		if !bytes.Equal(pictures[0], pictures[1]) || len(pictures[0]) > 40_000 {
			t.Errorf("%+v: %d and %d bytes", c.look, len(pictures[0]), len(pictures[1]))
		}
		picture, _, err := image.Decode(bytes.NewReader(pictures[0]))
		if err != nil {
			t.Fatal(err)
		}
		corner := color.GrayModel.Convert(picture.At(2, picture.Bounds().Dy()-2)).(color.Gray)
		if picture.Bounds().Size() != c.size || (corner.Y < 100) != c.dark {
			t.Errorf("%+v: size %v, a corner of brightness %d", c.look, picture.Bounds().Size(), corner.Y)
		}
	}
}
