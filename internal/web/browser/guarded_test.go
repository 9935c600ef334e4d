package browser_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/web/browser"
)

// The marks stand in everything that is not for everybody: in what is restricted,
// and in what only the company may see.
const (
	restrictedMark = "zqrestricted"
	internalMark   = "zqinternal"
)

// secrets are files with tokens of links, by the name of each.
func secrets() map[string]string {
	return map[string]string{
		"customers": "customers-may-read-this-roadmap-0001",
		"partners":  "partners-may-read-this-roadmap-00002",
		"press":     "the-press-may-read-this-for-a-while-3",
	}
}

// guarded is a company some of whose work and voices not everybody may see. Its
// people sign in at an issuer; others have links to its roadmap.
//
//	open    public        voices  what customers say, internal
//	board   internal      calls   the same, restricted
//	vault   restricted
var guarded = shared{begin: func(ctx context.Context) (*daemon, error) {
	door, err := newIssuer()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "tandem-browser-")
	if err != nil {
		return nil, err
	}
	files := map[string]string{"rules.yaml": guardedRules, "client.secret": "known-to-the-issuer-and-to-tandem-only"}
	for name, mark := range map[string]string{"open": "", "board": internalMark, "vault": restrictedMark} {
		if files[name+".csv"], err = marked(name, mark); err != nil {
			return nil, err
		}
	}
	for name, mark := range map[string]string{"voices": internalMark, "calls": restrictedMark} {
		files[name+".jsonl"] = spoken(name, mark)
	}
	for name, token := range secrets() {
		files[name+".token"] = token
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	d, err := run(ctx, folder, strings.NewReplacer("FOLDER", folder, "ISSUER", door.URL).Replace(guardedSettings))
	if err != nil {
		door.Close()
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	stop := d.stop
	d.stop = func() error { door.Close(); return stop() }
	return d, nil
}}

const guardedSettings = `instance: guarded
store: "sqlite:FOLDER/tandem.db"
write: propose
every: 1h
log: {level: warn}
rules: [rules.yaml]
connectors:
  open: {kind: file, items: "FOLDER/open.csv", place: core, audience: public}
  board: {kind: file, items: "FOLDER/board.csv", place: core}
  vault: {kind: file, items: "FOLDER/vault.csv", place: core, audience: restricted}
  voices: {kind: file, feedback: "FOLDER/voices.jsonl", place: core}
  calls: {kind: file, feedback: "FOLDER/calls.jsonl", place: core, audience: restricted}
web:
  token: {file: "FOLDER/web.token"}
  public_url: "http://` + ownAddress + `"
  oidc:
    issuer: "ISSUER"
    client_id: tandem
    client_secret: {file: "FOLDER/client.secret"}
    grants:
      - {group: product, role: approver, audience: restricted}
      - {group: staff, role: viewer, audience: internal}
      - {everyone: true, role: viewer, audience: public}
  roadmap:
    - {name: customers, token: {file: "FOLDER/customers.token"}, audience: public}
    - {name: partners, token: {file: "FOLDER/partners.token"}, audience: internal}
    - {name: press, token: {file: "FOLDER/press.token"}, audience: public}
`

const guardedRules = `people: {ana: {email: ana@acme.example}, cy: {email: cy@acme.example}}
teams: {core: {roles: {pm: ana, po: cy}, places: {open: [core], board: [core], vault: [core]}, capacity: {effort: 12, every: 2w}}}
adopt: {set_by_person: keep, untouched_default: keep}
fields:
  priority:
    owner: tandem
    open: {field: priority, values: {1: [high], 2: [low]}}
    board: {field: priority, values: {1: [high], 2: [low]}}
    vault: {field: priority, values: {1: [high], 2: [low]}}
  horizon: {owner: tandem, open: {label: 'roadmap/{value}'}, board: {label: 'roadmap/{value}'}, vault: {label: 'roadmap/{value}'}}
evidence:
  link: [{tags: {asked: 'board:I-1'}}]
goals:
  keep_exporters: {measure: errors per week, target: '< 10', period: 2026-Q4, weight: 2, themes: [export]}
readiness:
  - {if: 'item.effort == unknown', because: no estimate}
rank: {method: expression, expression: 'evidence.accounts + (item.value ?? 1)', tiers: {of: next, 1: 10, 2: 0}, dwell: 0d, band: 0%}
roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}
route:
  default: {accountable: pm, because: triage, within: 3d}
  routes:
    - {if: 'item.kind == "bug"', accountable: po, because: a bug}
`

// marked are items of a place. Each text that says something has the mark.
func marked(place, mark string) (string, error) {
	letter := strings.ToUpper(place[:1])
	if place == "board" {
		letter = "I"
	}
	var rows bytes.Buffer
	w := csv.NewWriter(&rows)
	_ = w.Write([]string{"id", "key", "title", "body", "kind", "status", "value", "effort", "priority", "theme", "segment", "assignee", "reporter", "labels", "links", "dependencies", "acceptance_criteria", "url", "updated"})
	for i := 1; i <= 9; i++ {
		n := fmt.Sprint(i)
		effort, priority, links, after := n, []string{"", "high", "low"}[i%3], "", ""
		switch {
		case i == 4:
			effort = ""
		case place == "vault" && i == 2:
			links = "board:I-2" // a part of it that fewer people may see
		case place == "board" && i == 3:
			after = "vault:V-3"
		}
		_ = w.Write([]string{
			n, letter + "-" + n, "Do " + mark + "title " + n + " of " + place, mark + "body " + n, []string{"bug", "story", "epic"}[i%3], "todo", fmt.Sprint(i * 7 % 20), effort, priority,
			mark + "theme", mark + "segment", mark + "assignee@acme.example", mark + "reporter@acme.example", mark + "label", links, after, mark + "criteria",
			"https://files.example/" + mark + "page/" + n, "2026-11-01T00:00:00Z",
		})
	}
	w.Flush()
	return rows.String(), w.Error()
}

// spoken is what customers said, some of it linked to work that more people may
// see.
func spoken(name, mark string) string {
	var rows strings.Builder
	for i := 1; i <= 6; i++ {
		_, _ = fmt.Fprintf(&rows, `{"id": "%[1]s-%[3]d", "kind": "request", "method": "interview", "text": "%[2]ssaid %[3]d", "person": "%[2]sperson %[3]d", "account": "%[2]saccount %[3]d", `+
			`"segment": "%[2]ssegment", "area": "%[2]sarea", "at": "2026-11-0%[3]d", "url": "https://calls.example/%[2]scall/%[3]d", "tags": ["%[4]s"]}`+"\n",
			name, mark, i, map[bool]string{true: "asked", false: mark + "tag"}[i%2 == 1])
	}
	return rows.String()
}

// enters signs somebody in at the issuer, as people do.
func (d *daemon) enters(t *testing.T, tab *browser.Tab, who string) {
	t.Helper()
	tab.Open(d.url + "/signin")
	tab.Click("link", starting(t, tab, "link", "Sign in with "))
	tab.Click("link", who)
	tab.Find("heading", "Order")
}
