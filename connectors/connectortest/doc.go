// Package connectortest is the contract that every connector passes.
//
//	func TestContract(t *testing.T) {
//		connectortest.Suite{Definition: acme.Definition(), Open: open}.Run(t)
//	}
//
// Open starts a stand-in of the service with a known world and connects to it
// through the Lab's Env. Each check gets a world of its own and runs in a
// bubble of testing/synctest: waits cost nothing, so retries and Retry-After
// are tested as they are. Therefore the stand-in is an http.Handler that the
// Lab calls without sockets.
//
// What is checked is in connectors/doc.go and in the names of the subtests.
// Beside that, every error, log line, result, reject and finding is searched
// for the credentials that the connector sent, while the stand-in's error
// answers repeat them.
package connectortest
