package leak_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// rulesOf maps every field from the strict Jira to every public place that can
// hold it, and everything that is derived. Fields in allowed are named for
// public places.
func rulesOf(allowed map[string]bool) string {
	allow := func(field string) string {
		if allowed[field] {
			return ", allow: public"
		}
		return ""
	}
	var b strings.Builder
	b.WriteString(`people:
  ana: {email: ana@acme.example}
teams:
  pay: {roles: {pm: ana, po: ana}, places: {secret: [PAY], plan: [pay], strict: [pay], hub: [acme/mkvault1zq], board: [WEB], open: [acme/open]}, write: auto, capacity: {effort: 9, every: 2w}}
adopt: {set_by_person: replace, untouched_default: replace}
twins:
  join: [marker, link, {key_at_start_of: hub.title}, {key_at_start_of: open.title}]
  mark: [secret, board]
  link: [secret, board]
evidence:
  half_life: {default: 9000d}
  link: [{phrases: ['nothing at all'], to: 'secret:PAY-1'}]
fields:
`)
	out := func(field, native string) {
		fmt.Fprintf(&b, "  %s:\n    owner: secret\n    secret: {field: %s}\n    board: {field: 'name:out %s'%s}\n    open: {project_field: 'out %s'%s}\n",
			field, native, field, allow(field), field, allow(field))
	}
	all := texts()
	for _, field := range sorted(all) {
		if field == "release" {
			fmt.Fprintf(&b, "  release: {owner: secret, secret: {field: fix_versions}, board: {field: fix_versions%[1]s}, open: {field: milestone%[1]s}}\n", allow("release"))
			continue
		}
		out(field, all[field])
	}
	for _, field := range sorted(numbers()) {
		out(field, numbers()[field])
	}
	fmt.Fprintf(&b, "  target_date: {owner: secret, secret: {field: duedate}, board: {field: duedate%s}}\n", allow("target_date"))
	label := func(field, prefix, rest string) {
		fmt.Fprintf(&b, "  %[1]s: {owner: tandem, board: {label: '%[2]s{value}'%[3]s%[4]s}, open: {label: '%[2]s{value}'%[3]s%[4]s}}\n", field, prefix, rest, allow(field))
	}
	label("priority", "mkpriority", ", values: {1: [1zq], 2: [2zq]}")
	label("horizon", "mkhorizon", ", values: {now: [1zq], next: [2zq], later: [3zq]}")
	label("accountable", "mkrole", ", values: {pm: [1zq], po: [2zq]}")
	fmt.Fprintf(&b, "  score: {owner: tandem, board: {field: 'name:out score'%s}}\n", allow("score"))
	fmt.Fprintf(&b, "  place: {owner: tandem, board: {field: 'name:out place'%s}}\n", allow("place"))
	fmt.Fprintf(&b, "  explanation: {owner: tandem, board: {field: comment%[1]s}, open: {field: comment%[1]s}}\n", allow("explanation"))
	b.WriteString(`readiness:
  - {if: 'evidence.accounts > 0', because: mknotready1zq}
rank:
  method: expression
  expression: 'evidence.accounts * 10'
  tiers: {of: next, 1: 1, 2: 0}
  unknown: leave
  band: 0%
  dwell: 0d
roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}
route:
  default: {accountable: pm, because: mkwhydefault1zq}
  routes:
    - {if: 'item.horizon == "now"', accountable: po, label: mkroute1zq, because: mkwhyhorizon1zq}
    - {if: 'item.title startsWith "mk"', accountable: po, label: mkroute2zq, because: mkwhytitle1zq}
`)
	return b.String()
}
