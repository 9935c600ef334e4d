package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
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

type undoBody struct {
	Run       int64  `json:"run"`
	Item      string `json:"item"`
	Rule      string `json:"rule"`
	Connector string `json:"connector"`
	Confirm   string `json:"confirm"`
}

func (a *API) undoOrder(body *undoBody) (work.Commission, error) {
	o := work.Commission{Errand: work.Undo, Run: body.Run, Item: body.Item, Field: body.Rule, Connector: body.Connector, Confirm: body.Confirm}
	if body.Run < 0 || body.Run == 0 && body.Item+body.Rule+body.Connector == "" {
		return o, badRequest("it is not said what to undo", "send run: the number of a run, or item, rule or connector, as in {\"run\": 12}")
	}
	if _, ok := work.ParseField(body.Rule); body.Rule != "" && !ok {
		return o, badRequest("rule is no field", "send the name of a field of the rules, such as priority")
	}
	return o, a.known(body.Connector)
}

// known refuses names of connectors that there are none of.
func (a *API) known(connector string) error {
	if _, known := a.Rules.Program().Schemas()[connector]; connector != "" && !known {
		return badRequest("there is no such connector", "send the name of one of tandem.yaml, such as jira")
	}
	return nil
}

type retireBody struct {
	Team       string `json:"team"`
	Connector  string `json:"connector"`
	Orphans    bool   `json:"orphans"`
	Everything bool   `json:"everything"`
	Confirm    string `json:"confirm"`
}

func (a *API) retireOrder(body *retireBody) (work.Commission, error) {
	o := work.Commission{Errand: work.Retire, Team: body.Team, Connector: body.Connector, Orphans: body.Orphans, Confirm: body.Confirm}
	chosen := 0
	for _, is := range []bool{body.Team != "", body.Connector != "", body.Orphans, body.Everything} {
		if is {
			chosen++
		}
	}
	if chosen != 1 {
		return o, badRequest("it is not said what to retire", "send one of team, connector, orphans: true and everything: true, as in {\"team\": \"pay\"}")
	}
	if _, known := a.Rules.Org().Team(body.Team); body.Team != "" && !known {
		return o, badRequest("there is no such team", "send the name of one of the rules, such as pay")
	}
	return o, a.known(body.Connector)
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
// confirms the plan.
func (a *API) undo(c *call) (any, error) {
	var body undoBody
	return a.place(c, &body, func() (work.Commission, error) { return a.undoOrder(&body) })
}

// retire plans to remove every trace, and does so where the client confirms the
// plan.
func (a *API) retire(c *call) (any, error) {
	var body retireBody
	return a.place(c, &body, func() (work.Commission, error) { return a.retireOrder(&body) })
}

// place places an order, and waits a while for its end. What takes longer than
// an answer may goes on, and is asked for by its id.
func (a *API) place(c *call, body any, orderOf func() (work.Commission, error)) (any, error) {
	if err := c.everythingSeen(); err != nil {
		return nil, err
	}
	if err := c.read(body); err != nil {
		return nil, err
	}
	order, err := orderOf()
	if err != nil {
		return nil, err
	}
	if a.Orders == nil {
		return nil, newProblem(http.StatusConflict, "undo", "nothing is written by this process", "ask the daemon: tandem run")
	}
	order.ID, order.By = strings.ToLower(rand.Text()), c.by()
	placed, err := a.Orders.Commission(c.Context(), order)
	if err != nil {
		return nil, err
	}
	if !placed {
		return nil, refusal(ErrBusy)
	}
	a.Wake()
	return a.wait(c, order.ID)
}

// askEvery is how often it is looked whether an order is over.
const askEvery = 50 * time.Millisecond

// wait waits for the end of an order as long as an answer may take.
func (a *API) wait(c *call, id string) (any, error) {
	late := time.NewTimer(a.patience())
	defer late.Stop()
	again := time.NewTicker(askEvery)
	defer again.Stop()
	for {
		order, found, err := a.Orders.Commissioned(c.Context(), id)
		if err != nil || !found {
			return nil, cmp.Or(err, error(refusal(ErrBrokenOff)))
		}
		if order.Stage == work.Over {
			return answerOf(&order)
		}
		select {
		case <-again.C:
			continue
		case <-late.C:
		case <-c.Context().Done():
		}
		c.status = http.StatusAccepted
		c.w.Header().Set("Location", Base+"/"+string(order.Errand)+"/"+order.ID)
		return running(&order), nil
	}
}

// answerOf is the answer to who placed an order: a refusal as of any other.
func answerOf(order *work.Commission) (any, error) {
	var told struct {
		Problem *problem `json:"problem"`
	}
	if err := json.Unmarshal(order.Told, &told); err != nil {
		return nil, err
	}
	if told.Problem != nil {
		return nil, told.Problem
	}
	return json.RawMessage(order.Told), nil
}

// undone tells what became of an undo, retiring of a retirement.
func (a *API) undone(c *call) (any, error)   { return a.tellOrder(c, work.Undo) }
func (a *API) retiring(c *call) (any, error) { return a.tellOrder(c, work.Retire) }

func (a *API) tellOrder(c *call, kind work.Errand) (any, error) {
	if err := c.everythingSeen(); err != nil {
		return nil, err
	}
	if a.Orders != nil {
		order, found, err := a.Orders.Commissioned(c.Context(), c.PathValue("id"))
		switch {
		case err != nil:
			return nil, err
		case found && order.Errand == kind && order.Stage == work.Over:
			return json.RawMessage(order.Told), nil
		case found && order.Errand == kind:
			return running(&order), nil
		}
	}
	return nil, notFound("order", "it is remembered for a week; GET "+Base+"/audit tells what was written")
}

// patience is how long an answer waits for the end of an order.
func (a *API) patience() time.Duration {
	if a.Patience > 0 {
		return a.Patience
	}
	return answerTime - 10*time.Second
}

// Tell is what clients are told of an order that is over, as JSON: the errand, or
// why it was refused. who names people as the rules do.
func Tell(order *work.Commission, done *Undone, refused error, who func(connector, id string) string) ([]byte, error) {
	v := orderView{ID: order.ID, State: "refused", At: order.At.UTC()}
	if refused != nil {
		v.Problem = refusal(refused)
	} else {
		v.show(done, who)
	}
	return json.Marshal(v)
}

// Refuses reports whether an error is one that clients are told the cause of, and
// nothing that failed.
func Refuses(err error) bool { return refusal(err).Status != http.StatusInternalServerError }

// refusal says why an order was not carried out.
func refusal(err error) *problem {
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
		return conflict("elsewhere", err.Error(), "see what these nodes do, GET "+Base+"/leases; nodes of an older version do not give duties away: stop them first")
	case errors.Is(err, ErrUnread):
		return conflict("unread", "nothing was decided yet that an undo could start from", "try again in a minute")
	case errors.Is(err, ErrBrokenOff):
		return conflict("broken-off", "it was broken off: no node brought it to its end", "ask again: what was put back stays so, and nothing is done twice")
	default:
		return newProblem(http.StatusInternalServerError, "internal", "something failed here", "try again; the log of the daemon says what failed")
	}
}
