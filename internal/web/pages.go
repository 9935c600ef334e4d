package web

import "tandem/internal/view"

// pages lists the pages, in the order of the navigation.
func (w *Web) pages() []page {
	return []page{
		{"/{$}", "Order", (*visit).order},
		{"/plan", "Plan", (*visit).plan},
		{"/what-if", "What if", (*visit).whatIf},
		{"/health", "Health", (*visit).health},
		{"/plan/fold", "", (*visit).fold},
		{"/plan/undone", "", (*visit).undone},
	}
}

// acts lists what forms do.
func (w *Web) acts() []act {
	return []act{
		{"/theme", view.Viewer, (*visit).choose},
		{"/plan/approve", view.Approver, (*visit).approve},
		{"/plan/reject", view.Approver, (*visit).reject},
		{"/plan/release", view.Approver, (*visit).release},
		{"/health/retry", view.Approver, (*visit).retry},
		{"/health/pause", view.Admin, (*visit).pause},
		{"/health/resume", view.Admin, (*visit).resume},
		{"/plan/undo/look", view.Admin, (*visit).look},
		{"/plan/undo", view.Admin, (*visit).undo},
	}
}
