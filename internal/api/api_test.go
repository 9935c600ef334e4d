package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func same(o *office, what string, want, got any) {
	o.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		o.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// shown lists what some entries say, each as the values of keys.
func shown(entries []map[string]any, keys ...string) []string {
	all := []string{}
	for _, e := range entries {
		var parts []string
		for _, k := range keys {
			if v, ok := e[k]; ok && v != nil {
				parts = append(parts, fmt.Sprint(v))
			}
		}
		all = append(all, strings.Join(parts, " "))
	}
	slices.Sort(all)
	return all
}

func TestThePlanIsShownWithItsGates(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.get("restricted-viewer", "/api/v1/plan?limit=500")
	same(o, "priorities", []string{
		"board:PAY-1 priority Top needs_approval", "board:PAY-2 priority High needs_approval", "board:PAY-3 priority Low needs_approval",
		"board:zqxPAY-4 priority Top needs_approval",
	}, only(shown(r.list("edits"), "ref", "field", "from", "to", "gate"), "priority"))
	same(o, "team", r.body["total"], o.get("restricted-viewer", "/api/v1/plan?team=pay").body["total"])
	same(o, "no team", 0.0, o.get("restricted-viewer", "/api/v1/plan?team=web").body["total"])
	same(o, "gate", 0.0, o.get("restricted-viewer", "/api/v1/plan?gate=ready").body["total"])

	var paged []string
	for offset := 0.0; ; {
		page := o.get("restricted-viewer", fmt.Sprintf("/api/v1/plan?limit=2&offset=%v", offset))
		paged = append(paged, shown(page.list("edits"), "id")...)
		next, more := page.body["next"].(float64)
		if !more {
			break
		}
		offset = next
	}
	slices.Sort(paged)
	same(o, "in pages", shown(r.list("edits"), "id"), paged)
}

func only(all []string, part string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return !strings.Contains(s, part) })
}

func TestItemsAreListedInTheirOrder(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.get("restricted-viewer", "/api/v1/items")
	var order []string
	for _, item := range r.list("items") {
		order = append(order, fmt.Sprintf("%v %v", item["place"], item["ref"]))
	}
	same(o, "order", []string{"1 board:PAY-1", "2 board:zqxPAY-4", "3 board:zqxPAY-5", "4 board:PAY-2", "5 board:PAY-3", "6 board:PAY-6"}, order)
	same(o, "second page", 2, len(o.get("restricted-viewer", "/api/v1/items?limit=4&offset=4").list("items")))
}

func TestAnItemIsExplainedTodayAndInAKeptRun(t *testing.T) {
	t.Parallel()
	o := opened(t)
	now := o.get("internal-viewer", "/api/v1/items/board:PAY-1/explanation")
	if now.status != 200 || now.body["scores"] == nil || now.body["route"] == nil || len(now.list("fields")) == 0 {
		t.Errorf("explained as %s", now.text)
	}
	then := o.get("internal-viewer", "/api/v1/items/board%3APAY-1/explanation?run=1")
	if run, _ := then.body["run"].(map[string]any); run["number"] != 1.0 || run["reproduced"] != true {
		t.Errorf("explained as %s", then.text)
	}
	o.problem(o.get("internal-viewer", "/api/v1/items/board:PAY-9/explanation"), 404, "not-found")
	o.problem(o.get("internal-viewer", "/api/v1/items/board:PAY-1/explanation?run=99"), 404, "not-found")
	o.problem(o.get("internal-viewer", "/api/v1/items/board:PAY-1/explanation?run=x"), 400, "bad-request")
}

func TestEditsAreApprovedWholeByTeamAndByID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body string
		want int
	}{
		{`{"all": true}`, 0}, {`{"team": "pay"}`, 0}, {`{"team": "web"}`, -1}, {`{"edits": ["%s"]}`, 1},
	} {
		o := opened(t)
		edits := o.get("restricted-approver", "/api/v1/plan").list("edits")
		want, body := c.want, c.body
		if c.want == 0 {
			want = len(edits)
		}
		if strings.Contains(body, "%s") {
			body = fmt.Sprintf(body, edits[0]["id"])
		}
		r := o.post("restricted-approver", "/api/v1/plan/1/approvals", body)
		if got := len(r.list("approved")); got != max(want, 0) {
			t.Errorf("%s approved %d, want %d: %s", body, got, want, r.text)
		}
		for range 2 { // to approve twice is to approve once
			o.post("restricted-approver", "/api/v1/plan/1/approvals", body)
		}
		list := o.get("restricted-viewer", "/api/v1/approvals").list("approvals")
		same(o, body, max(want, 0), len(list))
		for _, a := range list {
			same(o, "by", "api:restricted-approver", a["by"].(string))
		}
		if o.woke != 3 {
			t.Errorf("%s woke the daemon %d times", body, o.woke)
		}
		same(o, "shown in the plan", max(want, 0), len(only(shown(o.get("restricted-viewer", "/api/v1/plan").list("edits"), "approved_by"), "api:")))
		run := o.decide()
		same(o, "ready for the daemon", max(want, 0), run.Plan.Count(plan.Ready))
	}
}

