package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/store"
	"tandem/internal/store/pgtest"
	"tandem/internal/work"
)

// Nodes share a store of PostgreSQL. A command that works itself stays out of
// their way, and they out of its.
func TestACommandAndTheNodesOfASharedStoreStayOutOfEachOthersWay(t *testing.T) {
	var server pgtest.Shared
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	address := server.Address(t)
	y := newYard(t)
	folder := y.settle(t, "acme")
	path := filepath.Join(folder, "tandem.yaml")
	settings, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Replace(strings.Replace(string(settings), "sqlite:"+folder+"/tandem.db", address, 1), "write: auto", "write: propose", 1))
	if code, said := tandem(t, folder, "plan"); code != 0 || !strings.Contains(said, "PAY-2") {
		t.Fatalf("code %d:\n%s", code, said)
	}

	node, err := store.Open(t.Context(), address, "acme", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = node.Close() }()
	lease, got, err := node.Acquire(t.Context(), "jira", "node-1", time.Minute)
	if err != nil || !got {
		t.Fatalf("%v, %v: the plan kept the duty", got, err)
	}
	for _, command := range [][]string{{"run", "--once"}, {"undo", "1", "--yes"}} {
		if code, said := tandem(t, folder, command...); code == 0 || !strings.Contains(said, "node-1 has jira") {
			t.Errorf("%v beside a node: code %d:\n%s", command, code, said)
		}
	}
	if code, said := tandem(t, folder, "apply", "--yes"); code != 0 || !strings.Contains(said, "approved") || y.puts() > 0 {
		t.Errorf("apply beside a node: code %d, %d writes:\n%s", code, y.puts(), said)
	}
	if err := node.Yield(t.Context(), lease); err != nil {
		t.Fatal(err)
	}
	if code, said := tandem(t, folder, "apply", "--yes"); code != 0 || y.puts() == 0 {
		t.Errorf("apply alone: code %d, %d writes:\n%s", code, y.puts(), said)
	}
	held, err := node.Held(t.Context())
	if err != nil || len(held) > 0 {
		t.Errorf("after it somebody has %v, %v", held, err)
	}
	if _, got, err := node.Acquire(t.Context(), work.Deciding, "node-1", time.Minute); err != nil || !got {
		t.Errorf("%v, %v: the command kept a duty", got, err)
	}
}
