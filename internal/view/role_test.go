package view_test

import (
	"errors"
	"strings"
	"testing"

	"tandem/internal/view"
	"tandem/internal/work"
)

// Whoever shows a button may have forgotten to ask: the methods ask themselves.
func TestEveryDecisionAsksForTheRole(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	for name, c := range map[string]struct {
		needs view.Role
		ask   func(*view.Visit) error
	}{
		"approve":  {view.Approver, func(v *view.Visit) error { return second2(v.Approve(1, view.Approve{All: true})) }},
		"reject":   {view.Approver, func(v *view.Visit) error { return second2(v.Reject(view.Reject{})) }},
		"release":  {view.Approver, func(v *view.Visit) error { return second2(v.Release("board:PAY-1", "priority")) }},
		"override": {view.Approver, func(v *view.Visit) error { return second2(v.Override(view.Say{})) }},
		"end":      {view.Approver, func(v *view.Visit) error { return second2(v.EndOverride(1)) }},
		"retry":    {view.Approver, func(v *view.Visit) error { return second2(v.Retry(1)) }},
		"what if":  {view.Approver, func(v *view.Visit) error { return second2(v.WhatIf(view.WhatIfOrder{})) }},
		"link":     {view.Approver, func(v *view.Visit) error { return second2(v.AcceptLink("a:b", "c:d")) }},
		"unlink":   {view.Approver, func(v *view.Visit) error { return second2(v.RefuseLink("a:b", "c:d")) }},
		"forget":   {view.Approver, func(v *view.Visit) error { return second2(v.ForgetLink("a:b", "c:d")) }},
		"pause":    {view.Admin, func(v *view.Visit) error { return second2(v.Pause("")) }},
		"resume":   {view.Admin, func(v *view.Visit) error { return second2(v.Resume()) }},
		"undo":     {view.Admin, func(v *view.Visit) error { return second2(v.Undo(view.UndoOrder{Run: 1})) }},
		"retire":   {view.Admin, func(v *view.Visit) error { return second2(v.Retire(view.RetireOrder{Everything: true})) }},
		"undone":   {view.Admin, func(v *view.Visit) error { return second2(v.Undone("x")) }},
		"retiring": {view.Admin, func(v *view.Visit) error { return second2(v.Retiring("x")) }},
		"object":   {view.Viewer, func(v *view.Visit) error { return second2(v.Object(view.Say{})) }},
		"answer":   {view.Viewer, func(v *view.Visit) error { return second2(v.Answer(1, "x")) }},
	} {
		for role := view.Role(0); role <= view.Admin; role++ {
			err := c.ask(h.desk.Visit(t.Context(), view.Who{Name: "web:x", Role: role, Audience: work.Restricted}))
			p, ok := errors.AsType[*view.Problem](err)
			if text := forPage(p); strings.Contains(text, "token") || strings.Contains(text, "GET ") || strings.Contains(text, "{") || strings.Contains(text, "send ") {
				t.Errorf("%s by %s: a page says %q", name, role, text)
			}
			if refused := ok && p.Type == "urn:tandem:problem:role"; refused != (role < c.needs) {
				t.Errorf("%s by %s: %v", name, role, err)
			}
		}
	}
}

// forPage is what a person reads before a page.
func forPage(p *view.Problem) string {
	if p == nil {
		return ""
	}
	plain := p.ForPage()
	return plain.Detail + "; " + plain.Remedy
}
