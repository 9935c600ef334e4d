package browser_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/web/browser"
)

// Bounds of what a page may cost however many items there are.
const (
	mostKilobytes = 500
	mostElements  = 6000
	slowest       = 5 * time.Second // beside other work; the table tells what it took
)

// TestPagesStayLightHoweverManyItemsThereAre writes a table: weight and time to
// the first byte of each page.
func TestPagesStayLightHoweverManyItemsThereAre(t *testing.T) {
	long(t)
	var table strings.Builder
	table.WriteString("\n| Items | Page | KB sent | Elements | First byte |\n|---:|---|---:|---:|---:|\n")
	for _, n := range []int{300, 10_000, 100_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			many := shared{begin: func(ctx context.Context) (*daemon, error) { return crowd(ctx, n) }}
			t.Cleanup(func() {
				if err := many.close(); err != nil {
					t.Error(err)
				}
			})
			d := many.daemon(t)
			tab := d.tab(t, browser.Look{})
			for _, path := range []string{"/", fmt.Sprintf("/?place=%d", n-50), fmt.Sprintf("/?q=part+%d", n-1), fmt.Sprintf("/item?ref=board:B-%d", n), "/pm", "/po", "/tension", "/roadmap", "/plan", "/what-if", "/health"} {
				w := weigh(tab, d.url+path)
				if w.Bytes > mostKilobytes<<10 || w.Elements > mostElements || w.FirstByte > slowest {
					t.Errorf("%s weighs %+v", path, w)
				}
				_, _ = fmt.Fprintf(&table, "| %d | `%s` | %d | %d | %d ms |\n", n, path, (w.Bytes+1023)>>10, w.Elements, w.FirstByte.Milliseconds())
			}
		})
	}
	t.Log(table.String())
}

// weigh opens a page three times and returns the middle by its time.
func weigh(tab *browser.Tab, address string) browser.Weight {
	var all []browser.Weight
	for range 3 {
		tab.Open(address)
		all = append(all, tab.Weight())
	}
	slices.SortFunc(all, func(a, b browser.Weight) int { return int(a.FirstByte - b.FirstByte) })
	return all[1]
}
