// Package contract holds real traffic against the official descriptions with a
// validator that is not ours: Prism, as a proxy on loopback.
//
//	connector ──▶ Front ──▶ Prism, one per description ──▶ stand-in
//	                └── collects what Prism finds
//
// The package judge does the same inside the process, with every test; here
// another program reads the same descriptions, so a mistake of one shows. It
// needs Node and is therefore run on demand: make contract.
//
// Where a description is known to be wrong it is mended before Prism reads it;
// see mend.go.
package contract
