package leak_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// public are the places that everybody can read.
func public() []string { return []string{"board", "open"} }

// TestWhatIsAllowedArrives shows that the roads on which the other tests look
// for leaks are open: where no place is stricter than another, marks arrive.
func TestWhatIsAllowedArrives(t *testing.T) {
	t.Parallel()
	f := found(t, func(f *firm) { f.closed = true })
	f.cycle()
	f.cycle()
	for _, name := range public() {
		heard := marks(f.taps[name].heard())
		for _, n := range []int{1, 3} {
			for _, of := range []string{"title", "body", "label", "reporter", "assignee", "goal", "theme", "component", "readiness", "criteria"} {
				if !slices.Contains(heard, mark(of, n)) {
					t.Errorf("%s did not hear %s; nothing would be found to leak there", name, mark(of, n))
				}
			}
			for field := range numbers() {
				if want := fmt.Sprint(int(number(field, n))); !slices.Contains(heard, want) {
					t.Errorf("%s did not hear %s of %s", name, want, field)
				}
			}
		}
		for _, derived := range []string{"mkrole2zq", "mkroute1zq"} {
			if !slices.Contains(heard, derived) {
				t.Errorf("%s did not hear %s", name, derived)
			}
		}
		if got := slices.DeleteFunc(heard, func(m string) bool { return !strings.HasSuffix(m, "2zq") || strings.HasPrefix(m, "mkro") }); len(got) > 0 {
			t.Errorf("%s heard of the restricted item: %v", name, got)
		}
	}
}

func TestS7NothingStrictReachesAPublicPlace(t *testing.T) {
	t.Parallel()
	f := found(t, nil)
	f.cycle()
	f.cycle()
	for _, name := range public() {
		if diff := cmp.Diff([]string(nil), marks(f.taps[name].heard())); diff != "" {
			t.Errorf("the public place %s heard:\n%s", name, diff)
		}
	}
	if got := secretMarks(f.log.Bytes()); len(got) > 0 {
		t.Errorf("the log tells %v", got)
	}
}

// secretMarks are marks that stand in a record of a strict place: not the
// words of the rules.
func secretMarks(said []byte) []string {
	return slices.DeleteFunc(marks(said), func(m string) bool {
		return strings.HasPrefix(m, "mkwhy") || strings.HasPrefix(m, "mkro") || strings.HasPrefix(m, "mknotready") || m == "mkvault1zq"
	})
}

// carried are the marks that a field may carry to a public place where it is
// named for it.
func carried(field string) []string {
	both := func(of string) []string { return []string{mark(of, 1), mark(of, 3)} }
	switch field {
	case "title", "body", "goal", "theme", "readiness", "reporter", "assignee":
		if field == "body" {
			return append(both("body"), both("section")...)
		}
		return both(field)
	case "labels":
		return append(both("label"), "mkroute1zq", "mkroute2zq")
	case "segment":
		return both("component")
	case "acceptance_criteria":
		return both("criteria")
	case "target_date":
		return []string{"2091-03-01", "2091-03-03"}
	default:
		if _, ok := numbers()[field]; ok {
			return []string{fmt.Sprint(int(number(field, 1))), fmt.Sprint(int(number(field, 3)))}
		}
		return nil
	}
}

// TestS7OnlyAFieldThatIsNamedIsCarried names one field after the other for
// public places.
func TestS7OnlyAFieldThatIsNamedIsCarried(t *testing.T) {
	t.Parallel()
	fields := append(slices.Concat(sorted(texts()), sorted(numbers())), "target_date")
	for _, field := range fields {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			f := found(t, func(f *firm) { f.rules = rulesOf(map[string]bool{field: true}) })
			f.cycle()
			allowed := carried(field)
			for _, name := range public() {
				heard := marks(f.taps[name].heard())
				if stray := slices.DeleteFunc(slices.Clone(heard), func(m string) bool { return slices.Contains(allowed, m) }); len(stray) > 0 {
					t.Errorf("%s heard %v, but only %s is named", name, stray, field)
				}
				if len(allowed) > 0 && name == "board" && !slices.Contains(heard, allowed[0]) {
					t.Errorf("%s did not hear %s though %s is named", name, allowed[0], field)
				}
			}
		})
	}
}

// TestS7APrivateBoardOfPublicIssuesIsStrict carries what stands on a private
// board to the public issues on it, and derives from it.
func TestS7APrivateBoardOfPublicIssuesIsStrict(t *testing.T) {
	t.Parallel()
	for name, hidden := range map[string]bool{"private": true, "public": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := found(t, func(f *firm) {
				f.boardHidden = hidden
				f.rules = strings.NewReplacer(
					"  goal:\n    owner: secret\n    secret: {field: customfield_31001}", "  goal:\n    owner: open",
					"open: {project_field: 'out goal'}", "open: {project_field: Kept}",
					"expression: 'evidence.accounts * 10'", "expression: 'item.goal == unknown ? 10 : 90'",
					"item.horizon == \"now\"", "item.goal != unknown",
				).Replace(rulesOf(nil))
			})
			f.cycle()
			f.cycle()
			alone, _ := f.open.Issue(fmt.Sprintf("acme/open#%d", items+1))
			for what, arrived := range map[string]bool{
				"a value of the board in the public Jira":        slices.Contains(marks(f.taps["board"].heard()), mark("kept", 1)),
				"a label of a route that looked at such a value": slices.Contains(alone.Labels, "mkroute1zq"),
			} {
				if arrived == hidden {
					t.Errorf("%s arrived: %v, while the board is %s", what, arrived, name)
				}
			}
		})
	}
}
