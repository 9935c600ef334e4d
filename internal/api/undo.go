package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"tandem/internal/plan/undo"
	"tandem/internal/work"
	"tandem/scheduler"
)

// UndoOrder is what a client wants put back.
type UndoOrder struct {
	// Run is the run that is undone; 0 is whatever Tandem ever wrote.
	Run int64
	// Item is one of its references; empty is all. Scope has the rest.
	Item  string
	Scope undo.Scope
	By    string
	// Confirm is the hash of the plan that the client saw. Nothing is written
	// where the plan is another one by now, or where it is empty.
	Confirm string
}

// Undone is what became of an order.
type Undone struct {
	Errand scheduler.Errand
	// Carried says that the errand was carried out, Report how.
	Carried bool
	Report  scheduler.Report
}

// Why an order to undo is refused.
var (
	ErrNoItem = errors.New("there is no such item")
	ErrNoRun  = errors.New("the run wrote nothing there")
	// ErrElsewhere says that other nodes have duties that this one needs.
	ErrElsewhere = errors.New("other nodes have duties")
	// ErrBusy says that something else works in place of the jobs.
	ErrBusy = errors.New("something else is put back or removed")
	// ErrStale says that the plan is not the one that was confirmed.
	ErrStale = errors.New("the plan is another one")
	// ErrUnread says that nothing can be planned yet.
	ErrUnread = errors.New("nothing was decided yet")
)

// undoTime is how long an undo may take.
const undoTime = time.Hour

type undoBody struct {
	Run       int64  `json:"run"`
	Item      string `json:"item"`
	Rule      string `json:"rule"`
	Connector string `json:"connector"`
	Confirm   string `json:"confirm"`
}

func (a *API) orderOf(c *call, body *undoBody) (UndoOrder, error) {
	o := UndoOrder{Run: body.Run, Item: body.Item, By: c.by(), Confirm: body.Confirm, Scope: undo.Scope{Connector: body.Connector}}
	if body.Run < 0 || body.Run == 0 && body.Item+body.Rule+body.Connector == "" {
		return o, badRequest("it is not said what to undo", "send run: the number of a run, or item, rule or connector, as in {\"run\": 12}")
	}
	if _, known := a.Rules.Program().Schemas()[body.Connector]; body.Connector != "" && !known {
		return o, badRequest("there is no such connector", "send the name of one of tandem.yaml, such as jira")
	}
	if body.Rule != "" {
		field, ok := work.ParseField(body.Rule)
		if !ok {
			return o, badRequest("rule is no field", "send the name of a field of the rules, such as priority")
		}
		o.Scope.Fields = []work.Field{field}
	}
	return o, nil
}

// everythingSeen refuses tokens that do not see everything: what is put back
// may be anybody's.
func (c *call) everythingSeen() error {
	if c.sees(work.Restricted) {
		return nil
	}
	return newProblem(http.StatusForbidden, "audience", "this token does not see all that an undo may concern", "use a token with audience: restricted")
}

// undo plans to put back what Tandem wrote, and does so where the client
// confirms the plan. What takes longer than an answer may goes on, and is asked
// for by its id.
func (a *API) undo(c *call) (any, error) {
	if err := c.everythingSeen(); err != nil {
		return nil, err
	}
	var body undoBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	order, err := a.orderOf(c, &body)
	if err != nil {
		return nil, err
	}
	if a.Undo == nil {
		return nil, newProblem(http.StatusConflict, "undo", "nothing is written by this process", "ask the daemon: tandem run")
	}
	e, ok := a.errands.begin(a.Now())
	if !ok {
		return nil, undoProblem(ErrBusy)
	}
	// It goes on when the client has gone; the daemon ends it with itself.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), undoTime)
	go func() {
		defer cancel()
		undone, err := a.Undo(ctx, order)
		if err != nil && undoProblem(err).Status == http.StatusInternalServerError {
			a.Log.Error("an undo failed", "role", order.By, "err", err)
		}
		if err == nil && undone.Carried {
			a.Log.Info("an undo was carried out", "role", order.By, "count", undone.Report.Sent)
			a.Wake()
		}
		a.errands.end(e, undone, err)
	}()
	select {
	case <-e.over:
	case <-time.After(a.patience()):
	case <-c.Context().Done():
	}
	return a.tellErrand(c, e, true)
}

// undone tells what became of an order.
func (a *API) undone(c *call) (any, error) {
	if err := c.everythingSeen(); err != nil {
		return nil, err
	}
	e, ok := a.errands.find(c.PathValue("id"))
	if !ok {
		return nil, notFound("undo", "the daemon remembers the newest ones until it ends or reads its settings anew; GET "+Base+"/audit tells what was written")
	}
	return a.tellErrand(c, e, false)
}

// patience is how long an answer waits for the end of an undo.
func (a *API) patience() time.Duration {
	if a.Patience > 0 {
		return a.Patience
	}
	return answerTime - 10*time.Second
}

// tellErrand shows an order. Who placed it and waited is told of a refusal as
// of any other.
func (a *API) tellErrand(c *call, e *errand, placed bool) (any, error) {
	select {
	case <-e.over:
	default:
		if placed {
			c.status = http.StatusAccepted
			c.w.Header().Set("Location", Base+"/undo/"+e.id)
		}
		return undoView{ID: e.id, State: "running", At: e.at.UTC()}, nil
	}
	if e.err == nil {
		return a.undoView(c, e), nil
	}
	told := undoProblem(e.err)
	if placed {
		return nil, told
	}
	return undoView{ID: e.id, State: "refused", At: e.at.UTC(), Problem: told}, nil
}

// undoProblem says why an order was not carried out.
func undoProblem(err error) *problem {
	conflict := func(kind, detail, remedy string) *problem {
		return newProblem(http.StatusConflict, kind, detail, remedy)
	}
	switch {
	case errors.Is(err, ErrNoItem):
		return notFound("item", "name it as CONNECTOR:KEY; GET "+Base+"/items lists them")
	case errors.Is(err, ErrNoRun):
		return notFound("run that wrote something there", "GET "+Base+"/audit tells which run wrote what")
	case errors.Is(err, ErrStale):
		return conflict("stale", "what would be put back is not what was confirmed: something changed meanwhile", "ask again without confirm, look, and confirm the new hash")
	case errors.Is(err, ErrBusy):
		return conflict("busy", "something else is being put back, or the daemon is about to end", "try again once it is done")
	case errors.Is(err, ErrElsewhere):
		return conflict("elsewhere", err.Error(), "stop tandem run on the other nodes, or wait until this one has all duties: GET "+Base+"/leases")
	case errors.Is(err, ErrUnread):
		return conflict("unread", "nothing was decided yet that an undo could start from", "try again in a minute")
	case errors.Is(err, work.ErrLeaseLost), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return conflict("broken-off", "it was broken off: this node lost a duty, or the daemon ended", "ask again: what was put back stays so, and nothing is done twice")
	default:
		return newProblem(http.StatusInternalServerError, "internal", "something failed here", "try again; the log of the daemon says what failed")
	}
}
