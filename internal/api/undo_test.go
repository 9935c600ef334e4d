package api_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/view"
	"tandem/internal/work"
	"tandem/scheduler"
)

// putBack is an errand that puts one priority back, and leaves two.
func putBack(by string) scheduler.Errand {
	at := func(id string) work.Target {
		return work.Target{RefID: work.RefID{Connector: "board", ID: id}, Path: "priority"}
	}
	wrote := func(id string) undo.Write {
		return undo.Write{Target: at(id), Key: "PAY-" + id, Field: work.Priority, Wrote: work.NewText("Top"), Run: 1, At: noon()}
	}
	e := scheduler.Errand{Back: undo.Plan{
		Changed: []undo.Changed{{Write: wrote("2"), Now: work.NewText("Low"), By: "u-ana", At: noon()}},
		Left:    []undo.Left{{Write: wrote("3"), Why: "the label tandem/hands-off stands on it", Later: true}},
		Done:    []undo.Write{wrote("6")},
	}}
	edit := work.Edit{
		ID: "e1-undo", Target: at("1"), Key: "PAY-1", Verb: work.ClearField, Field: work.Priority, Value: work.Empty(), Expect: work.NewText("Top"),
		Errand: work.Undo, By: by, Because: "undo of run 1 by " + by,
	}
	e.Back.Edits = []work.Edit{edit}
	e.Outcome = &engine.Outcome{Number: 9, Plan: plan.Plan{Edits: []plan.Planned{{Edit: edit, Gate: plan.Ready}}}}
	return e
}

// undoing is an office in which an undo comes to what putBack says. orders are those that somebody set about.
func undoing(t *testing.T) (o *office, orders *[]work.Commission) {
	t.Helper()
	o, orders = opened(t), &[]work.Commission{}
	o.undo = func(_ context.Context, order work.Commission) (view.Undone, error) {
		*orders = append(*orders, order)
		e := putBack(order.By)
		switch {
		case order.Run == 77:
			return view.Undone{}, view.ErrNoRun
		case order.Item == "board:PAY-99":
			return view.Undone{}, view.ErrNoItem
		case order.Confirm == "":
			return view.Undone{Errand: e}, nil
		case order.Confirm != e.Hash():
			return view.Undone{Errand: e}, view.ErrStale
		}
		return view.Undone{Errand: e, Carried: true, Report: scheduler.Report{Sent: 1, Results: map[work.ResultState]int{work.Applied: 1}}}, nil
	}
	o.serve(tokens())
	return o, orders
}

func TestAnUndoIsForAdminsWhoSeeEverything(t *testing.T) {
	t.Parallel()
	o, orders := undoing(t)
	for _, client := range []string{"restricted-viewer", "restricted-approver"} {
		o.problem(o.post(client, "/api/v1/undo", `{"run": 1}`), 403, "role")
		o.problem(o.get(client, "/api/v1/undo/1"), 403, "role")
	}
	for _, client := range []string{"public-admin", "internal-admin"} {
		o.problem(o.post(client, "/api/v1/undo", `{"run": 1}`), 403, "audience")
		o.problem(o.get(client, "/api/v1/undo/1"), 403, "audience")
	}
	o.problem(o.post("", "/api/v1/undo", `{"run": 1}`), 401, "token")
	same(o, "orders", 0, len(*orders))
}

func TestAnUndoIsPlannedAndThenConfirmed(t *testing.T) {
	t.Parallel()
	o, orders := undoing(t)
	r := o.post("restricted-admin", "/api/v1/undo", `{"run": 1, "rule": "priority"}`)
	same(o, "state", "200 planned", fmt.Sprint(r.status, " ", r.body["state"]))
	same(o, "edits", []string{"board:PAY-1 priority Top ready"}, shown(r.list("edits"), "ref", "field", "from", "gate"))
	same(o, "changed", []string{"board:PAY-2 priority Top Low u-ana"}, shown(r.list("changed"), "ref", "field", "wrote", "now", "by"))
	same(o, "left", []string{"board:PAY-3 priority the label tandem/hands-off stands on it true"}, shown(r.list("left"), "ref", "field", "why", "later"))
	same(o, "already so", 1.0, r.body["already_so"])

	o.problem(o.post("restricted-admin", "/api/v1/undo", `{"run": 1, "confirm": "another"}`), 409, "stale")

	done := o.post("restricted-admin", "/api/v1/undo", fmt.Sprintf(`{"run": 1, "rule": "priority", "confirm": %q}`, r.body["hash"]))
	same(o, "done", "200 done", fmt.Sprint(done.status, " ", done.body["state"]))
	result := done.body["result"].(map[string]any)
	same(o, "result", map[string]any{
		"run": 9.0, "sent": 1.0, "results": map[string]any{"applied": 1.0}, "refused": []any{}, "unsent": 0.0,
	}, result)
	again := o.get("restricted-admin", "/api/v1/undo/"+done.body["id"].(string))
	same(o, "asked for later", done.body, again.body)
	last := (*orders)[len(*orders)-1]
	same(o, "by", "api:restricted-admin", last.By)
	same(o, "order", "undo 1 priority", fmt.Sprint(last.Errand, " ", last.Run, " ", last.Field))
}

func TestAnUndoOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	o, orders := undoing(t)
	for _, body := range []string{`{}`, `{"run": -1}`, `{"rule": "nonsense"}`, `{"connector": "nonsense"}`, `{"team": "pay"}`} {
		o.problem(o.post("restricted-admin", "/api/v1/undo", body), 400, "bad-request")
	}
	same(o, "orders", 0, len(*orders))
	o.problem(o.post("restricted-admin", "/api/v1/undo", `{"run": 77}`), 404, "not-found")
	o.problem(o.post("restricted-admin", "/api/v1/undo", `{"item": "board:PAY-99"}`), 404, "not-found")
	o.problem(o.get("restricted-admin", "/api/v1/undo/nothing"), 404, "not-found")
	o.undo = nil
	o.serve(tokens())
	o.problem(o.post("restricted-admin", "/api/v1/undo", `{"run": 1}`), 409, "undo")
}

func TestAnUndoThatTakesLongIsAskedForByItsID(t *testing.T) {
	t.Parallel()
	o := opened(t)
	held := make(chan error)
	o.undo = func(_ context.Context, order work.Commission) (view.Undone, error) {
		err := <-held
		return view.Undone{Errand: putBack(order.By)}, err
	}
	o.patience = 1
	o.serve(tokens())
	for _, want := range []struct {
		err          error
		state, about string
	}{
		{nil, "planned", ""},
		{fmt.Errorf("%w that an order needs here: jira (node n2)", view.ErrElsewhere), "refused", "n2"},
		{view.ErrBrokenOff, "refused", "nothing is done twice"},
		{errors.New("the disk is full"), "refused", "the log of the daemon"},
	} {
		r := o.post("restricted-admin", "/api/v1/undo", `{"run": 1}`)
		where := r.header.Get("Location")
		same(o, "at once", "202 running", fmt.Sprint(r.status, " ", r.body["state"]))
		o.problem(o.post("restricted-admin", "/api/v1/undo", `{"run": 1}`), 409, "busy")
		same(o, "still", "running", o.get("restricted-admin", where).body["state"])
		held <- want.err
		r = o.get("restricted-admin", where)
		for r.body["state"] == "running" {
			r = o.get("restricted-admin", where)
			o.pass(1e9) // for the limit of requests
		}
		same(o, "in the end", want.state, r.body["state"].(string))
		if !strings.Contains(r.text, want.about) {
			t.Errorf("it says %s", r.text)
		}
	}
	if strings.Contains(o.get("restricted-admin", "/api/v1/retire/nothing").text, "disk") {
		t.Error("what failed is told")
	}
}

// What was ordered is carried out after the process ended that took the order:
// it is asked for at any other.
func TestAnOrderOutlivesTheProcessThatTookIt(t *testing.T) {
	t.Parallel()
	o := opened(t)
	asleep := make(chan struct{})
	o.undo = func(ctx context.Context, order work.Commission) (view.Undone, error) {
		<-asleep
		return view.Undone{Errand: putBack(order.By)}, nil
	}
	o.patience = 1
	o.serve(tokens())
	r := o.post("restricted-admin", "/api/v1/undo", `{"run": 1}`)
	o.serve(tokens()) // another process
	where := r.header.Get("Location")
	same(o, "still", "running", o.get("restricted-admin", where).body["state"])
	close(asleep)
	for o.get("restricted-admin", where).body["state"] == "running" {
		o.pass(1e9) // for the limit of requests
	}
	same(o, "in the end", "planned", o.get("restricted-admin", where).body["state"])
	o.problem(o.get("restricted-admin", strings.Replace(where, "undo", "retire", 1)), 404, "not-found")
}

func TestARetirementIsForAdminsWhoSeeEverythingAndSayWhat(t *testing.T) {
	t.Parallel()
	o, orders := undoing(t)
	o.problem(o.post("restricted-approver", "/api/v1/retire", `{"everything": true}`), 403, "role")
	o.problem(o.post("internal-admin", "/api/v1/retire", `{"everything": true}`), 403, "audience")
	for _, body := range []string{`{}`, `{"team": "pay", "orphans": true}`, `{"team": "nonsense"}`, `{"connector": "nonsense"}`, `{"run": 1}`, `{"everything": false}`} {
		o.problem(o.post("restricted-admin", "/api/v1/retire", body), 400, "bad-request")
	}
	same(o, "orders", 0, len(*orders))
	r := o.post("restricted-admin", "/api/v1/retire", `{"connector": "board"}`)
	same(o, "state", "200 planned", fmt.Sprint(r.status, " ", r.body["state"]))
	same(o, "order", "retire board ", fmt.Sprint((*orders)[0].Errand, " ", (*orders)[0].Connector, " ", (*orders)[0].Confirm))
	again := o.get("restricted-admin", "/api/v1/retire/"+r.body["id"].(string))
	same(o, "asked for later", r.body, again.body)
}
