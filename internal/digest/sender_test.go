package digest_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/digest"
	"tandem/internal/work"
)

// look lets somebody look by then.
func (f *firm) look(s *digest.Sender) {
	f.Helper()
	f.ok(s.Look(f.Context()))
}

// says compares what a text says, and what it does not.
func (f *firm) says(text string, wanted, unwanted []string) {
	f.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			f.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	for _, not := range unwanted {
		if strings.Contains(text, not) {
			f.Errorf("it says %q:\n%s", not, text)
		}
	}
}

func TestADigestTellsWhatWaitsAndThenWhatMoved(t *testing.T) {
	t.Parallel()
	f := opened(t)
	out := &outbox{}
	s := f.sender(out, spec(t))
	f.look(s)
	if out.count() != 0 {
		t.Fatal("it was sent before its time")
	}
	f.clock.pass(time.Minute)
	f.look(s)
	f.look(s)
	if out.count() != 1 {
		t.Fatalf("it was sent %d times", out.count())
	}
	f.says(out.last(), []string{
		"Tandem, pm of pay: 6 wait\n", "Waits for pm of pay: 3", "- board:PAY-1 <https://board.example/PAY-1> Do PAY-1 – triage; waits since 2026-11-23, until 2026-11-26, ana", "3 restricted items wait.",
	}, []string{"Moved", "Roadmap", marker})

	f.clock.pass(20 * time.Hour)
	f.read(f.valued("3", 88, work.Public))
	f.clock.pass(4 * time.Hour)
	f.look(s)
	f.says(out.last(), []string{
		"Roadmap since 2026-11-23", "board:PAY-3 <https://board.example/PAY-3> Do PAY-3: next → now – something that is not kept",
		"Moved since 2026-11-23: 1", "▲ board:PAY-3 <https://board.example/PAY-3> Do PAY-3: 5 → 2 – something that is not kept",
	}, []string{marker})
}

func TestNothingIsSentWhereThereIsNothingToSay(t *testing.T) {
	t.Parallel()
	f := opened(t)
	out := &outbox{}
	quiet := spec(t)
	quiet.Role = "po" // everything waits for the pm
	s := f.sender(out, quiet)
	f.clock.pass(time.Minute)
	f.look(s)
	if out.count() != 0 || f.state().State != work.DigestQuiet {
		t.Fatalf("%d were sent, it is %v", out.count(), f.state())
	}
	f.clock.pass(24 * time.Hour)
	f.look(s)
	if out.count() != 0 {
		t.Fatalf("two days of silence ended in %s", out.last())
	}
	f.clock.pass(time.Hour)
	f.read(f.valued("6", 95, work.Internal))
	f.clock.pass(23 * time.Hour)
	f.look(s)
	f.says(out.last(), []string{"Moved since 2026-11-23: 1", "board:PAY-6"}, []string{"Waits"})

	always := spec(t)
	always.Role, always.Always, always.Name = "po", true, "always"
	f.look(f.sender(out, always))
	f.says(out.last(), []string{"nothing new", "Nothing moved, nothing waits."}, nil)
}

