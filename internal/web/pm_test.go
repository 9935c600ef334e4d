package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/view"
	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// voice is a feedback that agreed to be told, unless said otherwise.
func voice(id, text string, audience work.Audience, tags ...string) work.Feedback {
	mark := ""
	if audience == work.Restricted {
		mark = marker
	}
	return work.Feedback{
		Ref: work.NewRef("voices", mark+id, mark+id), Text: mark + text, Person: mark + id + "-person", Account: mark + id + "-account", Segment: mark + "smb", Tags: tags, Consent: "yes",
		At: noon().Add(-3 * time.Hour), Audience: audience, Version: noon(), Kind: "request", Method: work.Interview, Language: "en",
	}
}

// pages of roles.
func rolePages() []string {
	return []string{"/pm", "/po", "/tension", "/roadmap", "/list?kind=not_ready", "/list?kind=missing_effort", "/list?kind=blocked", "/list?kind=unaccepted", "/list?kind=epics_without_goal"}
}

// files are what these pages lead to.
func roleFiles() []string {
	return []string{"/roadmap.svg", "/roadmap.csv", "/roadmap.json", "/history.svg", "/requesters.csv"}
}

func TestThePMSeesWhatWaitsAndWhatSpeaksForIt(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.hear(voice("f2", "My onerror alert script img is slow", work.Internal))
	r := o.get("internal-approver", "/pm")
	o.shows(r, "wait for you", "PM · pay", "keep_exporters", "export errors per week", "Now", "Later", "Effort of team pay by horizon",
		"enterprise", "f2-account", "Epics without a goal", "Tell requesters", hostile[:10])
	if !strings.Contains(r.text, `action="/pm/link"`) {
		t.Error("an approver cannot tie feedback")
	}
	looks := o.get("internal-viewer", "/pm")
	if strings.Contains(looks.text, `action="/pm/link"`) {
		t.Error("a viewer is offered to tie feedback")
	}
	o.shows(o.get("internal-viewer", "/pm?team=ops"), "OPS-1")
}

func TestTwoHatsAreOneListMarkedByHat(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for _, path := range []string{"/pm", "/po"} { // cy is PO of pay, and both of ops
		o.shows(o.get("internal-viewer", path), "PM · ops", "PO · pay", "You wear several hats", "answers for")
	}
}

func TestThePOSeesWhatIsNextAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.get("internal-approver", "/po")
	o.shows(r, "What fits into the next sprint", "Capacity 6 every", "The order of each team", "no estimate", "nobody estimated it", "Done, not accepted", "Where the PM sees it differently", "PAY-6")
	if !slices.Contains(r.links(), "/tension") {
		t.Errorf("there is no way to the tension: %q", r.links())
	}
}

func TestTensionNamesBothPlacesAndWhomToTalkTo(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.get("internal-approver", "/tension") // ana is PM of pay
	o.shows(r, "Why (PM) place", "Next (PO) place", "talk to cy (PO)", "Set place, horizon or priority")
	o.shows(o.get("internal-viewer", "/tension"), "talk to ana (PM)", "Object")
	o.hides(o.get("public-viewer", "/tension"), "ana", "keep_exporters")
}

func TestFeedbackIsTiedAndKeptApartByAPerson(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.hear(voice("f2", "My onerror alert script img is slow", work.Internal))
	form := o.get("internal-approver", "/pm").form("/pm/link", "f2")
	if form == nil {
		t.Fatal("there is no form for f2")
	}
	form.Set("ref", "jira:PAY-2")
	form.Set("verdict", "accept")
	if r := o.post("internal-approver", "/pm/link", form); r.status != http.StatusSeeOther || r.header.Get("Location") != "/pm#triage" {
		t.Fatalf("answered %d %q %s", r.status, r.header.Get("Location"), r.words())
	}
	verdicts, err := o.db.Verdicts(t.Context(), 10)
	o.ok(err)
	if len(verdicts) != 1 || verdicts[0].Target != "jira:PAY-2" || verdicts[0].Verdict != work.LinkAccepted || o.woke == 0 {
		t.Errorf("kept %+v", verdicts)
	}
	o.hides(o.get("internal-approver", "/pm"), "voices:f2\"")
	for name, c := range map[string]struct {
		form   url.Values
		client string
		status int
	}{
		"a viewer":         {url.Values{"of": {"voices:f2"}, "ref": {"jira:PAY-1"}, "verdict": {"accept"}}, "internal-viewer", http.StatusForbidden},
		"no verdict":       {url.Values{"of": {"voices:f2"}, "ref": {"jira:PAY-1"}}, "internal-approver", http.StatusBadRequest},
		"no such item":     {url.Values{"of": {"voices:f2"}, "ref": {"jira:PAY-99"}, "verdict": {"accept"}}, "internal-approver", http.StatusNotFound},
		"a hidden item":    {url.Values{"of": {"voices:f2"}, "ref": {"jira:" + marker + "PAY-4"}, "verdict": {"accept"}}, "internal-approver", http.StatusNotFound},
		"no such feedback": {url.Values{"of": {"voices:x"}, "ref": {"jira:PAY-1"}, "verdict": {"refuse"}}, "internal-approver", http.StatusNotFound},
		"hidden feedback":  {url.Values{"of": {"voices:" + marker + "f"}, "ref": {"jira:PAY-1"}, "verdict": {"refuse"}}, "internal-approver", http.StatusNotFound},
	} {
		if r := o.post(c.client, "/pm/link", c.form); r.status != c.status {
			t.Errorf("%s is answered with %d, want %d: %s", name, r.status, c.status, r.words())
		}
	}
}

