package jira

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

func TestABacklogIsReadWholeAndOnlyWhenItChanged(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 6, func(w *jirasim.World, _ *jirasim.Options) {
			w.Issues[1].Status = "10001" // done
			w.Issues[3].Type, w.Issues[3].Parent = "10003", "PAY-1"
		}).settled()
		wantSame(t, "first", []work.Order{{Scope: "PAY", IDs: backlogOf(1, 3, 5, 6)}}, y.poll())
		y.ResetCounts()
		if got := y.poll(); len(got) != 0 || y.Calls("", "") != 1 {
			t.Errorf("a poll without changes yields %v by %v", got, y.Counts())
		}
		y.clock.Advance(5 * time.Minute)
		y.drag(jirasim.Ana, 6, jirasim.Before, 3)
		want := work.Order{Scope: "PAY", IDs: backlogOf(1, 6, 3, 5)}
		y.ResetCounts()
		got := y.one()
		for i := range got.Moved {
			if by := jirasim.Ana; deployment == cloud && got.Moved[i].By != by || got.Moved[i].By == "" {
				t.Errorf("moved by %s", got.Moved[i].By)
			}
			got.Moved[i].By = ""
		}
		want.Moved = []work.Moved{{ID: "10005", At: y.clock.Now()}}
		for i := range got.Moved {
			got.Moved[i].At = got.Moved[i].At.UTC()
		}
		wantSame(t, "after a person's move", want, got)
		t.Logf("%s: %d calls for one move: %v", deployment, y.Calls("", ""), y.Counts())
	})
}

func TestBothThatChangedPlacesMayHaveBeenMoved(t *testing.T) {
	t.Parallel()
	y := openYard(t, cloud, 4, nil).settled()
	y.poll()
	y.clock.Advance(5 * time.Minute)
	y.drag(jirasim.Cy, 2, jirasim.After, 3)
	got := y.one()
	if len(got.Moved) != 1 || got.Moved[0].ID != "10001" || got.Moved[0].By != jirasim.Cy {
		t.Errorf("moved: %+v, want issue 10001 by Cy", got.Moved)
	}
}

func TestOurOwnMovesAndOldOnesAreNotAmongThePeoples(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 5, nil).settled()
		y.drag(jirasim.Ana, 1, jirasim.After, 2) // long ago
		y.clock.Advance(24 * time.Hour)
		o := y.one()
		wantSame(t, "sent", []string{"m5 applied"}, y.send(move(o, 5, -2)))
		y.clock.Advance(5 * time.Minute)
		got := y.one()
		wantSame(t, "ours", work.Order{Scope: "PAY", IDs: backlogOf(5, 2, 1, 3, 4)}, got)
	})
}

// TestWhatAPersonPutsBackIsTold: it stands again where it stood before we moved
// it, so that no order of the search differs.
func TestWhatAPersonPutsBackIsTold(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 6, nil).settled()
		o := y.one()
		y.SetLag(4 * time.Minute)
		wantSame(t, "sent", []string{"m5 applied"}, y.send(move(o, 5, 1)))
		if got := y.poll(); len(got) != 0 {
			t.Errorf("the search is late, and yet: %v", got)
		}
		y.clock.Advance(time.Minute)
		y.drag(jirasim.Cy, 5, jirasim.After, 4)
		got := y.one()
		if wantSame(t, "order", o.IDs, got.IDs); len(got.Moved) != 1 || got.Moved[0].ID != "10004" {
			t.Errorf("moved %+v, want 10004", got.Moved)
		}
		y.clock.Advance(5 * time.Minute)
		if got := y.poll(); len(got) != 0 {
			t.Errorf("later: %v", got)
		}
	})
}

