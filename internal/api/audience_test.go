package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// planted puts the marker wherever Tandem keeps something of a restricted item:
// titles, keys, ids, addresses, values, people, reasons, refusals, rejections,
// failures, records that were not understood, and the plan that other items
// are moved by.
func planted(tb testing.TB) *office {
	tb.Helper()
	o := opened(tb)
	ctx := tb.Context()
	o.read(record("8", "PAY-8", 65, work.Restricted))
	o.refuse(marker+"4", "the service says "+marker)
	_, err := o.db.SavePage(ctx, "board", "issues", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Rejects: []work.Reject{
		{Connector: "board", Where: marker + "9", Cause: "no time in " + marker, Remedy: "look at " + marker, Body: marker},
	}}, nil)
	o.ok(err)
	o.speak()
	o.ok(o.db.SaveFailure(ctx, "voices", "feedback", "the service said: "+marker))
	run, _, err := o.db.LastRun(ctx)
	o.ok(err)
	ids := map[string]bool{}
	for _, e := range run.Plan.Edits {
		ids[e.ID] = strings.Contains(e.Target.ID, marker)
	}
	given, _ := plan.Approve(&run.Plan, run.Seq, ids, marker+"-person", false)
	o.ok(o.db.Approve(ctx, given))
	o.ok(o.db.Reject(ctx, plan.Rejection{
		Slot: plan.SlotRef{Ref: work.RefID{Connector: "board", ID: marker + "5"}, Field: work.Rank}, By: marker + "cy", Because: marker,
	}))
	for _, w := range []work.Override{
		{Ref: work.NewRef("board", "1", "PAY-1"), Kind: work.Pin, Value: "1"},
		{Ref: work.NewRef("board", marker+"5", marker+"PAY-5"), Kind: work.Pin, Value: "1"},
		{Ref: work.NewRef("board", marker+"5", marker+"PAY-5"), Kind: work.Objection},
		{Ref: work.NewRef("board", marker+"7", marker+"PAY-7"), Kind: work.Objection},
	} {
		w.By, w.Reason, w.Until = "cy", "so be it", noon().AddDate(0, 0, 30)
		if w.Ref.Key != "PAY-1" {
			w.By, w.Reason = marker+"cy", marker
		}
		_, err := o.db.SaveOverride(ctx, w)
		o.ok(err)
	}
	// An issue that nobody knows any more, and what was once written there.
	gone := work.Edit{
		ID: "gone", Target: work.Target{RefID: work.RefID{Connector: "board", ID: marker + "7"}, Path: "priority"}, Key: marker + "PAY-7", Place: marker,
		Verb: work.SetField, Value: work.NewText(marker), Expect: work.NewText(marker), Item: marker, Field: work.Priority, Because: marker,
	}
	o.ok(o.db.Begin(ctx, run.Seq, []work.Edit{gone}))
	o.ok(o.db.Finish(ctx, []work.Result{{EditID: "gone", State: work.Applied, Detail: marker}}))
	// A move of a visible issue behind a restricted one, and the marker of a
	// twin that is a part of it no longer.
	for i, e := range []work.Edit{
		{Verb: work.MoveInBacklog, Target: work.Target{Path: work.NativeRank, Element: "PAY"}, Value: work.Anchor{ID: marker + "4"}.Value(), Because: "behind " + marker, Field: work.Rank},
		{Verb: work.SetField, Target: work.Target{Path: work.NativeMarker}, Value: work.NewText("board:" + marker + "4"), Because: "its twin is " + marker, Field: work.Links},
		{Verb: work.PutLink, Target: work.Target{Path: work.NativeRemoteLink, Element: "tandem=board:" + marker + "4"}, Value: work.NewText("https://" + marker), Field: work.Links},
	} {
		e.ID, e.Target.RefID, e.Key = fmt.Sprint("named", i), work.RefID{Connector: "board", ID: "1"}, "PAY-1"
		o.ok(o.db.Begin(ctx, run.Seq, []work.Edit{e}))
		o.ok(o.db.Finish(ctx, []work.Result{{EditID: e.ID, State: work.Conflict, Detail: "PAY-1 is not behind " + marker}}))
	}
	o.pass(time.Minute)
	last := o.decide()
	// A visible issue that is held because of a restricted one.
	for _, h := range []work.Hold{
		{Cause: work.AmbiguousTwin, Target: work.Target{Path: "twin"}, Have: work.NewText("board:" + marker), Want: work.NewText("board:" + marker), Detail: marker},
		{Cause: work.ChangedByPerson, Target: work.Target{Path: work.NativeRank, Element: "PAY"}, Field: work.Rank, Detail: "behind " + marker},
		{Cause: work.RejectedEdit, Target: work.Target{Path: work.NativeMarker}, Field: work.Links, Want: work.NewText(marker), Detail: marker},
	} {
		h.Target.RefID, h.Key, h.Item = work.RefID{Connector: "board", ID: "1"}, "PAY-1", "board:1"
		last.Plan.Holds = append(last.Plan.Holds, h)
	}
	_, err = o.db.SaveRun(ctx, last)
	o.ok(err)
	return o
}

