package web

import (
	"net/http"
	"net/url"
	"strconv"

	"tandem/internal/view"
)

// undoPage is what would be put back, or was.
type undoPage struct {
	view.Order

	Run int64
}

// look plans what undoing a run would put back.
func (v *visit) look() (note, string, error) {
	run, err := strconv.ParseInt(v.PostFormValue("run"), 10, 64)
	if err != nil {
		return note{}, "", view.BadRequest("the form names no run", "choose a run on the page Plan")
	}
	told, err := v.see.Undo(view.UndoOrder{Run: run})
	return note{}, undonePath(told.ID, run), err
}

func undonePath(id string, run int64) string {
	return "/plan/undone?" + url.Values{"id": {id}, "run": {strconv.FormatInt(run, 10)}}.Encode()
}

func (v *visit) undoContent(run int64, told view.Told, err error) (content, error) {
	if err != nil {
		return content{}, err
	}
	order, err := told.Order()
	if err != nil {
		return content{}, err
	}
	return content{title: "Undo run " + strconv.FormatInt(run, 10), body: "undo.html", data: undoPage{order, run}}, nil
}

// undo puts back what a run wrote, as the plan that was confirmed says.
func (v *visit) undo() (note, string, error) {
	run, err := strconv.ParseInt(v.PostFormValue("run"), 10, 64)
	hash := v.PostFormValue("hash")
	if err != nil || hash == "" {
		return note{}, "", view.BadRequest("the form confirms no plan", "look at what would be put back first, on the page Plan")
	}
	told, err := v.see.Undo(view.UndoOrder{Run: run, Confirm: hash})
	if err != nil {
		return note{}, "", err
	}
	return note{}, undonePath(told.ID, run), nil
}

// undone shows what became of an undo.
func (v *visit) undone() (content, error) {
	run, err := strconv.ParseInt(v.URL.Query().Get("run"), 10, 64)
	if err != nil {
		return content{}, view.NewProblem(http.StatusNotFound, "not-found", "there is no such undo", "choose a run on the page Plan")
	}
	told, err := v.see.Undone(v.URL.Query().Get("id"))
	return v.undoContent(run, told, err)
}
