package file_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/file"
	"tandem/internal/work"
)

func TestContract(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"yaml", "csv", "jsonl"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			connectortest.Suite{
				Definition: file.Definition(),
				Open:       func(t *testing.T, lab *connectortest.Lab) connectortest.World { t.Helper(); return world(t, lab, kind) },
			}.Run(t)
		})
	}
}

// open connects to files with the settings.
func open(tb testing.TB, env connectors.Env, settings string) *connectors.Connector {
	tb.Helper()
	_, decode := connectortest.Settings("f:\n  kind: file\n  " + strings.ReplaceAll(settings, "\n", "\n  "))
	instance, problems := file.Definition().New(env.Name, decode)
	if len(problems) > 0 {
		tb.Fatalf("settings: %v", problems)
	}
	live, err := instance.Open(tb.Context(), env)
	if err != nil {
		tb.Fatal(err)
	}
	return live
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// world has 620 items in one file and 7 signals in another.
func world(t *testing.T, lab *connectortest.Lab, kind string) connectortest.World {
	t.Helper()
	dir := t.TempDir()
	items, signals := filepath.Join(dir, "items."+kind), filepath.Join(dir, "signals."+kind)
	ids := map[string][]string{}
	var rows []string
	for i := range 620 {
		id := fmt.Sprintf("I-%d", i)
		ids["items"] = append(ids["items"], id)
		rows = append(rows, item(kind, id, "3"))
	}
	write(t, items, head(kind, "id,title,priority,labels,effort,updated")+strings.Join(rows, ""))
	rows = nil
	for i := range 7 {
		id := fmt.Sprintf("F-%d", i)
		ids["feedback"] = append(ids["feedback"], id)
		rows = append(rows, signal(kind, id))
	}
	write(t, signals, head(kind, "id,text,account,at")+strings.Join(rows, ""))
	edit := func(id, key string, verb work.Verb, path, element string, value, expect work.Value) work.Edit {
		return work.Edit{
			ID: id, Key: key, Place: "file", Verb: verb, Value: value, Expect: expect,
			Target: work.Target{RefID: work.RefID{Connector: connectortest.Name, ID: key}, Path: path, Element: element},
		}
	}
	yes, no, three := work.NewFlag(true), work.NewFlag(false), work.NewText("3")
	return connectortest.World{
		Connector: open(t, lab.Env(nil), fmt.Sprintf("items: %s\nfeedback: %s", items, signals)),
		IDs:       ids,
		Touch: func(t *testing.T) (string, work.Ref) {
			t.Helper()
			content, err := os.ReadFile(items)
			if err != nil {
				t.Fatal(err)
			}
			write(t, items, strings.Replace(string(content), item(kind, "I-600", "3"), item(kind, "I-600", "1"), 1))
			return "items", work.NewRef(connectortest.Name, "I-600", "I-600")
		},
		Break: func(t *testing.T) {
			t.Helper()
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		},
		Missing: work.NewRef(connectortest.Name, "I-99999", "I-99999"),
		Edits: []work.Edit{
			edit("1", "I-3", work.SetField, "priority", "", work.NewText("1"), three),
			edit("2", "I-3", work.RemoveLabel, "labels", "old", work.Value{}, yes),
			edit("3", "I-3", work.AddLabel, "labels", "role/po", yes, no),
			edit("4", "I-610", work.SetField, "effort", "", work.NewNumber(8.5), work.NewNumber(5)),
			edit("5", "I-7", work.ClearField, "priority", "", work.Empty(), three),
		},
		Stale: []work.Edit{
			edit("6", "I-11", work.SetField, "priority", "", work.NewText("1"), work.NewText("2")),
			edit("7", "I-12", work.RemoveLabel, "labels", "old", work.Value{}, no),
		},
	}
}

func head(kind, header string) string {
	if kind == "csv" {
		return header + "\n"
	}
	return ""
}

func item(kind, id, priority string) string {
	switch kind {
	case "csv":
		return fmt.Sprintf("%s,\"Item, %s\",%s,\"old, api\",5,2026-11-01T10:00:00Z\n", id, id, priority)
	case "jsonl":
		return fmt.Sprintf(`{"id": %q, "title": "Item, %s", "priority": %s, "labels": ["old", "api"], "effort": 5, "updated": "2026-11-01T10:00:00Z"}`+"\n", id, id, priority)
	default:
		return fmt.Sprintf("# about %s\n- id: %s\n  title: Item, %s\n  priority: %s # ours\n  labels: [old, api]\n  effort: 5\n  updated: 2026-11-01T10:00:00Z\n", id, id, id, priority)
	}
}

func signal(kind, id string) string {
	switch kind {
	case "csv":
		return fmt.Sprintf("%s,\"said\n%s\",acme,2026-10-01\n", id, id)
	case "jsonl":
		return fmt.Sprintf(`{"id": %q, "text": "said", "account": "acme", "at": "2026-10-01"}`+"\n", id)
	default:
		return fmt.Sprintf("- {id: %s, text: said, account: acme, at: 2026-10-01}\n", id)
	}
}

// env is a plain environment outside of a Lab.
func env() connectors.Env { return connectors.Env{Name: "files", Now: time.Now} }