// TestMovesAreFoundInEveryFormOfChangelogs: with ids on Cloud, with the name in
// the language of the site on Data Center, and with every form of time.
func TestMovesAreFoundInEveryFormOfChangelogs(t *testing.T) {
	t.Parallel()
	f := rankField{id: "customfield_10019", name: "Rang"}
	const author = `"author":{"accountId":"ana"}`
	for name, test := range map[string]struct {
		histories, want string
	}{
		"Cloud":              {`[{` + author + `,"created":"2026-11-21T12:00:00.000+0000","items":[{"field":"Rank","fieldId":"Rank"}]}]`, "ana 12:00"},
		"the field's own id": {`[{` + author + `,"created":"2026-11-21T12:00:00.000+0000","items":[{"field":"Rang","fieldId":"customfield_10019"}]}]`, "ana 12:00"},
		"Data Center":        {`[{"author":{"name":"cy","key":"JIRAUSER1"},"created":"2026-11-21T13:00:00.000+0100","items":[{"field":"Rank","fieldtype":"custom"}]}]`, "JIRAUSER1 12:00"},
		"in German":          {`[{` + author + `,"created":"2026-11-21T12:00:00.000+0000","items":[{"field":"status"},{"field":"Rang"}]}]`, "ana 12:00"},
		"seconds":            {`[{` + author + `,"created":1795262400,"items":[{"field":"Rank"}]}]`, "ana 12:00"},
		"milliseconds":       {`[{` + author + `,"created":1795262400000,"items":[{"field":"Rank"}]}]`, "ana 12:00"},
		"another field":      {`[{` + author + `,"created":"2026-11-21T12:00:00.000+0000","items":[{"field":"Rank","fieldId":"customfield_7"}]}]`, ""},
		"nobody":             {`[{"created":"2026-11-21T12:00:00.000+0000","items":[{"field":"Rank"}]}]`, ""},
		"no time":            {`[{` + author + `,"items":[{"field":"Rank"}]}]`, ""},
		"newest first":       {`[{` + author + `,"created":"2026-11-21T12:00:00.000+0000","items":[{"field":"Rank"}]},{"author":{"accountId":"cy"},"created":"2026-11-21T11:00:00.000+0000","items":[{"field":"Rank"}]}]`, "ana 12:00"},
		"oldest first":       {`[{"author":{"accountId":"cy"},"created":"2026-11-21T11:00:00.000+0000","items":[{"field":"Rank"}]},{` + author + `,"created":"2026-11-21T12:00:00.000+0000","items":[{"field":"Rank"}]}]`, "ana 12:00"},
	} {
		var all []history
		if err := json.Unmarshal([]byte(test.histories), &all); err != nil {
			t.Fatal(err)
		}
		got := ""
		if m, ok := f.newest(all); ok {
			got = m.By + " " + m.At.UTC().Format("15:04")
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestALateSearchNeverLooksLikeAPersonsMove: the search learns of our moves
// one by one, minutes later, in any order. No order that was never true is
// handed out, though new issues come meanwhile.
func TestALateSearchNeverLooksLikeAPersonsMove(t *testing.T) {
	t.Parallel()
	y := openYard(t, cloud, 30, nil).settled()
	o := y.one()
	y.SetLagFunc(func(i jirasim.Issue) time.Duration { return time.Duration(i.ID%7) * time.Minute })
	moves := []work.Edit{move(o, 20, 2), move(o, 21, 20), move(o, 3, 30), move(o, 28, -11), move(o, 29, 28)}
	wantSame(t, "sent", []string{"m20 applied", "m21 applied", "m3 applied", "m28 applied", "m29 applied"}, y.send(moves...))
	wanted := y.truth()
	for minute := range 12 {
		if minute == 3 {
			if _, err := y.Create(jirasim.Ana, jirasim.Issue{Project: "PAY", Summary: "new"}); err != nil {
				t.Fatal(err)
			}
			wanted = y.truth()
		}
		for _, got := range y.poll() {
			wantSame(t, "order", wanted[:len(got.IDs)], got.IDs)
			if len(got.Moved) > 0 {
				t.Errorf("minute %d: moved %+v", minute, got.Moved)
			}
		}
		y.clock.Advance(time.Minute)
	}
	if got := y.poll(); len(got) != 0 {
		t.Errorf("after all: %v", got)
	}
}

// TestAnotherProcessDoesNotMistakeALateSearch: what moved shortly before open
// is not known, so all ranks are compared.
func TestAnotherProcessDoesNotMistakeALateSearch(t *testing.T) {
	t.Parallel()
	y := openYard(t, cloud, 30, nil).settled()
	o := y.one()
	wantSame(t, "sent", []string{"m20 applied"}, y.send(move(o, 20, 2)))
	y.one()
	y.SetLag(10 * time.Minute)
	if err := y.Rank(jirasim.Bot, []string{"PAY-9"}, "", "PAY-3"); err != nil {
		t.Fatal(err)
	}
	y.SetLag(0)
	y.drag(jirasim.Ana, 25, jirasim.After, 26)
	c := testConfig()
	c.Projects = []string{"PAY"}
	c.Auth.Email, c.Auth.Token = "bot@acme.example", y.live.Sink.(*sink).site.config.Auth.Token
	y.connect(c, "jira")
	if got := y.poll(); len(got) != 0 {
		t.Errorf("9 is not yet where it is: %v", got)
	}
	y.clock.Advance(10 * time.Minute)
	if got := y.one(); len(got.Moved) != 1 || got.Moved[0].ID != "10024" {
		t.Errorf("moved %+v, want 10024", got.Moved)
	}
}

// TestBalancingMovesNothing: all ranks change, the order does not.
func TestBalancingMovesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 40, nil).settled()
		o := y.one()
		y.SetLagFunc(func(i jirasim.Issue) time.Duration { return time.Duration(i.ID%5) * time.Minute })
		for range 3 {
			y.Rebalance()
			for range 6 {
				if got := y.poll(); len(got) != 0 {
					t.Errorf("yields %v", got)
				}
				y.clock.Advance(time.Minute)
			}
		}
		y.drag(jirasim.Ana, 7, jirasim.After, 30)
		y.Rebalance()
		y.clock.Advance(5 * time.Minute)
		got := y.one()
		wantSame(t, "order", y.truth(), got.IDs)
		wantSame(t, "outside", []string{"10006"}, compareOrders(o.IDs, got.IDs).outside)
	})
}