// everyRequest is what a curious client would ask.
func everyRequest(o *office) [][3]string {
	all := [][3]string{}
	get := func(paths ...string) {
		for _, p := range paths {
			all = append(all, [3]string{"GET", "/api/v1" + p, ""})
		}
	}
	get("/status", "/plan?limit=500", "/plan?team=pay&limit=1&offset=1", "/plan?connector=board&gate=needs_approval", "/holds?limit=500", "/items?limit=500", "/items?done=true&team=pay",
		"/items?search=do&limit=500", "/items?search="+marker, "/items?ready=true", "/items?priority=1", "/items?person=ana&accountable=pm", "/items?kind=bug&horizon=now&goal=x", "/items?since=2026-11-23",
		"/runs", "/audit?limit=500", "/dead-letters?limit=500", "/approvals?limit=500", "/leases", "/inbox?limit=500", "/inbox?person=ana&role=pm&team=pay", "/load",
		"/fits", "/fits?team=pay&sprint=next", "/stability", "/stability?run=1", "/tension?limit=500", "/tension?team=pay", "/nothing",
		"/overrides", "/overrides?ended=true", "/overrides?kind=objection",
		"/lists/not_ready", "/lists/missing_effort?team=pay&limit=500", "/lists/unaccepted", "/lists/epics_without_goal", "/lists/blocked", "/lists/x", "/roadmap?limit=500", "/roadmap?team=pay&horizon=now",
		"/goals", "/goals?team=pay", "/themes", "/movement?since=2026-11-22", "/movement", "/trails?since=2026-11-01&limit=100", "/trails?team=pay", "/survey", "/survey?since=2026-01-01",
		"/shipped", "/shipped?since=2026-01-01&team=pay", "/suggestions", "/suggestions?before=99&limit=500", "/insights", "/insights?waiting=true", "/asides", "/views")
	run, _, err := o.db.LastRun(o.Context())
	o.ok(err)
	for _, key := range []string{"board:PAY-1", "board:PAY-2", "board:PAY-3", "board:" + "PAY-6", "PAY-1"} {
		get("/items/"+url.PathEscape(key)+"/explanation", "/items/"+url.PathEscape(key)+"/explanation?run=1", "/audit?ref="+url.QueryEscape(key))
	}
	post := func(path, body string) { all = append(all, [3]string{"POST", "/api/v1" + path, body}) }
	for _, e := range run.Plan.Edits {
		if !strings.Contains(e.Target.ID, marker) {
			post("/rejections", fmt.Sprintf(`{"edit": %q, "because": "no", "for": "1d"}`, e.ID))
		}
	}
	for n := range 8 {
		post(fmt.Sprintf("/dead-letters/%d/retry", n), "")
	}
	post("/what-if", `{"set": ["rank.order=[why]"]}`)
	post("/plan/1/approvals", `{"all": true}`)
	post("/plan/2/approvals", `{"team": "pay"}`)
	post("/releases", `{"ref": "board:PAY-6", "field": "priority"}`)
	post("/overrides", `{"ref": "board:PAY-1", "kind": "place", "value": "1", "because": "so be it"}`)
	post("/objections", `{"ref": "board:PAY-3", "because": "no"}`)
	for n := range 6 {
		post(fmt.Sprintf("/overrides/%d/end", n), "")
		post(fmt.Sprintf("/objections/%d/answer", n), `{"answer": "x"}`)
	}
	for _, of := range []string{"voices:f1", "voices:" + "nothing", "studies:i1"} {
		post("/links", fmt.Sprintf(`{"of": %q, "ref": "board:PAY-1", "verdict": "accept"}`, of))
		post("/links", fmt.Sprintf(`{"of": %q, "ref": "board:PAY-1", "verdict": "forget"}`, of))
		post("/asides", fmt.Sprintf(`{"of": %q, "because": "small talk"}`, of))
	}
	get("/asides?limit=500")
	post("/asides/take-back", `{"of": "studies:i1"}`)
	post("/views", `{"name": "mine", "query": "team=pay", "shared": true}`)
	get("/views")
	for n := range 4 {
		post(fmt.Sprintf("/views/%d/rename", n), `{"name": "other"}`)
		post(fmt.Sprintf("/views/%d/delete", n), "")
	}
	post("/undo", `{"run": 1}`)
	post("/undo", `{"item": "board:PAY-1", "confirm": "x"}`)
	get("/undo/1")
	post("/pause", `{}`)
	post("/resume", `{}`)
	return all
}

