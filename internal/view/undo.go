package view

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tandem/internal/work"
	"tandem/scheduler"
)

// Undone is what became of an order.
type Undone struct {
	Errand scheduler.Errand
	// Hash stands for the whole plan: who confirms it has seen it.
	Hash string
	// Carried says that the errand was carried out, Report how, and Before how
	// many of its edits had arrived before this node took it up.
	Carried bool
	Report  scheduler.Report
	Before  int
	// Swept is what a retirement finds beside values, or found.
	Swept []scheduler.Swept
}

// Orders keep what clients order until some node has carried it out.
type Orders interface {
	// Commission places an order. It reports false where another one is not over.
	Commission(ctx context.Context, order work.Commission) (bool, error)
	Commissioned(ctx context.Context, id string) (work.Commission, bool, error)
}

// Why an order is refused.
var (
	ErrNoItem = errors.New("there is no such item")
	ErrNoRun  = errors.New("the run wrote nothing there")
	// ErrElsewhere says that other nodes kept duties that this one needs.
	ErrElsewhere = errors.New("other nodes keep duties")
	// ErrBusy says that another order is not over.
	ErrBusy = errors.New("something else is put back or removed")
	// ErrBrokenOff says that an order was tried too often, or waited too long.
	ErrBrokenOff = errors.New("the order was broken off")
	// ErrStale says that the plan is not the one that was confirmed.
	ErrStale = errors.New("the plan is another one")
	// ErrUnread says that nothing can be planned yet.
	ErrUnread = errors.New("nothing was decided yet")
)

// UndoOrder orders to put back what Tandem wrote. Without Confirm it is only
// planned; with the hash of that plan it is done.
type UndoOrder struct {
	Run       int64  `json:"run"`
	Item      string `json:"item"`
	Rule      string `json:"rule"`
	Connector string `json:"connector"`
	Confirm   string `json:"confirm"`
}

func (vi *Visit) undoOrder(what *UndoOrder) (work.Commission, error) {
	o := work.Commission{Errand: work.Undo, Run: what.Run, Item: what.Item, Field: what.Rule, Connector: what.Connector, Confirm: what.Confirm}
	if what.Run < 0 || what.Run == 0 && what.Item+what.Rule+what.Connector == "" {
		return o, BadRequest("it is not said what to undo", "send run: the number of a run, or item, rule or connector, as in {\"run\": 12}").onPage("", "choose a run, an item, a field or a connector")
	}
	if _, ok := work.ParseField(what.Rule); what.Rule != "" && !ok {
		return o, BadRequest("rule is no field", "send the name of a field of the rules, such as priority").onPage("there is no such field", "choose one of the rules, such as priority")
	}
	return o, vi.known(what.Connector)
}

// known refuses names of connectors that there are none of.
func (vi *Visit) known(connector string) error {
	if _, known := vi.desk.conf.Rules.Program().Schemas()[connector]; connector != "" && !known {
		return BadRequest("there is no such connector", "send the name of one of tandem.yaml, such as jira").onPage("", "choose one of tandem.yaml, such as jira")
	}
	return nil
}

// RetireOrder orders to remove every trace of Tandem: of a team, of a connector,
// of what nobody rules any more, or all. Without Confirm it is only planned.
type RetireOrder struct {
	Team       string `json:"team"`
	Connector  string `json:"connector"`
	Orphans    bool   `json:"orphans"`
	Everything bool   `json:"everything"`
	Confirm    string `json:"confirm"`
}

func (vi *Visit) retireOrder(what *RetireOrder) (work.Commission, error) {
	o := work.Commission{Errand: work.Retire, Team: what.Team, Connector: what.Connector, Orphans: what.Orphans, Confirm: what.Confirm}
	chosen := 0
	for _, is := range []bool{what.Team != "", what.Connector != "", what.Orphans, what.Everything} {
		if is {
			chosen++
		}
	}
	if chosen != 1 {
		return o, BadRequest("it is not said what to retire", "send one of team, connector, orphans: true and everything: true, as in {\"team\": \"pay\"}").onPage("", "choose a team, a connector, what no rule owns any more, or everything")
	}
	if _, known := vi.desk.conf.Rules.Org().Team(what.Team); what.Team != "" && !known {
		return o, BadRequest("there is no such team", "send the name of one of the rules, such as pay").onPage("", "choose one of the rules, such as pay")
	}
	return o, vi.known(what.Connector)
}

