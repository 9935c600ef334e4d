package jira

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/secret"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

var rankJudge = judge.New(judge.Find())

// yard is a stand-in with a backlog, and a connector to it whose every
// exchange is judged.
type yard struct {
	*jirasim.Site
	t      *testing.T
	clock  *sim.Clock
	world  jirasim.World
	judge  *judge.Judge
	live   *connectors.Connector
	cursor connectors.Cursor
}

// onBoth runs a test on both deployments.
func onBoth(t *testing.T, test func(t *testing.T, deployment string)) {
	t.Helper()
	for _, d := range []string{cloud, dataCenter} {
		t.Run(d, func(t *testing.T) {
			t.Parallel()
			test(t, d)
		})
	}
}

// openYard has n issues in PAY, ids 10000 and on, in order.
func openYard(t *testing.T, deployment string, n int, change func(*jirasim.World, *jirasim.Options)) *yard {
	t.Helper()
	y := &yard{t: t, clock: sim.NewClock(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)), world: jirasim.Sample(), judge: rankJudge.Fresh()}
	for i := range n {
		y.world.Issues = append(y.world.Issues, jirasim.Issue{
			ID: int64(10000 + i), Key: fmt.Sprintf("PAY-%d", i+1), Summary: fmt.Sprintf("Issue %d", i+1), Updated: y.clock.Now().Add(-48 * time.Hour),
		})
	}
	options := jirasim.Options{Now: y.clock.Now}
	service := judge.Jira
	if deployment == dataCenter {
		options.Deployment, service = jirasim.DataCenter, judge.JiraDC
	}
	if change != nil {
		change(&y.world, &options)
	}
	var err error
	if y.Site, err = jirasim.New(y.world, options); err != nil {
		t.Fatal(err)
	}
	c := testConfig()
	c.Deployment, c.Projects = deployment, []string{"PAY"}
	c.Auth.Email, c.Auth.Token = "bot@acme.example", secret.FromText("jira-token")
	if deployment == dataCenter {
		c.Auth.Email = ""
	}
	y.connect(c, service)
	t.Cleanup(func() {
		for _, v := range y.judge.Violations() {
			t.Error(v)
		}
		if y.judge.Present() && y.judge.Validated() == 0 {
			t.Error("nothing was judged")
		}
	})
	return y
}

// connect opens the connector anew, as another process would.
func (y *yard) connect(c Config, service judge.Service) {
	y.t.Helper()
	var err error
	y.live, err = open(y.t.Context(), connectors.Env{
		Name: "jira", Features: []string{backlogFeature}, Now: y.clock.Now,
		Transport: y.judge.Transport(service, sim.Network{"acme.example": y.Site}),
	}, c)
	if err != nil {
		y.t.Fatal(err)
	}
}

// settled lets so much time go that no whole comparison is made any more.
func (y *yard) settled() *yard {
	y.clock.Advance(rankLag)
	return y
}

// poll reads the stream and returns what it yields.
func (y *yard) poll() []work.Order {
	y.t.Helper()
	orders, err := y.tryPoll()
	if err != nil {
		y.t.Fatal(err)
	}
	return orders
}

func (y *yard) tryPoll() (orders []work.Order, err error) {
	for page, fault := range y.live.Source.Pages(y.t.Context(), rankStream, y.cursor) {
		if err = fault; err == nil {
			orders, y.cursor = append(orders, page.Orders...), page.Cursor
		}
	}
	return orders, err
}

// one polls and returns the only order.
func (y *yard) one() work.Order {
	y.t.Helper()
	orders := y.poll()
	if len(orders) != 1 {
		y.t.Fatalf("%d orders, want one", len(orders))
	}
	return orders[0]
}

// truth is the backlog of PAY as it is now, whatever the search says.
func (y *yard) truth() []string {
	issues := slices.DeleteFunc(y.World().Issues, func(i jirasim.Issue) bool {
		return i.Project != "PAY" || i.Status == "10001" || i.Type == "10003"
	})
	slices.SortFunc(issues, func(a, b jirasim.Issue) int {
		if a.Rank < b.Rank {
			return -1
		}
		return 1
	})
	ids := make([]string, len(issues))
	for i, one := range issues {
		ids[i] = strconv.FormatInt(one.ID, 10)
	}
	return ids
}

// drag moves an issue as a person does; a and b count from 1.
func (y *yard) drag(by string, a int, place jirasim.Place, b int) {
	y.t.Helper()
	if err := y.Drag(by, fmt.Sprintf("PAY-%d", a), place, fmt.Sprintf("PAY-%d", b)); err != nil {
		y.t.Fatal(err)
	}
}

// send makes moves as the scheduler does, batch by batch.
func (y *yard) send(moves ...work.Edit) []string {
	y.t.Helper()
	var all []string
	for _, batch := range y.live.Sink.Batches(moves) {
		for _, r := range y.live.Sink.Send(y.t.Context(), batch) {
			all = append(all, r.EditID+" "+string(r.State))
			if r.State != work.Applied && r.State != work.Unchanged && r.Detail == "" {
				y.t.Errorf("%+v says no cause", r)
			}
			if r.State == work.Deferred && (!r.Until.After(y.clock.Now()) || r.Scope == "") {
				y.t.Errorf("%+v has no time or scope", r)
			}
		}
	}
	return all
}

func (y *yard) ranks() int { return y.Calls(http.MethodPut, "/rest/agile/1.0/issue/rank") }

// move wishes issue n (from 1) behind, or with a minus before, another one.
func move(o work.Order, n, anchor int) work.Edit {
	a := work.Anchor{ID: strconv.Itoa(9999 + max(anchor, -anchor)), Before: anchor < 0}
	return moveTo(o, strconv.Itoa(9999+n), a)
}

func moveTo(o work.Order, id string, a work.Anchor) work.Edit {
	n, _ := strconv.Atoi(id)
	return work.Edit{
		ID: "m" + strconv.Itoa(n-9999), Key: fmt.Sprintf("PAY-%d", n-9999), Place: "PAY", Verb: work.MoveInBacklog,
		Target: work.Target{RefID: work.RefID{Connector: "jira", ID: id}, Path: "rank", Element: o.Scope},
		Value:  a.Value(), Expect: work.NewText(o.Fingerprint()),
	}
}

func backlogOf(numbers ...int) []string {
	ids := make([]string, len(numbers))
	for i, n := range numbers {
		ids[i] = strconv.Itoa(9999 + n)
	}
	return ids
}

func wantSame[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