// Promise S7: whatever a client asks, no word of what is stricter than its
// audience reaches it: in no body, no header and no error.
func TestS7NothingRestrictedReachesALowerAudience(t *testing.T) {
	t.Parallel()
	for _, client := range []string{"public-admin", "internal-admin"} {
		o := planted(t)
		asked := everyRequest(o)
		for _, ask := range asked {
			r := o.ask(client, ask[0], ask[1], ask[2])
			var header bytes.Buffer
			o.ok(r.header.Write(&header))
			if strings.Contains(strings.ToLower(r.text+header.String()), marker) {
				t.Errorf("%s: %s %s is answered with\n%s%s", client, ask[0], ask[1], header.String(), r.text)
			}
			if r.status >= 500 {
				t.Errorf("%s %s: %d %s", ask[0], ask[1], r.status, r.text)
			}
		}
		o.pass(time.Hour) // once more, with what was approved and rejected
		o.decide()
		for _, ask := range asked {
			if r := o.ask(client, ask[0], ask[1], ask[2]); strings.Contains(strings.ToLower(r.text), marker) {
				t.Errorf("%s, later: %s %s is answered with\n%s", client, ask[0], ask[1], r.text)
			}
		}
		if strings.Contains(o.log.String(), marker) {
			t.Errorf("the log has %s", o.log.String())
		}
	}
	o := planted(t) // and the marker is everywhere, so that this test tests something
	for _, path := range []string{
		"/status", "/plan", "/holds", "/items", "/audit", "/dead-letters", "/approvals", "/overrides", "/inbox", "/items/board:PAY-1/explanation",
		"/lists/missing_effort", "/roadmap", "/trails", "/survey", "/suggestions", "/insights", "/insights?waiting=true", "/asides", "/views",
	} {
		if r := o.get("restricted-viewer", "/api/v1"+path); !strings.Contains(r.text, marker) {
			t.Errorf("who may see everything sees no %s in %s: %s", marker, path, r.text)
		}
	}
}

