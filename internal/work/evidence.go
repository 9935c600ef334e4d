package work

import "time"

// Evidence is what feedback says about one item at the snapshot's as_of. It is
// an aggregate: feedback rows never enter a snapshot.
type Evidence struct {
	// Accounts and People are distinct counts of those who said something.
	Accounts, People int
	// Signals counts feedback rows; an account's newest N only.
	Signals int
	// Weight is the sum of signals, each halved per half-life of its kind.
	Weight float64
	// Value is the summed value (money) of the distinct accounts; Unknown when
	// no row had one.
	Value Value
	// NPS is -100..100, CSAT 0..1; Unknown without answers. Samples are sizes.
	NPS, CSAT             Value
	NPSSample, CSATSample int
	// Confidence is 0..1, from amount and spread of evidence, never typed.
	Confidence float64
	// Latest is when the newest signal was given.
	Latest time.Time
}