// MayUndo refuses who may not undo and retire: admins who see everything may,
// since what is put back may be anybody's.
func (vi *Visit) MayUndo() error {
	if err := vi.may(Admin); err != nil || vi.sees(work.Restricted) {
		return err
	}
	return NewProblem(http.StatusForbidden, "audience", "this token does not see all that an undo may concern", "use a token with audience: restricted").
		onPage("you do not see all that an undo may concern", "ask an admin who sees what is restricted")
}

// Told is what is told of an order.
type Told struct {
	ID     string
	Errand work.Errand
	// Running says that it is not over: it is asked for by its id.
	Running bool
	text    json.RawMessage
}

// MarshalJSON returns the order as it was told.
func (t Told) MarshalJSON() ([]byte, error) { return t.text, nil }

// Order returns the order.
func (t Told) Order() (o Order, err error) {
	err = json.Unmarshal(t.text, &o)
	return o, err
}

// Undo plans to put back what Tandem wrote, and does so where the visitor
// confirms the plan. What takes longer than the patience goes on.
func (vi *Visit) Undo(what UndoOrder) (Told, error) {
	return vi.place(func() (work.Commission, error) { return vi.undoOrder(&what) })
}

// Retire plans to remove every trace, and does so where the visitor confirms the
// plan.
func (vi *Visit) Retire(what RetireOrder) (Told, error) {
	return vi.place(func() (work.Commission, error) { return vi.retireOrder(&what) })
}

// place places an order, and waits a while for its end.
func (vi *Visit) place(orderOf func() (work.Commission, error)) (Told, error) {
	if err := vi.MayUndo(); err != nil {
		return Told{}, err
	}
	order, err := orderOf()
	if err != nil {
		return Told{}, err
	}
	orders := vi.desk.conf.Orders
	if orders == nil {
		return Told{}, NewProblem(http.StatusConflict, "undo", "nothing is written by this process", "ask the daemon: tandem run")
	}
	order.ID, order.By = strings.ToLower(rand.Text()), vi.who.Name
	placed, err := orders.Commission(vi.ctx, order)
	if err != nil {
		return Told{}, err
	}
	if !placed {
		return Told{}, refusal(ErrBusy)
	}
	vi.wake()
	return vi.wait(order.ID)
}

// askEvery is how often it is looked whether an order is over, and patience how
// long by default.
const (
	askEvery = 50 * time.Millisecond
	patience = 40 * time.Second
)

// wait waits for the end of an order as long as an answer may take.
func (vi *Visit) wait(id string) (Told, error) {
	late := time.NewTimer(cmp.Or(max(vi.desk.conf.Patience, 0), patience))
	defer late.Stop()
	again := time.NewTicker(askEvery)
	defer again.Stop()
	for {
		order, found, err := vi.desk.conf.Orders.Commissioned(vi.ctx, id)
		if err != nil || !found {
			return Told{}, cmp.Or(err, error(refusal(ErrBrokenOff)))
		}
		if order.Stage == work.Over {
			return answerOf(&order)
		}
		select {
		case <-again.C:
			continue
		case <-late.C:
		case <-vi.ctx.Done():
		}
		return running(&order)
	}
}

// answerOf is the answer to who placed an order: a refusal as of any other.
func answerOf(order *work.Commission) (Told, error) {
	var told struct {
		Problem *Problem `json:"problem"`
	}
	if err := json.Unmarshal(order.Told, &told); err != nil {
		return Told{}, err
	}
	if told.Problem != nil {
		return Told{}, told.Problem.recalled()
	}
	return over(order), nil
}

// recalled gives a problem that was kept the words of a page again.
func (p *Problem) recalled() *Problem {
	switch p.Type {
	case problemType + "stale":
		return p.onPage("", "look at the new plan, and confirm that one")
	case problemType + "elsewhere":
		return p.onPage("", "see on the page Health what these nodes do; nodes of an older version do not give duties away: stop them first")
	case problemType + "not-found":
		return p.onPage("there is nothing of that kind to put back", "the page of each item tells which run wrote what")
	default:
		return p
	}
}

