package web_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// BenchmarkOrder asks for pages of the order over as many items as
// TANDEM_ITEMS says, 10,000 where it says nothing, once the desk has decided.
func BenchmarkOrder(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("TANDEM_ITEMS"))
	if err != nil {
		n = 10_000
	}
	o := foundedOn(b, rulesText)
	for from := 0; from < n; from += 1000 {
		page := connectors.Page{Cursor: connectors.Cursor("{}"), Done: from+1000 >= n}
		for i := from; i < min(n, from+1000); i++ {
			r := issue("PAY-"+strconv.Itoa(i), work.Internal, sized(float64(i*7919%1000)/10, float64(1+i%19)))
			r.Fields["summary"] = work.NewText(fmt.Sprintf("Export %d drops rows when the report has more than one page", i))
			page.Records = append(page.Records, r)
		}
		_, err := o.db.SavePage(b.Context(), "jira", "issues", page, nil)
		o.ok(err)
	}
	o.decide()
	o.pass(4 * 24 * time.Hour)
	o.serve()
	for _, path := range []string{"/", "/?offset=50000", "/?q=9999", "/?team=pay&ready=yes", "/?place=77777", "/item?ref=jira:PAY-77"} {
		began := time.Now()
		o.get("internal-viewer", path) // decides, and reads the places of the day
		b.Logf("%s at first: %s", path, time.Since(began).Round(time.Millisecond))
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if r := o.get("internal-viewer", path); r.status != 200 {
					b.Fatal(r.status, r.text)
				} else if len(r.text) > 200_000 {
					b.Fatalf("%d bytes", len(r.text))
				} else {
					b.ReportMetric(float64(len(r.text)), "bytes")
				}
			}
		})
	}
}
