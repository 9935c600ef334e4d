package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/store"
	"tandem/internal/work"
)

// wrote lets the daemon write three priorities.
func (d *daemon) wrote() {
	d.Helper()
	d.planned()
	approved := func() bool { return strings.Contains(d.tandem("", "apply", "--yes"), "approved") }
	written := func() bool { return d.stands("B-1") == "high" && d.stands("B-2") == "low" && d.stands("B-3") == "high" }
	if !until(approved) || !until(written) {
		d.Fatalf("the daemon did not write:\n%s", d.log.String())
	}
}

func TestAnUndoTypedBesideTheDaemonIsDoneByItAndStays(t *testing.T) {
	t.Parallel()
	d := run(t, "")
	d.wrote()
	stand := func() string { return d.stands("B-1") + "," + d.stands("B-2") + "," + d.stands("B-3") }
	for _, one := range []struct{ args, answer, want string }{
		{"undo --rule priorty", "", `did you mean "priority"`},
		{"undo 1000", "", "run 1000 wrote nothing there; these wrote last:"},
		{"undo --item board:B-9", "", `there is no item "board:B-9"`},
		{"undo --rule priority --dry-run", "", "3  will be put back"},
		{"undo --rule priority", "", "nobody answered"},
		{"undo --rule priority", "n\n", "Nothing was written."},
	} {
		if said := d.tandem(one.answer, strings.Fields(one.args)...); !strings.Contains(said, one.want) {
			t.Errorf("%s says\n%s\nand not %q", one.args, said, one.want)
		}
	}
	if got := stand(); got != "high,low,high" {
		t.Fatalf("a look left them as %s", got)
	}
	said := d.tandem("y\n", "undo", "--rule", "priority")
	if !strings.Contains(said, "board:B-1  priority  high → empty") || !strings.Contains(said, "3 values put back") || !strings.HasSuffix(said, "[0]") {
		t.Errorf("it says\n%s", said)
	}
	time.Sleep(time.Second) // several polls
	if got := stand(); got != ",," {
		t.Errorf("they stand as %s", got)
	}
	var again struct {
		State string
		Done  int `json:"already_so"`
		Edits []any
	}
	said = d.tandem("", "undo", "--rule", "priority", "--yes", "--json")
	if err := json.Unmarshal([]byte(strings.TrimSuffix(said, "[0]")), &again); err != nil || again.State != "done" || again.Done != 3 || len(again.Edits) > 0 {
		t.Errorf("undone twice: %v\n%s", err, said)
	}
	if code := d.stop(); code != 0 {
		t.Errorf("the daemon ended with %d", code)
	}
}

func TestARetirementTypedBesideTheDaemonIsDoneByItAndNothingIsWrittenThereAnyMore(t *testing.T) {
	t.Parallel()
	d := run(t, "")
	d.wrote()
	if said := d.tandem("", "retire", "--team", "cora"); !strings.Contains(said, `did you mean "core"`) {
		t.Errorf("it says\n%s", said)
	}
	said := d.tandem("y\n", "retire", "--team", "core")
	for _, want := range []string{"Webhooks that people entered", "Retire team core? [y/N]", "3 values put back", "[0]"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	time.Sleep(time.Second) // several polls
	if d.stands("B-1")+d.stands("B-2")+d.stands("B-3") != "" {
		t.Error("something stands there")
	}
	if said := d.tandem("", "status"); !strings.Contains(said, "Retired: team core") {
		t.Errorf("status says\n%s", said)
	}
}

// Two commands are no daemon: nobody would take up an order.
func TestACommandBesideAnotherCommandIsRefusedAndWaitsForNobody(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	settings := "instance: acme\nstore: \"sqlite:" + folder + "/tandem.db\"\nrules: [rules.yaml]\nconnectors:\n  board: {kind: file, items: \"" + folder + "/board.csv\", place: core}\n"
	for name, content := range map[string]string{"tandem.yaml": settings, "rules.yaml": boardRules, "board.csv": boardFile} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db, err := store.Open(t.Context(), "sqlite:"+folder+"/tandem.db", "acme", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if code, said := tandem(t, folder, "undo", "--rule", "priority", "--yes"); code == 0 || !strings.Contains(said, "in use by another process") {
		t.Errorf("code %d:\n%s", code, said)
	}
	if _, waits, err := db.NextCommission(t.Context()); waits || err != nil {
		t.Errorf("an order waits: %v, %v", waits, err)
	}
	// A daemon that died a moment ago still counts as alive: who breaks off
	// leaves nothing behind.
	if _, err := db.Beat(t.Context(), "died", time.Minute); err != nil {
		t.Fatal(err)
	}
	breaksOff(t, folder, db)
	if order, waits, err := db.NextCommission(t.Context()); waits || err != nil {
		t.Errorf("an order waits: %+v, %v", order, err)
	}
	if placed, err := db.Commission(t.Context(), work.Commission{ID: "next", Errand: work.Undo}); err != nil || !placed {
		t.Errorf("the next order is refused: %v", err)
	}
}

// breaksOff types an undo, and Ctrl-C once it waits.
func breaksOff(t *testing.T, folder string, db *store.Store) {
	t.Helper()
	ctx, interrupt := context.WithCancelCause(t.Context())
	go func() {
		until(func() bool { _, waits, err := db.NextCommission(t.Context()); return waits || err != nil })
		interrupt(errors.New("interrupted"))
	}()
	var out bytes.Buffer
	code := cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out}, "test", []string{"undo", "--rule", "priority", "--yes", "--config", filepath.Join(folder, "tandem.yaml")})
	if code == 0 || !strings.Contains(out.String(), "interrupted: the order was withdrawn, and nothing was written") {
		t.Errorf("code %d:\n%s", code, out.String())
	}
}