// Who approves a plan that is no longer the newest approves what is still
// planned to the letter, and is told of the rest.
func TestAnOlderPlanIsNeverApprovedBlindly(t *testing.T) {
	t.Parallel()
	o := opened(t)
	before := o.get("restricted-approver", "/api/v1/plan").list("edits")
	changed := record("1", "PAY-1", 10, work.Internal)
	changed.Version = noon()
	o.read(changed)
	o.pass(time.Minute)
	o.decide()
	r := o.post("restricted-approver", "/api/v1/plan/1/approvals", `{"all": true}`)
	same(o, "newest", 2.0, r.body["newest_run"].(float64))
	ids := map[any]string{}
	for _, e := range before {
		ids[e["id"]] = fmt.Sprint(e["ref"], " ", e["field"])
	}
	var declined, approved []string
	for _, d := range r.list("declined") {
		declined = append(declined, ids[d["edit"]])
		if !strings.Contains(d["reason"].(string), "something changed since") {
			t.Errorf("declined because %s", d["reason"])
		}
	}
	for _, a := range r.list("approved") {
		approved = append(approved, fmt.Sprint(a["ref"], " ", a["field"]))
	}
	if !slices.Contains(declined, "board:PAY-1 priority") || !slices.Contains(approved, "board:PAY-2 priority") || slices.Contains(approved, "board:PAY-1 priority") {
		t.Errorf("approved %v, declined %v", approved, declined)
	}
	o.problem(o.post("restricted-approver", "/api/v1/plan/9/approvals", `{"all": true}`), 404, "not-found")
	o.problem(o.post("restricted-approver", "/api/v1/plan/x/approvals", `{"all": true}`), 400, "bad-request")
	o.problem(o.post("restricted-approver", "/api/v1/plan/1/approvals", `{}`), 400, "bad-request")
	o.problem(o.post("restricted-approver", "/api/v1/plan/1/approvals", `{"all": true, "team": "pay"}`), 400, "bad-request")
	o.problem(o.post("restricted-approver", "/api/v1/plan/1/approvals", `{"al": true}`), 400, "bad-request")
}

func TestAProposalIsRejectedAndReleased(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.post("internal-approver", "/api/v1/rejections", `{"ref": "board:PAY-2", "field": "priority", "because": "agreed", "for": "30d"}`)
	same(o, "rejected", 1.0, r.body["rejected"])
	same(o, "until", "2026-12-23T12:00:00Z", r.body["until"])
	o.decide()
	holds := o.get("restricted-viewer", "/api/v1/holds?cause=rejected").list("holds")
	same(o, "held", []string{"board:PAY-2 priority High api:internal-approver"}, shown(holds, "ref", "field", "have", "want", "by"))
	same(o, "released", 1.0, o.post("internal-approver", "/api/v1/releases", `{"ref": "board:PAY-2", "field": "priority"}`).body["released"])
	o.decide()
	same(o, "held no longer", 0.0, o.get("restricted-viewer", "/api/v1/holds?connector=board&cause=rejected").body["total"])

	o.problem(o.post("internal-approver", "/api/v1/releases", `{"ref": "board:PAY-2", "field": "priority"}`), 404, "not-found")
	o.problem(o.post("internal-approver", "/api/v1/releases", `{"ref": "board:PAY-2", "field": "colour"}`), 400, "bad-request")
	o.problem(o.post("internal-approver", "/api/v1/rejections", `{"ref": "board:PAY-2", "field": "priority"}`), 400, "bad-request")
	o.problem(o.post("internal-approver", "/api/v1/rejections", `{"because": "x"}`), 400, "bad-request")
	o.problem(o.post("internal-approver", "/api/v1/rejections", `{"edit": "none", "because": "x"}`), 404, "not-found")
	o.problem(o.post("internal-approver", "/api/v1/rejections", `{"edit": "none", "because": "x", "for": "soon"}`), 400, "bad-request")
}

