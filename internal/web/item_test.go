package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

func TestAnItemShowsWhyItStandsWhereItStands(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.get("internal-approver", "/item?ref=jira:PAY-1")
	o.shows(r, "2 of 8 in team pay (2 over all teams)", "effort 2 stays in now (5 of 6 planned)", "PM ana", "Because triage", "A higher place effort 1 instead of 2",
		"Why: what the PM asks 90 of 100", "score 90 (item.value (90) ?? 40)", "jira:PAY-1 customfield_value: 90", "The export drops rows", "enterprise", "priority: empty becomes Top",
		"Hands off", "tandem/hands-off", "Another place", "github acme/pay#1 = jira PAY-1")
	o.shows(o.get("internal-approver", "/item?ref=jira:PAY-7"), "Not ready no estimate", "nobody said")
	o.shows(o.get("internal-approver", "/item?ref=jira:PAY-6"), "it stood there before Tandem", "Release")
	o.shows(o.get("internal-approver", "/item?ref=jira:OPS-2"), "It is finished and has no place")
}

// Where one lens answers both questions the page has one, and says what is
// assumed.
func TestAnItemOfOneLensHasOneScore(t *testing.T) {
	t.Parallel()
	why, next := strings.Index(rulesText, "rank:\n"), strings.Index(rulesText, "roadmap: {now")
	o := foundedOn(t, rulesText[:why]+"rank: {method: weighted, weights: {value: 3, effort: -1}, value: item.value, effort: item.effort}\n"+rulesText[next:])
	o.read("jira", issue("PAY-1", work.Internal, sized(10, 2)), issue("PAY-2", work.Internal, map[string]work.Value{"customfield_value": work.NewNumber(4)}))
	o.decide()
	o.serve()
	r := o.get("internal-viewer", "/item?ref=jira:PAY-2")
	o.shows(r, "Why, and what next", "effort assumed", "between ")
	o.hides(r, "what the PO asks")
	if !strings.Contains(r.text, `class="bar"`) || !strings.Contains(r.text, "of 100, between ") {
		t.Errorf("the picture lacks the bar or the interval:\n%s", r.words())
	}
}

func TestAnItemIsFoundByItsNameAndItsAddress(t *testing.T) {
	t.Parallel()
	o := opened(t)
	to := func(path string) string { return o.get("internal-viewer", path).header.Get("Location") }
	for path, want := range map[string]string{
		"/item?url=" + url.QueryEscape("https://github.example/acme/pay/issues/1#issuecomment-7"): "/item?ref=jira%3APAY-1",
		"/item?url=" + url.QueryEscape("https://jira.example/browse/PAY-2/?x=y"):                  "/item?ref=jira%3APAY-2",
		"/item?ref=github:acme/pay%231": "", "/item?ref=PAY-3": "",
	} {
		if got := to(path); got != want {
			t.Errorf("%s leads to %q, want %q", path, got, want)
		}
	}
	const hidden = "you may not see it"
	for _, path := range []string{"/item?ref=jira:PAY-99", "/item?ref=jira:" + marker + "PAY-4", "/item?url=https://jira.example/browse/" + marker + "PAY-4", "/item?url=x"} {
		o.refused(o.get("internal-admin", path), http.StatusNotFound, hidden)
	}
	o.refused(o.get("internal-admin", "/item"), http.StatusBadRequest, "names no item")
	o.refused(o.get("internal-admin", "/item?ref=PAY-1&run=x"), http.StatusBadRequest, "names no run")
	o.refused(o.get("internal-admin", "/item?ref=PAY-1&run=99"), http.StatusNotFound)
}

// Links to issues that were moved or deleted say what became of them.
func TestAnItemThatVanishedSaysWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	o := opened(t)
	moved, gone := issue("PAY-2", work.Internal, sized(70, 3)), issue("PAY-3", work.Internal, sized(10, 4))
	moved.Key, moved.Version, gone.Gone, gone.Version = "OPS-7", o.clock(), true, o.clock()
	o.read("jira", moved, gone)
	r := o.get("internal-viewer", "/item?ref=jira:PAY-2")
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/item?ref=jira%3AOPS-7" {
		t.Errorf("a moved issue is answered %d %q", r.status, r.header.Get("Location"))
	}
	o.refused(o.get("restricted-viewer", "/item?ref=jira:PAY-3"), http.StatusNotFound, "it is no longer in jira: since 2026-11-23")
	o.refused(o.get("internal-viewer", "/item?ref=jira:PAY-3"), http.StatusNotFound, "there is no such item, or you may not see it")
}

func TestAPersonSaysOtherwiseAndEndsIt(t *testing.T) {
	t.Parallel()
	o := opened(t)
	page := func(who string) reply { return o.get(who, "/item?ref=jira:PAY-1") }
	form := page("internal-approver").form("/item/override", " horizon")
	form.Set("value", "later")
	form.Set("because", "waits for the audit")
	if form.Get("until") != "2026-12-23" {
		t.Errorf("it ends on %s where nobody says", form.Get("until"))
	}
	if r := o.post("internal-approver", "/item/override", form); r.status != http.StatusSeeOther || r.header.Get("Location") != "/item?ref=jira:PAY-1" {
		t.Fatalf("answered %d %s", r.status, r.words())
	}
	o.shows(page("internal-viewer"), "horizon is to be later by web:internal-approver@acme.example : waits for the audit (until 2026-12-23)", "Horizon later")
	o.refused(o.post("internal-viewer", "/item/override", form), http.StatusForbidden)
	form.Set("value", "never")
	o.refused(o.post("internal-approver", "/item/override", form), http.StatusBadRequest, "You wrote as “because” waits for the audit")
	if page("internal-viewer").form("/item/end", "") != nil {
		t.Error("a viewer can end it")
	}
	o.post("internal-approver", "/item/end", page("internal-approver").form("/item/end", ""))
	o.hides(page("internal-viewer"), "waits for the audit")
}

