package api

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// approveBody is what a client approves of a plan: all, a team's, or some.
type approveBody struct {
	All          bool     `json:"all"`
	Team         string   `json:"team"`
	Edits        []string `json:"edits"`
	InQuietHours bool     `json:"in_quiet_hours"`
}

type approvedView struct {
	Run      int64          `json:"run"`
	Newest   int64          `json:"newest_run"`
	Approved []approvalView `json:"approved"`
	Declined []declinedView `json:"declined"`
}

type declinedView struct {
	Edit   string `json:"edit"`
	Reason string `json:"reason"`
}

// approve approves edits of a run that the client saw, as far as the newest one
// plans them to the letter.
func (a *API) approve(c *call) (any, error) {
	var body approveBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	kinds := 0
	for _, given := range []bool{body.All, body.Team != "", len(body.Edits) > 0} {
		if given {
			kinds++
		}
	}
	if kinds != 1 {
		return nil, badRequest("it is not said what is approved", `send one of {"all": true}, {"team": "pay"}, {"edits": ["id", …]}`)
	}
	number, err := strconv.ParseInt(c.PathValue("run"), 10, 64)
	if err != nil || number < 1 {
		return nil, badRequest("the path names no run", "take the run of GET "+Base+"/plan")
	}
	shown, ok, err := a.Store.RunOf(c.Context(), number)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, notFound("run", "take the run of GET "+Base+"/plan")
	}
	newest, err := a.newest(c)
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	ids, strangers := l.chosen(&shown.Plan, &body)
	given, declined := plan.Approve(&newest.Plan, number, ids, c.by(), body.InQuietHours)
	_, unknown := plan.Approve(&plan.Plan{}, number, strangers, "", false)
	maps.Copy(declined, unknown)
	if err := a.Store.Approve(c.Context(), given); err != nil {
		return nil, err
	}
	a.Wake()
	v := approvedView{number, newest.Seq, []approvalView{}, []declinedView{}}
	now := a.Now().UTC()
	for i := range given {
		given[i].At = now
		v.Approved = append(v.Approved, l.approval(&given[i]))
	}
	for _, id := range slices.Sorted(maps.Keys(declined)) {
		v.Declined = append(v.Declined, declinedView{id, declined[id]})
	}
	return v, nil
}

// chosen are the ids that a client means: of a run that it saw, those that it
// may see. Others that it names are declined like any that is not planned.
func (l *lens) chosen(p *plan.Plan, body *approveBody) (ids, strangers map[string]bool) {
	ids, strangers = map[string]bool{}, map[string]bool{}
	seen := l.visible(p)
	if len(body.Edits) == 0 {
		for i := range seen {
			if e := &seen[i]; plan.Unapprovable(e.Gate) == "" && (body.Team == "" || e.Team == body.Team) {
				ids[e.ID] = true
			}
		}
		return ids, strangers
	}
	known := map[string]bool{}
	for i := range seen {
		known[seen[i].ID] = true
	}
	var words []string
	for _, id := range body.Edits {
		if known[id] {
			words = append(words, id)
		} else {
			strangers[id] = true
		}
	}
	if len(words) > 0 { // with what belongs together
		ids, _ = plan.Select(seen, words)
		plan.WithMarks(seen, ids)
	}
	return ids, strangers
}

// visible are the edits of a plan of which the client sees what they write.
func (l *lens) visible(p *plan.Plan) []plan.Planned {
	var seen []plan.Planned
	for i := range p.Edits {
		if l.bare(&p.Edits[i].Edit).To != nil {
			seen = append(seen, p.Edits[i])
		}
	}
	return seen
}

type rejectBody struct {
	Edit    string `json:"edit"`
	Ref     string `json:"ref"`
	Field   string `json:"field"`
	Because string `json:"because"`
	For     string `json:"for"`
}

// moveRejected is for how long a no to a move holds where nobody says: an order
// changes all the time, so that nothing else ends it.
const moveRejected = 30 * 24 * time.Hour

