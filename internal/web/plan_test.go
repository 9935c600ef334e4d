package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestThePlanIsShownByKindsOfChange(t *testing.T) {
	t.Parallel()
	o := opened(t)
	got := o.get("internal-approver", "/plan")
	o.shows(got, "wait for approval", "pay · jira · priority", "Held: kept as people set it", "Approve the whole plan", "jira:PAY-6")
	if n := len(o.folds(got)); n < 3 {
		t.Errorf("%d kinds of change, want several", n)
	}
	o.hides(got, marker)
	o.shows(got, "concern items that you may not see")
}

func TestWhoMayNotDecideSeesNoFormOfThePlan(t *testing.T) {
	t.Parallel()
	o := opened(t)
	got := o.get("internal-viewer", "/plan")
	if strings.Contains(got.text, `action="/plan/`) {
		t.Errorf("a viewer sees a form:\n%s", got.text)
	}
	if got := o.post("internal-viewer", "/plan/approve", url.Values{"run": {"1"}, "what": {"all"}}); got.status != http.StatusForbidden {
		t.Errorf("approving as a viewer answers %d", got.status)
	}
}

func TestAKindOfChangeIsApprovedWholeAndNothingElse(t *testing.T) {
	t.Parallel()
	o := opened(t)
	page := o.get("internal-approver", "/plan")
	key := o.folds(page)[0]
	list := o.get("internal-approver", "/plan/fold?key="+key)
	want := len(editsOf(list.text))
	got := o.post("internal-approver", "/plan/approve", url.Values{"run": {"1"}, "what": {"fold"}, "fold": {key}, "back": {"/plan"}})
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/plan" {
		t.Fatalf("approving answers %d to %s:\n%s", got.status, got.header.Get("Location"), got.text)
	}
	approvals, err := o.db.Approvals(t.Context(), 100)
	o.ok(err)
	if len(approvals) < want || want == 0 || len(approvals) >= len(o.decide().Plan.Edits) {
		t.Errorf("%d approvals, want the %d of the kind and not all", len(approvals), want)
	}
	if o.woke == 0 {
		t.Error("the daemon was not woken")
	}
	for _, a := range approvals {
		if a.By != "web:internal-approver@acme.example" {
			t.Errorf("approved by %q", a.By)
		}
	}
}

func TestAPlanThatWentStaleOnScreenApprovesOnlyWhatIsStillPlanned(t *testing.T) {
	t.Parallel()
	o := opened(t)
	page := o.get("internal-approver", "/plan/fold?key="+o.folds(o.get("internal-approver", "/plan"))[0])
	ids := editsOf(page.text)
	r := issue("PAY-1", work.Internal, sized(90, 60)) // its effort, and so its place and priority, are others now
	r.Version = noon()
	o.read("jira", r)
	o.pass(time.Minute)
	newest := o.decide()
	got := o.post("internal-approver", "/plan/approve", url.Values{"run": {"1"}, "what": {"some"}, "edit": append(ids, "vanished"), "back": {"/plan"}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("approving answers %d:\n%s", got.status, got.text)
	}
	planned := map[string]bool{}
	for i := range newest.Plan.Edits {
		planned[newest.Plan.Edits[i].ID] = true
	}
	approvals, err := o.db.Approvals(t.Context(), 100)
	o.ok(err)
	for _, a := range approvals {
		if !planned[a.Edit] {
			t.Errorf("%s was approved and is not planned", a.Edit)
		}
	}
	after := o.follow("internal-approver", got)
	o.shows(after, "not:", "look at the plan again", "You saw plan 1; below is plan "+strconv.FormatInt(newest.Seq, 10))
}

func TestWhatAnotherPersonRejectedIsNotApproved(t *testing.T) {
	t.Parallel()
	o := opened(t)
	page := o.get("internal-approver", "/plan/fold?key="+o.folds(o.get("internal-approver", "/plan"))[0])
	id := editsOf(page.text)[0]
	if got := o.post("internal-admin", "/plan/reject", url.Values{"edit": {id}, "because": {"we agreed otherwise"}, "back": {"/plan"}}); got.status != http.StatusSeeOther {
		t.Fatalf("rejecting answers %d:\n%s", got.status, got.text)
	}
	got := o.post("internal-approver", "/plan/approve", url.Values{"run": {"1"}, "what": {"some"}, "edit": {id}, "back": {"/plan"}})
	o.shows(o.follow("internal-approver", got), "internal-admin@acme.example rejected it (we agreed otherwise)")
	approvals, err := o.db.Approvals(t.Context(), 100)
	o.ok(err)
	for _, a := range approvals {
		if a.Edit == id {
			t.Error("what was rejected is approved")
		}
	}
}

func TestARejectionWithoutAReasonKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	o := opened(t)
	got := o.post("internal-approver", "/plan/reject", url.Values{"edit": {"nothing-like-it"}, "because": {"my long words"}, "back": {"/plan"}})
	if got.status != http.StatusNotFound {
		t.Errorf("rejecting an unknown edit answers %d", got.status)
	}
	o.shows(got, "my long words", "Back")
}

