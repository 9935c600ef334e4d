package engine

import (
	"cmp"
	"slices"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// beside is what counts beside feedback: insights and usage.
type beside struct {
	targets, goals map[string][]evidence.Finding
	usage          map[string][]evidence.Usage // by name
}

func (e *evaluation) besides() beside {
	b := beside{targets: map[string][]evidence.Finding{}, goals: map[string][]evidence.Finding{}, usage: map[string][]evidence.Usage{}}
	for _, f := range e.snap.Findings {
		if f.Goal != "" {
			b.goals[f.Goal] = append(b.goals[f.Goal], f)
		} else {
			b.targets[f.Target] = append(b.targets[f.Target], f)
		}
	}
	if e.rules.evidence.CountsUsage() {
		for _, u := range e.snap.Usage {
			b.usage[u.Name] = append(b.usage[u.Name], u)
		}
	}
	return b
}

// empty reports whether there is nothing but feedback.
func (b *beside) empty() bool { return len(b.targets)+len(b.goals)+len(b.usage) == 0 }

// count adds to the item's evidence what insights and usage say.
func (h *hand) count(d *Decided) {
	if h.beside.empty() {
		return
	}
	var found []evidence.Finding
	var names []string
	for _, target := range h.rules.targetsOf(h.records) {
		found = append(found, h.beside.targets[target]...)
		names = append(names, h.rules.evidence.MetricsOn(target)...)
	}
	var audience work.Audience
	if len(found) > 0 {
		d.Evidence.Insights, audience = evidence.CountFindings(found, h.snap.AsOf)
		d.Voices = d.Voices.And(audience)
	}
	if goal := h.rules.goalOf(&d.Item); goal.Name != "" && len(h.beside.goals[goal.Name]) > 0 {
		d.Evidence.GoalInsights, audience = evidence.CountFindings(h.beside.goals[goal.Name], h.snap.AsOf)
		d.Voices = d.Voices.And(audience)
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	var usage []evidence.Usage
	for _, name := range slices.Compact(names) {
		usage = append(usage, h.beside.usage[name]...)
	}
	d.Evidence.Usage, d.Evidence.UsageTrend, audience = evidence.SumUsage(usage, h.snap.AsOf)
	d.Voices = d.Voices.And(audience)
}

// targetsOf returns every name by which feedback may speak of some records:
// their keys of today, and those that they had before they were moved.
func (r *Rules) targetsOf(records []*work.Record) []string {
	var all []string
	for _, record := range records {
		all = append(all, record.Connector+":"+cmp.Or(record.Key, record.ID))
		for _, key := range record.Former {
			all = append(all, record.Connector+":"+key)
		}
	}
	return all
}

// Targets returns every name by which feedback may speak of the item.
func (o *Outcome) Targets(rules *Rules, d *Decided) []string {
	var records []*work.Record
	for i := range d.Item.Parts {
		if at, ok := o.find(d.Item.Parts[i].RefID); ok {
			records = append(records, o.records[at])
		}
	}
	return rules.targetsOf(records)
}

// GoalName is the goal that the item serves; empty where it serves none.
func (r *Rules) GoalName(d *Decided) string {
	item := d.Item
	return r.goalOf(&item).Name
}