// What a client may not see is answered like what is not there, to the letter.
func TestS7WhatIsHiddenCannotBeToldFromWhatIsNotThere(t *testing.T) {
	t.Parallel()
	o := planted(t)
	var hidden string
	run, _, err := o.db.LastRun(t.Context())
	o.ok(err)
	for _, e := range run.Plan.Edits {
		if e.Target.ID == marker+"8" {
			hidden = e.ID
		}
	}
	letters, err := o.db.DeadLetters(t.Context(), 10)
	o.ok(err)
	pairs := [][2][3]string{
		{{"GET", "/items/board:" + marker + "PAY-4/explanation", ""}, {"GET", "/items/board:nothing/explanation", ""}},
		{{"GET", "/items/board:" + marker + "PAY-4/explanation?run=1", ""}, {"GET", "/items/board:nothing/explanation?run=1", ""}},
		{{"GET", "/audit?ref=board:" + marker + "PAY-4", ""}, {"GET", "/audit?ref=board:nothing", ""}},
		{{"POST", "/releases", `{"ref": "board:` + marker + `PAY-5", "field": "priority"}`}, {"POST", "/releases", `{"ref": "board:nothing", "field": "priority"}`}},
		{{"POST", "/rejections", `{"ref": "board:` + marker + `PAY-5", "field": "rank", "because": "x"}`}, {"POST", "/rejections", `{"ref": "board:nothing", "field": "rank", "because": "x"}`}},
	}
	pairs = append(pairs,
		[2][3]string{{"POST", "/overrides", `{"ref": "board:` + marker + `PAY-4", "kind": "place", "value": "1", "because": "x"}`}, {"POST", "/overrides", `{"ref": "board:nothing", "kind": "place", "value": "1", "because": "x"}`}},
		[2][3]string{{"POST", "/overrides/2/end", ""}, {"POST", "/overrides/4711/end", ""}},
		[2][3]string{{"POST", "/objections/3/answer", `{"answer": "x"}`}, {"POST", "/objections/4711/answer", `{"answer": "x"}`}})
	for _, l := range letters {
		pairs = append(pairs, [2][3]string{{"POST", fmt.Sprintf("/dead-letters/%d/retry", l.ID), ""}, {"POST", "/dead-letters/4711/retry", ""}})
	}
	if hidden != "" {
		pairs = append(pairs,
			[2][3]string{{"POST", "/rejections", fmt.Sprintf(`{"edit": %q, "because": "x"}`, hidden)}, {"POST", "/rejections", `{"edit": "0123456789abcdef", "because": "x"}`}})
	}
	for _, pair := range pairs {
		a := o.ask("internal-approver", pair[0][0], "/api/v1"+pair[0][1], pair[0][2])
		b := o.ask("internal-approver", pair[1][0], "/api/v1"+pair[1][1], pair[1][2])
		if a.text != b.text || a.status != 404 || b.status != 404 {
			t.Errorf("%v is answered %d %s and the other %d %s", pair[0], a.status, a.text, b.status, b.text)
		}
	}
	if hidden == "" {
		t.Fatal("the plan has no edit of a restricted issue")
	}
	text := func(id string) string {
		r := o.post("internal-approver", "/api/v1/plan/2/approvals", fmt.Sprintf(`{"edits": [%q]}`, id))
		return strings.ReplaceAll(r.text, id, "ID")
	}
	same(o, "approvals", text("0123456789abcdef"), text(hidden))
	given, err := o.db.Approvals(t.Context(), 100)
	o.ok(err)
	for _, a := range given {
		if a.By == "api:internal-approver" {
			t.Errorf("it approved what it cannot see: %+v", a)
		}
	}
}

// What everything is approved by is what the client sees.
func TestS7AClientApprovesNothingThatItCannotSee(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.post("internal-approver", "/api/v1/plan/1/approvals", `{"all": true}`)
	if len(r.list("approved")) == 0 {
		t.Fatalf("nothing was approved: %s", r.text)
	}
	given, err := o.db.Approvals(t.Context(), 100)
	o.ok(err)
	run, _, err := o.db.LastRun(t.Context())
	o.ok(err)
	for _, a := range given {
		for _, e := range run.Plan.Edits {
			if e.ID == a.Edit && (strings.Contains(e.Target.ID, marker) || strings.Contains(e.Value.String(), marker)) {
				t.Errorf("it approved %+v", e)
			}
		}
	}
}

