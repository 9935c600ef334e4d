package httpjson_test

import (
	"net/http"
	"testing"
	"time"

	"tandem/connectors/connectortest"
	"tandem/connectors/httpjson"
	"tandem/internal/work"
)

func TestEveryPresetIsAnEntryOfKindHTTP(t *testing.T) {
	t.Parallel()
	for _, d := range httpjson.Presets() {
		t.Run(d.Kind, func(t *testing.T) {
			t.Parallel()
			kind, read, settings := decode(t, d.Starter) // strictly: no key is lost
			if kind != "http" {
				t.Errorf("kind %q", kind)
			}
			if _, problems := httpjson.Definition().New(connectortest.Name, read); len(problems) > 0 && d.Kind != "fider" {
				t.Errorf("%v\n%s", settings.Diagnose(problems), d.Starter)
			}
			_, read, settings = decode(t, d.Example)
			instance, problems := d.New(connectortest.Name, read)
			if len(problems) > 0 {
				t.Fatal(settings.Diagnose(problems))
			}
			if len(instance.Places()) == 0 {
				t.Error("no places")
			}
		})
	}
}

// Every preset passes the contract against the stand-in of its tool, which
// refuses what the tool's documents forbid.
func TestPresetContract(t *testing.T) {
	t.Parallel()
	for _, d := range httpjson.Presets() {
		build, ok := stages()[d.Kind]
		if !ok {
			t.Errorf("%s has no stand-in", d.Kind)
			continue
		}
		t.Run(d.Kind, func(t *testing.T) {
			t.Parallel()
			connectortest.Suite{
				Definition: d, Decode: strictly(t), SecondWorld: true,
				Open: func(t *testing.T, lab *connectortest.Lab) connectortest.World {
					t.Helper()
					time.Sleep(12 * time.Hour) // bubbles begin at midnight, when a day has no usage
					s := build(t, time.Now().UTC())
					t.Cleanup(func() {
						if refused := s.tool.Refused(); len(refused) > 0 {
							t.Errorf("refused: %q", refused)
						}
					})
					w := connectortest.World{
						Connector: open(t, lab.Env(s.tool), s.entry), IDs: s.ids, Missing: work.NewRef(connectortest.Name, "none", "none"),
						IsWrite: func(*http.Request) bool { return false },
					}
					if s.change != nil {
						w.Touch = func(t *testing.T) (string, work.Ref) {
							t.Helper()
							stream, id := s.change()
							return stream, work.NewRef(connectortest.Name, id, id)
						}
					}
					return w
				},
			}.Run(t)
		})
	}
}
