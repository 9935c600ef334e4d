package company

func operationAreas() []area {
	const project, repository = "OPS", "acme/ops"
	return []area{
		{
			name: "deploys", project: project, repository: repository, theme: "delivery", goal: "calm_nights", epic: "Deploy on any afternoon",
			anchor:   anchor{12, "Task", "Roll back a release with one command", 8, 1, 0},
			things:   []string{"Release pipeline", "Canary", "Feature flag", "Migration step"},
			troubles: []string{"hangs", "skips the smoke test", "leaves two versions up", "needs root", "forgets the secret"},
			wishes:   []string{"Deploy without a freeze", "See who deployed what", "Pause a roll-out", "Deploy a single service"},
			said:     []string{"You were down again on Tuesday evening.", "Please announce maintenance a day before."},
			gesagt:   []string{"Am Dienstag war wieder alles weg."},
			quoted:   []string{"After the release everything was broken, why was it not rolled back?"},
			zitiert:  []string{"Warum wurde das Release nicht zurückgerollt?"},
		},
		{
			name: "backups", project: project, repository: repository, theme: "safety", goal: "calm_nights", epic: "Restore is a habit",
			anchor:   anchor{15, "Task", "Restore a single account from backup", 13, 2, 0},
			things:   []string{"Nightly backup", "Restore job", "Archive bucket", "Retention rule"},
			troubles: []string{"runs into the day", "is never checked", "keeps too little", "costs too much", "locks a table"},
			wishes:   []string{"Restore to a point in time", "Check a backup every week", "Delete old archives", "Keep a copy off-site"},
			said:     []string{"We deleted a customer by mistake and nobody could bring it back."},
			gesagt:   []string{"Wir haben aus Versehen einen Kunden gelöscht."},
			quoted:   []string{"Can you restore our account to last Friday?"},
			zitiert:  []string{"Können Sie unser Konto wiederherstellen?"},
		},
		{
			name: "alerts", project: project, repository: repository, theme: "delivery", goal: "calm_nights", epic: "Alerts that mean something",
			anchor:   anchor{18, "Bug", "Status page stays green during an outage", 3, 1, 3},
			things:   []string{"Pager rule", "Status page", "Error budget", "Log search"},
			troubles: []string{"fires at night for nothing", "stays silent", "names the wrong service", "repeats itself", "is out of date"},
			wishes:   []string{"Mute an alert for an hour", "Link alerts to runbooks", "Tell customers what is broken", "Measure false alarms"},
			said:     []string{"We learn of an outage from our own customers."},
			gesagt:   []string{"Von Störungen erfahren wir immer zuletzt."},
			quoted:   []string{"Your status page was green during the whole outage."},
			zitiert:  []string{"Die Statusseite war während der Störung grün."},
		},
		{
			name: "costs", project: project, repository: repository, theme: "efficiency", goal: "", epic: "Pay for what we use",
			anchor:   anchor{21, "Task", "Switch test systems off at night", 2, 0.5, 0},
			things:   []string{"Test cluster", "Log storage", "Image cache", "Idle database"},
			troubles: []string{"runs all weekend", "doubles every month", "is never cleaned", "has no owner", "is billed twice"},
			wishes:   []string{"Show costs per team", "Delete unused disks", "Warn when costs double", "Use smaller machines at night"},
			said:     []string{"Pages got slower since you moved."},
			gesagt:   []string{"Seit dem Umzug ist alles langsamer."},
			quoted:   []string{"Why are test systems of yours mailing us at night?"},
			zitiert:  []string{"Nachts kommen Mails von Ihren Testsystemen."},
		},
	}
}
