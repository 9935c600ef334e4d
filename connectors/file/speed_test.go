package file_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/connectors"
)

func BenchmarkFeedbackRows(b *testing.B) {
	for _, kind := range []string{"csv", "jsonl"} {
		b.Run(kind, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "f."+kind)
			var rows strings.Builder
			rows.WriteString(head(kind, "id,text,account,at"))
			const n = 20000
			for i := range n {
				rows.WriteString(signal(kind, fmt.Sprint("F-", i)))
			}
			if err := os.WriteFile(path, []byte(rows.String()), 0o600); err != nil {
				b.Fatal(err)
			}
			live := open(b, env(), "feedback: "+path)
			b.ReportAllocs()
			for b.Loop() {
				got := 0
				for page, err := range live.Source.Pages(b.Context(), "feedback", connectors.Cursor(nil)) {
					if err != nil {
						b.Fatal(err)
					}
					got += len(page.Feedback)
				}
				if got != n {
					b.Fatal(got)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/row")
		})
	}
}