// TestAContradictionThatStaysIsSaid: the search knows of one move, and for a
// day not of another one.
func TestAContradictionThatStaysIsSaid(t *testing.T) {
	t.Parallel()
	y := openYard(t, cloud, 5, nil).settled()
	y.poll()
	y.SetLag(24 * time.Hour)
	y.drag(jirasim.Ana, 5, jirasim.Before, 1)
	y.SetLag(0)
	y.drag(jirasim.Ana, 1, jirasim.After, 4)
	for range 6 {
		if got := y.poll(); len(got) != 0 {
			t.Errorf("yields %v", got)
		}
		y.clock.Advance(time.Hour)
	}
	if _, err := y.tryPoll(); err == nil || !strings.Contains(err.Error(), "index the project again") {
		t.Errorf("error %v", err)
	}
}

func TestOneUnreadableProjectDoesNotHideTheOthers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 3, nil)
		y.live.Sink.(*sink).site.config.Projects = []string{"NOPE", "PAY"}
		got, err := y.tryPoll()
		wantSame(t, "orders", []work.Order{{Scope: "PAY", IDs: backlogOf(1, 2, 3)}}, got)
		if err == nil || !strings.Contains(err.Error(), "read backlog of NOPE") {
			t.Errorf("error %v", err)
		}
	})
}

// TestASiteWithoutRankSaysSo: the field list has no rank and no board names
// one.
func TestASiteWithoutRankSaysSo(t *testing.T) {
	t.Parallel()
	for boards, want := range map[string]string{
		`{"values":[],"isLast":true}`:                           "the site has no Rank field",
		`{"values":[{"id":7,"name":"Payments"}],"isLast":true}`: "",
	} {
		s := &stub{answer: func(w http.ResponseWriter, c call) {
			switch c.Path {
			case "/rest/api/2/field":
				_, _ = w.Write([]byte(`[{"id":"customfield_1","name":"Rank","schema":{"custom":"x:float"}}]`))
			case "/rest/agile/1.0/board":
				_, _ = w.Write([]byte(boards))
			case "/rest/agile/1.0/board/7/configuration":
				_, _ = w.Write([]byte(`{"id":7,"ranking":{"rankCustomFieldId":10777}}`))
			case "/rest/api/2/search/jql":
				_, _ = w.Write([]byte(`{"issues":[{"id":"1"},{"id":"2"}],"isLast":true}`))
			}
		}}
		live := connect(t, s, testConfig())
		site := live.Sink.(*sink).site
		ids, err := site.readOrder(t.Context(), "PAY")
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) || want == "" && (err != nil || len(ids) != 2) {
			t.Errorf("%v, %v, want %q", ids, err, want)
		}
		if want == "" && site.ranks.field.id != "customfield_10777" {
			t.Errorf("field %+v", site.ranks.field)
		}
	}
}

