package jirasim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (a *asker) sprintField() string { return "customfield_" + strconv.Itoa(a.fields.sprint) }

// visibleSprint returns the sprint of the path, or answers 404.
func (s *Site) visibleSprint(a *asker, w http.ResponseWriter, r *http.Request) *Sprint {
	sprint := a.catalog.sprint(parseID(r.PathValue("sprintId")))
	if sprint == nil || a.catalog.board(sprint.Board) == nil {
		refuse(w, http.StatusNotFound, "Sprint does not exist or you do not have permission to view it.")
		return nil
	}
	return sprint
}

func (s *Site) sprintGet(a *asker, w http.ResponseWriter, r *http.Request) {
	if sprint := s.visibleSprint(a, w, r); sprint != nil {
		reply(w, http.StatusOK, a.sprint(sprint))
	}
}

// boardSprints pages through a board's sprints: closed, active, future. There
// is no total, as recorded.
func (s *Site) boardSprints(a *asker, w http.ResponseWriter, r *http.Request) {
	b := s.visibleBoard(a, w, r)
	if b == nil {
		return
	}
	if !b.sprints() {
		refuse(w, http.StatusBadRequest, "The board does not support sprints")
		return
	}
	states := list(r, "state")
	all := slices.DeleteFunc(pointers(a.catalog.world.Sprints), func(sp *Sprint) bool {
		return sp.Board != b.ID || len(states) > 0 && !slices.Contains(states, string(sp.State))
	})
	order := []SprintState{ClosedSprint, ActiveSprint, FutureSprint}
	slices.SortStableFunc(all, func(x, y *Sprint) int { return slices.Index(order, x.State) - slices.Index(order, y.State) })
	page := a.pageBean(r, 50, 50, len(all), func(i int) any { return a.sprint(all[i]) })
	delete(page, "self")
	delete(page, "total")
	reply(w, http.StatusOK, page)
}

// agileTime is the layout of times in sprints on Cloud, in UTC.
const agileTime = "2006-01-02T15:04:05.000Z"

// sprint writes a sprint as the Agile interface does.
func (a *asker) sprint(sp *Sprint) object {
	id := strconv.FormatInt(sp.ID, 10)
	bean := object{
		"id": sp.ID, "self": a.agile("/sprint/" + id), "state": string(sp.State), "name": sp.Name,
		"originBoardId": sp.Board, "goal": sp.Goal,
	}
	addDates(bean, sp)
	return bean
}

func addDates(bean object, sp *Sprint) {
	for name, at := range map[string]time.Time{"startDate": sp.Start, "endDate": sp.End, "completeDate": sp.Completed} {
		if !at.IsZero() {
			bean[name] = at.UTC().Format(agileTime)
		}
	}
}

// sprintValue writes the sprint field of an issue: objects on Cloud, the text
// form of a Java object on a Data Center.
func (a *asker) sprintValue(i *Issue) any {
	var values []any
	for n, id := range i.Sprints {
		sp := a.catalog.sprint(id)
		switch {
		case sp == nil:
		case a.server && !a.sprintObjects:
			values = append(values, javaText(sp, n))
		default:
			bean := object{"id": sp.ID, "name": sp.Name, "state": string(sp.State), "boardId": sp.Board, "goal": sp.Goal}
			addDates(bean, sp)
			values = append(values, bean)
		}
	}
	if values == nil {
		return nil
	}
	return values
}

// javaText writes a sprint as its toString does: nothing is escaped, so names
// and goals may hold commas and brackets.
func javaText(sp *Sprint, n int) string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return "<null>"
		}
		return t.UTC().Format(agileTime)
	}
	goal := sp.Goal
	if goal == "" {
		goal = "<null>"
	}
	return fmt.Sprintf("com.atlassian.greenhopper.service.sprint.Sprint@%x[id=%d,rapidViewId=%d,state=%s,name=%s,startDate=%s,endDate=%s,"+
		"completeDate=%s,activatedDate=%s,sequence=%d,goal=%s,autoStartStop=false,synced=false]",
		0x1fdd4900+n, sp.ID, sp.Board, strings.ToUpper(string(sp.State)), sp.Name, at(sp.Start), at(sp.End), at(sp.Completed), at(sp.Start), sp.ID, goal)
}

// sprintSchema describes the sprint field.
func (a *asker) sprintSchema() object {
	items := "json"
	if a.server {
		items = "string"
	}
	return object{"type": "array", "items": items, "custom": "com.pyxis.greenhopper.jira:gh-sprint", "customId": a.fields.sprint}
}

// rankSchema describes the rank field.
func (a *asker) rankSchema() object {
	return object{"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-lexo-rank", "customId": a.fields.rank}
}

// boardFieldBeans describe the fields of the boards.
func (a *asker) boardFieldBeans() []any {
	bean := func(id string, number int, name string, schema object) object {
		return object{
			"id": id, "key": id, "name": name, "custom": true, "orderable": true, "navigable": true, "searchable": true,
			"clauseNames": []string{"cf[" + strconv.Itoa(number) + "]", name}, "schema": schema,
		}
	}
	return []any{
		bean(a.rankField(), a.fields.rank, "Rank", a.rankSchema()),
		bean(a.sprintField(), a.fields.sprint, "Sprint", a.sprintSchema()),
	}
}