func TestThePublicIsNotToldWhoRejectedAndWhy(t *testing.T) {
	t.Parallel()
	o := opened(t)
	same(o, "rejected", 1.0, o.post("internal-approver", "/api/v1/rejections", `{"ref": "board:PAY-3", "field": "priority", "because": "agreed"}`).body["rejected"])
	o.decide()
	same(o, "held", []string{"board:PAY-3 somebody rejected it"}, shown(o.get("public-viewer", "/api/v1/holds?cause=rejected").list("holds"), "ref", "by", "detail"))
	inside := shown(o.get("internal-viewer", "/api/v1/holds?cause=rejected").list("holds"), "ref", "by", "detail")
	if len(inside) == 0 || !strings.Contains(inside[0], "api:internal-approver") || !strings.Contains(inside[0], "agreed") {
		t.Errorf("those inside are told %q", inside)
	}
}

func TestWritingIsPausedAndResumed(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.post("public-admin", "/api/v1/pause", `{"because": "incident"}`)
	same(o, "paused", []any{true, "api:public-admin", "incident"}, values(o.get("internal-viewer", "/api/v1/status"), "paused", "paused_by", "paused_because"))
	same(o, "for the public", []any{true, nil, nil}, values(o.get("public-viewer", "/api/v1/status"), "paused", "paused_by", "paused_because"))
	o.post("public-admin", "/api/v1/resume", "")
	same(o, "resumed", []any{false}, values(o.get("internal-viewer", "/api/v1/status"), "paused"))
}

func values(r reply, keys ...string) []any {
	all := []any{}
	for _, k := range keys {
		all = append(all, r.body[k])
	}
	return all
}

// refuse lets the service refuse the priority of an issue for good.
func (o *office) refuse(id, detail string) {
	o.Helper()
	run, _, err := o.db.LastRun(o.Context())
	o.ok(err)
	for _, e := range run.Plan.Edits {
		if e.Target.ID == id && e.Field == work.Priority {
			o.ok(o.db.Begin(o.Context(), run.Seq, []work.Edit{e.Edit}))
			o.ok(o.db.Finish(o.Context(), []work.Result{{EditID: e.ID, State: work.Rejected, Detail: detail}}))
			return
		}
	}
	o.Fatalf("nothing is planned at %s", id)
}

func TestARefusedEditIsTriedAgain(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.refuse("1", "no such priority")
	letters := o.get("internal-viewer", "/api/v1/dead-letters").list("dead_letters")
	same(o, "set aside", []string{"edit board:PAY-1 no such priority"}, shown(letters, "what", "ref", "cause"))
	path := fmt.Sprintf("/api/v1/dead-letters/%v/retry", letters[0]["id"])
	same(o, "retried", 1.0, o.post("internal-approver", path, "").body["retried"])
	o.problem(o.post("internal-approver", path, ""), 404, "not-found")
	o.problem(o.post("internal-approver", "/api/v1/dead-letters/x/retry", ""), 404, "not-found")
	same(o, "left", 0, len(o.get("internal-viewer", "/api/v1/dead-letters").list("dead_letters")))
	audit := o.get("internal-viewer", "/api/v1/audit?ref=board:PAY-1").list("audit")
	same(o, "audit", []string{"board:PAY-1 priority Top rejected no such priority"}, shown(audit, "ref", "field", "from", "to", "state", "detail"))
	same(o, "of all", 1, len(o.get("internal-viewer", "/api/v1/audit").list("audit")))
}

// Both ways: what the mux serves is described, and what is described is served
// and was asked for by some test of this one.
func TestEveryOperationIsDescribedAndServed(t *testing.T) {
	t.Parallel()
	o := opened(t)
	described := map[string]bool{}
	for path, item := range o.doc.Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
		}
	}
	served := map[string]bool{}
	for _, pattern := range o.api.Patterns() {
		served[pattern] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(described)), slices.Sorted(maps.Keys(served))); diff != "" {
		t.Errorf("described, not served (-), served, not described (+):\n%s", diff)
	}
	for pattern := range served {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{run}", "1", "{ref}", "board:PAY-1", "{id}", "1", "{kind}", "blocked").Replace(path)
		if r := o.ask("restricted-admin", method, path, ""); r.status == 405 || r.header.Get("Allow") != "" {
			t.Errorf("%s is not served: %s", pattern, r.text)
		}
	}
	if diff := cmp.Diff(described, o.asked); diff != "" {
		t.Errorf("not asked for:\n%s", diff)
	}
	same(o, "runs", 1, len(o.get("public-viewer", "/api/v1/runs").list("runs")))
	same(o, "leases", []string{"board n1"}, shown(o.get("public-viewer", "/api/v1/leases").list("leases"), "duty", "node"))
	if r := o.get("", "/api/openapi.yaml"); r.status != 200 || !strings.HasPrefix(r.text, "openapi: 3") {
		t.Errorf("the description is answered with %d", r.status)
	}
}

