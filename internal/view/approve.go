package view

import (
	"maps"
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Approve is what is approved of a plan: all, a team's, some, or kinds of change.
type Approve struct {
	All          bool     `json:"all"`
	Team         string   `json:"team"`
	Edits        []string `json:"edits"`
	InQuietHours bool     `json:"in_quiet_hours"`
	// Folds are kinds of change, by their keys, as Visit.Folds shows them.
	Folds []string `json:"-"`
}

// Approved is what came of it.
type Approved struct {
	Run      int64      `json:"run"`
	Newest   int64      `json:"newest_run"`
	Approved []Approval `json:"approved"`
	Declined []Declined `json:"declined"`
}

// Declined is an edit that was not approved.
type Declined struct {
	Edit   string `json:"edit"`
	Reason string `json:"reason"`
}

// Approve approves edits of a run that the visitor saw, as far as the newest one
// plans them to the letter.
func (vi *Visit) Approve(number int64, what Approve) (Approved, error) {
	if err := vi.may(Approver); err != nil {
		return Approved{}, err
	}
	kinds := 0
	for _, given := range []bool{what.All, what.Team != "", len(what.Edits) > 0, len(what.Folds) > 0} {
		if given {
			kinds++
		}
	}
	if kinds != 1 {
		return Approved{}, BadRequest("it is not said what is approved", `send one of {"all": true}, {"team": "pay"}, {"edits": ["id", …]}`).onPage("nothing was chosen", "choose what is to be written, or approve all")
	}
	if number < 1 {
		return Approved{}, BadRequest("the path names no run", "take the run of GET "+Base+"/plan").onPage("it is not said which plan was looked at", "open the plan again, and approve there")
	}
	shown, ok, err := vi.desk.conf.Store.RunOf(vi.ctx, number)
	if err != nil {
		return Approved{}, err
	}
	if !ok {
		return Approved{}, notFound("run", "take the run of GET "+Base+"/plan").onPage("this plan is no longer kept", "open the plan again, and approve there")
	}
	newest, err := vi.newest()
	if err != nil {
		return Approved{}, err
	}
	l, err := vi.lens()
	if err != nil {
		return Approved{}, err
	}
	ids, strangers := l.chosen(&shown.Plan, &what)
	given, declined := plan.Approve(&newest.Plan, number, ids, vi.who.Name, what.InQuietHours)
	_, unknown := plan.Approve(&plan.Plan{}, number, strangers, "", false)
	maps.Copy(declined, unknown)
	if given, err = vi.unrejected(given, declined); err != nil {
		return Approved{}, err
	}
	if err := vi.desk.conf.Store.Approve(vi.ctx, given); err != nil {
		return Approved{}, err
	}
	vi.wake()
	v := Approved{number, newest.Seq, []Approval{}, []Declined{}}
	now := vi.desk.conf.Now().UTC()
	for i := range given {
		given[i].At = now
		v.Approved = append(v.Approved, l.approval(&given[i]))
	}
	for _, id := range slices.Sorted(maps.Keys(declined)) {
		v.Declined = append(v.Declined, Declined{id, declined[id]})
	}
	return v, nil
}

// unrejected leaves out what somebody rejected since the newest plan was made:
// the next plan holds it.
func (vi *Visit) unrejected(given []plan.Approval, declined map[string]string) ([]plan.Approval, error) {
	rejections, err := vi.desk.conf.Store.Rejections(vi.ctx)
	if err != nil || len(rejections) == 0 {
		return given, err
	}
	now := vi.desk.conf.Now()
	return slices.DeleteFunc(given, func(a plan.Approval) bool {
		for i := range rejections {
			r := &rejections[i]
			if r.Slot != a.Slot || r.Over(now) || len(r.Edits) > 0 && !slices.Contains(r.Edits, a.Edit) {
				continue
			}
			declined[a.Edit] = "somebody rejected it meanwhile; who wants it nevertheless releases it first"
			if vi.sees(work.Internal) {
				declined[a.Edit] = r.By + " rejected it (" + r.Because + "); who wants it nevertheless releases it first"
			}
			return true
		}
		return false
	}), nil
}

// chosen are the ids that a visitor means: of a run that it saw, those that it
// may see. Others that it names are declined like any that is not planned.
func (l *lens) chosen(p *plan.Plan, what *Approve) (ids, strangers map[string]bool) {
	ids, strangers = map[string]bool{}, map[string]bool{}
	seen := l.visible(p)
	if len(what.Folds) > 0 {
		return folded(seen, what.Folds), strangers
	}
	if len(what.Edits) == 0 {
		for i := range seen {
			if e := &seen[i]; plan.Unapprovable(e.Gate) == "" && (what.Team == "" || e.Team == what.Team) {
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
	for _, id := range what.Edits {
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

// folded are the ids of kinds of change, with what belongs together.
func folded(seen []plan.Planned, keys []string) map[string]bool {
	ids, slots := map[string]bool{}, map[plan.SlotRef]bool{}
	for i := range seen {
		if e := &seen[i]; plan.Unapprovable(e.Gate) == "" && slices.Contains(keys, foldOf(e)) {
			slots[plan.SlotOf(&e.Edit)] = true
		}
	}
	for i := range seen {
		if e := &seen[i]; slots[plan.SlotOf(&e.Edit)] {
			ids[e.ID] = true
		}
	}
	plan.WithMarks(seen, ids)
	return ids
}

// visible are the edits of a plan of which the visitor sees what they write.
func (l *lens) visible(p *plan.Plan) []plan.Planned {
	var seen []plan.Planned
	for i := range p.Edits {
		if l.shows(&p.Edits[i].Edit) {
			seen = append(seen, p.Edits[i])
		}
	}
	return seen
}
