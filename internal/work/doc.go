// Package work is the vocabulary that every other package of Tandem speaks:
// references, values, records, items, feedback, edits, holds and plans.
//
// It is pure: values in, values out. It knows no service, no rule, no clock,
// no file. Everything here can be compared, sorted and encoded as JSON, so
// that a snapshot can be stored today and explained next month.
//
//	source ─► Record ─► Item ─► score, place, route, horizon ─► Edit | Hold
//	          Feedback ─► evidence of an Item
package work
