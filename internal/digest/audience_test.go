package digest_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/digest"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// person stands in every name of a person and in every reason that people gave:
// for those inside.
const person = "qvw"

// planted puts the marker wherever Tandem keeps something of a restricted item,
// and people where the public must not see them; then everything moves.
func planted(tb testing.TB) *firm {
	tb.Helper()
	f := opened(tb)
	ctx := tb.Context()
	for _, w := range []work.Override{
		{Ref: work.NewRef("board", "1", "PAY-1"), Kind: work.Pin, Value: "2", By: person + "cy", Reason: person + " so be it"},
		{Ref: work.NewRef("board", "3", "PAY-3"), Kind: work.Objection, By: person + "cy", Reason: person + " no"},
		{Ref: work.NewRef("board", marker+"5", marker+"PAY-5"), Kind: work.Pin, Value: "1", By: marker + "cy", Reason: marker},
		{Ref: work.NewRef("board", marker+"4", marker+"PAY-4"), Kind: work.Objection, By: marker + "cy", Reason: marker},
	} {
		w.Until = monday().AddDate(0, 0, 30)
		_, err := f.db.SaveOverride(ctx, w)
		f.ok(err)
	}
	f.ok(f.db.Reject(ctx, plan.Rejection{Slot: plan.SlotRef{Ref: work.RefID{Connector: "board", ID: marker + "5"}, Field: work.Priority}, By: marker + "cy", Because: marker}))
	f.ok(f.db.Reject(ctx, plan.Rejection{Slot: plan.SlotRef{Ref: work.RefID{Connector: "board", ID: "3"}, Field: work.Priority}, By: person, Because: person}))
	f.ok(f.db.SaveFailure(ctx, "voices", "feedback", "the service said: "+marker))
	_, err := f.db.SavePage(ctx, "board", "issues", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Rejects: []work.Reject{
		{Connector: "board", Where: marker + "9", Cause: "no time in " + marker, Remedy: "look at " + marker, Body: marker},
	}}, nil)
	f.ok(err)
	run, _, err := f.db.LastRun(ctx)
	f.ok(err)
	for i, id := range []string{marker + "4", "2"} {
		e := work.Edit{
			ID: fmt.Sprint("e", i), Target: work.Target{RefID: work.RefID{Connector: "board", ID: id}, Path: "priority"}, Key: "PAY-" + id, Verb: work.SetField,
			Value: work.NewText("Top"), Expect: work.Empty(), Field: work.Priority, Because: marker,
		}
		f.ok(f.db.Begin(ctx, run.Seq, []work.Edit{e}))
		f.ok(f.db.Finish(ctx, []work.Result{{EditID: e.ID, State: work.Rejected, Detail: "the service says " + marker}}))
	}
	f.ok(f.db.Pause(ctx, true, person, person))
	return f
}

// stir moves everything, and lets a day pass.
func (f *firm) stir() {
	f.Helper()
	f.clock.pass(time.Hour)
	f.read(f.valued("1", 20, work.Internal), f.valued("2", 95, work.Internal), f.valued("3", 100, work.Public), f.valued("4", 30, work.Restricted), f.valued("5", 99, work.Restricted), f.valued("6", 60, work.Internal),
		f.valued("7", 97, work.Restricted), f.valued("8", 96, work.Internal), f.valued("9", 50, work.Public))
	f.clock.pass(23 * time.Hour)
}

