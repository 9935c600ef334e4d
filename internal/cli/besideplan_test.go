package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/store"
)

// What writing sets off is told before anybody approves, whoever reads the plan.
func TestAPlanBesideADaemonTellsWhatWritingSetsOff(t *testing.T) {
	y := newYard(t)
	folder := y.settle(t, "beside")
	path := filepath.Join(folder, "tandem.yaml")
	settings, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Replace(string(settings), "write: auto", "write: propose", 1))
	if code, said := tandem(t, folder, "plan"); code != 0 || !strings.Contains(said, "Writing this would also") {
		t.Fatalf("code %d:\n%s", code, said)
	}
	daemon, err := store.Open(t.Context(), "sqlite:"+filepath.Join(folder, "tandem.db"), "beside", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = daemon.Close() }()
	for _, command := range []string{"plan", "apply"} {
		_, said := tandem(t, folder, command)
		if !strings.Contains(said, "A daemon runs on this store") || !strings.Contains(said, "Writing this would also") || !strings.Contains(said, "will notify their watchers") {
			t.Errorf("%s beside a daemon:\n%s", command, said)
		}
	}
	if n := y.puts(); n > 0 {
		t.Errorf("%d writes", n)
	}
}
