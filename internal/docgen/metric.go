package main

import (
	"strings"

	"tandem/internal/monitor"
)

// metricTable lists what /metrics shows.
func metricTable() (string, error) {
	t := newTable("metric", "type", "labels", "what")
	for _, f := range monitor.Families() {
		t.row(code(f.Name), string(f.Type), strings.Join(f.Labels, ", "), f.Help)
	}
	return t.String(), nil
}
