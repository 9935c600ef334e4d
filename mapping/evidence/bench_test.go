package evidence_test

import (
	"fmt"
	"testing"
	"time"

	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// BenchmarkSummarise adds up the evidence of 100,000 items with 1,000,000 rows.
func BenchmarkSummarise(b *testing.B) {
	const items, rows = 100_000, 10
	methods, kinds := work.Methods(), []string{"bug", "request", "praise"}
	var accounts, people [200]string
	for i := range accounts {
		accounts[i], people[i] = fmt.Sprintf("account-%d", i*7919%1000), fmt.Sprintf("person-%d", i*104729%1000)
	}
	days := make([]evidence.Day, 0, items*rows)
	for i := range items {
		target := fmt.Sprintf("jira:PAY-%d", i)
		for j := range rows {
			n := i*31 + j*17
			m := methods[n%len(methods)]
			days = append(days, evidence.Day{
				Key: evidence.Key{
					Target: target, Account: accounts[n%len(accounts)], Person: people[n*3%len(people)],
					Method: m, Kind: kinds[n%len(kinds)], Day: int32(20000 + n%365),
				},
				Count: 1, ScoreCount: 1, ScoreSum: 0.5, Audience: work.Internal,
			})
		}
	}
	p := compile(b, evidence.Spec{HalfLife: evidence.HalfLife{By: map[string]work.Span{"bug": work.Span(30 * 24 * time.Hour)}}})
	asOf := time.Unix(20400*86400, 0)
	b.ResetTimer()
	b.ReportAllocs()
	for b.Loop() {
		for i := range items {
			p.Summarise(days[i*rows:(i+1)*rows], asOf)
		}
	}
}

func BenchmarkLink(b *testing.B) {
	var rules []evidence.Rule
	for i := range 200 {
		rules = append(rules, evidence.Rule{Phrases: []string{fmt.Sprintf("export drops row%d", i)}, To: "jira:PAY-1"})
	}
	p := compile(b, evidence.Spec{Link: rules}).WithPlaces(map[string][]string{"jira": {"PAY"}})
	fb := work.Feedback{Text: "I have used the export since last year, and since the update it drops rows at random; see PAY-12 and https://acme.example/browse/PAY-77"}
	b.ReportAllocs()
	for b.Loop() {
		p.Link(&fb)
	}
}
