package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "tandem/internal/store" // its drivers read the journal

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
)

// judge looks whether everything stands where it should, once.
func (y *yard) judge() {
	y.planIsEmpty()
	y.personsStay()
	y.nothingIsDouble()
	y.twinsAgree()
	y.onlyOwnPlaces()
	y.everyWriteIsExplained()
}

// planIsEmpty holds promise S4.
func (y *yard) planIsEmpty() {
	out, err := exec.CommandContext(y.Context(), "tandem", "plan", "--json", "--config", filepath.Join(y.folder, "tandem.yaml")).Output()
	if err != nil {
		y.Errorf("tandem plan: %v", err)
	}
	var plan struct {
		Edits []json.RawMessage `json:"edits"`
	}
	if err := json.Unmarshal(out, &plan); err != nil {
		y.Errorf("tandem plan --json: %v\n%s", err, out)
	}
	if len(plan.Edits) > 0 {
		y.Errorf("%d edits are left, the first is %s", len(plan.Edits), plan.Edits[0])
	}
}

// nothingIsDouble holds promise S9: comments, links, labels.
func (y *yard) nothingIsDouble() {
	comments := 0
	for n := range y.size {
		i, _ := y.jira.Issue(jiraKey(n))
		own := 0
		for _, c := range i.Comments {
			if c.Author == botPerson {
				own++
			}
		}
		links := map[string]int{}
		for _, l := range i.Remote {
			links[l.GlobalID]++
		}
		for id, count := range links {
			if count > 1 {
				y.Errorf("%s has the link %s %d times", i.Key, id, count)
			}
		}
		hub, _ := y.github.Issue(hubKey(n))
		for _, c := range hub.Comments {
			if c.Author == "tandem-bot" {
				own += 10
			}
		}
		if own != 11 {
			y.Errorf("%s and its twin have %d and %d comments of Tandem", i.Key, own%10, own/10)
		}
		comments += own%10 + own/10
		for _, prefix := range []string{"priority/", "roadmap/"} {
			if of := labelsOf(hub.Labels, prefix); len(of) > 1 && !y.crossed[hub.Key()] {
				y.Errorf("%s has the labels %v", hub.Key(), of)
			}
		}
		if of := labelsOf(i.Labels, "roadmap/"); len(of) > 1 {
			y.Errorf("%s has the labels %v", i.Key, of)
		}
	}
	if comments == 0 {
		y.Error("Tandem made no comment")
	}
}

func labelsOf(labels []string, prefix string) []string {
	return slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return !strings.HasPrefix(l, prefix) })
}

// twinsAgree compares both sides of every issue that no person decided.
func (y *yard) twinsAgree() {
	for n := range y.size {
		i, _ := y.jira.Issue(jiraKey(n))
		hub, _ := y.github.Issue(hubKey(n))
		value, _ := i.Custom[valueField].(float64)
		tier := tierOf(value)
		if n%personal == 0 {
			continue
		}
		if got := priorityName(i.Priority); got != tierName(tier) {
			y.Errorf("%s of value %v has the priority %s, want %s", i.Key, value, got, tierName(tier))
		}
		if got := labelsOf(hub.Labels, "priority/"); !slices.Equal(got, []string{"priority/p" + tier}) {
			y.Errorf("%s of value %v has the labels %v, want priority/p%s", hub.Key(), value, got, tier)
		}
		if j, h := labelsOf(i.Labels, "roadmap/"), labelsOf(hub.Labels, "roadmap/"); !slices.Equal(j, h) || len(j) != 1 {
			y.Errorf("%s has %v, its twin %v", i.Key, j, h)
		}
	}
}

// onlyOwnPlaces holds promise S2.
func (y *yard) onlyOwnPlaces() {
	owned := func(e sim.Effect) bool {
		label := strings.HasPrefix(e.From+e.To, "priority/p") || strings.HasPrefix(e.From+e.To, "roadmap/")
		field, _, _ := strings.Cut(e.Field, " ")
		return field == "labels" && label || field == "label" || field == "priority" || field == "property" || field == "comment" || strings.HasPrefix(field, "remote")
	}
	for _, e := range slices.Concat(y.jira.Writes().Effects(true), y.github.Writes().Effects(true)) {
		if !owned(e) {
			y.Errorf("Tandem changed %s of %s from %q to %q", e.Field, e.Ref, e.From, e.To)
		}
	}
}

// crossing is how long before a request GitHub may have been asked what stands
// there. No service lets a label be added only if no other one stands there: a
// person who sets one meanwhile finds both, which is held and shown.
const crossing = 3 * time.Second

// overwrite is a person's change in Jira that came between Tandem's look and
// its write, until it is put back.
type overwrite struct {
	person, tandem sim.Write
	theirs, ours   string
}

