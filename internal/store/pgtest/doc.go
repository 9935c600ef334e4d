// Package pgtest runs a private server of PostgreSQL for tests, where its
// programs are installed. It listens on a socket in a folder of its own and
// ends with the process that started it, however that ends.
//
//	Shared   one server for all tests of a binary, a schema for each test
//	Start    a server of its own, to stop and to crash
//
// TANDEM_POSTGRES names a server to use instead of a private one.
package pgtest
