package web_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/work"
)

func TestTheOrderOpensWithGoalsAndShowsWhatComesNext(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.get("internal-viewer", "/")
	o.shows(r, "What we want to reach keep_exporters export errors per week < 10", "Do PAY-1", "acme/pay#1 PAY-1", "PM ana", "1 account", "no order is kept")
	for _, link := range []string{"/item?ref=jira%3APAY-1", "https://github.example/acme/pay/issues/1", "https://jira.example/browse/PAY-1", "/?goal=keep_exporters"} {
		if !slices.Contains(r.links(), link) {
			t.Errorf("no link to %s in %v", link, r.links())
		}
	}
	if !strings.Contains(r.text, `aria-label="1 signal in 12 weeks, 0 in this one"`) || strings.Contains(o.get("internal-viewer", "/?team=pay&q=PAY-2").text, " in 12 weeks") {
		t.Error("it does not show when people asked, or shows it of what is restricted")
	}
	if strings.Contains(r.text, "<img src=x") || strings.Contains(r.text, "<script>alert") {
		t.Error("a title is not escaped")
	}
}

func TestTheOrderIsFilteredAndSearched(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for query, want := range map[string]string{
		"team=ops": "OPS-1", "q=pay-6": "PAY-6", "kind=epic": "PAY-7", "ready=no": "PAY-7", "goal=keep_exporters": "PAY-1", "horizon=now&team=ops": "OPS-1", "q=github.example": "",
		"team=nobody": "", "mine=1&team=ops": "OPS-1", "role=po": "", "q=%3Cimg": "PAY-8",
	} {
		r := o.get("internal-viewer", "/?"+query)
		found := []string{}
		for _, link := range r.links() {
			if key, ok := strings.CutPrefix(link, "https://jira.example/browse/"); ok {
				found = append(found, key)
			}
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%s shows %q, want %q", query, got, want)
		}
		if want == "" {
			o.shows(r, "Nothing that you may see is like this")
		}
	}
}

// A jump leads to the place, also behind the last one, and the pager goes on.
func TestOneJumpsToAPlace(t *testing.T) {
	t.Parallel()
	o := foundedOn(t, rulesText)
	var all []work.Record
	for i := range 250 {
		all = append(all, issue("PAY-"+string(rune('A'+i/26%26))+string(rune('a'+i%26)), work.Internal, sized(float64(i%90), 3)))
	}
	o.read("jira", all...)
	o.serve()
	for query, want := range map[string]string{
		"": "1–100 of 250, in order", "place=42": "42–141 of 250, in order", "place=240": "240–250 of 250, in order", "place=9999": "250–250 of 250, in order",
		"offset=200": "201–250 of 250, in order", "place=x": "1–100 of 250, in order", "offset=-3": "1–100 of 250, in order",
	} {
		o.shows(o.get("internal-viewer", "/?"+query), want)
	}
	r := o.get("internal-viewer", "/?place=42&team=pay")
	if !slices.Contains(r.links(), "/?offset=141&team=pay") {
		t.Errorf("the next part is not among %v", r.links())
	}
	if len(r.text) > 200_000 {
		t.Errorf("a page has %d bytes", len(r.text))
	}
}

func TestWhatMovedSinceFridayIsToldWithItsCauses(t *testing.T) {
	t.Parallel()
	o := opened(t) // on a Monday
	o.pass(4 * 24 * time.Hour)
	o.decide() // Friday
	o.pass(3 * 24 * time.Hour)
	later := func(r work.Record) work.Record { r.Version = o.clock(); return r }
	o.read("jira", later(issue("PAY-8", work.Internal, sized(99, 0.5))), later(issue("PAY-9", work.Internal, sized(50, 6))),
		later(issue("OPS-1", work.Internal, with(sized(30, 8), "status_category", work.NewText("done")))))
	o.decide()
	r := o.get("internal-viewer", "/")
	o.shows(r, "1 moved, 1 came, 1 done.", "estimates (1)", "What moved furthest", "▲4", "(up 4 places, was 6)", "new")
	o.shows(o.get("internal-viewer", "/?since=2026-11-22"), "no order is kept")
	o.shows(o.get("internal-viewer", "/?since=2026-11-23&team=ops"), "0 moved, 0 came, 1 done.")
	o.shows(o.get("public-viewer", "/"), "0 moved, 0 came, 0 done.") // what cannot be seen is not counted
	o.hides(o.get("internal-viewer", "/"), marker)
}

func TestTheLastVisitOfAPersonIsRememberedOnEveryDevice(t *testing.T) {
	t.Parallel()
	o := opened(t) // on a Monday
	compared := func(client string) string { return textOf(first(o.get(client, "/").page, "[selected=]")) }
	same := func(when, want, got string) {
		t.Helper()
		if got != want {
			t.Errorf("%s it is compared with %q, want %q", when, got, want)
		}
	}
	same("at first", "Friday", compared("internal-viewer"))
	same("on the same day", "Friday", compared("internal-viewer"))
	o.pass(24 * time.Hour)
	same("on the next day", "yesterday, your last visit", compared("internal-viewer"))
	o.pass(3 * 24 * time.Hour)
	o.serve() // another browser, and another node
	same("on Friday", "Tuesday, your last visit", compared("internal-viewer"))
	same("somebody else on Friday", "yesterday", compared("internal-approver"))
}

