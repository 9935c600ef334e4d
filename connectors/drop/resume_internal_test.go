package drop

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// What lies before the place in the cursor is damaged between two slices, in a
// way that nobody may notice who does not look there.
func TestAFileOfRowsWithIdsGoesOnWithoutALookAtWhatIsStored(t *testing.T) {
	t.Parallel()
	for header, plain := range map[string]bool{"id,at,text": true, "at,who,text": false} {
		folder := t.TempDir()
		path := filepath.Join(folder, "f.csv")
		var content bytes.Buffer
		content.WriteString("\uFEFF" + header + "\n")
		const n = 3*pageRows + 7
		for i := range n {
			if plain {
				fmt.Fprintf(&content, "r%d,2026-07-01,\"text\n%d\"\n", i, i)
			} else {
				fmt.Fprintf(&content, "2026-07-01,w%d,\"text\n%d\"\n", i, i)
			}
		}
		put := func(content []byte, at time.Time) {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, at, at); err != nil {
				t.Fatal(err)
			}
		}
		at := time.Now().Add(-time.Hour).Truncate(time.Second)
		put(content.Bytes(), at)
		s := open(connectors.Env{Name: "f", Now: time.Now}, Config{
			Path: folder, Yields: "feedback", Audience: work.Internal.String(), Consent: optional, Keep: true, LargestMB: 1,
		}, preset{kind: "drop"}, realDisk{}).Source.(*source)
		m := newMemory()
		if err := live(s, m, 2, true); err == nil {
			t.Fatal("it was not cut")
		}
		put([]byte(strings.Replace(content.String(), "2026-07-01", "2026-99-99", 3)), at)
		told := ""
		for page, err := range s.Pages(t.Context(), "feedback", m.cursor) {
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range page.Findings {
				told += f.What
			}
			m.save(page)
		}
		if len(m.rows) != n || strings.Contains(told, "were set aside") == plain {
			t.Errorf("%s: %d rows, told %q", header, len(m.rows), told)
		}
	}
}
