package api_test

import (
	"slices"
	"testing"
	"time"
)

func TestTheInboxTellsWhatWaitsForWhom(t *testing.T) {
	t.Parallel()
	o := opened(t)
	refs := func(query string) []string {
		var all []string
		r := o.get("internal-viewer", "/api/v1/inbox"+query)
		for _, box := range r.list("inboxes") {
			notices, _ := box["notices"].([]any)
			for _, n := range notices {
				notice, _ := n.(map[string]any)
				all = append(all, notice["ref"].(string)+" "+notice["because"].(string))
			}
		}
		return all
	}
	all := refs("")
	if !slices.Contains(all, "board:PAY-1 triage") {
		t.Errorf("the inbox has %q", all)
	}
	same(o, "of ana", all, refs("?person=ana&role=pm&team=pay"))
	same(o, "of a role that has nothing to do", []string(nil), refs("?role=po"))
	same(o, "the first", all[:1], refs("?limit=1"))
	o.problem(o.get("internal-viewer", "/api/v1/inbox?persn=ana"), 400, "bad-request")
	box := o.get("restricted-viewer", "/api/v1/inbox").list("inboxes")[0]
	seen := o.get("internal-viewer", "/api/v1/inbox").body
	first, _ := seen["inboxes"].([]any)
	mine, _ := first[0].(map[string]any)
	if box["acts"].(float64) != mine["acts"].(float64)+seen["restricted"].(float64) {
		t.Errorf("%v items wait, %v of them are shown and %v restricted", box["acts"], mine["acts"], seen["restricted"])
	}
	public := o.get("public-viewer", "/api/v1/inbox")
	same(o, "to the public", 0, len(public.list("inboxes")))
}

func TestWhatWaitsTooLongIsLate(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.decide()
	o.pass(5 * 24 * time.Hour)
	box := o.get("restricted-viewer", "/api/v1/inbox").list("inboxes")[0]
	if box["late"] == 0.0 || box["late"] != box["acts"] {
		t.Errorf("of %v items %v are late", box["acts"], box["late"])
	}
	load := o.get("restricted-viewer", "/api/v1/load").list("loads")[0]
	if load["person"] != "ana" || load["late"] != box["late"] || load["waiting"] != box["acts"] || len(load["hats"].([]any)) != 2 {
		t.Errorf("the load is %v, the inbox %v and %v late", load, box["acts"], box["late"])
	}
	same(o, "to the public", 0, len(o.get("public-viewer", "/api/v1/load").list("loads")))
	o.decide() // the status tells what the last run counted
	same(o, "in the status", box["late"], o.get("restricted-viewer", "/api/v1/status").body["late"])
	same(o, "in the status for the public", any(0.0), o.get("public-viewer", "/api/v1/status").body["late"])
}