func TestAViewIsSavedRenamedSharedAndDeleted(t *testing.T) {
	t.Parallel()
	o := opened(t)
	form := o.get("internal-viewer", "/?team=ops&q=x").form("/views/save", "")
	form.Set("name", "  Ops   only ")
	form.Set("shared", "1")
	if r := o.post("internal-viewer", "/views/save", form); r.header.Get("Location") != "/?q=x&team=ops" {
		t.Errorf("answered %d %s", r.status, r.text)
	}
	r := o.get("internal-viewer", "/")
	o.shows(r, "Ops only")
	if !slices.Contains(r.links(), "/?q=x&team=ops") {
		t.Errorf("no link to it in %v", r.links())
	}
	other := o.get("internal-approver", "/")
	o.shows(other, "Ops only shared")
	if other.form("/views/change", "") != nil {
		t.Error("others can change it")
	}
	o.hides(o.get("public-viewer", "/"), "Ops only") // who sees less is not told
	change := r.form("/views/change", "")
	o.refused(o.post("internal-approver", "/views/change", change), http.StatusNotFound, "you have no such view")
	change.Set("name", "Ops")
	change.Set("do", "rename")
	o.post("internal-viewer", "/views/change", change)
	o.shows(o.get("internal-viewer", "/"), "Ops")
	change.Set("do", "delete")
	o.post("internal-viewer", "/views/change", change)
	o.hides(o.get("internal-approver", "/"), "Ops</bdi>")
	for name, query := range map[string]string{"": "", strings.Repeat("x", 61): "", "ok": "%zz", "long": strings.Repeat("q", 3000)} {
		o.refused(o.post("internal-viewer", "/views/save", url.Values{"csrf": {csrf}, "name": {name}, "query": {query}}), http.StatusBadRequest)
	}
}

// What somebody saved who saw more is hidden from him, too, once he sees less.
func TestS7SavedViewsAreAsStrictAsWhoSavedThem(t *testing.T) {
	t.Parallel()
	o := opened(t)
	_, err := o.db.SaveView(t.Context(), store.SavedView{Owner: person("internal-viewer").Name, Name: marker, Query: "q=" + marker, Audience: work.Restricted, Shared: true})
	o.ok(err)
	o.hides(o.get("internal-viewer", "/"), marker)
	o.shows(o.get("restricted-viewer", "/"), marker)
}

func TestTheOrderIsHadAsAFile(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.read("jira", issue("OPS-3", work.Internal, with(sized(1, 9), "summary", work.NewText("=HYPERLINK(1)"))))
	r := o.get("internal-viewer", "/order.csv?team=ops")
	if got := r.header.Get("Content-Disposition"); got != `attachment; filename="tandem-order-2026-11-23.csv"` {
		t.Errorf("it is called %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(r.text)).ReadAll()
	o.ok(err)
	if len(rows) != 3 || rows[1][2] != "jira:OPS-1" || rows[2][5] != "'=HYPERLINK(1)" {
		t.Errorf("the table is %q", rows)
	}
	for _, query := range []string{"", "?team=ops", "?q=nothing"} {
		var items []view.Item
		o.ok(json.Unmarshal([]byte(o.get("internal-viewer", "/order.json"+query).text), &items))
		if want := map[string]int{"": 10, "?team=ops": 2, "?q=nothing": 0}[query]; len(items) != want {
			t.Errorf("%s has %d items, want %d", query, len(items), want)
		}
	}
	for _, path := range []string{"/order.csv", "/order.json", "/order.csv?q=" + marker, "/order.json?horizon=now"} {
		o.hides(o.get("internal-admin", path), marker)
		o.hides(o.get("public-admin", path), marker, "PAY-1")
	}
	if r := o.get("restricted-viewer", "/order.csv"); !strings.Contains(r.text, marker) {
		t.Errorf("who sees everything does not: %s", r.text)
	}
}

// Promise S7: markers of restricted items reach nobody who may not see them.
func TestS7NothingRestrictedIsOnThePagesOfTheOrder(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for _, who := range []string{"internal-admin", "public-admin"} {
		for _, path := range []string{"/", "/?offset=3", "/?place=3", "/?horizon=now", "/?mine=1", "/?ready=yes", "/?since=2026-11-23", "/?goal=keep_exporters"} {
			o.hides(o.get(who, path), marker)
		}
		if r := o.get(who, "/?q="+marker); strings.Contains(r.text, "of 1") || !strings.Contains(r.words(), "Nothing that you may see") {
			t.Errorf("a search tells %s that something is there:\n%s", who, r.words())
		}
	}
	o.shows(o.get("restricted-viewer", "/"), marker)
}