// Feedback that is stricter than its issue hides what rests on it, not the
// issue.
func TestS7ReasonsAreAsStrictAsTheFeedback(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.get("internal-viewer", "/api/v1/items/board:PAY-2/explanation")
	item, _ := r.body["item"].(map[string]any)
	if item["restricted"] != "reasons" || item["title"] != "Do PAY-2" {
		t.Errorf("shown as %v", item)
	}
	for _, key := range []string{"scores", "evidence", "route", "horizon_because", "standing"} {
		if r.body[key] != nil {
			t.Errorf("%s is shown: %v", key, r.body[key])
		}
	}
	for _, key := range []string{"score", "priority", "tier", "horizon", "accountable", "not_ready"} {
		if item[key] != nil {
			t.Errorf("%s is shown: %v", key, item[key])
		}
	}
	for _, e := range r.list("edits") {
		if e["because"] != nil {
			t.Errorf("because is shown: %v", e)
		}
	}
	if all := o.get("restricted-viewer", "/api/v1/items/board:PAY-2/explanation"); all.body["evidence"].(map[string]any)["signals"] != 1.0 {
		t.Errorf("who may see everything sees %s", all.text)
	}
}

// An issue that becomes restricted is hidden at once, what was planned and
// written before included.
func TestS7TheAudienceOfTodayCounts(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.refuse("1", "no such priority")
	seen := func() []string {
		all := []string{}
		for _, path := range []string{"/plan?limit=500", "/items?limit=500", "/audit", "/dead-letters", "/items/board:PAY-1/explanation?run=1", "/items/board:PAY-2/explanation"} {
			if strings.Contains(o.get("internal-viewer", "/api/v1"+path).text, "board:PAY-1") {
				all = append(all, path)
			}
		}
		return all
	}
	if before := seen(); !slices.Contains(before, "/audit") || !slices.Contains(before, "/plan?limit=500") {
		t.Fatalf("seen in %v", before)
	}
	r := record("1", "PAY-1", 90, work.Internal)
	r.Audience, r.Version = work.Restricted, noon()
	o.read(r)
	o.pass(time.Minute)
	same(o, "seen", []string{}, seen())
}

func TestTheAnswersAreWellFormed(t *testing.T) {
	t.Parallel()
	o := planted(t)
	for _, client := range []string{"public-viewer", "internal-viewer", "restricted-viewer"} {
		for _, ask := range everyRequest(o) {
			if r := o.ask(client, ask[0], ask[1], ask[2]); !json.Valid([]byte(r.text)) {
				t.Errorf("%s %s: %s", ask[0], ask[1], r.text)
			}
		}
	}
}

// The usual office has one lens and no estimates: there is no tension, and
// nothing fits. Here there is, and what is passed by is restricted.
func TestS7TensionAndWhatFitsNameNothingRestricted(t *testing.T) {
	t.Parallel()
	o := foundedOn(t, strings.NewReplacer(
		"fields:\n", "fields:\n  effort: {owner: board, board: {field: effort}}\n",
		"rank: {method: expression, expression: 'item.value', order: [next]",
		"rank: {why: {method: expression, expression: 'item.value'}, next: {method: expression, expression: '100 - item.value'}, order: [why, next]",
	).Replace(rulesText))
	sized := func(id string, value, effort float64, audience work.Audience) work.Record {
		r := record(id, "PAY-"+id, value, audience)
		r.Fields["effort"] = work.NewNumber(effort)
		return r
	}
	o.read(sized("1", 90, 4, work.Internal), sized("2", 80, 5, work.Restricted), sized("3", 70, 2, work.Public), sized("4", 10, 1, work.Internal))
	o.decide()
	o.serve(tokens())
	const passed = "small enough for what others leave"
	for client, want := range map[string][2]bool{"restricted-viewer": {true, false}, "internal-viewer": {false, true}, "public-viewer": {false, true}} {
		tension, fits := o.ask(client, "GET", "/api/v1/tension", ""), o.ask(client, "GET", "/api/v1/fits", "")
		for what, r := range map[string]reply{"tension": tension, "fits": fits} {
			if names := strings.Contains(r.text, marker); names != want[0] || !strings.Contains(r.text, "PAY-3") {
				t.Errorf("%s: %s names what is restricted: %t\n%s", client, what, names, r.text)
			}
		}
		if strings.Contains(fits.text, passed) != want[1] {
			t.Errorf("%s is told of what fits: %s", client, fits.text)
		}
	}
}

// founded makes an office in which nothing was read yet.
func founded(tb testing.TB) *office {
	tb.Helper()
	return foundedOn(tb, rulesText)
}