func TestManyNodesThatLookAtOnceSendOneDigest(t *testing.T) {
	t.Parallel()
	f := opened(t)
	out := &outbox{}
	f.clock.pass(time.Minute)
	var group sync.WaitGroup
	for range 6 {
		s := f.sender(out, spec(t))
		group.Go(func() {
			if err := s.Look(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if out.count() != 1 {
		t.Errorf("%d were sent", out.count())
	}
}

func TestADigestThatIsTooLateIsLeftOutAndTheNextTellsAll(t *testing.T) {
	t.Parallel()
	f := opened(t)
	out := &outbox{}
	s := f.sender(out, spec(t))
	f.clock.pass(time.Minute)
	f.look(s)
	f.clock.pass(10 * time.Hour)
	f.read(f.valued("3", 88, work.Public))
	f.clock.pass(18 * time.Hour) // the daemon was off on Tuesday until 12:30
	f.look(s)
	if out.count() != 1 || f.state().State != work.DigestSkipped {
		t.Fatalf("%d were sent, it is %v", out.count(), f.state())
	}
	f.clock.set(monday().Add(48*time.Hour + 2*time.Hour + 59*time.Minute)) // two hours late
	f.look(s)
	if out.count() != 2 {
		t.Fatalf("%d were sent, it is %v", out.count(), f.state())
	}
	f.says(out.last(), []string{"Moved since 2026-11-23", "board:PAY-3"}, nil)
}

func TestWhatFailsForSureIsTriedAgainAFewTimes(t *testing.T) {
	t.Parallel()
	f := opened(t)
	down := &digest.PostError{What: "Slack could not be reached", Again: true}
	out := &outbox{answers: []error{down, down}}
	s := f.sender(out, spec(t))
	f.clock.pass(time.Minute)
	f.look(s)
	f.look(s)
	if e := f.state(); e.State != work.DigestWaiting || e.Detail != down.What || !e.Next.Equal(f.clock.Now().Add(time.Minute).Truncate(time.Microsecond)) {
		t.Fatalf("it is %+v", e)
	}
	f.clock.pass(time.Minute)
	f.look(s)
	f.clock.pass(4 * time.Minute)
	f.look(s)
	if out.count() != 0 {
		t.Error("it was sent too early")
	}
	f.clock.pass(time.Minute)
	f.look(s)
	if e := f.state(); out.count() != 1 || e.State != work.DigestSent || e.Tries != 3 || e.Detail != "" {
		t.Errorf("%d were sent, it is %+v", out.count(), e)
	}

	f.clock.pass(24 * time.Hour)
	out.answers = []error{down, down, down, down}
	for range 60 {
		f.look(s)
		f.clock.pass(time.Minute)
	}
	if e := f.state(); out.count() != 1 || e.State != work.DigestFailed || e.Tries != 4 || len(out.answers) != 0 {
		t.Errorf("%d were sent, it is %+v", out.count(), e)
	}
}

func TestWhatAServiceAsksToWaitIsWaited(t *testing.T) {
	t.Parallel()
	f := opened(t)
	out := &outbox{answers: []error{&digest.PostError{What: "Slack asks to wait", Again: true, After: 10 * time.Minute}}}
	s := f.sender(out, spec(t))
	f.clock.pass(time.Minute)
	f.look(s)
	f.clock.pass(9 * time.Minute)
	f.look(s)
	if out.count() != 0 {
		t.Error("it did not wait")
	}
	f.clock.pass(time.Minute)
	f.look(s)
	if out.count() != 1 {
		t.Error("it was not sent")
	}
}

func TestWhatIsUnclearIsSaidAndNotRepeated(t *testing.T) {
	t.Parallel()
	f := opened(t)
	out := &outbox{answers: []error{&digest.PostError{What: "Slack gave no answer", Unclear: true}}}
	s := f.sender(out, spec(t))
	f.clock.pass(time.Minute)
	for range 100 {
		f.look(s)
		f.clock.pass(time.Minute)
	}
	if e := f.state(); out.count() != 0 || e.State != work.DigestUnclear {
		t.Errorf("%d were sent, it is %+v", out.count(), e)
	}
	f.says(f.log.String(), []string{"whether a digest arrived is not known; it is not sent twice"}, []string{marker})
}

// A process dies at each point of sending, and another one goes on.
func TestACrashWhileSendingSendsNothingTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		dies  bool // after it was handed over
		state work.DigestState
	}{{"before it leaves", false, work.DigestSent}, {"after it left", true, work.DigestUnclear}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := opened(t)
			f.clock.pass(time.Minute)
			e, claimed, err := f.db.ClaimDigest(t.Context(), "pm pay", 20261123, 5*time.Minute)
			if err != nil || !claimed {
				t.Fatal(claimed, err)
			}
			if c.dies {
				e.State = work.DigestSending
				_, err := f.db.MarkDigest(t.Context(), e, nil)
				f.ok(err)
			}
			f.ok(f.db.Close())
			f.open()
			out := &outbox{}
			s := f.sender(out, spec(t))
			for range 12 {
				f.look(s)
				f.clock.pass(time.Minute)
			}
			if got := f.state().State; got != c.state || out.count() != 0 && c.dies {
				t.Errorf("it is %s, and %d were sent", got, out.count())
			}
		})
	}
}

func TestAClockThatIsPutBackSendsNothingTwice(t *testing.T) {
	t.Parallel()
	f := opened(t)
	out := &outbox{}
	s := f.sender(out, spec(t))
	f.clock.pass(time.Minute)
	f.look(s)
	for _, step := range []time.Duration{-time.Hour, time.Hour, -25 * time.Hour, 25 * time.Hour} {
		f.clock.pass(step)
		f.look(s)
	}
	days := map[string]bool{}
	for _, m := range out.sent {
		if days[m.Content.Day] {
			t.Errorf("%s was sent twice", m.Content.Day)
		}
		days[m.Content.Day] = true
	}
}

// The whole of it, through both changes of the clocks: one digest a day.
func TestThroughTheChangeOfClocksOneDigestADayIsSent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at, zone string
		from     time.Time
	}{
		{"02:30", "Europe/Berlin", time.Date(2026, 3, 27, 12, 0, 0, 0, time.UTC)},
		{"02:30", "Europe/Berlin", time.Date(2026, 10, 23, 12, 0, 0, 0, time.UTC)},
		{"01:45", "Australia/Lord_Howe", time.Date(2026, 4, 3, 12, 0, 0, 0, time.UTC)},
		{"00:00", "Africa/Cairo", time.Date(2026, 4, 22, 12, 0, 0, 0, time.UTC)},
	} {
		t.Run(c.zone+c.from.Format(" January"), func(t *testing.T) {
			t.Parallel()
			f := opened(t)
			f.clock.set(c.from)
			out := &outbox{}
			at := spec(t)
			at.Schedule = digest.Schedule{At: clock(t, c.at), Zone: zone(t, c.zone)}
			at.Always = true
			s := f.sender(out, at)
			for f.clock.Now().Before(c.from.Add(96 * time.Hour)) {
				f.look(s)
				f.clock.pass(45 * time.Minute)
			}
			days := map[string]int{}
			for _, m := range out.sent {
				days[m.Content.Day]++
			}
			if len(days) != 4 || len(out.sent) != 4 {
				t.Errorf("sent were %v", days)
			}
		})
	}
}