// Undone tells what became of an undo.
func (vi *Visit) Undone(id string) (Told, error) { return vi.tellOrder(id, work.Undo) }

// Retiring tells what became of a retirement.
func (vi *Visit) Retiring(id string) (Told, error) { return vi.tellOrder(id, work.Retire) }

func (vi *Visit) tellOrder(id string, kind work.Errand) (Told, error) {
	if err := vi.MayUndo(); err != nil {
		return Told{}, err
	}
	if vi.desk.conf.Orders != nil {
		order, found, err := vi.desk.conf.Orders.Commissioned(vi.ctx, id)
		switch {
		case err != nil:
			return Told{}, err
		case found && order.Errand == kind && order.Stage == work.Over:
			return over(&order), nil
		case found && order.Errand == kind:
			return running(&order)
		}
	}
	return Told{}, notFound("order", "it is remembered for a week; GET "+Base+"/audit tells what was written").onPage("", "it is remembered for a week; the page of each item tells what was written")
}

// Tell is what clients are told of an order that is over, as JSON: the errand, or
// why it was refused. who names people as the rules do.
func Tell(order *work.Commission, done *Undone, refused error, who func(connector, id string) string) ([]byte, error) {
	if refused != nil {
		return json.Marshal(Order{ID: order.ID, State: "refused", At: order.At.UTC(), Problem: refusal(refused)})
	}
	return json.Marshal(OrderOf(order, done, who))
}

// Read reads what was told of an order. Where it was refused, the error is why.
func Read(told []byte) (o Order, err error) {
	if err := json.Unmarshal(told, &o); err != nil || o.Problem == nil {
		return o, err
	}
	for _, why := range []error{ErrNoItem, ErrNoRun, ErrStale, ErrBusy, ErrUnread, ErrBrokenOff} {
		if p := refusal(why); p.Type == o.Problem.Type && p.Detail == o.Problem.Detail {
			return o, why
		}
	}
	if more, is := strings.CutPrefix(o.Problem.Detail, ErrElsewhere.Error()); is {
		return o, fmt.Errorf("%w%s", ErrElsewhere, more)
	}
	return o, o.Problem
}

// Refuses reports whether an error is one that clients are told the cause of, and
// nothing that failed.
func Refuses(err error) bool { return refusal(err).Status != http.StatusInternalServerError }

// refusal says why an order was not carried out.
func refusal(err error) *Problem {
	conflict := func(kind, detail, remedy string) *Problem {
		return NewProblem(http.StatusConflict, kind, detail, remedy)
	}
	switch {
	case errors.Is(err, ErrNoItem):
		return notFound("item", "name it as CONNECTOR:KEY; GET "+Base+"/items lists them").onPage("", "search for it in the order, by its key or title")
	case errors.Is(err, ErrNoRun):
		return notFound("run that wrote something there", "GET "+Base+"/audit tells which run wrote what").onPage("", "the page of each item tells which run wrote what")
	case errors.Is(err, ErrStale):
		return conflict("stale", "what would be put back is not what was confirmed: something changed meanwhile", "ask again without confirm, look, and confirm the new hash")
	case errors.Is(err, ErrBusy):
		return conflict("busy", "something else is being put back, or the daemon is about to end", "try again once it is done")
	case errors.Is(err, ErrElsewhere):
		return conflict("elsewhere", err.Error(), "see what these nodes do, GET "+Base+"/leases; nodes of an older version do not give duties away: stop them first")
	case errors.Is(err, ErrUnread):
		return conflict("unread", "nothing was decided yet that an undo could start from", "try again in a minute")
	case errors.Is(err, ErrBrokenOff):
		return conflict("broken-off", "it was broken off: no node brought it to its end", "ask again: what was put back stays so, and nothing is done twice")
	default:
		return NewProblem(http.StatusInternalServerError, "internal", "something failed here", "try again; the log of the daemon says what failed")
	}
}
