package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// noted gathers what passing tests are asked to say: how many exchanges with
// the stand-ins passed the official descriptions, and what became of the
// recorded answers of real services.
type noted struct {
	exchanges  int
	judged     bool
	recordings []string
}

// take looks through the output of a test or a package that ended.
func (n *noted) take(output string) {
	validated := regexp.MustCompile(`^(\d+) exchanges validated`)
	recorded := regexp.MustCompile(`recordings/\S+: \d+ .*`)
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if m := validated.FindStringSubmatch(line); m != nil {
			n.judged = true
			if count, err := strconv.Atoi(m[1]); err == nil {
				n.exchanges += count
			}
		}
		if m := recorded.FindString(line); m != "" {
			n.recordings = append(n.recordings, m)
		}
	}
}

// printNoted writes what was gathered.
func (r *report) printNoted() {
	slices.Sort(r.noted.recordings)
	if lines := slices.Compact(r.noted.recordings); len(lines) > 0 {
		r.printf("\nrecorded answers of real services\n")
		for _, line := range lines {
			r.printf("  %s\n", line)
		}
	}
	if r.noted.judged {
		r.printf("\nexchanges validated against the official descriptions: %d\n", r.noted.exchanges)
	}
}
