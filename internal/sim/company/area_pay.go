package company

func paymentAreas() []area {
	const project, repository = "PAY", "acme/pay"
	return []area{
		{
			name: "export", project: project, repository: repository, theme: "export", goal: "keep_exporters", epic: "Exports that accountants trust",
			anchor: anchor{12, "Bug", "CSV export drops rows without a warning", 5, 2, 3},
			things: []string{"CSV export", "DATEV export", "Scheduled export", "Payment list download"},
			troubles: []string{
				"stops halfway", "writes amounts without decimals", "loses the header line", "repeats the last page", "times out",
				"mixes up debit and credit",
			},
			wishes: []string{
				"Choose the columns of an export", "Schedule an export every Monday", "Send a finished export by mail", "Export in the layout of DATEV",
				"Export only what changed since last time", "Name export files by period",
			},
			said: []string{
				"The download takes ages and then I get half a file.", "Amounts come out with a comma and our tool wants a point.",
				"I would like to pick the columns myself.", "Every Monday I do the same download by hand, please automate it.",
				"The DATEV layout is not what our tax adviser expects.",
			},
			gesagt: []string{
				"Der Download bricht nach ein paar Minuten ab.", "Die Beträge kommen ohne Nachkommastellen an.",
				"Ich möchte die Spalten selbst auswählen können.",
			},
			quoted: []string{
				"The export drops rows, we noticed only at month end.", "Third time now that an export dropped some rows.",
				"Your CSV export is not usable for us, totals never match.",
			},
			zitiert: []string{"Der CSV-Export ist unvollständig, uns fehlen Buchungen.", "Unvollständiger CSV-Export, schon wieder."},
		},
		{
			name: "invoices", project: project, repository: repository, theme: "invoicing", goal: "paid_on_time", epic: "Invoices that get paid",
			anchor: anchor{15, "Bug", "Invoice PDF shows the wrong tax rate", 3, 1, 3},
			things: []string{"Invoice PDF", "Invoice preview", "Credit note", "Reminder mail", "Invoice number"},
			troubles: []string{
				"shows yesterday’s date", "prints the address twice", "rounds the total up", "is sent twice", "ignores the customer’s language",
				"cannot be opened",
			},
			wishes: []string{
				"Send a reminder before an invoice is due", "Put a logo on invoices", "Split an invoice between two cost centres", "Pay an invoice by link",
				"Number invoices per branch", "Issue e-invoices as XRechnung",
			},
			said: []string{
				"Reminders go out even though the bill was paid.", "Can we have our logo on the documents we send?",
				"Our customers in France get German letters.", "Numbers must be per branch, our auditor insists.",
			},
			gesagt: []string{
				"Mahnungen gehen raus, obwohl längst bezahlt wurde.", "Wir brauchen XRechnung bis Januar.",
				"Die Nummernkreise müssen je Filiale getrennt sein.",
			},
			quoted:  []string{"There is a wrong tax on the invoice again, 19 instead of 7 percent.", "Invoices show wrong taxes for Austrian customers."},
			zitiert: []string{"Auf der Rechnung steht ein falscher Steuersatz.", "Falscher Steuersatz auf jeder Rechnung nach Österreich."},
		},
		{
			name: "payouts", project: project, repository: repository, theme: "money movement", goal: "paid_on_time", epic: "Payouts on the day they are due",
			anchor:   anchor{18, "Story", "Show when a payout will arrive", 8, 2, 0},
			things:   []string{"Payout", "Payout batch", "Bank file", "Payout report", "Bank account check"},
			troubles: []string{"stays pending", "is booked twice", "misses weekends", "shows the wrong bank", "fails without a reason", "forgets the fee"},
			wishes: []string{
				"Hold a payout by hand", "Change the payout day", "Pay out in a second currency", "See fees per payout", "Approve payouts by two people",
				"Get told when a payout fails",
			},
			said: []string{
				"Money left on Friday and came on Wednesday, nobody could tell us why.", "We need four eyes on large transfers.",
				"Please let us choose the weekday.", "Fees are nowhere to be seen.",
			},
			gesagt:  []string{"Das Geld kam drei Tage zu spät an.", "Wir hätten gern ein Vier-Augen-Prinzip.", "Die Gebühren sieht man nirgends."},
			quoted:  []string{"When will my payout arrive? The page does not say.", "I never know on which day a payout arrives."},
			zitiert: []string{"Man sieht nicht, wann die Auszahlung ankommt."},
		},
		{
			name: "refunds", project: project, repository: repository, theme: "money movement", goal: "", epic: "Refunds without a phone call",
			anchor:   anchor{21, "Story", "Refund a part of a payment", 5, 1, 0},
			things:   []string{"Refund", "Partial refund", "Refund mail", "Refund list", "Chargeback"},
			troubles: []string{"is shown twice", "keeps the old status", "goes to a closed card", "lacks a reference", "cannot be undone", "blocks the day’s closing"},
			wishes: []string{
				"Give a reason for a refund", "Refund several payments at once", "Limit refunds per agent", "See who refunded what",
				"Answer a chargeback with documents", "Refund to another account",
			},
			said: []string{
				"Agents should not be able to give back any amount they like.", "A chargeback came and we had no place to upload the papers.",
				"I cannot see who gave the money back.",
			},
			gesagt:  []string{"Nicht jeder Mitarbeiter soll Geld zurückbuchen dürfen.", "Bei einer Rückbuchung fehlt uns der Beleg."},
			quoted:  []string{"We want partial refunds, today it is all or nothing.", "A partial refund means a phone call to you every time."},
			zitiert: []string{"Eine teilweise Erstattung ist nicht möglich."},
		},
		{
			name: "webhooks", project: project, repository: "acme/pay-api", theme: "platform", goal: "integrate_everywhere", epic: "An API that others build on",
			anchor: anchor{24, "Bug", "Webhook is delivered twice after a time-out", 8, 1, 3},
			things: []string{"Webhook", "API token", "Sandbox", "Rate limit", "Event log"},
			troubles: []string{
				"arrives out of order", "lacks the signature", "is retried for ever", "answers 500", "hides the cause of an error", "drops the time zone",
			},
			wishes: []string{
				"Replay an event from the log", "Rotate a token without a gap", "Filter events by type", "See deliveries of the last day",
				"Sign events with two keys", "Try the API in the browser",
			},
			said: []string{
				"Events come in any order and we have to sort them.", "Your error says only 500, that does not help.", "Let us rotate keys without downtime, please.",
				"The sandbox behaves differently from the real thing.",
			},
			gesagt:  []string{"Die Sandbox verhält sich anders als das echte System.", "Die Fehlermeldung sagt nur 500."},
			quoted:  []string{"We receive duplicate webhooks and book payments two times.", "Duplicate webhook again, see our log."},
			zitiert: []string{"Wir bekommen doppelte Webhooks."},
		},
	}
}
