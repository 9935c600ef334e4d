package store_test

import (
	"testing"
	"time"

	"tandem/internal/store"
	"tandem/internal/work"
)

func session(hash, name string, at time.Time) work.Session {
	return work.Session{
		Hash: hash, Kind: "oidc", Name: "web:" + name, Email: name, Groups: []string{"leads", "product"},
		Rights: "approver internal", Source: "s", Began: at, Seen: at,
	}
}

func TestASessionIsTheSameForEveryNode(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			want := session("h1", "ana@acme.example", k.clock.Now().UTC().Truncate(time.Second))
			begin := func(w work.Session, former string) bool {
				t.Helper()
				unsent, err := k.BeginSession(t.Context(), w, former)
				if err != nil {
					t.Fatal(err)
				}
				return unsent
			}
			got := func(hash string) (work.Session, bool) {
				t.Helper()
				w, known, err := k.Session(t.Context(), hash)
				if err != nil {
					t.Fatal(err)
				}
				return w, known
			}
			k.grows(false, "a session", func() { begin(want, "") })
			w, known := got("h1")
			diff(t, "session", want, w)
			if _, other := got("h2"); other || !known {
				t.Errorf("known %t, of nobody %t", known, other)
			}
			want.Seen = want.Seen.Add(time.Hour)
			for _, err := range []error{
				k.SeeSession(t.Context(), "h1", want.Seen), k.SeeSession(t.Context(), "h1", want.Began),
				k.KeepUnsent(t.Context(), "h1", `{"path":"/plan"}`), k.EndSession(t.Context(), "h1"),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			want.Unsent, want.Ended = true, k.clock.Now().UTC()
			w, _ = got("h1")
			w.Ended = want.Ended
			diff(t, "session that was used and ended", want, w)

			if begin(session("h2", "ana@acme.example", want.Seen), "h1") != true {
				t.Error("what was not sent is lost")
			}
			if _, known := got("h1"); known {
				t.Error("the former session is still there")
			}
			if text, err := k.Unsent(t.Context(), "h2"); err != nil || text != `{"path":"/plan"}` {
				t.Errorf("unsent: %q, %v", text, err)
			}
			if begin(session("h3", "bo@acme.example", want.Seen), "h2") {
				t.Error("what one person did not send is shown to another")
			}
			if err := k.DropSession(t.Context(), "h3"); err != nil {
				t.Fatal(err)
			}
			if _, known := got("h3"); known {
				t.Error("a session that was removed is there")
			}
		})
	}
}

func TestOldSessionsAndThoseOfForgottenPeopleGo(t *testing.T) {
	onBoth(t, func(k *kept) {
		for i, name := range []string{"old@acme.example", "ana@acme.example", "bo@acme.example"} {
			at := k.clock.Now().AddDate(0, 0, -5+5*min(i, 1))
			if _, err := k.BeginSession(k.t.Context(), session(name, name, at), ""); err != nil {
				k.t.Fatal(err)
			}
		}
		if _, err := k.Prune(k.t.Context(), k.clock.Now().Add(-store.Keep)); err != nil {
			k.t.Fatal(err)
		}
		if err := k.ForgetPerson(k.t.Context(), store.Acquaintance{Names: []string{"ana@acme.example"}}); err != nil {
			k.t.Fatal(err)
		}
		for name, want := range map[string]bool{"old@acme.example": false, "ana@acme.example": false, "bo@acme.example": true} {
			if _, known, err := k.Session(k.t.Context(), name); err != nil || known != want {
				k.t.Errorf("%s: known %t, %v", name, known, err)
			}
		}
	})
}