// TestVoicesAreToldWithinTheAudienceOfTheReader: promise S7 for each voice.
func TestVoicesAreToldWithinTheAudienceOfTheReader(t *testing.T) {
	t.Parallel()
	o := opened(t)
	const item = "/api/v1/items/board:PAY-2/explanation"
	for _, run := range []string{"", "?run=1"} {
		all, _ := o.get("restricted-viewer", item+run).body["testimony"].(map[string]any)
		if voices, _ := all["voices"].([]any); len(voices) != 1 || all["restricted"] != 0.0 {
			t.Errorf("who sees everything hears %v%s", all, run)
		}
		some := o.get("internal-viewer", item+run)
		told, _ := some.body["testimony"].(map[string]any)
		if voices, _ := told["voices"].([]any); len(voices) != 0 || told["restricted"] != 1.0 || some.body["evidence"] != nil {
			t.Errorf("others hear %v%s", told, run)
		}
	}
}

func TestPeopleSayWhereAnItemBelongs(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.post("internal-approver", "/api/v1/overrides", `{"ref": "board:PAY-6", "kind": "place", "value": "1", "because": "promised", "until": "14d"}`)
	same(o, "said", []any{1.0, "place", "board:PAY-6", "1", "api:internal-approver", "promised", "2026-12-07"}, values(r, "number", "kind", "ref", "value", "by", "because", "until"))
	o.post("internal-approver", "/api/v1/overrides", `{"ref": "board:PAY-3", "kind": "priority", "value": "1", "because": "the law", "until": "2026-11-24"}`)
	o.post("internal-approver", "/api/v1/overrides", `{"ref": "board:PAY-6", "kind": "priority", "value": "2", "because": "but ana set it"}`)
	o.pass(time.Minute)
	o.decide()
	same(o, "first", "board:PAY-6", o.get("internal-viewer", "/api/v1/items").list("items")[0]["ref"].(string))
	edits := o.get("internal-viewer", "/api/v1/plan?limit=500").list("edits")
	if all := shown(edits, "ref", "field", "to", "because"); !slices.Contains(all, "board:PAY-3 priority Top set to 1 by api:internal-approver until 2026-11-24: the law") {
		t.Errorf("planned are %q", all)
	}
	public := shown(o.get("public-viewer", "/api/v1/plan?limit=500").list("edits"), "ref", "field", "to", "because")
	if !slices.Contains(public, "board:PAY-3 priority Top a person said so") {
		t.Errorf("for the public: %q", public)
	}
	x := o.get("internal-viewer", "/api/v1/items/board:PAY-6/explanation")
	same(o, "explained", []string{"1 place 1 promised", "3 priority 2 but ana set it"}, shown(x.list("said"), "number", "kind", "value", "because"))
	same(o, "doubts", []string{"3 warning set to 2 by api:internal-approver: does not count: 1 stands there, which somebody set"}, shown(x.list("doubts"), "number", "level", "what"))
	status := o.get("public-viewer", "/api/v1/status")
	same(o, "counted", []any{3.0, 0.0, 1.0}, values(status, "overrides", "objections", "overrides_ending"))
	same(o, "for the public", []string{"1 place item", "2 priority board:PAY-3 1", "3 priority item"},
		shown(o.get("public-viewer", "/api/v1/overrides").list("overrides"), "number", "kind", "restricted", "ref", "value", "by", "because"))
	same(o, "of one item", 2, len(o.get("internal-viewer", "/api/v1/overrides?ref=board:PAY-6").list("overrides")))
	same(o, "of one kind", 1, len(o.get("internal-viewer", "/api/v1/overrides?kind=place").list("overrides")))

	same(o, "ended", 1.0, o.post("internal-approver", "/api/v1/overrides/1/end", "").body["ended"])
	o.problem(o.post("internal-approver", "/api/v1/overrides/1/end", ""), 404, "not-found")
	o.problem(o.post("public-approver", "/api/v1/overrides/3/end", ""), 404, "not-found")
	same(o, "history", []string{"1 api:internal-approver"}, shown(o.get("internal-viewer", "/api/v1/overrides?ended=true").list("ended"), "number", "ended_by"))

	o.problem(o.post("internal-viewer", "/api/v1/overrides", `{"ref": "board:PAY-6", "kind": "place", "value": "1", "because": "x"}`), 403, "role")
	for body, status := range map[string]int{
		`{"ref": "board:PAY-9", "kind": "place", "value": "1", "because": "x"}`:                                404,
		`{"ref": "board:` + marker + `PAY-4", "kind": "place", "value": "1", "because": "x"}`:                  404,
		`{"ref": "board:PAY-6", "kind": "place", "value": "0", "because": "x"}`:                                400,
		`{"ref": "board:PAY-6", "kind": "place", "value": "1"}`:                                                400,
		`{"ref": "board:PAY-6", "kind": "colour", "value": "1", "because": "x"}`:                               400,
		`{"ref": "board:PAY-6", "kind": "objection", "value": "1", "because": "x"}`:                            400,
		`{"ref": "board:PAY-6", "kind": "horizon", "value": "soon", "because": "x"}`:                           400,
		`{"ref": "board:PAY-6", "kind": "place", "value": "1", "because": "x", "until": "2020-01-01"}`:         400,
		`{"ref": "board:PAY-6", "kind": "place", "value": "1", "because": "` + strings.Repeat("x", 501) + `"}`: 400,
	} {
		o.problem(o.post("internal-approver", "/api/v1/overrides", body), status, map[int]string{400: "bad-request", 404: "not-found"}[status])
	}
	o.problem(o.get("internal-viewer", "/api/v1/overrides?kind=x"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/overrides?ended=x"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/overrides?ref=board:PAY-9"), 404, "not-found")
	o.problem(o.post("internal-approver", "/api/v1/overrides/x/end", ""), 404, "not-found")
}

