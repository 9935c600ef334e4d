package api_test

import (
	"testing"

	"tandem/internal/work"
)

func TestAProgramTriagesFeedbackAndInsights(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.speak()
	refs := func(path, list string) []string {
		var all []string
		for _, one := range o.get("internal-viewer", "/api/v1"+path).list(list) {
			ref, ok := one["ref"].(string)
			if !ok {
				feedback, _ := one["feedback"].(map[string]any)
				ref, _ = feedback["ref"].(string)
			}
			all = append(all, ref)
		}
		return all
	}
	same(o, "feedback that waits", []string{"voices:f2"}, refs("/suggestions", "feedback"))
	same(o, "insights that wait", []string{"studies:i1"}, refs("/insights?waiting=true", "insights"))
	for _, body := range []string{`{"of": "voices:f2", "ref": "board:PAY-1", "verdict": "accept"}`, `{"of": "studies:i1", "ref": "board:PAY-1", "verdict": "accept"}`} {
		o.problem(o.post("internal-viewer", "/api/v1/links", body), 403, "role")
		if r := o.post("internal-approver", "/api/v1/links", body); r.status != 200 || r.body["verdict"] != "accepted" {
			t.Errorf("answered %d %s", r.status, r.text)
		}
	}
	same(o, "feedback that waits afterwards", []string(nil), refs("/suggestions", "feedback"))
	same(o, "insights that wait afterwards", []string(nil), refs("/insights?waiting=true", "insights"))
	o.problem(o.post("internal-approver", "/api/v1/links", `{"of": "voices:f2", "ref": "board:PAY-1", "verdict": "perhaps"}`), 400, "bad-request")
	verdicts, err := o.db.Verdicts(t.Context(), 10)
	o.ok(err)
	if len(verdicts) != 3 || verdicts[0].By == "" {
		t.Errorf("kept %+v", verdicts)
	}
}

func TestAProgramSetsAsideAndTakesBack(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.speak()
	const aside = `{"of": "studies:i1", "because": "no product of ours"}`
	o.problem(o.post("internal-viewer", "/api/v1/asides", aside), 403, "role")
	o.problem(o.post("internal-approver", "/api/v1/asides", `{"of": "studies:i1", "because": " "}`), 400, "bad-request")
	o.problem(o.post("internal-approver", "/api/v1/asides", `{"of": "studies:`+marker+`i1", "because": "x"}`), 404, "not-found")
	if r := o.post("internal-approver", "/api/v1/asides", aside); r.status != 200 || r.body["by"] != "api:internal-approver" {
		t.Errorf("answered %d %s", r.status, r.text)
	}
	same(o, "set aside", []string{"studies:i1 no product of ours"}, shown(o.get("internal-viewer", "/api/v1/asides").list("asides"), "of", "because"))
	same(o, "to the public", 0, len(o.get("public-viewer", "/api/v1/asides").list("asides")))
	o.problem(o.post("internal-viewer", "/api/v1/asides/take-back", `{"of": "studies:i1"}`), 403, "role")
	for _, want := range []int{200, 404} {
		if r := o.post("internal-approver", "/api/v1/asides/take-back", `{"of": "studies:i1"}`); r.status != want {
			t.Errorf("answered %d %s, want %d", r.status, r.text, want)
		}
	}
}

func TestAProgramKeepsViewsOfItsOwn(t *testing.T) {
	t.Parallel()
	o := opened(t)
	if r := o.post("internal-viewer", "/api/v1/views", `{"name": "pay, not ready", "query": "team=pay&ready=no", "shared": true}`); r.status != 200 || r.body["number"] != 1.0 {
		t.Fatalf("answered %d %s", r.status, r.text)
	}
	o.problem(o.post("internal-admin", "/api/v1/views/1/rename", `{"name": "mine"}`), 404, "not-found")
	if r := o.post("internal-viewer", "/api/v1/views/1/rename", `{"name": "not ready"}`); r.status != 200 {
		t.Errorf("answered %d %s", r.status, r.text)
	}
	same(o, "views", []string{"not ready team=pay&ready=no api:internal-viewer"}, shown(o.get("internal-admin", "/api/v1/views").list("views"), "name", "query", "by"))
	same(o, "to the public", 0, len(o.get("public-viewer", "/api/v1/views").list("views")))
	if r := o.post("internal-viewer", "/api/v1/views/1/delete", ""); r.status != 200 {
		t.Errorf("answered %d %s", r.status, r.text)
	}
}

func TestTheListsOfPMAndPOAreAnswered(t *testing.T) {
	t.Parallel()
	o := opened(t)
	done := record("7", "PAY-7", 50, work.Internal)
	done.Fields["status_category"] = work.NewText("done")
	o.read(done)
	o.decide()
	list := o.get("internal-viewer", "/api/v1/lists/missing_effort?limit=1")
	if list.body["total"] != 4.0 || list.body["next"] != 1.0 || list.body["kind"] != "missing_effort" {
		t.Errorf("the list is %s", list.text)
	}
	o.problem(o.get("internal-viewer", "/api/v1/lists/nothing"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/movement?since=friday"), 400, "bad-request")
	o.problem(o.get("internal-viewer", "/api/v1/trails?limit=1000"), 400, "bad-request")
	same(o, "roadmaps", []string{"pay"}, shown(o.get("internal-viewer", "/api/v1/roadmap").list("roadmaps"), "team"))
	if trails := o.get("internal-viewer", "/api/v1/trails").list("trails"); len(trails) == 0 || len(trails[0]["points"].([]any)) == 0 {
		t.Errorf("the trails are %v", trails)
	}
	if m := o.get("internal-viewer", "/api/v1/movement?since=2026-11-22"); m.body["known"] != false {
		t.Errorf("the movement is %s", m.text)
	}
	same(o, "shipped to the public", 0, len(o.get("public-viewer", "/api/v1/shipped").list("items")))
}
