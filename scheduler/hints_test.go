package scheduler_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/inbox"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

const hookSecret = "the-hook-secret"

// hooked is a firm whose Jira tells Tandem of changes.
func hooked(n int) world {
	return world{issues: issues("PAY", n), hooks: true}
}

// post hands a webhook to Tandem's inbox, and returns the answer.
func (f *firm) post(r *http.Request) int {
	f.Helper()
	inboxes := map[string]connectors.Inbox{}
	for _, l := range f.live {
		if l.Conn.Inbox != nil {
			inboxes[l.Name] = l.Conn.Inbox
		}
	}
	w := httptest.NewRecorder()
	inbox.Handler(inbox.Config{Inboxes: inboxes, Store: f.db, Wake: f.wakes, Log: f.log()}).ServeHTTP(w, r)
	return w.Code
}

// told delivers what Jira announced since the last time, Tandem's own changes
// among it.
func (f *firm) told() int {
	f.Helper()
	list := f.jira.Deliveries()
	f.deliver(list)
	return len(list)
}

func (f *firm) deliver(list []jirasim.Delivery) {
	f.Helper()
	for _, d := range list {
		r, err := d.Request(f.Context(), "https://hooks.acme.example"+inbox.Path("jira"))
		f.ok(err)
		same(f, "answer", http.StatusOK, f.post(r))
	}
}

// announce delivers a body that Jira never wrote.
func (f *firm) announce(delivery, event, id, key string) {
	f.Helper()
	body := fmt.Sprintf(`{"timestamp":1,"webhookEvent":%q,"issue":{"id":%q,"key":%q}}`, event, id, key)
	mac := hmac.New(sha256.New, []byte(hookSecret))
	mac.Write([]byte(body))
	r := httptest.NewRequestWithContext(f.Context(), http.MethodPost, inbox.Path("jira"), strings.NewReader(body))
	r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	r.Header.Set("X-Atlassian-Webhook-Identifier", delivery)
	same(f, "answer", http.StatusOK, f.post(r))
}

// stored is what Tandem knows of a record.
func (f *firm) stored(id int64) *work.Record {
	f.Helper()
	snap, err := f.db.Snapshot(f.Context(), time.Now().UTC().Truncate(24*time.Hour))
	f.ok(err)
	for _, r := range snap.Records {
		if r.RefID == (work.RefID{Connector: "jira", ID: fmt.Sprint(id)}) {
			return r
		}
	}
	return nil
}

// A person changes an issue, Jira tells, Tandem reads it by id and writes what
// follows, without any poll.
func TestAnAnnouncedChangeIsReadAndAnsweredAtOnce(t *testing.T) {
	story(t, hooked(6), func(f *firm) {
		f.paced("jira", time.Hour)
		f.run()
		stop := f.looping()
		f.pass(10 * time.Minute)
		f.jira.ResetCounts()
		f.jira.SetLatency(20 * time.Millisecond)
		f.jira.SetLag(time.Hour) // the search does not know it for long
		f.jira.Deliveries()      // those of the first cycle
		f.sets("PAY-1", 98)
		f.told()
		f.pass(time.Second)
		same(f, "priority", "Critical", f.priority("PAY-1"))
		same(f, "searches", 0, f.jira.Calls("GET", searchRoute))
		if f.told() == 0 {
			f.Error("Tandem's own write was not announced")
		}
		f.pass(time.Second)
		reports := stop()
		// Its own write may be announced by two deliveries, each for itself.
		if n := len(hinted(reports)); n < 2 || n > 3 {
			f.Errorf("%d cycles read what was announced", n)
		}
		f.writtenOnce()
		same(f, "left to do", []string{}, edits(f.look()))
	})
}

// hinted are the counts of the cycles that followed hints.
func hinted(reports []scheduler.Report) []int {
	var all []int
	for _, r := range reports {
		if r.Hinted > 0 {
			all = append(all, r.Hinted)
		}
	}
	return all
}

