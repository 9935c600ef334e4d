package company

func webAreas() []area {
	const project, repository = "WEB", "acme/web"
	return []area{
		{
			name: "login", project: project, repository: repository, theme: "access", goal: "open_the_door", epic: "Sign in without thinking",
			anchor:   anchor{12, "Bug", "Login loops after the session expired", 3, 2, 3},
			things:   []string{"Login", "Password reset", "Single sign-on", "Second factor", "Invitation link"},
			troubles: []string{"shows a blank page", "forgets the target page", "sends no mail", "rejects a valid code", "asks twice", "ignores the remember box"},
			wishes: []string{
				"Sign in with a passkey", "Sign out everywhere", "See where I am signed in", "Use our own identity provider", "Extend an invitation",
				"Keep people signed in for a day",
			},
			said: []string{
				"The mail with the code never comes.", "We want to use our own identity provider.", "I am asked for the second factor ten times a day.",
				"Passkeys would be great.",
			},
			gesagt:  []string{"Die Mail mit dem Code kommt nicht an.", "Bitte Anmeldung über unser eigenes System ermöglichen."},
			quoted:  []string{"After lunch the login loops and I have to clear cookies.", "Endless login loop this morning."},
			zitiert: []string{"Die Anmeldung hängt in einer Schleife."},
		},
		{
			name: "reports", project: project, repository: repository, theme: "reporting", goal: "", epic: "Reports that answer questions",
			anchor:   anchor{15, "Story", "Compare this month with the last in one report", 5, 0.5, 0},
			things:   []string{"Revenue report", "Dashboard", "Chart", "Saved filter", "Monthly summary"},
			troubles: []string{"adds up wrong", "loads for ever", "forgets its filter", "hides the last day", "cannot be printed", "shows cents as euros"},
			wishes: []string{
				"Share a report by link", "Group a report by customer", "Set a target line in a chart", "Get a summary every month", "Pin a chart to the start page",
				"Hide test accounts from reports",
			},
			said: []string{
				"The totals do not match what the bank says.", "I would love to send my boss a link instead of a screenshot.", "It takes a minute to draw one chart.",
				"Test accounts spoil all our numbers.",
			},
			gesagt:  []string{"Die Summen stimmen nicht mit der Bank überein.", "Testkunden verfälschen unsere Zahlen."},
			quoted:  []string{"I need to compare months in one view.", "Please let me compare one month with another."},
			zitiert: []string{"Ich möchte Monate miteinander vergleichen können."},
		},
		{
			name: "mobile", project: project, repository: repository, theme: "mobile", goal: "pocket_office", epic: "The office in a pocket",
			anchor:   anchor{18, "Story", "Scan a receipt with the phone", 13, 2, 0},
			things:   []string{"Receipt photo", "Push message", "Start page on phones", "Offline mode", "Menu on small screens"},
			troubles: []string{"is cut off", "drains the battery", "covers the buttons", "arrives an hour late", "needs three taps", "flickers"},
			wishes: []string{
				"Approve payments on the phone", "Use the app with one hand", "Work offline on a train", "Get a push message for large payments",
				"Zoom into a receipt", "Switch companies on the phone",
			},
			said: []string{
				"On my phone the buttons are below the keyboard.", "I approve things on the train and there is no signal.", "Everything needs too many taps.",
			},
			gesagt:  []string{"Auf dem Handy sind die Knöpfe nicht erreichbar.", "Im Zug ohne Netz geht gar nichts."},
			quoted:  []string{"Let me scan receipts with my phone.", "We still type what a scan of the receipt could read."},
			zitiert: []string{"Belege scannen wäre die größte Hilfe."},
		},
		{
			name: "onboarding", project: project, repository: repository, theme: "access", goal: "open_the_door", epic: "Useful on the first day",
			anchor:   anchor{21, "Story", "Import customers from a spreadsheet", 13, 1, 0},
			things:   []string{"Setup assistant", "Welcome mail", "Sample data", "Product tour", "Sign-up form"},
			troubles: []string{"skips a step", "starts again from the top", "speaks English only", "cannot be closed", "forgets the tax number", "hides the next button"},
			wishes: []string{
				"Skip steps of the setup", "Come back to the setup later", "Try with sample data", "Invite a colleague during setup",
				"See how far the setup is", "Book a call with support",
			},
			said: []string{
				"I could not find out what to do next.", "The tour comes back every morning and cannot be closed.", "It would help to have sample data.",
			},
			gesagt:  []string{"Ich wusste nach der Anmeldung nicht weiter.", "Die Tour lässt sich nicht schließen."},
			quoted:  []string{"Importing customers from a spreadsheet would have saved us a week.", "Is there any import for our customer spreadsheet?"},
			zitiert: []string{"Ein Kundenimport aus einer Tabelle fehlt uns."},
		},
		{
			name: "permissions", project: project, repository: repository, theme: "trust", goal: "trust_by_default", epic: "Everybody sees what they should",
			anchor:   anchor{24, "Bug", "Read-only users can change bank details", 5, 3, 1},
			things:   []string{"Role list", "Audit log", "Team page", "Guest access", "Approval rule"},
			troubles: []string{"shows too much", "cannot be searched", "loses members", "expires too early", "ignores the branch", "names the wrong person"},
			wishes: []string{
				"Copy a role", "Give access for one day", "Restrict a role to a branch", "Export the audit log", "See what a role may do",
				"Approve new members",
			},
			said: []string{
				"Our interns see far too much.", "I want to give somebody access for a single day.", "The log cannot be searched, auditors laugh at us.",
			},
			gesagt:  []string{"Unsere Praktikanten sehen viel zu viel.", "Das Protokoll lässt sich nicht durchsuchen."},
			quoted:  []string{"A read-only user changed our bank details, how is that possible?", "Bank details can be changed by read-only users!"},
			zitiert: []string{"Ein Nutzer mit Leserechten konnte die Bankverbindung ändern."},
		},
		{
			name: "search", project: project, repository: repository, theme: "insight", goal: "find_it", epic: "Find it in three letters",
			anchor:   anchor{27, "Story", "Search by amount and by part of a name", 8, 1, 0},
			things:   []string{"Search", "Filter", "Result list", "Recent searches", "Sort order"},
			troubles: []string{"finds nothing", "ignores accents", "forgets the query", "ranks old ones first", "is case-sensitive", "breaks on a hyphen"},
			wishes: []string{
				"Save a search", "Search in attachments", "Search with the keyboard only", "Sort by last change", "Find by part of a number",
				"Search in all companies at once",
			},
			said: []string{
				"Names with accents are never found.", "I would like to do everything with the keyboard.", "Old stuff is always on top of the list.",
			},
			gesagt:  []string{"Namen mit Umlauten werden nicht gefunden.", "Alte Einträge stehen immer oben."},
			quoted:  []string{"Why can I not search by amount?", "Searching by an amount is what every bank can do."},
			zitiert: []string{"Die Suche nach einem Betrag geht nicht."},
		},
	}
}
