// Package org turns the people: and teams: of the rules into an organisation:
// who somebody is in each system, which team owns a place, and who holds a
// role there.
//
//	people: ana ── jira: "712020:aa", github: ana-acme, email: …
//	teams:  pay ── roles:  pm → ana, po → cy     (one person may wear two hats)
//	           └── places: jira: [PAY], github: [acme/pay, "acme/pay-*", "!acme/pay-old"]
//
// Roles are names, not code: a firm may have pm and po, po alone, or strategist
// and support. A place belongs to at most one team; two teams whose patterns
// could claim the same place are refused when rules are loaded, with an example
// of such a place. It is pure.
package org
