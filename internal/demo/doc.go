// Package demo brings Acme, the invented company, to life: it fills the
// stand-ins of Jira and GitHub with its issues, serves them over HTTP on the
// loopback, writes its settings, rules and feedback into a folder, and lets
// its people change things. Tandem then runs against it as against any firm.
package demo
