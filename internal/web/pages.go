package web

import "tandem/internal/view"

// pages lists the pages, in the order of the navigation.
func (w *Web) pages() []page {
	return []page{
		{"/{$}", "Order", (*visit).order},
	}
}

// acts lists what forms do.
func (w *Web) acts() []act {
	return []act{
		{"/theme", view.Viewer, (*visit).choose},
	}
}