func TestWhoAgreedIsToldWhatWasReleased(t *testing.T) {
	t.Parallel()
	o := opened(t)
	silent := voice("f3", "No calls please", work.Internal, "export")
	silent.Consent = ""
	o.hear(voice("f2", "The export again", work.Internal, "export"), silent, voice("f4", "secret", work.Restricted, "export"))
	done := issue("PAY-1", work.Internal, with(sized(90, 2), "status_category", work.NewText("done")))
	done.Version = noon().Add(-time.Minute)
	o.read("jira", done)
	closed := twin("1", "PAY-1", work.Internal)
	closed.Fields["state"], closed.Version = work.NewText("closed"), noon().Add(-time.Minute)
	o.read("github", closed)
	o.pass(time.Minute)
	o.decide()
	r := o.get("internal-viewer", "/pm")
	o.shows(r, "f2-account", "others asked and did not agree", "more voice that you may not hear", "The list as CSV")
	o.hides(r, marker, "f3-account", "f3-person")
	list := o.get("internal-viewer", "/requesters.csv?days=30")
	o.hides(list, marker, "f3-")
	if !strings.Contains(list.text, "f2-account") || !strings.Contains(list.header.Get("Content-Disposition"), "requesters-2026-11-23.csv") {
		t.Errorf("the file is %s", list.text)
	}
	outside := o.get("public-viewer", "/requesters.csv")
	if strings.Count(outside.text, "\n") != 1 {
		t.Errorf("the public is told %s", outside.text)
	}
}

func TestPagesOfRolesHideWhatIsStricter(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.hear(voice("f2", "My onerror alert script img is slow", work.Restricted), voice("f5", "Do everything faster", work.Internal))
	inside := []string{"PAY-2", "keep_exporters", "ana", "f5-account", "Globex"}
	for _, path := range slices.Concat(rolePages(), roleFiles()) {
		for _, client := range []string{"internal-viewer", "internal-approver", "public-viewer", "unknown-viewer"} {
			r := o.get(client, path)
			if r.status != http.StatusOK {
				t.Errorf("%s of %s is answered with %d: %s", path, client, r.status, r.words())
			}
			o.hides(r, marker)
			if !strings.HasPrefix(client, "internal") {
				o.hides(r, inside...)
			}
		}
	}
	for _, path := range []string{"/pm", "/po", "/roadmap.csv"} {
		if r := o.get("restricted-viewer", path); !strings.Contains(r.text, marker) {
			t.Errorf("%s hides from whoever sees everything", path)
		}
	}
}

func TestAStrangeListHasARemedy(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.refused(o.get("internal-viewer", "/list?kind=late"), http.StatusBadRequest, "not_ready")
	for _, path := range []string{"/pm?team=nobody", "/po?team=nobody", "/roadmap?team=nobody", "/tension?team=nobody", "/pm?before=-1&days=x", "/roadmap?team=pay&horizon=never&offset=999999"} {
		if r := o.get("internal-viewer", path); r.status != http.StatusOK {
			t.Errorf("%s is answered with %d", path, r.status)
		}
	}
}

func TestFilesForSlidesAreMade(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for path, want := range map[string]string{"/roadmap.svg": "<svg", "/roadmap.png": "\x89PNG", "/history.svg": "<svg", "/history.png": "\x89PNG", "/roadmap.csv": "horizon,title,theme,status\n", "/roadmap.json": "["} {
		r := o.get("internal-viewer", path+"?team=pay")
		if r.status != http.StatusOK || !strings.HasPrefix(r.text, want) && !strings.Contains(r.text[:min(len(r.text), 200)], want) {
			t.Errorf("%s is %d %.80q", path, r.status, r.text)
		}
	}
	if r := o.get("internal-viewer", "/roadmap.csv?team=ops"); strings.Contains(r.text, "PAY-") || !strings.Contains(r.text, "OPS-1") {
		t.Errorf("the file of a team is %s", r.text)
	}
	if _, err := o.web.Desk.Visit(t.Context(), view.Who{}).Outline(nil, 10); err != nil {
		t.Error(err)
	}
}

