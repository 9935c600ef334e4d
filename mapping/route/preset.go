package route

import "tandem/internal/work"

// Presets returns the names of the shipped lists of routes, sorted.
func Presets() []string { return []string{"pm-po"} }

// Preset returns a shipped list of routes. The caller may change it.
func Preset(name string) ([]RuleSpec, bool) {
	if name != "pm-po" {
		return nil, false
	}
	return pmPO(), true
}

// Roles that a preset tells where a team has them.
const (
	leadership   = "leadership"
	ux           = "ux"
	support      = "support"
	stakeholders = "stakeholders"
	accountOwner = "account_owner"
)

// tagged is the condition that one of the item's labels is among those, in any
// spelling of case.
func tagged(names string) work.Expression {
	return work.Expression("any(item.labels, lower(#) in [" + names + "])")
}

// pmPO is the decision table of PM and PO: the PM answers why, the PO what next.
// Conditions are written so that a value whose absence is normal, such as a
// target date, does not count as unknown; a bug without severity does, and goes
// to triage.
//
// Not in it, because no item says it: an estimate or tier that changed, a pin or
// weight that was set, adoption and usage, the share of technical debt.
func pmPO() []RuleSpec {
	waits := true
	return []RuleSpec{
		{
			If: `item.status == "done"`, Accountable: po, Because: "finished",
			Routes: []RuleSpec{
				{If: `item.acceptance == "waiting"`, Because: "finished, not accepted", Waiting: &waits},
				{
					If:          `item.release != unknown && evidence.people > 0 && item.days_since_update <= 14`,
					Accountable: pm, Informed: []string{support}, Because: "shipped: tell those who asked",
				},
			},
		},
		{
			If:          `item.kind == "bug" && (item.severity <= 2 || ` + tagged(`"regression", "security", "data-loss", "sla"`) + `)`,
			Accountable: po, Informed: []string{pm}, Because: "severe bug, at once", Waiting: &waits,
			Routes: []RuleSpec{
				{If: tagged(`"security", "sla"`), Informed: []string{pm, leadership}, Because: "severe bug that touches security or a promised service level, at once"},
			},
		},
		{
			If:          `item.target_date != unknown && ` + tagged(`"legal", "compliance", "security"`),
			Accountable: pm, Informed: []string{po, leadership}, Because: "legal, compliance or security deadline",
		},
		{
			If:          `item.target_date != unknown && (item.target_date < as_of || item.status == "todo" && item.target_date - as_of <= 14)`,
			Accountable: pm, Informed: []string{po, stakeholders}, Because: "a roadmap date is at risk",
		},
		{
			If: `item.dependencies != unknown`, Accountable: po, Because: "waits for other work",
			Routes: []RuleSpec{
				{
					If:          `item.target_date != unknown || item.launch_date != unknown`,
					Accountable: pm, Informed: []string{po}, Because: "waits for other work, and has a date on the roadmap",
				},
			},
		},
		{
			If:          `item.sprint != unknown && item.status == "doing" && item.days_since_update > 7`,
			Accountable: po, Because: "committed, and nothing happened for a week",
		},
		{If: tagged(`"tech-debt", "technical-debt", "enabler", "refactoring"`), Accountable: po, Because: "technical debt or enabler"},
		{If: `item.kind == "bug" && item.severity > 2`, Accountable: po, Because: "minor bug"},
		{
			If:          `item.kind in ["epic", "initiative"] && item.goal == unknown`,
			Accountable: pm, Because: "no goal: why is it worth doing?", Waiting: &waits,
		},
		{If: `item.kind in ["epic", "initiative"]`, Accountable: po, Because: "accepted: split it"},
		{If: `item.kind in ["feature", "request"]`, Routes: requests()},
		{If: `item.kind != "bug"`, Routes: discoveries()},
		{If: `item.kind in ["story", "task", "subtask"]`, Accountable: po, Because: "backlog order", Routes: refinements()},
	}
}

// requests are what customers ask for.
func requests() []RuleSpec {
	return []RuleSpec{
		{
			If:          `(evidence.value ?? 0) >= 100000`,
			Accountable: pm, Informed: []string{accountOwner, po}, Because: "asked for by accounts of great value",
		},
		{
			If:          `(item.horizon ?? "later") in ["now", "next"] || item.release != unknown`,
			Accountable: po, Informed: []string{pm}, Because: "asked for, and on the roadmap",
		},
		{If: `item.parent != unknown || item.goal != unknown`, Accountable: po, Because: "asked for, and part of accepted work"},
		{Accountable: pm, Because: "asked for: triage"},
	}
}

// discoveries are what was learnt of market and users.
func discoveries() []RuleSpec {
	return []RuleSpec{
		{
			If: `item.kind in ["theme", "objective", "vision"] || ` +
				tagged(`"strategy", "vision", "okr", "market", "competitor", "pricing", "packaging", "win-loss", "churn"`),
			Accountable: pm, Because: "strategy and market",
			Routes: []RuleSpec{{If: `(evidence.value ?? 0) > 0`, Informed: []string{leadership}, Because: "strategy and market, with revenue at stake"}},
		},
		{
			If:          `item.kind in ["insight", "finding", "opportunity"] || item.goal == unknown && evidence.nps_sample + evidence.csat_sample >= 5`,
			Accountable: pm, Informed: []string{ux}, Because: "evidence of surveys and studies",
		},
	}
}

// refinements are why work of the backlog is not ready.
func refinements() []RuleSpec {
	return []RuleSpec{
		{If: `item.status == "todo" && item.kind == "story" && item.acceptance_criteria == unknown`, Because: "no acceptance criteria"},
		{If: `item.status == "todo" && item.effort == unknown`, Because: "no estimate"},
		{If: `item.status == "todo" && (item.effort ?? 0) > 13`, Because: "too large for a sprint"},
		{If: `item.status == "todo" && item.days_since_update > 90`, Because: "not refined for 90 days"},
	}
}
