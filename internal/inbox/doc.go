// Package inbox takes what services announce: webhooks that say that a record
// changed.
//
//	POST /hooks/CONNECTOR ─► size ─► signature ─► hints ─► stored ─► 200 ─► wake
//	                         413     401          400      503
//
// What it promises:
//
//   - Nothing is stored before the signature over the raw body is proved. A
//     connector without a secret has no address here: 404, as for any other
//     name.
//   - 200 is said after the hints are stored, in one transaction, and not
//     before. What could not be stored is answered 503, so that the service
//     tries again.
//   - A delivery that comes again is 200 and does nothing.
//   - Nothing of a body is kept but which record to read. What counts is read
//     by id afterwards, so that deliveries may be late, lost, or out of order.
//
// It never asks a service, and never logs what a body holds.
package inbox
