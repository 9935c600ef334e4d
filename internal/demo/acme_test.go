package demo_test

// What the files in internal/sim/company/acme/rules say, told once more in Go.
// The oracle knows nothing else of them.

// The fields of Jira that Acme's rules name.
const (
	jiraGoal       = "customfield_10101"
	jiraTheme      = "customfield_10102"
	jiraImpact     = "customfield_10103"
	jiraValue      = "customfield_10104"
	jiraUrgency    = "customfield_10105"
	jiraRisk       = "customfield_10106"
	jiraSeverity   = "customfield_10107"
	jiraAcceptance = "customfield_10109"
)

// The four things that Tandem writes at Acme.
const (
	fieldPriority = "priority"
	fieldHorizon  = "horizon"
	fieldGoal     = "goal"
	fieldRole     = "route_label"
)

// teamOf is whose place it is: places of people.yaml.
func teamOf(place string) string {
	return map[string]string{
		"PAY": "pay", "acme/pay": "pay", "acme/pay-api": "pay",
		"WEB": "web", "acme/web": "web",
		"OPS": "ops", "acme/ops": "ops",
	}[place]
}

// adopted teams are written to; ops is only observed.
func adopted(team string) bool { return team == "pay" || team == "web" }

// capacityOf is what a team can do in one period.
func capacityOf(team string) float64 {
	return map[string]float64{"pay": 40, "web": 34, "ops": 13}[team]
}

// effortField holds the estimate of a project.
func effortField(project string) string {
	if project == "WEB" {
		return "customfield_10016"
	}
	return "customfield_10026"
}

// sharedPriority is 1 to 4 for a name of the project's scheme.
func sharedPriority(project, name string) string {
	return map[string]map[string]string{
		"PAY": {"Critical": "1", "Blocker": "1", "Major": "2", "Minor": "3", "Trivial": "4"},
		"WEB": {"Highest": "1", "High": "2", "Medium": "3", "Low": "4", "Lowest": "4"},
		"OPS": {"P1": "1", "P2": "2", "P3": "3", "P4": "4"},
	}[project][name]
}

// nativePriority is the name that is written; a project has none for "nothing".
func nativePriority(project, shared string) string {
	return map[string]map[string]string{
		"PAY": {"1": "Critical", "2": "Major", "3": "Minor", "4": "Trivial"},
		"WEB": {"1": "Highest", "2": "High", "3": "Medium", "4": "Low"},
		"OPS": {"1": "P1", "2": "P2", "3": "P3", "4": "P4"},
	}[project][shared]
}

// setByJira are the priorities that stand there when nobody chose.
func setByJira(name string) bool { return name == "Minor" || name == "Medium" || name == "P3" }

// ownedLabels are the labels of a field in a service, by shared value.
func ownedLabels(service, field string) map[string]string {
	switch {
	case field == fieldPriority && service == "github":
		return map[string]string{"1": "priority/p1", "2": "priority/p2", "3": "priority/p3", "4": "priority/p4"}
	case field == fieldHorizon:
		return map[string]string{"now": "roadmap/now", "next": "roadmap/next", "later": "roadmap/later"}
	case field == fieldRole:
		return map[string]string{"role/pm": "role/pm", "role/po": "role/po"}
	case field == fieldGoal && service == "github":
		return map[string]string{
			"keep_exporters": "goal/keep-exporters", "paid_on_time": "goal/paid-on-time", "integrate_everywhere": "goal/integrate-everywhere",
			"open_the_door": "goal/open-the-door", "pocket_office": "goal/pocket-office", "trust_by_default": "goal/trust-by-default",
			"find_it": "goal/find-it", "calm_nights": "goal/calm-nights",
		}
	default:
		return nil
	}
}

// alsoRead are labels that count as a value and are never written or removed.
func alsoRead(service, field string) map[string]string {
	if field == fieldPriority && service == "github" {
		return map[string]string{"1": "P1", "2": "P2", "3": "P3", "4": "P4"}
	}
	return nil
}

// onlyPrivate: priorities are not written to public repositories.
func onlyPrivate(field string) bool { return field == fieldPriority }

// namedForPublic: the roadmap is no secret.
func namedForPublic(field string) bool { return field == fieldHorizon }

// goalOfTheme is the goal that a theme serves.
func goalOfTheme(theme string) string {
	return map[string]string{
		"export": "keep_exporters", "invoicing": "paid_on_time", "money movement": "paid_on_time", "platform": "integrate_everywhere",
		"access": "open_the_door", "mobile": "pocket_office", "trust": "trust_by_default", "insight": "find_it",
		"delivery": "calm_nights", "safety": "calm_nights",
	}[theme]
}

// goalWeight multiplies what serves the goal; no goal changes nothing.
func goalWeight(goal string) float64 {
	switch goal {
	case "keep_exporters":
		return 2
	case "paid_on_time", "trust_by_default":
		return 1.5
	default:
		return 1
	}
}

// tierOf is the shared priority of a score: tiers of rank.yaml.
func tierOf(score float64) string {
	switch {
	case score >= 80:
		return "1"
	case score >= 60:
		return "2"
	case score >= 30:
		return "3"
	default:
		return "4"
	}
}

// roleLabel is the label that the routes ask for: route.yaml with the preset
// pm-po, as far as they label anything under only_waiting. A route without a
// label of its own that makes nobody wait gives none.
func roleLabel(w *piece) string {
	severe := w.kind == "bug" && w.severity.given && w.severity.is <= 2
	alarming := false
	for _, i := range w.issues {
		for _, l := range i.labels {
			switch lower(l) {
			case "regression", "security", "data-loss", "sla":
				alarming = true
			}
		}
	}
	switch {
	case w.done() && w.acceptance == "waiting":
		return "role/po"
	case w.done(): // finished work gets a label only where it waits for acceptance
		return ""
	case severe:
		return "role/po"
	case w.kind == "epic" && w.goal() == "":
		return "role/pm"
	case w.kind == "bug" && alarming:
		return "role/po"
	default:
		return ""
	}
}
