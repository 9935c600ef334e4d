package company

// inputs gives what people decided or estimated: not all of it, as in life.
// Anchors have everything, so that their place in the order can be followed.
func (b *backlog) inputs(i *JiraIssue, a area, isAnchor bool) {
	if i.Type == "Epic" || i.Type == "Sub-task" {
		return
	}
	fibonacci := []float64{1, 2, 3, 5, 8, 13, 20}
	set := func(field string, share float64, value any) {
		if isAnchor || b.chance(share) {
			i.Custom[field] = value
		}
	}
	set(b.project.Points, 0.8, fibonacci[b.weighted(8, 14, 22, 26, 18, 10, 2)])
	set(Impact, 0.7, []float64{0.25, 0.5, 1, 2, 3}[b.weighted(10, 20, 40, 22, 8)])
	set(BusinessValue, 0.7, fibonacci[b.weighted(6, 12, 20, 24, 20, 12, 6)])
	set(TimeCriticality, 0.7, fibonacci[b.weighted(20, 20, 20, 18, 12, 6, 4)])
	set(RiskReduction, 0.65, fibonacci[b.weighted(24, 22, 20, 16, 10, 6, 2)])
	set(Theme, 0.6, a.theme)
	if a.goal != "" && i.Type == "Story" && b.chance(0.3) {
		i.Custom[Goal] = a.goal
	}
	if i.Type == "Bug" {
		set(Severity, 0.75, []float64{1, 2, 3, 4}[b.weighted(5, 25, 45, 25)])
	}
	if i.Type == "Story" {
		set(AcceptanceCriteria, 0.65, b.criteria(a))
	}
	if i.Type == "Story" && i.Category == Done && b.chance(0.6) {
		i.Custom[Acceptance] = []string{"waiting", "accepted", "rejected"}[b.weighted(2, 7, 1)]
	}
	if isAnchor && i.Type == "Story" {
		i.Custom[Acceptance] = "waiting" // from the day that it is finished
	}
	if isAnchor {
		i.Custom[b.project.Points], i.Custom[Impact] = a.anchor.points, a.anchor.impact
	}
	if isAnchor && i.Type == "Bug" {
		i.Custom[Severity] = a.anchor.severity
	}
}

// priority is the scheme's default unless somebody chose. Nobody chose it for
// an anchor: Tandem's own value is what people override later.
func (b *backlog) priority(i *JiraIssue, isAnchor bool) {
	i.Priority = b.project.Default
	if !b.chance(0.35) || isAnchor {
		return
	}
	weights := []int{2, 5, 6, 4, 2}
	i.PriorityBy = planner(i.Project)
	i.Priority = b.project.Priorities[b.weighted(weights[:len(b.project.Priorities)]...)]
}

// labels are the team's own. Some of them look like Tandem's: what stood there
// before it came is never taken for its work.
func (b *backlog) labels(i *JiraIssue, a area, isAnchor bool) {
	add := func(share float64, label string) {
		if b.chance(share) {
			i.Labels = append(i.Labels, label)
		}
	}
	add(0.5, a.name)
	add(0.12, "customer")
	add(0.06, "quick-win")
	add(0.02, "roadmap/2027-ideas")
	add(0.015, "priority/asap")
	if !isAnchor {
		add(0.02, "roadmap/now")
	}
	if i.Type == "Task" {
		add(0.3, "tech-debt")
	}
}