// personsStay holds promise S1: what a person set against Tandem's wish is
// never written over. No Jira takes a condition with a write: where a person
// came in between, their very value must stand there again, by one more write
// and no other, and the hold must say so.
func (y *yard) personsStay() {
	set := map[string]sim.Write{}
	away := map[string]overwrite{} // not put back yet
	back := map[string]overwrite{}
	held := 0
	for _, w := range slices.Concat(y.jira.Writes().All(), y.github.Writes().All()) {
		for _, e := range w.Effects {
			if !strings.HasPrefix(e.From+e.To, "priority/p") && e.Field != "priority" {
				continue
			}
			before, ok := set[e.Ref]
			if ok && w.Service && e.From == "" && strings.HasPrefix(e.To, "priority/p") && w.At.Sub(before.At) < crossing {
				y.crossed[e.Ref] = true
				continue
			}
			theirs := priorityOf(before, e.Ref)
			if o, gone := away[e.Ref]; ok && w.Service && gone && e.From == o.ours && e.To == o.theirs {
				delete(away, e.Ref)
				back[e.Ref] = o
				continue
			}
			if _, again := back[e.Ref]; ok && w.Service && !again && e.Field == "priority" && e.From == theirs && w.At.Sub(before.At) < crossing {
				away[e.Ref] = overwrite{before, w, theirs, e.To}
				continue
			}
			if ok && w.Service {
				y.Errorf("Tandem changed %s of %s from %q to %q at %v, which a person had set at %v", e.Field, e.Ref, e.From, e.To, w.At, before.At)
			}
			if !w.Service {
				set[e.Ref] = w
				held++
			}
		}
	}
	for ref, o := range away {
		y.Errorf("Tandem changed priority of %s to %q at %v, which a person had set to %q at %v, and did not put it back", ref, o.ours, o.tandem.At, o.theirs, o.person.At)
	}
	y.heldAndTold(back)
	y.Logf("%d labels of people and of Tandem crossed on their way, %d priorities were put back", len(y.crossed), len(back))
	if held == 0 {
		y.Error("no person decided anything")
	}
}

// priorityOf is what a write made of the priority of an issue.
func priorityOf(w sim.Write, ref string) string {
	for _, e := range w.Effects {
		if e.Ref == ref && e.Field == "priority" {
			return e.To
		}
	}
	return ""
}

// heldAndTold looks whether what was put back stands there, held for the person
// who set it, and told.
func (y *yard) heldAndTold(back map[string]overwrite) {
	if len(back) == 0 {
		return
	}
	out, err := exec.CommandContext(y.Context(), "tandem", "plan", "--all", "--json", "--config", filepath.Join(y.folder, "tandem.yaml")).Output()
	var plan struct {
		Holds []struct{ Key, Field, Cause, By, Detail string } `json:"holds"`
	}
	if err == nil {
		err = json.Unmarshal(out, &plan)
	}
	if err != nil {
		y.Fatalf("tandem plan --all --json: %v\n%s", err, out)
	}
	for ref, o := range back {
		told, held := false, ""
		for _, h := range plan.Holds {
			if h.Key == ref {
				held += fmt.Sprintf("%+v ", h)
			}
			told = told || h.Key == ref && h.Field == "priority" && h.Cause == "changed_by_person" && h.By == jirasim.Ana && strings.Contains(h.Detail, "the value was put back")
		}
		if i, _ := y.jira.Issue(ref); i.Priority != o.theirs || !told {
			y.Errorf("%s has the priority %s, and %s had set %s, which is told: %v; held: %s", ref, i.Priority, o.person.Actor, o.theirs, told, held)
		}
	}
}

// everyWriteIsExplained holds promise S13: the journal knows every change and
// its reason, and nothing of it is open.
func (y *yard) everyWriteIsExplained() {
	db, err := sql.Open(y.database, y.address)
	if err != nil {
		y.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(y.Context(), "SELECT body, state, waits FROM journal")
	if err != nil {
		y.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	known := map[string]bool{}
	states := map[string]int{}
	for rows.Next() {
		var body []byte
		var state string
		var waits int
		if err := rows.Scan(&body, &state, &waits); err != nil {
			y.Fatal(err)
		}
		var e struct {
			Key, Because string
			Target       struct{ Path, Element string }
		}
		if err := json.Unmarshal(body, &e); err != nil {
			y.Fatal(err)
		}
		if e.Because == "" {
			y.Errorf("an edit of %s has no reason: %s", e.Key, body)
		}
		states[state]++
		known[e.Key+" "+e.Target.Path] = true
		if waits != 0 {
			y.Errorf("an edit of %s is still open: %s %s", e.Key, state, body)
		}
	}
	if err := rows.Err(); err != nil {
		y.Fatal(err)
	}
	y.Logf("the journal knows %v", states)
	for _, e := range slices.Concat(y.jira.Writes().Effects(true), y.github.Writes().Effects(true)) {
		field, _, _ := strings.Cut(e.Field, " ")
		path := map[string]string{"property": "tandem"}[field]
		for own := range maps.Keys(map[string]bool{field: true, path: true, "marker": field == "property", "remote_link": strings.HasPrefix(field, "remote")}) {
			if known[e.Ref+" "+own] {
				path = "found"
			}
		}
		if path != "found" && field != "label" {
			y.Errorf("nothing explains the change of %s of %s from %q to %q", e.Field, e.Ref, e.From, e.To)
		}
	}
}
