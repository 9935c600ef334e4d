package chart_test

import (
	"math"
	"strconv"
	"time"

	"tandem/internal/chart"
	"tandem/internal/work"
)

// pictures are one of each kind, as pages have them.
func pictures() map[string]chart.Picture {
	from := monday.AddDate(0, 0, -90)
	history := []work.Point{
		{Day: from.AddDate(0, 0, -30), Place: 7, TeamPlace: 4, Score: 61, Low: 50, High: 70, Team: "pay"},
		{Day: from.AddDate(0, 0, 20), Place: 5, TeamPlace: 2, Score: 66.5, Low: 60, High: 71, Team: "pay"},
		{Day: from.AddDate(0, 0, 40), Team: "pay"},
		{Day: from.AddDate(0, 0, 60), Place: 2, TeamPlace: 1, Score: 80, Low: 80, High: 80, Team: "pay"},
	}
	return map[string]chart.Picture{
		"bars": chart.Bars{Title: "Why PAY-12 stands third", Unit: "points", Terms: []chart.Term{
			{Name: "reach", Value: 31.4, Low: 20, High: 38, Note: "evidence.accounts = 40"},
			{Name: "impact", Value: 12},
			{Name: "effort", Value: -9.5, Low: -14, High: -2, Note: "nobody estimated it"},
			{Name: "confidence", Value: math.NaN()},
		}},
		"sparkline": chart.Sparkline{Title: "Signals for PAY-12", Weeks: []float64{0, 2, 1, math.NaN(), 5, 3, 8, 2, 0, 1, 4, 6}},
		"place":     chart.PlaceHistory("Place of PAY-12", history, from, monday),
		"score":     chart.ScoreHistory("Score of PAY-12", history, from, monday),
		"capacity": chart.Capacity{Title: "Capacity of pay", Unit: "points", Rows: []chart.Use{
			{Name: "now", Used: 48, Limit: 40}, {Name: "next", Used: 61, Limit: 80}, {Name: "later", Used: 130},
		}},
		"bump":    order(from),
		"roadmap": roadmap(),
	}
}

func order(from time.Time) chart.Bump {
	b := chart.Bump{Title: "The order of pay", Note: "August to November 2026, the first five", From: from, To: monday, First: 5, OfTeam: "pay"}
	names := []string{"Export drops rows of large reports", "Single sign-on", "Dark mode", "<b>Import</b> from CSV", "תשלום בכרטיס אשראי", "restricted", "Слияние счетов"}
	for _, name := range names {
		b.Lines = append(b.Lines, chart.Ranked{Name: name})
	}
	stands := []int{0, 1, 2, 3, 4, 5, 6}
	for week := range 14 {
		n := week * 5 % 6
		stands[n], stands[n+1] = stands[n+1], stands[n]
		for i, item := range stands {
			b.Lines[item].Points = append(b.Lines[item].Points, work.Point{Day: from.AddDate(0, 0, 7*week), Place: i + 1, TeamPlace: i + 1, Team: "pay"})
		}
	}
	return b
}

func roadmap() chart.Roadmap {
	r := chart.Roadmap{Title: "Roadmap of Acme", Note: "16 November 2026 · for customers", Columns: []chart.Column{
		{Name: "Now", Note: "40 of 40 points", Cards: []chart.Card{
			{Tag: "export", Title: "Exports of large reports arrive whole, and say what is missing where a source did not answer in time", Detail: "goal: keep exporters"},
			{Tag: "אבטחה", Title: "כניסה אחת לכל המערכות של הארגון עם SAML 2.0", Detail: "צוות התשלומים"},
			{Title: "Payments 🚀👩‍👩‍👧‍👦 with 日本語のカード and " + "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"},
		}},
		{Name: "Next", Note: "61 of 80 points", More: 3},
		{Name: "Later"},
	}}
	for i := range 12 {
		r.Columns[1].Cards = append(r.Columns[1].Cards, chart.Card{Tag: "theme " + strconv.Itoa(i), Title: "A piece of work of the next quarter, number " + strconv.Itoa(i), Detail: "Ana"})
	}
	return r
}
