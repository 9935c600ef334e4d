package web

import "tandem/internal/view"

// pages lists the pages, in the order of the navigation.
func (w *Web) pages() []page {
	return []page{
		{"/{$}", "Order", (*visit).order},
		{"/plan", "Plan", (*visit).plan},
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
		{"/plan/undo/look", view.Admin, (*visit).look},
		{"/plan/undo", view.Admin, (*visit).undo},
	}
}
