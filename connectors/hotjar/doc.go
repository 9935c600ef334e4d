// Package hotjar reads survey responses of Hotjar as feedback.
//
//	config.go                 settings and their checks     hotjar.go  Definition, open
//	token.go client.go pace.go   credentials, requests, their rate
//	fetch.go walk.go cursor.go   Source: rounds over surveys, one survey, where it stands
//	wire.go answer.go feedback.go   response → feedback (pure)
//	check.go errors.go        Checker, what an error means  inbox.go   webhooks as hints
//
// The list of responses is newest first, has an opaque cursor and no filter. So
// a walk goes down from the newest response until it meets what is old enough,
// and the mark of a survey moves only when a walk has come to that end:
//
//	newest ─ page ─ page ─ page ─┐
//	                             ▼ floor: history at first; then a little below the
//	                               mark, and every few hours the whole overlap
//
// It promises:
//
//   - What is stored with a page says where its walk goes on. A walk that was cut
//     anywhere loses nothing, and what came during it is above the next mark.
//   - A cursor that Hotjar no longer takes begins the walk of that survey anew.
//   - A response that is completed, tagged or judged later is read again as long
//     as the overlap reaches, and replaces what was stored under its id.
//   - A webhook is only a reason to look: no data of it is used.
package hotjar