func TestAViewerObjectsAndAnApproverAnswers(t *testing.T) {
	t.Parallel()
	o := opened(t)
	same(o, "objected", 1.0, o.post("internal-viewer", "/api/v1/objections", `{"ref": "board:PAY-2", "because": "not without me"}`).body["number"])
	same(o, "another", 2.0, o.post("public-viewer", "/api/v1/objections", `{"ref": "board:PAY-3", "because": "nor me"}`).body["number"])
	o.pass(time.Minute)
	o.decide()
	const detail = "board:PAY-2 priority High api:internal-viewer objected to by api:internal-viewer until 2026-12-23: not without me"
	held := shown(o.get("restricted-viewer", "/api/v1/holds?cause=objection").list("holds"), "ref", "field", "want", "by", "detail")
	if !slices.ContainsFunc(held, func(h string) bool { return h == detail }) {
		t.Errorf("held %q", held)
	}
	for _, h := range shown(o.get("public-viewer", "/api/v1/holds?cause=objection").list("holds"), "ref", "by", "detail") {
		if strings.Contains(h, "objected to by") {
			t.Errorf("the public is told %q", h)
		}
	}
	o.problem(o.post("internal-approver", "/api/v1/releases", `{"ref": "board:PAY-2", "field": "priority"}`), 404, "not-found")
	o.problem(o.post("public-viewer", "/api/v1/objections/1/answer", `{"answer": "x"}`), 404, "not-found")
	o.problem(o.post("internal-viewer", "/api/v1/objections/2/answer", `{"answer": "x"}`), 403, "role")
	o.problem(o.post("internal-approver", "/api/v1/objections/2/answer", `{"answer": " "}`), 400, "bad-request")
	o.problem(o.post("internal-approver", "/api/v1/overrides/2/end", ""), 404, "not-found")
	o.problem(o.post("internal-viewer", "/api/v1/objections", `{"ref": "board:PAY-2"}`), 400, "bad-request")
	same(o, "taken back", 1.0, o.post("internal-viewer", "/api/v1/objections/1/answer", `{"answer": "all is well"}`).body["ended"])
	same(o, "answered", 2.0, o.post("internal-approver", "/api/v1/objections/2/answer", `{"answer": "see the rule"}`).body["ended"])
	o.pass(time.Minute)
	o.decide()
	same(o, "held no longer", 0.0, o.get("restricted-viewer", "/api/v1/holds?cause=objection").body["total"])
	same(o, "answers", []string{"all is well api:internal-viewer", "see the rule api:internal-approver"},
		shown(o.get("internal-viewer", "/api/v1/overrides?ended=true&kind=objection").list("ended"), "ending", "ended_by"))
}