func total(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// Fifty events a second for five seconds. What is written for them comes within
// a second, 99 of 100 times.
func TestFiftyEventsASecondAreAnsweredWithinASecond(t *testing.T) {
	w := hooked(250)
	w.unjudged = true
	story(t, w, func(f *firm) {
		f.paced("jira", time.Hour)
		f.run()
		f.run()
		f.jira.SetLatency(20 * time.Millisecond)
		stop := f.looping()
		f.pass(time.Minute)
		f.jira.ResetCounts()
		changed := map[string]time.Time{}
		for n := range 250 {
			key := fmt.Sprintf("PAY-%d", n+1)
			value := 98.0
			if n >= 125 {
				value = 2 // it was high
			}
			changed[key] = time.Now()
			f.sets(key, value)
			f.told()
			f.pass(20 * time.Millisecond)
		}
		for range 10 {
			f.told()
			f.pass(500 * time.Millisecond)
		}
		reports := stop()
		var took []time.Duration
		for _, e := range f.jira.Writes().All() {
			for _, effect := range e.Effects {
				if at, ok := changed[effect.Ref]; ok && e.Service && effect.Field == "priority" && !e.At.Before(at) {
					took = append(took, e.At.Sub(at))
				}
			}
		}
		slices.Sort(took)
		if len(took) < 200 {
			f.Fatalf("%d of 250 changes led to a write", len(took))
		}
		f.Logf("%d cycles read %d records", len(reports), total(hinted(reports)))
		p50, p99 := took[len(took)/2], took[len(took)*99/100]
		f.Logf("%d writes: half within %s, 99 of 100 within %s; calls %v", len(took), p50, p99, f.jira.Counts())
		if p99 > time.Second {
			f.Errorf("99 of 100 came within %s", p99)
		}
	})
}

// Deliveries come in another order, some of them twice, and from a server that
// is too old to say which issue was commented.
func TestDeliveriesOutOfOrderAndRepeatedAreHarmless(t *testing.T) {
	story(t, hooked(3), func(f *firm) {
		f.run()
		f.told()
		f.run()
		f.pass(time.Minute)
		f.jira.SetLag(time.Hour)
		for _, value := range []float64{95, 5, 60, 30} {
			f.sets("PAY-2", value)
			f.pass(time.Second)
		}
		for _, d := range jirasim.Jumble(f.jira.Deliveries(), 5) {
			f.deliver([]jirasim.Delivery{d})
			f.run()
			same(f, "value", 30.0, number(f.stored(f.issue("PAY-2").ID).Fields[valueField]))
		}
		f.told()
		same(f, "left to do", []string{}, edits(f.run()))
	})
}

func number(v work.Value) float64 {
	n, _ := v.Number()
	return n
}

func TestADeletionThatIsAnnouncedIsGoneAtOnce(t *testing.T) {
	story(t, hooked(3), func(f *firm) {
		f.run()
		id := f.issue("PAY-2").ID
		// A deletion that is announced and not true changes nothing.
		f.announce("d0", "jira:issue_deleted", fmt.Sprint(id), "PAY-2")
		same(f, "items", 3, len(f.run().Outcome.Items))
		f.ok(f.jira.Delete("PAY-2", jirasim.Ana))
		f.told()
		same(f, "items", 2, len(f.run().Outcome.Items))
	})
}

// Without a restriction a new issue is read by id. With one, only Jira can
// tell whether it belongs here: it is polled at once. Another project's issues
// are never read.
func TestANewIssueIsReadAtOnceAndOthersNever(t *testing.T) {
	for _, where := range []string{"", "labels is EMPTY OR labels not in (elsewhere)"} {
		t.Run("where "+where, func(t *testing.T) {
			w := hooked(2)
			w.where = where
			w.patch = []string{"jira: [PAY], ", "jira: [PAY], "}
			story(t, w, func(f *firm) {
				f.paced("jira", 10*time.Minute)
				f.run()
				stop := f.looping()
				f.pass(2 * time.Minute)
				draft := issue("PAY-0", 99)
				draft.Key = ""
				key, err := f.jira.Create(jirasim.Ana, draft)
				f.ok(err)
				f.told()
				f.pass(2 * time.Second)
				same(f, "priority", "Critical", f.priority(key))
				f.jira.ResetCounts()
				f.announce("d9", "jira:issue_updated", "99999", "HR-1")
				f.pass(2 * time.Second)
				stop()
				same(f, "calls for another project", 0, f.jira.Calls("POST", "/rest/api/2/issue/bulkfetch")+f.jira.Calls("GET", searchRoute))
			})
		})
	}
}

// Jira cannot be read when it announces something. The hint stays, also over a
// restart.
func TestAHintThatCannotBeFollowedIsFollowedLater(t *testing.T) {
	story(t, hooked(3), func(f *firm) {
		f.run()
		f.jira.Deliveries() // those of the first cycle are lost
		f.pass(time.Minute)
		f.jira.SetLag(time.Hour)
		f.sets("PAY-1", 97)
		f.told()
		f.breaks(at("POST", "bulkfetch", func() *sim.Fault { return &sim.Fault{Status: http.StatusBadGateway} }))
		same(f, "followed", 0, f.run().Hinted)
		f.restart()
		f.mended()
		f.pass(time.Minute)
		same(f, "followed later", 1, f.run().Hinted)
		same(f, "priority", "Critical", f.priority("PAY-1"))
	})
}

// A change that is announced while its record is being read is read again.
func TestAHintThatComesDuringTheReadIsFollowedToo(t *testing.T) {
	story(t, hooked(3), func(f *firm) {
		f.run()
		f.jira.Deliveries() // those of the first cycle are lost
		f.pass(time.Minute)
		f.jira.SetLag(time.Hour)
		f.sets("PAY-1", 60)
		f.told()
		var once bool
		f.transport["jira"] = road{f.site(), func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if strings.Contains(r.URL.Path, "bulkfetch") && !once {
				once = true
				f.sets("PAY-1", 97) // the answer is on its way
				f.told()
			}
			return resp, err
		}}
		f.run()
		f.pass(time.Minute)
		same(f, "followed later", 1, f.run().Hinted)
		same(f, "value", 97.0, number(f.stored(f.issue("PAY-1").ID).Fields[valueField]))
	})
}

// A connector that cannot read by id is polled for what it announced.
func TestAHintToAConnectorThatCannotReadByIDIsAReasonToPoll(t *testing.T) {
	w := hooked(2)
	w.where = "labels is EMPTY OR labels not in (elsewhere)"
	w.patch = []string{"jira: [PAY], ", "jira: [PAY], "}
	story(t, w, func(f *firm) {
		f.paced("jira", 10*time.Minute)
		f.run()
		for i := range f.live {
			f.live[i].Conn.Reader = nil
		}
		stop := f.looping()
		f.pass(2 * time.Minute)
		draft := issue("PAY-0", 99)
		draft.Key = ""
		_, err := f.jira.Create(jirasim.Ana, draft)
		f.ok(err)
		f.jira.ResetCounts()
		f.told()
		f.pass(2 * time.Second)
		stop()
		same(f, "polled", true, f.jira.Calls("GET", searchRoute) > 0)
	})
}
