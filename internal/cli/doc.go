// Package cli is the command line: it reads settings and rules, opens
// connectors and the store, runs cycles, and tells people what happened. Every
// command has --json. It decides nothing itself.
//
//	exit code 0  done
//	          1  a service or the store failed; trying again may help
//	          2  the command line, a settings file or a rule is wrong
//	          3  done, and some edits were refused or some tests failed
package cli
