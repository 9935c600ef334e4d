package jirasim

// german are the names that the service translates itself, and some that its
// administrators do.
func german() map[string]string {
	return map[string]string{
		"Highest": "Höchste", "High": "Hoch", "Medium": "Mittel", "Low": "Niedrig", "Lowest": "Niedrigste",
		"Critical": "Kritisch", "Major": "Schwerwiegend", "Minor": "Geringfügig", "Blocker": "Blocker",
		"To Do": "Zu erledigen", "In Progress": "In Arbeit", "In Review": "In Überprüfung", "Done": "Fertig",
		"Bug": "Fehler", "Task": "Aufgabe", "Sub-task": "Unteraufgabe",
		"Won't Do": "Wird nicht erledigt", "Duplicate": "Duplikat",
		"Summary": "Zusammenfassung", "Description": "Beschreibung", "Issue Type": "Vorgangstyp", "Project": "Projekt",
		"Priority": "Priorität", "Resolution": "Lösung", "Resolved": "Erledigt", "Labels": "Stichwörter",
		"Fix versions": "Lösungsversionen", "Components": "Komponenten", "Creator": "Ersteller", "Reporter": "Berichterstatter",
		"Assignee": "Zugewiesene Person", "Parent": "Übergeordnet", "Due date": "Fälligkeitsdatum", "Created": "Erstellt",
		"Updated": "Aktualisiert", "Security Level": "Sicherheitsstufe", "Linked Issues": "Verknüpfte Vorgänge",
		"Comment": "Kommentar", "Rank": "Rang", "Story Points": "Story-Punkte", "Story point estimate": "Story-Point-Schätzung",
		"Target date": "Zieldatum", "Themes": "Themen",
	}
}

// germanPhrases are refusals with their translation; %s is what differs. Only
// ids, keys and status codes are the same in all languages.
func germanPhrases() [][2]string {
	return [][2]string{
		{"The priority selected is invalid.", "Die ausgewählte Priorität ist ungültig."},
		{"Issue does not exist or you do not have permission to see it.", "Der Vorgang existiert nicht oder Sie sind nicht berechtigt, ihn anzuzeigen."},
		{"You do not have permission to edit issues in this project.", "Sie sind nicht berechtigt, Vorgänge in diesem Projekt zu bearbeiten."},
		{"You do not have permission to rank issues in this project.", "Sie sind nicht berechtigt, Vorgänge in diesem Projekt zu sortieren."},
		{"You do not have the permission to comment on this issue.", "Sie sind nicht berechtigt, diesen Vorgang zu kommentieren."},
		{"Field '%s' cannot be set. It is not on the appropriate screen, or unknown.", "Das Feld '%s' kann nicht festgelegt werden. Es befindet sich nicht auf der entsprechenden Maske oder ist unbekannt."},
		{"The label '%s' contains spaces which is invalid.", "Das Stichwort '%s' enthält ungültige Leerzeichen."},
		{"The label '%s' exceeds the maximum length for a single label of 255 characters.", "Das Stichwort '%s' überschreitet die maximale Länge von 255 Zeichen."},
		{"The operation '%s' is not supported by the field '%s'.", "Die Operation '%s' wird vom Feld '%s' nicht unterstützt."},
		{"Operation value must be a number", "Der Operationswert muss eine Zahl sein"},
		{"Operation value must be a string", "Der Operationswert muss eine Zeichenfolge sein"},
		{"Specify a valid 'id' or 'value' for %s", "Geben Sie einen gültigen Wert für 'id' oder 'value' für %s an"},
		{"Specify a valid 'id' or 'name' for %s", "Geben Sie einen gültigen Wert für 'id' oder 'name' für %s an"},
		{"You must specify a summary of the issue.", "Sie müssen eine Zusammenfassung des Vorgangs angeben."},
		{"%s is required.", "%s ist erforderlich."},
		{"Version '%s' is archived", "Die Version '%s' ist archiviert"},
		{"Version id '%s' is not valid", "Die Versions-ID '%s' ist ungültig"},
		{"Component id '%s' is not valid", "Die Komponenten-ID '%s' ist ungültig"},
		{"Option id '%s' is not valid", "Die Options-ID '%s' ist ungültig"},
		{"It seems that you have tried to perform an invalid workflow operation.", "Sie haben versucht, eine ungültige Arbeitsablaufoperation auszuführen."},
		{"Comment body can not be empty!", "Der Kommentartext darf nicht leer sein!"},
		{"The issue could not be updated due to a conflicting concurrent update.", "Der Vorgang konnte wegen einer gleichzeitigen Aktualisierung nicht aktualisiert werden."},
		{"No project could be found with key '%s'.", "Es konnte kein Projekt mit dem Schlüssel '%s' gefunden werden."},
		{"The value '%s' does not exist for the field '%s'.", "Der Wert '%s' ist für das Feld '%s' nicht vorhanden."},
		{"Field '%s' does not exist or you do not have permission to view it.", "Das Feld '%s' ist nicht vorhanden oder Sie haben keine Berechtigung, es anzuzeigen."},
		{"Unbounded JQL queries are not allowed here. Please add a search restriction to your query.", "Unbegrenzte JQL-Abfragen sind hier nicht zulässig. Fügen Sie Ihrer Abfrage eine Sucheinschränkung hinzu."},
		{"Invalid request payload. Refer to the REST API documentation and try again.", "Ungültige Anfragedaten. Lesen Sie die REST-API-Dokumentation und versuchen Sie es erneut."},
	}
}
