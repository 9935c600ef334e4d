package drop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/drop"
	"tandem/internal/work"
)

func TestContract(t *testing.T) {
	t.Parallel()
	for _, yields := range []string{"feedback", "items", "insights", "metrics"} {
		t.Run(yields, func(t *testing.T) {
			t.Parallel()
			connectortest.Suite{
				Definition: drop.Definition(),
				Open: func(t *testing.T, lab *connectortest.Lab) connectortest.World {
					t.Helper()
					return world(t, lab, yields)
				},
			}.Run(t)
		})
	}
}

func TestContractOfPresets(t *testing.T) {
	t.Parallel()
	for _, d := range []connectors.Definition{drop.UsabilityHub(), drop.Lyssna()} {
		t.Run(d.Kind, func(t *testing.T) {
			t.Parallel()
			connectortest.Suite{
				Definition: d,
				Open:       func(t *testing.T, lab *connectortest.Lab) connectortest.World { t.Helper(); return studies(t, lab, d) },
			}.Run(t)
		})
	}
}

// open connects to a folder with the settings.
func open(tb testing.TB, d connectors.Definition, env connectors.Env, settings string) *connectors.Connector {
	tb.Helper()
	live, err := instance(tb, d, settings).Open(tb.Context(), env)
	if err != nil {
		tb.Fatal(err)
	}
	return live
}

func instance(tb testing.TB, d connectors.Definition, settings string) connectors.Instance {
	tb.Helper()
	_, decode := connectortest.Settings("f:\n  kind: drop\n  " + strings.ReplaceAll(settings, "\n", "\n  "))
	made, problems := d.New("f", decode)
	if len(problems) > 0 {
		tb.Fatalf("settings: %v", problems)
	}
	return made
}

func put(tb testing.TB, path, content string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
}

func broken(t *testing.T, folder string) func(*testing.T) {
	t.Helper()
	return func(t *testing.T) {
		t.Helper()
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
}

// world has 620 rows in two files; a third one changes one of them.
func world(t *testing.T, lab *connectortest.Lab, yields string) connectortest.World {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "drop")
	header := map[string]string{
		"feedback": "id,text,account,at", "items": "id,title,effort,labels", "insights": "id,title,tags,at", "metrics": "name,day,account,count",
	}[yields]
	row := map[string]func(id, said string) string{
		"feedback": func(id, said string) string { return fmt.Sprintf("%s,\"said\n%s\",acme,2026-10-01\n", id, said) },
		"items":    func(id, said string) string { return fmt.Sprintf("%s,%s,5,\"old, api\"\n", id, said) },
		"insights": func(id, said string) string { return fmt.Sprintf("%s,%s,market,2026-10-01\n", id, said) },
		"metrics":  func(id, said string) string { return fmt.Sprintf("%s,2026-10-01,acme,%d\n", id, len(said)) },
	}[yields]
	ids, files := []string(nil), [2]strings.Builder{}
	for i := range 620 {
		id := fmt.Sprintf("I-%d", i)
		files[i%2].WriteString(row(id, "this"))
		if yields == "metrics" {
			id += "/acme/2026-10-01"
		}
		ids = append(ids, id)
	}
	put(t, filepath.Join(folder, "one.csv"), header+"\n"+files[0].String())
	put(t, filepath.Join(folder, "two.csv"), header+"\n"+files[1].String())
	w := connectortest.World{
		Connector: open(t, drop.Definition(), lab.Env(nil), "path: "+folder+"\nyields: "+yields),
		IDs:       map[string][]string{yields: ids},
		Break:     broken(t, folder),
		Missing:   work.NewRef(connectortest.Name, "I-99999", "I-99999"),
	}
	w.Touch = func(t *testing.T) (string, work.Ref) {
		t.Helper()
		put(t, filepath.Join(folder, "three.csv"), header+"\n"+row("I-600", "something else"))
		id := "I-600"
		if yields == "metrics" {
			id += "/acme/2026-10-01"
		}
		return yields, work.NewRef(connectortest.Name, id, id)
	}
	return w
}

// studies has 520 participants, named by the export itself.
func studies(t *testing.T, lab *connectortest.Lab, d connectors.Definition) connectortest.World {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "drop")
	var rows strings.Builder
	rows.WriteString("Participant ID,Submitted at,Country,Where would you click first?,Why?,Why? tags\n")
	for i := range 520 {
		fmt.Fprintf(&rows, "%d,2026-10-01T10:%02d:00Z,DE,Top,because %d,\"menu, top\"\n", i+1, i%60, i)
	}
	put(t, filepath.Join(folder, "navigation.csv"), rows.String())
	live := open(t, d, lab.Env(nil), "path: "+folder)
	var ids []string
	for page, err := range live.Source.Pages(t.Context(), "feedback", nil) {
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page.Feedback {
			ids = append(ids, f.ID)
		}
	}
	if len(ids) != 520 {
		t.Fatalf("%d participants", len(ids))
	}
	return connectortest.World{Connector: live, IDs: map[string][]string{"feedback": ids}, Break: broken(t, folder)}
}

// env is a plain environment outside of a Lab.
func env() connectors.Env { return connectors.Env{Name: "d", Now: time.Now} }
