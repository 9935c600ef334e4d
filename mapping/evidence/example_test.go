package evidence_test

import (
	"fmt"
	"time"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// A feedback finds its work, becomes the row of its day, and rows become the
// evidence of an item.
func Example() {
	spec := evidence.Spec{Link: []evidence.Rule{{Phrases: []string{"export drops rows"}, To: "jira:PAY-12"}}}
	program, problems := evidence.Compile("/evidence", spec, []string{"jira"})
	if len(problems) > 0 {
		fmt.Println(problems)
		return
	}
	monday := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	feedback := []work.Feedback{
		{Account: "acme", Method: work.Interview, At: monday, Text: "When I export, some rows get dropped.", Audience: work.Internal},
		{Account: "bolt", Method: work.Request, At: monday, Text: "Your exporting dropped 3 rows again", Audience: work.Restricted},
		{Account: "bolt", Method: work.Request, At: monday, Text: "I love it", Audience: work.Internal},
	}
	var days []evidence.Day
	for _, fb := range feedback {
		for _, link := range program.Link(&fb) {
			fmt.Printf("%s: %s %s\n", link.Target, fb.Account, link)
			days = append(days, evidence.DayOf(&fb, link))
		}
	}
	e, audience := program.Summarise(evidence.Fold(days), monday.AddDate(0, 0, 90))
	fmt.Printf("%d accounts, weight %.2f, confidence %.2f, %s\n", e.Accounts, e.Weight, e.Confidence, audience)
	// Output:
	// jira:PAY-12: acme says "export drops rows"
	// jira:PAY-12: bolt says "export drops rows"
	// 2 accounts, weight 0.75, confidence 0.36, restricted
}