// TestRowsThatMoveBetweenPagesAreNoOrder: on Data Center, by offsets; on Cloud
// by tokens.
func TestRowsThatMoveBetweenPagesAreNoOrder(t *testing.T) {
	t.Parallel()
	page := func(total int, ids ...string) string {
		rows := make([]string, len(ids))
		for i, id := range ids {
			rows[i] = `{"id":"` + id + `"}`
		}
		return `{"total":` + string(rune('0'+total)) + `,"issues":[` + strings.Join(rows, ",") + `]`
	}
	for name, test := range map[string]struct {
		deployment string
		answers    []string
		want       string
		fails      bool
	}{
		"a row comes twice, then not": {dataCenter, []string{page(4, "1", "2"), page(4, "2", "3"), page(4, "4", "1"), page(4, "2", "3")}, "4 1 2 3", false},
		"the total changes":           {dataCenter, []string{page(4, "1", "2"), page(3, "3"), page(3, "1", "2"), page(3, "3")}, "1 2 3", false},
		"twice in a row":              {dataCenter, []string{page(4, "1", "2"), page(4, "2", "3"), page(4, "4", "1"), page(4, "1", "3")}, "", true},
		"an empty page":               {dataCenter, []string{page(4, "1", "2"), page(4), page(4), page(4)}, "", true},
		"tokens, a row comes twice":   {cloud, []string{page(4, "1", "2") + `,"nextPageToken":"a"`, page(4, "2"), page(4, "1", "2") + `,"nextPageToken":"a"`, page(4, "3")}, "1 2 3", false},
		"tokens in a circle":          {cloud, []string{page(4, "1") + `,"nextPageToken":"a"`, page(4, "2") + `,"nextPageToken":"a"`}, "", true},
		"no total":                    {dataCenter, []string{`{"issues":[]`}, "", true},
		"no issues":                   {cloud, []string{`{"total":0`}, "", true},
		"an issue without id":         {cloud, []string{`{"issues":[{"key":"PAY-1"}]`}, "", true},
	} {
		n := 0
		s := &stub{answer: func(w http.ResponseWriter, c call) {
			if c.Path == "/rest/api/2/field" {
				_, _ = w.Write([]byte(`[{"id":"customfield_9","name":"Rang","clauseNames":["cf[9]","Rang"],"schema":{"custom":"com.pyxis.greenhopper.jira:gh-lexo-rank"}}]`))
				return
			}
			if jql := c.Query.Get("jql"); !strings.HasSuffix(jql, "ORDER BY cf[9] ASC") || strings.Contains(jql, "resolved") {
				t.Errorf("asks %s", jql)
			}
			_, _ = w.Write([]byte(test.answers[min(n, len(test.answers)-1)] + "}"))
			n++
		}}
		c := testConfig()
		c.Where = "resolved >= -90d"
		site := connect(t, s, c).Sink.(*sink).site
		site.config.Deployment = test.deployment
		ids, err := site.readOrder(t.Context(), "PAY")
		if got := strings.Join(ids, " "); got != test.want || (err != nil) != test.fails {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// The visibility of the search is not monotonic: what it showed may be missing
// for a while.
func TestS5AnOrderWithoutAnIssueThatIsThereIsNoOrder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 6, nil).settled()
		y.poll()
		y.Vanish("PAY-3", 12*time.Minute)
		for range 2 {
			y.clock.Advance(5 * time.Minute)
			if got := y.poll(); len(got) != 0 {
				t.Errorf("yields %v", got)
			}
		}
		y.drag(jirasim.Ana, 6, jirasim.Before, 1)
		if got := y.poll(); len(got) != 0 {
			t.Errorf("yields %v", got)
		}
		y.clock.Advance(5 * time.Minute)
		wantSame(t, "when it shows again", backlogOf(6, 1, 2, 3, 4, 5), y.one().IDs)
		// What was finished, made part of another, moved away or deleted does
		// not belong there.
		for key, change := range map[string]func(*jirasim.Issue){
			"PAY-1": func(i *jirasim.Issue) { i.Status = "10001" },
			"PAY-2": func(i *jirasim.Issue) { i.Type, i.Parent = "10003", "PAY-6" },
		} {
			if err := y.Edit(key, jirasim.Ana, change); err != nil {
				t.Fatal(err)
			}
		}
		if err := y.Delete("PAY-4", jirasim.Ana); err != nil {
			t.Fatal(err)
		}
		if _, err := y.Move("PAY-5", jirasim.Ana, "WEB"); err != nil {
			t.Fatal(err)
		}
		y.clock.Advance(5 * time.Minute)
		wantSame(t, "what belongs there", backlogOf(6, 3), y.one().IDs)
	})
}
