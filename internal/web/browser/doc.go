// Package browser drives a real browser, Debian's Chromium, for tests: what a
// person does with mouse, keyboard and screen reader, and what a browser says
// about a page. It is never part of the program.
//
//	Shared   one process of the browser for all tests of a binary
//	Tab      a page with cookies of its own; tabs work side by side
//	Look     dark, on a phone, without script
//	Node     something on a page, found by role and accessible name
//
// A tab gathers what must not happen: errors of scripts, violations of the
// content security policy, requests to other places, dialogs (Complaints). It
// measures a page (Weight), runs axe-core on it (Axe) and takes small pictures
// of it (Picture). It keeps what servers sent (Received), so that a test can look
// for what nobody may get.
//
// Whatever goes wrong fails the test, at the line that asked for it. Without a
// browser the test is skipped, and says how to get one.
package browser