func TestHandsOffIsAnObjectionThatItsAuthorTakesBack(t *testing.T) {
	t.Parallel()
	o := opened(t)
	page := func(who string) reply { return o.get(who, "/item?ref=jira:PAY-1") }
	form := page("internal-viewer").form("/item/object", "hands off")
	if r := o.post("internal-viewer", "/item/object", form); r.status != http.StatusSeeOther {
		t.Fatalf("answered %d %s", r.status, r.words())
	}
	r := page("internal-viewer")
	o.shows(r, "Objection by web:internal-viewer@acme.example : hands off", "somebody objects", "Take back")
	answer := r.form("/item/end", "objection")
	o.refused(o.post("internal-viewer", "/item/end", answer), http.StatusBadRequest, "an answer says something")
	answer.Set("answer", "it is fine now")
	if r := o.post("internal-viewer", "/item/end", answer); r.status != http.StatusSeeOther {
		t.Errorf("answered %d %s", r.status, r.words())
	}
	o.hides(page("internal-viewer"), "somebody objects")
	// The label is for good, and the page says so.
	labelled := issue("PAY-1", work.Internal, with(sized(90, 2), "labels", work.NewList("tandem/hands-off")))
	o.pass(time.Hour)
	labelled.Version = o.clock()
	o.read("jira", labelled)
	o.shows(page("internal-viewer"), "Hands off: the label tandem/hands-off stands on jira:PAY-1")
}

func TestAKeptRunIsShownWithoutForms(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.get("internal-admin", "/item?ref=jira:PAY-1&run=1")
	o.shows(r, "This is how run 1 of 2026-11-23 12:00 UTC saw it", "See it today")
	for _, action := range []string{"/item/override", "/item/object", "/plan/release"} {
		if r.form(action, "") != nil {
			t.Errorf("the form to %s is there", action)
		}
	}
}

func TestTheHistoryOfAnItemIsALineAndATable(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for i := range 3 {
		o.pass(24 * time.Hour)
		r := issue("PAY-8", work.Internal, sized(50, float64(9-3*i)))
		r.Version = o.clock()
		o.read("jira", r)
		o.decide()
	}
	r := o.get("internal-viewer", "/item?ref=jira:PAY-8")
	o.shows(r, "Where it stood", "2026-11-26", "2026-11-24")
	if strings.Count(r.text, `class="chart chart-line"`) != 2 {
		t.Error("there is no line")
	}
}

func TestTextsOfOthersAreShownAndDoNothing(t *testing.T) {
	t.Parallel()
	o := opened(t)
	body := "# Steps\n\n**bold** <script>alert(1)</script> [x](javascript:alert(1)) [ok](https://a.example) ![p](https://evil.example/p.png) <img src=x onerror=alert(1)>\n\n" +
		"<style>*{display:none}</style>\n\n\u202eright to left\u202c שלום 😀 " + strings.Repeat("long ", 6000) + "THE END"
	r := issue("PAY-8", work.Internal, with(with(sized(50, 5), "summary", work.NewText(hostile+strings.Repeat("x", 10_000))), "description", work.NewText(body)))
	r.Version = o.clock()
	o.read("jira", r)
	page := o.get("internal-viewer", "/item?ref=jira:PAY-8")
	o.shows(page, "What the issue says Steps bold", "picture: p", "שלום 😀")
	for _, bad := range []string{"<img", "<script>", "<style", "javascript:", "THE END", `src="https://evil`} {
		if strings.Contains(page.text, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if !slices.Contains(page.links(), "https://a.example") || len(page.text) > 60_000 {
		t.Errorf("%d bytes, links %v", len(page.text), page.links())
	}
	o.get("internal-viewer", "/") // is well made, too
}

// Promise S7: markers planted in what is restricted reach no page of an item.
func TestS7NothingRestrictedIsOnThePageOfAnItem(t *testing.T) {
	t.Parallel()
	o := opened(t)
	_, err := o.db.SavePage(t.Context(), "jira", "issues", connectors.Page{Done: true, Cursor: connectors.Cursor("{}")}, nil)
	o.ok(err)
	for _, word := range []work.Override{{Ref: work.NewRef("jira", "PAY1", "PAY-1"), Kind: work.Pin, Value: "1", By: "cy", Reason: "because"}, {Ref: work.NewRef("jira", marker+"PAY4", marker+"PAY-4"), Kind: work.Pin, Value: "2", By: marker, Reason: marker}} {
		word.Until = noon().AddDate(0, 0, 30)
		_, err := o.db.SaveOverride(t.Context(), word)
		o.ok(err)
	}
	o.pass(time.Hour)
	o.decide()
	for _, who := range []string{"internal-admin", "public-admin"} {
		for _, key := range []string{"PAY-1", "PAY-2", "PAY-3", "PAY-6", "PAY-7", "PAY-8", "OPS-1", "OPS-2"} {
			for _, run := range []string{"", "&run=1", "&run=2"} {
				o.hides(o.get(who, "/item?ref=jira:"+key+run), marker)
			}
		}
	}
	reasons := o.get("internal-viewer", "/item?ref=jira:PAY-2")
	o.shows(reasons, "rests on feedback that you may not see", "1 more voice that you may not hear")
	o.hides(reasons, `id="stands"`, "of 100", "Because triage")
	public := o.get("public-viewer", "/item?ref=jira:PAY-3")
	o.hides(public, ">ana<", "u-ana")
	o.shows(o.get("restricted-viewer", "/item?ref=jira:PAY-2"), marker)
}