func TestAHoldIsReleasedFromThePlan(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.shows(o.get("internal-approver", "/plan"), "it stood there before Tandem")
	got := o.post("internal-approver", "/plan/release", url.Values{"ref": {"jira:PAY-6"}, "field": {"priority"}, "back": {"/plan"}})
	o.shows(o.follow("internal-approver", got), "1 hold ended")
	for _, h := range o.decide().Plan.Holds {
		if h.Key == "PAY-6" && h.Field == work.Priority {
			t.Errorf("still held: %s", h.Cause)
		}
	}
}

func TestS7ThePlanHidesWhatIsStricter(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.guard.Instance = work.Auto
	for _, client := range []string{"public-viewer", "internal-approver", "internal-admin"} {
		page := o.get(client, "/plan")
		o.hides(page, marker)
		for _, key := range o.folds(page) {
			o.hides(o.get(client, "/plan/fold?key="+key), marker)
		}
	}
	all := o.get("restricted-admin", "/plan")
	if !strings.Contains(all.text, marker) {
		t.Error("who sees everything does not see what is restricted")
	}
	for _, key := range o.folds(all) { // keys of others show nothing of theirs
		o.hides(o.get("public-viewer", "/plan/fold?key="+key), marker)
	}
}

func TestALargeKindOfChangeIsShownInParts(t *testing.T) {
	t.Parallel()
	o := foundedOn(t, rulesText)
	var many []work.Record
	for i := range 250 {
		many = append(many, issue("PAY-"+strconv.Itoa(1000+i), work.Internal, sized(50, 3)))
	}
	o.read("jira", many...)
	o.guard.Instance = work.Propose
	run := o.decide()
	o.serve()
	page := o.get("internal-approver", "/plan?connector=jira")
	found := false
	for _, key := range o.folds(page) {
		list := o.get("internal-approver", "/plan/fold?key="+key)
		if strings.Contains(list.text, "1–100 of 250") {
			found = true
			o.shows(o.get("internal-approver", "/plan/fold?key="+key+"&offset=200"), "201–250 of 250")
		}
	}
	if !found || run.Plan.Count(plan.NeedsApproval) < 250 {
		t.Errorf("no list in parts over %d edits", len(run.Plan.Edits))
	}
}

// folds are the kinds of change that a plan shows.
func (o *office) folds(r reply) []string {
	o.Helper()
	var keys []string
	for _, m := range regexp.MustCompile(`(?:name="fold" form="approve" value="|/plan/fold\?key=)([0-9a-f]+)"`).FindAllStringSubmatch(r.text, -1) {
		keys = append(keys, m[1])
	}
	return keys
}

// editsOf are the edits that a page offers to choose.
func editsOf(text string) []string {
	var ids []string
	for _, m := range regexp.MustCompile(`type="checkbox" name="edit" value="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// follow opens the page that a form leads to, with what was said.
func (o *office) follow(client string, r reply) reply {
	o.Helper()
	if r.status != http.StatusSeeOther {
		o.Fatalf("the form answers %d:\n%s", r.status, r.text)
	}
	next, err := http.NewRequestWithContext(o.Context(), http.MethodGet, "http://127.0.0.1:8080"+r.header.Get("Location"), http.NoBody)
	o.ok(err)
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		next.AddCookie(c)
	}
	return o.send(client, next)
}
