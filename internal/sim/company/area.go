package company

// area is a part of the product and the words that people use about it.
type area struct {
	name, project, repository string
	theme                     string
	goal                      string // of its epic; empty is an epic without one
	epic                      string // title of its epic
	anchor                    anchor
	// things go wrong: "CSV export drops rows for accounts with …".
	things, troubles []string
	// wishes are what stories do.
	wishes []string
	// said and gesagt are complaints and requests in English and German that
	// no curated phrase finds; quoted and zitiert hold the curated phrase of
	// the area and so link to its anchor.
	said, gesagt, quoted, zitiert []string
}

// anchor is the issue of an area that feedback links to by rule.
type anchor struct {
	number      int
	kind, title string
	// severity is 0 for what is no bug.
	points, impact, severity float64
}

func areas() []area {
	var all []area
	all = append(all, paymentAreas()...)
	all = append(all, webAreas()...)
	return append(all, operationAreas()...)
}

func areasOf(project string) []area {
	var list []area
	for _, a := range areas() {
		if a.project == project {
			list = append(list, a)
		}
	}
	return list
}

// conditions end the title of a bug.
func conditions() []string {
	return []string{
		"for accounts with more than 10,000 rows", "on Safari 18", "since the last release", "when the time zone is not UTC",
		"with umlauts in the customer’s name", "on slow connections", "for read-only users", "when two people edit at once",
		"after the session was renewed", "in the Polish translation", "on the last day of a month", "for suspended accounts",
		"behind a proxy", "when a field is left empty", "in dark mode", "for amounts above 1,000,000",
	}
}

// roles begin or end the sentences of stories.
func roles() []string {
	return []string{
		"admins", "accountants", "partners", "read-only users", "the finance team", "new customers", "auditors", "support agents",
		"account owners", "developers", "branch managers", "freelancers",
	}
}

// chores are tasks of any area.
func chores() []string {
	return []string{
		"Remove the old code path of", "Add traces to", "Document the limits of", "Cover the edge cases of", "Measure how often people use",
		"Update the libraries below", "Rename the tables behind", "Write a runbook for", "Cache the slow queries of", "Retire the beta flag of",
	}
}
