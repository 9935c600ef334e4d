package web

import "tandem/internal/view"

// pages lists the pages, in the order of the navigation.
func (w *Web) pages() []page {
	return []page{
		{"/{$}", "Order", (*visit).order},
		{"/item", "", (*visit).item},
		{"/pm", "PM", (*visit).pm},
		{"/po", "PO", (*visit).po},
		{"/tension", "Tension", (*visit).tension},
		{"/roadmap", "", (*visit).roadmap},
		{"/list", "", (*visit).list},
		{"/plan", "Plan", (*visit).plan},
		{"/what-if", "What if", (*visit).whatIf},
		{"/health", "Health", (*visit).health},
		{"/plan/fold", "", (*visit).fold},
		{"/plan/undone", "", (*visit).undone},
		{sharedPath + "{token}", "", (*visit).sharedDoor},
		{sharedPath + "{token}/{$}", "", (*visit).sharedRoadmap},
	}
}

// acts lists what forms do.
func (w *Web) acts() []act {
	return []act{
		{"/theme", view.Viewer, (*visit).choose},
		{"/item/override", view.Approver, (*visit).override},
		{"/item/object", view.Viewer, (*visit).object},
		{"/item/end", view.Viewer, (*visit).endWord},
		{"/pm/link", view.Approver, (*visit).judgeLink},
		{"/views/save", view.Viewer, (*visit).saveView},
		{"/views/change", view.Viewer, (*visit).changeView},
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

// downloads lists the files that pages lead to.
func (w *Web) downloads() []download {
	return []download{
		{"/order.csv", (*visit).orderCSV},
		{"/order.json", (*visit).orderJSON},
		{"/roadmap.svg", (*visit).roadmapSVG},
		{"/roadmap.png", (*visit).roadmapPNG},
		{"/roadmap.csv", (*visit).roadmapCSV},
		{"/roadmap.json", (*visit).roadmapJSON},
		{"/history.svg", (*visit).historySVG},
		{"/history.png", (*visit).historyPNG},
		{"/requesters.csv", (*visit).requestersCSV},
		{sharedPath + "{token}/roadmap.svg", (*visit).roadmapSVG},
		{sharedPath + "{token}/roadmap.png", (*visit).roadmapPNG},
		{sharedPath + "{token}/roadmap.csv", (*visit).roadmapCSV},
		{sharedPath + "{token}/roadmap.json", (*visit).roadmapJSON},
	}
}