// Promise S7: in every byte that is sent, on both days, to every role by every
// way, there is nothing of what is stricter than the audience.
func TestS7NothingRestrictedIsSentToALowerAudience(t *testing.T) {
	t.Parallel()
	for _, audience := range []work.Audience{work.Public, work.Internal, work.Restricted} {
		t.Run(audience.String(), func(t *testing.T) {
			t.Parallel()
			f := planted(t)
			anything := func([]byte) error { return nil }
			slack, teams, hook, mails := slackService(t), teamsService(t), newService(t, anything, 200, ""), newMailServer(t)
			var specs []digest.Spec
			for _, role := range []string{"pm", "po", digest.Admin} {
				for _, team := range []string{"pay", ""} {
					for _, to := range []digest.To{slack.to(digest.ToSlack), teams.to(digest.ToTeams), hook.to(digest.ToWebhook), {Way: digest.ToEmail, Email: []string{"po@acme.example"}}} {
						s := spec(t)
						s.Role, s.Team, s.To, s.Audience, s.Always = role, team, to, audience, true
						s.Name = fmt.Sprint(role, " ", team, " ", to.Way)
						specs = append(specs, s)
					}
				}
			}
			post := &digest.Post{Mail: mails.settings()}
			sender := digest.New(digest.Config{
				Specs: specs, Store: f.db, Desk: f.desk(), Send: post.Send, Instance: "acme-test", Now: f.clock.Now,
				Log: slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			})
			f.clock.pass(time.Minute)
			f.look(sender)
			f.stir()
			f.look(sender)
			all := slack.all() + teams.all() + hook.all()
			for i := range mails.mails {
				mails.mu.Lock()
				one := &mailServer{TB: t, mails: mails.mails[i : i+1]}
				mails.mu.Unlock()
				all += one.all()
			}
			if n := strings.Count(all, "Tandem, p"); n < 2*len(specs) {
				t.Fatalf("only %d digests were sent of %d:\n%s", n, 2*len(specs), f.log)
			}
			where := map[bool]string{true: "is told", false: "is not told"}
			for what, want := range map[string]bool{
				marker: audience == work.Restricted, person: audience != work.Public, "PAY-1": audience != work.Public, "PAY-3": true, "Moved since": true,
			} {
				if got := strings.Contains(all, what); got != want {
					at := max(strings.Index(all, what), 0)
					t.Errorf("%q %s: %s", what, where[got], all[max(at-300, 0):min(at+100, len(all))])
				}
			}
			if strings.Contains(all, marker+" says") || strings.Contains(all, marker+"a ") {
				t.Error("a voice is told")
			}
			f.says(f.log.String(), nil, []string{marker, person})
			for _, e := range f.entries() {
				if e.State != work.DigestSent {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

func (f *firm) entries() []work.DigestEntry {
	f.Helper()
	all, err := f.db.Digests(f.Context())
	f.ok(err)
	return all
}

// What was told to a stricter audience says nothing to a looser one, nor what
// was visible once.
func TestWhatIsRememberedTellsNothingToALooserAudience(t *testing.T) {
	t.Parallel()
	f := planted(t)
	out := &outbox{}
	strict := spec(t)
	strict.Audience, strict.Always = work.Restricted, true
	f.clock.pass(time.Minute)
	f.look(f.sender(out, strict))
	f.says(out.last(), []string{marker}, nil)
	f.stir()
	loose := spec(t) // of the same name
	loose.Always = true
	f.look(f.sender(out, loose))
	f.says(out.last(), []string{"Waits"}, []string{marker, "Moved", "Roadmap"})

	f.clock.pass(time.Hour)
	hidden := f.valued("8", 1, work.Internal)
	hidden.Audience = work.Restricted
	f.read(hidden)
	f.clock.pass(23 * time.Hour)
	f.look(f.sender(out, loose))
	f.says(out.last(), nil, []string{marker, "PAY-8"})
}

// The public is told how many wait, and not who has which role.
func TestDutiesAreCountedWhereTheyMayNotBeNamed(t *testing.T) {
	t.Parallel()
	f := opened(t)
	out := &outbox{}
	open := spec(t)
	open.Audience = work.Public
	f.clock.pass(time.Minute)
	f.look(f.sender(out, open))
	f.says(out.last(), []string{"6 restricted items wait."}, []string{"ana", "PAY-1", "Waits for"})
}

func TestThoseWhoRunTandemAreToldWhatFailed(t *testing.T) {
	t.Parallel()
	f := planted(t)
	out := &outbox{}
	admin := spec(t)
	admin.Role, admin.Team, admin.Audience = digest.Admin, "", work.Restricted
	f.clock.pass(time.Minute)
	f.look(f.sender(out, admin))
	f.says(out.last(), []string{
		"Tandem, admin: 6 things do not work", "- writing is paused by " + person, "the service said: " + marker, "- voices could not be read",
		"- 3 records and edits are set aside", "- edit board:PAY-2: the service says",
	}, nil)
}
