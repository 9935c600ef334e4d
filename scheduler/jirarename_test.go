package scheduler_test

import (
	"strings"
	"testing"
	"time"

	"tandem/internal/sim/jirasim"
	"tandem/scheduler"
)

// renamable is a firm whose rules name a priority, a status and a field.
func renamable() world {
	return world{issues: issues("PAY", 12), patch: []string{
		"{name: Value, id: customfield_10101}", "{name: Value}",
		"fields:\n", "fields:\n  severity: {owner: jira, jira: {field: status, values: {1: [To Do], 2: [In Progress], 3: [Done]}}}\n",
	}}
}

// touch lets a person change something small everywhere, so that all is read
// again.
func (f *firm) touch() {
	f.Helper()
	f.pass(10 * time.Minute)
	for _, i := range f.jira.World().Issues {
		f.person(i.Key, func(i *jirasim.Issue) { i.Summary += "." })
	}
}

// noticed are the subjects of what connectors noticed.
func noticed(reports ...scheduler.Report) string {
	var all []string
	for _, r := range reports {
		for _, found := range r.Findings {
			all = append(all, found.What)
		}
	}
	return strings.Join(all, "\n")
}

// Names are people's words for ids: a new word changes no value, and the rules
// go on with the old one.
func TestARenamedPriorityStatusAndFieldAreNoChanges(t *testing.T) {
	story(t, renamable(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		same(f, "before", []string{}, edits(f.run()))
		f.ok(f.jira.RenamePriority(jirasim.Ana, priorityID("Critical"), "Burning"))
		f.ok(f.jira.RenameStatus(jirasim.Ana, f.issue("PAY-1").Status, "Backlog"))
		f.ok(f.jira.RenameField(jirasim.Ana, valueField, "Worth"))
		f.touch()
		var seen []scheduler.Report
		for range 8 { // the list of fields is read once an hour
			r := f.run()
			seen = append(seen, r)
			same(f, "edits", []string{}, edits(r))
			same(f, "holds", []string{}, holds(r))
			f.pass(10 * time.Minute)
		}
		told := noticed(seen...)
		for _, name := range []string{"Burning", "Backlog", "Worth"} {
			if strings.Count(told, name) != 1 {
				f.Errorf("%s is told %d times:\n%s", name, strings.Count(told, name), told)
			}
		}
		f.sets("PAY-1", 99)
		f.pass(time.Minute)
		f.run()
		same(f, "what is written then", priorityID("Critical"), f.issue("PAY-1").Priority)
	})
}

// The account's language turns to German: every name is another one.
func TestAnAccountThatTurnsGermanChangesNothing(t *testing.T) {
	story(t, renamable(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		same(f, "before", []string{}, edits(f.run()))
		f.ok(f.jira.SetLanguage("de"))
		f.touch()
		var seen []scheduler.Report
		for range 8 {
			r := f.run()
			seen = append(seen, r)
			same(f, "edits", []string{}, edits(r))
			same(f, "holds", []string{}, holds(r))
			same(f, "set aside", []string{}, f.letters())
			f.pass(10 * time.Minute)
		}
		lines := strings.Split(noticed(seen...), "\n")
		told := map[string]int{}
		for _, l := range lines {
			told[l]++
		}
		for l, n := range told {
			if n > 1 {
				f.Errorf("told %d times: %s", n, l)
			}
		}
		if len(told) < 2 || len(told) > 8 {
			f.Errorf("%d findings:\n%s", len(told), strings.Join(lines, "\n"))
		}
		f.sets("PAY-1", 99)
		f.pass(time.Minute)
		f.run()
		same(f, "what is written then", priorityID("Critical"), f.issue("PAY-1").Priority)
	})
}