// reject says no to a proposal.
func (a *API) reject(c *call) (any, error) {
	var body rejectBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if strings.TrimSpace(body.Because) == "" {
		return nil, badRequest("nobody would know why", "send because: a reason; people see it beside the proposal")
	}
	var span work.Span
	if body.For != "" && span.UnmarshalText([]byte(body.For)) != nil {
		return nil, badRequest("for is no length of time", "write 30d, 12h or 2w")
	}
	run, err := a.newest(c)
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	word := body.Edit
	if word == "" {
		if body.Ref == "" || body.Field == "" {
			return nil, badRequest("it is not said what is rejected", "send edit: the id of an edit, or ref and field")
		}
		word = body.Ref + " " + body.Field
	}
	visible := l.visible(&run.Plan)
	ids, unknown := plan.Select(visible, []string{word})
	if len(unknown) > 0 || len(strings.Fields(word)) == 0 {
		return nil, notFound("edit in the newest plan", "GET "+Base+"/plan lists them")
	}
	rejections := plan.Reject(visible, ids)
	var until time.Time
	for _, r := range rejections {
		r.By, r.Because, r.Inputs = c.by(), body.Because, l.outcome.InputsOf(a.Rules, r.Slot)
		switch {
		case span > 0:
			r.Until = a.Now().Add(time.Duration(span))
		case len(r.Edits) == 0:
			r.Until = a.Now().Add(moveRejected)
		}
		if err := a.Store.Reject(c.Context(), r); err != nil {
			return nil, err
		}
		until = r.Until
	}
	a.Wake()
	v := struct {
		Rejected int       `json:"rejected"`
		Edits    []string  `json:"edits"`
		Until    time.Time `json:"until,omitzero"`
	}{len(rejections), slices.Sorted(maps.Keys(ids)), until.UTC()}
	return v, nil
}

type releaseBody struct {
	Ref   string `json:"ref"`
	Field string `json:"field"`
}

// release ends the holds of a field at a record, or at all records of the item
// that have one where the reference names any of them.
func (a *API) release(c *call) (any, error) {
	var body releaseBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	field, ok := work.ParseField(body.Field)
	if !ok || body.Ref == "" {
		return nil, badRequest("ref and field do not name a hold", "send both, as in {\"ref\": \"jira:PAY-12\", \"field\": \"priority\"}")
	}
	run, err := a.newest(c)
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	ended := map[plan.SlotRef]bool{}
	for i := range run.Plan.Holds {
		h := &run.Plan.Holds[i]
		slot := plan.SlotRef{Ref: h.Target.RefID, Field: field}
		named := (work.Ref{RefID: h.Target.RefID, Key: h.Key}).String() == body.Ref
		// An objection waits for an answer, which is no release.
		if s, _ := l.at(h.Target.RefID); !named || h.Field != field || s == nothing || ended[slot] || h.Cause == work.ObjectedTo {
			continue
		}
		if err := a.Store.Release(c.Context(), slot, c.by()); err != nil {
			return nil, err
		}
		ended[slot] = true
	}
	if len(ended) == 0 {
		return nil, notFound("hold in the newest plan", "GET "+Base+"/holds lists them")
	}
	a.Wake()
	return map[string]any{"released": len(ended)}, nil
}

// retry lets an edit that was refused be planned anew.
func (a *API) retry(c *call) (any, error) {
	const remedy = "GET " + Base + "/dead-letters lists them; only those of edits can be tried again"
	number, err := strconv.ParseInt(c.PathValue("id"), 10, 64)
	if err != nil {
		return nil, notFound("dead letter", remedy)
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	letters, err := a.Store.DeadLetters(c.Context(), mostRows)
	if err != nil {
		return nil, err
	}
	for i := range letters {
		e := &letters[i]
		if e.ID != number || l.letterSight(e) == nothing {
			continue
		}
		if was, err := a.Store.RetryLetter(c.Context(), number); err != nil || was {
			a.Wake()
			return map[string]any{"retried": 1}, err
		}
	}
	return nil, notFound("dead letter", remedy)
}

type pauseBody struct {
	Because string `json:"because"`
}

// pause stops all writing at once.
func (a *API) pause(c *call) (any, error) {
	var body pauseBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	err := a.Store.Pause(c.Context(), true, c.by(), body.Because)
	return map[string]any{"paused": true}, err
}

// resume lets Tandem write again.
func (a *API) resume(c *call) (any, error) {
	if err := c.read(&struct{}{}); err != nil {
		return nil, err
	}
	err := a.Store.Pause(c.Context(), false, c.by(), "")
	a.Wake()
	return map[string]any{"paused": false}, err
}
