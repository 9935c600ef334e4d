package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAnUndoByTheAPIBesideTheDaemonPutsBackAndStays(t *testing.T) {
	t.Parallel()
	d := run(t, "api: {tokens: [{approver}, {admin}, {boss}]}\n")
	d.planned()
	approved := func() bool {
		_, shown := d.ask("boss", "GET", "/api/v1/plan", "")
		status, _ := d.ask("approver", "POST", fmt.Sprintf("/api/v1/plan/%v/approvals", shown["run"]), `{"team": "core"}`)
		return status == 200
	}
	written := func() bool { return d.stands("B-1") == "high" && d.stands("B-2") == "low" && d.stands("B-3") == "high" }
	if !until(approved) || !until(written) {
		t.Fatalf("the daemon did not write:\n%s", d.log.String())
	}
	raw, err := os.ReadFile(filepath.Join(d.folder, "board.csv"))
	if err == nil { // somebody changes B-3
		lines := strings.SplitAfter(string(raw), "\n")
		for i, l := range lines {
			if strings.HasPrefix(l, "3,") {
				lines[i] = strings.Replace(l, ",high", ",low", 1)
			}
		}
		err = os.WriteFile(filepath.Join(d.folder, "board.csv"), []byte(strings.Join(lines, "")), 0o600)
	}
	if err != nil || d.stands("B-3") != "low" {
		t.Fatal(err)
	}
	if status, answer := d.ask("admin", "POST", "/api/v1/undo", `{"rule": "priority"}`); status != 403 {
		t.Errorf("an audience that is too low is answered with %d %v", status, answer)
	}
	for body, want := range map[string]int{`{"item": "board:B-9"}`: 404, `{"run": 1000}`: 404, `{"rule": "priority", "confirm": "stale"}`: 409} {
		if status, answer := d.ask("boss", "POST", "/api/v1/undo", body); status != want {
			t.Errorf("%s is answered with %d %v", body, status, answer)
		}
	}
	status, planned := d.ask("boss", "POST", "/api/v1/undo", `{"rule": "priority"}`)
	if status != 200 || length(planned["edits"]) != 2 || length(planned["changed"]) != 1 || d.stands("B-1") != "high" {
		t.Fatalf("planned as %d %v", status, planned)
	}
	status, done := d.ask("boss", "POST", "/api/v1/undo", fmt.Sprintf(`{"rule": "priority", "confirm": %q}`, planned["hash"]))
	if status != 200 || done["state"] != "done" {
		t.Fatalf("answered with %d %v\n%s", status, done, d.log.String())
	}
	stand := func() string { return d.stands("B-1") + "," + d.stands("B-2") + "," + d.stands("B-3") }
	if got := stand(); got != ",,low" {
		t.Errorf("they stand as %s", got)
	}
	time.Sleep(time.Second) // several polls
	if got := stand(); got != ",,low" {
		t.Errorf("later they stand as %s", got)
	}
	_, audit := d.ask("boss", "GET", "/api/v1/audit?ref=board:B-1", "")
	newest, _ := audit["audit"].([]any)[0].(map[string]any)
	if newest["by"] != "api:boss" || newest["errand"] != "undo" || length(audit["audit"]) != 2 {
		t.Errorf("the audit says %v", audit)
	}
	status, again := d.ask("boss", "POST", "/api/v1/undo", `{"rule": "priority"}`)
	if status != 200 || length(again["edits"]) != 0 {
		t.Errorf("undone twice: %d %v", status, again)
	}
	if code := d.stop(); code != 0 {
		t.Errorf("the daemon ended with %d", code)
	}
}

func length(list any) int {
	all, _ := list.([]any)
	return len(all)
}
