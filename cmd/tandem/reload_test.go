//go:build !windows

package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tandem/internal/sim/jirasim"
)

func (y *yard) says(text string) func() bool {
	return func() bool { return strings.Contains(y.log.String(), text) }
}

func (y *yard) hangsUp(p *exec.Cmd) {
	y.Helper()
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		y.Fatal(err)
	}
}

func (y *yard) hubLabels(n int) []string {
	i, _ := y.github.Issue(hubKey(n))
	return slices.Sorted(slices.Values(i.Labels))
}

func TestAReloadTakesGoodRulesAndRefusesMistakes(t *testing.T) {
	t.Parallel()
	y := newYard(t, 4)
	p := y.start()
	y.eventually("the first labels", func() bool { return slices.Contains(y.hubLabels(1), "priority/p1") })

	// A mistake is told with its place, the old rules go on, status shows it.
	y.write("rules.yaml", strings.Replace(yardRules, "priority:\n", "priorty:\n", 1))
	y.hangsUp(p)
	y.eventually("the mistake is logged", y.says("rules.yaml:6:3: "))
	if err := y.jira.Edit(jiraKey(1), jirasim.Ana, func(i *jirasim.Issue) { i.Custom[valueField] = 10.0 }); err != nil {
		t.Fatal(err)
	}
	y.eventually("the old rules go on", func() bool { return slices.Contains(y.hubLabels(1), "priority/p4") })
	out, err := exec.CommandContext(t.Context(), "tandem", "status", "--config", filepath.Join(y.folder, "tandem.yaml")).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "rules.yaml:6:3: ") || !strings.Contains(string(out), "last decided: run") {
		t.Errorf("tandem status says of the mistake: %v\n%s", err, out)
	}

	// What only a new process can follow is refused with its place.
	y.write("rules.yaml", yardRules)
	before := y.settings
	y.write("tandem.yaml", strings.Replace(before, "instance: yard", "instance: other", 1))
	y.hangsUp(p)
	y.eventually("another instance is refused", y.says("tandem.yaml:1:"))
	y.write("tandem.yaml", before)

	// Good rules count from the next decision on, and connectors that did not
	// change are not opened anew.
	y.write("rules.yaml", strings.ReplaceAll(yardRules, "priority/p{value}", "prio/{value}"))
	y.hangsUp(p)
	y.eventually("the new rules count", func() bool { return slices.Contains(y.hubLabels(2), "prio/1") })
	if !y.says("the configuration was read anew")() {
		t.Errorf("nothing tells of the reload\n%s", y.log.String())
	}

	// Hints arrive at the new generation.
	if err := y.jira.Edit(jiraKey(3), jirasim.Ana, func(i *jirasim.Issue) { i.Custom[valueField] = 70.0 }); err != nil {
		t.Fatal(err)
	}
	y.announce(t.Context())
	y.eventually("the change arrives", func() bool { return slices.Contains(y.hubLabels(3), "prio/2") })

	// Many reloads under load harm nothing.
	stop := y.people()
	for range 10 {
		y.hangsUp(p)
		time.Sleep(100 * time.Millisecond)
	}
	stop()
	y.eventually("the last reload", y.says("the configuration was read anew"))
	time.Sleep(time.Second)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("tandem run ended with %v\n%s", err, y.log.String())
	}
}