func TestATitleOfTenThousandCharactersFillsNoPage(t *testing.T) {
	t.Parallel()
	o := opened(t)
	long := issue("PAY-3", work.Public, with(sized(95, 2), "summary", work.NewText(strings.Repeat("long 🧨", 2000))))
	long.Version = noon().Add(-time.Minute)
	o.read("jira", long)
	o.pass(time.Minute)
	o.decide()
	for _, path := range []string{"/pm", "/po", "/tension", "/roadmap", "/list?kind=not_ready"} {
		if r := o.get("internal-approver", path); r.status != http.StatusOK || strings.Contains(r.text, strings.Repeat("long 🧨", 100)) {
			t.Errorf("%s is %d with %d bytes", path, r.status, len(r.text))
		}
	}
}

// find stores findings.
func (o *office) find(all ...work.Insight) {
	o.Helper()
	_, err := o.db.SavePage(o.Context(), "studies", "insights", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Insights: all}, make([][]evidence.Link, len(all)))
	o.ok(err)
}

func finding(id, title string, audience work.Audience) work.Insight {
	return work.Insight{Ref: work.NewRef("studies", id, id), Kind: "research", Title: title, At: noon(), Audience: audience, Version: noon()}
}

func TestInsightsAreTiedAndSetAsideByAPerson(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.find(finding("i1", "People img onerror alert all day", work.Internal), finding("i2", "Pandas like bamboo", work.Internal), finding(marker+"i", marker+" secret", work.Restricted))
	page := o.get("internal-approver", "/pm")
	o.shows(page, "Insights to triage 2", "Pandas like bamboo")
	o.hides(page, marker)
	send := func(form url.Values) {
		t.Helper()
		if r := o.post("internal-approver", "/pm/link", form); r.status != http.StatusSeeOther {
			t.Fatalf("answered %d %s", r.status, r.words())
		}
	}
	tie := page.form("/pm/link", "studies:i1")
	tie.Set("ref", "jira:PAY-2")
	tie.Set("verdict", "accept")
	send(tie)
	aside := url.Values{"csrf": {csrf}, "of": {"studies:i2"}, "because": {"no product of ours"}, "verdict": {"aside"}, "back": {"/pm"}}
	send(aside)
	verdicts, err := o.db.Verdicts(t.Context(), 10)
	o.ok(err)
	if len(verdicts) != 1 || !verdicts[0].Insight || verdicts[0].Target != "jira:PAY-2" || verdicts[0].By != "web:internal-approver@acme.example" {
		t.Errorf("kept %+v", verdicts)
	}
	page = o.get("internal-viewer", "/pm")
	o.shows(page, "Insights to triage 0", "People img onerror alert all day jira:PAY-2", "no product of ours", "web:internal-approver@acme.example")
	o.hides(o.get("public-viewer", "/pm"), "bamboo", "no product of ours")
	aside.Set("verdict", "back")
	send(aside)
	o.shows(o.get("internal-viewer", "/pm"), "Insights to triage 1")
	for name, c := range map[string]struct {
		of, because, client string
		status              int
	}{
		"a viewer":         {"studies:i2", "x", "internal-viewer", http.StatusForbidden},
		"no reason":        {"studies:i2", " ", "internal-approver", http.StatusBadRequest},
		"a hidden finding": {"studies:" + marker + "i", "x", "internal-approver", http.StatusNotFound},
		"nothing":          {"studies:i9", "x", "internal-approver", http.StatusNotFound},
	} {
		form := url.Values{"of": {c.of}, "because": {c.because}, "verdict": {"aside"}}
		if r := o.post(c.client, "/pm/link", form); r.status != c.status {
			t.Errorf("%s is answered with %d, want %d: %s", name, r.status, c.status, r.words())
		}
	}
}

func TestFeedbackThatIsSetAsideWaitsForNobody(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.hear(voice("f2", "The weather is nice", work.Internal))
	o.shows(o.get("internal-approver", "/pm"), "Feedback to triage 1")
	form := url.Values{"csrf": {csrf}, "of": {"voices:f2"}, "because": {"small talk"}, "verdict": {"aside"}, "back": {"/pm"}}
	o.shows(o.follow("internal-approver", o.post("internal-approver", "/pm/link", form)), "Feedback to triage 0", "The weather is nice small talk")
}
