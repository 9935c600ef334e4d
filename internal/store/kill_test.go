package store_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// These name what a process that is to be killed does, and where.
const (
	killSteps   = "TANDEM_STORE_TEST_STEPS"
	killAddress = "TANDEM_STORE_TEST_ADDRESS"
)

// TestMain lets the test binary be the process that is killed. Laws run 40
// times, since each run writes to the disk; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	steps := os.Getenv(killSteps)
	if steps == "" {
		if err := flag.Set("rapid.checks", "40"); err != nil {
			panic(err)
		}
		code := m.Run()
		if err := postgres.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(code)
	}
	if err := victim(steps, os.Getenv(killAddress)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// victim does a number of steps and kills itself, or works until it is killed.
func victim(steps, address string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, address, "acme-test", store.Options{})
	if err != nil {
		return err
	}
	if steps == "endless" {
		return turns(ctx, s)
	}
	n, err := strconv.Atoi(steps)
	if err != nil {
		return err
	}
	for _, step := range lifeOfEdits()[:n] {
		if err := step.do(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	return self.Kill()
}

// step is one call of the store, and what a new process finds after a kill.
type step struct {
	name           string
	do             func(context.Context, *store.Store) error
	unsure, unread []string
	ledger         []string
	records        []string
	blocked        int
}

// lifeOfEdits is a table of everything that can happen to edits.
func lifeOfEdits() []step {
	one, two, three := edit("1", "High", "Low"), edit("2", "High", "Low"), edit("3", "High", "Low")
	begin := func(edits ...work.Edit) func(context.Context, *store.Store) error {
		return func(ctx context.Context, s *store.Store) error { return s.Begin(ctx, 1, edits) }
	}
	finish := func(results ...work.Result) func(context.Context, *store.Store) error {
		return func(ctx context.Context, s *store.Store) error { return s.Finish(ctx, results) }
	}
	before := []string{"1@1=High", "2@1=High", "3@1=High"}
	after := []string{"1@2=Low", "2@1=High", "3@1=High"}
	return []step{
		{name: "page", records: before, do: func(ctx context.Context, s *store.Store) error {
			_, err := s.SavePage(ctx, "jira", "issues", connectors.Page{Records: []work.Record{issue("1", 1, "High"), issue("2", 1, "High"), issue("3", 1, "High")}}, nil)
			return err
		}},
		{name: "run", records: before, do: func(ctx context.Context, s *store.Store) error {
			_, err := s.SaveRun(ctx, fullRun())
			return err
		}},
		{name: "begin", records: before, do: begin(one, two), unsure: []string{one.ID, two.ID}, ledger: []string{"1=Low pending", "2=Low pending"}},
		{
			name: "results", records: before, do: finish(result(one, work.Applied), result(two, work.Uncertain)),
			unsure: []string{two.ID}, unread: []string{one.ID}, ledger: []string{"1=Low written pending", "2=Low pending"},
		},
		{
			name: "read back", records: after, do: func(ctx context.Context, s *store.Store) error {
				return s.SaveRead(ctx, []work.Ref{one.Ref(), two.Ref()}, []work.Record{issue("1", 2, "Low"), issue("2", 1, "High")})
			},
			unsure: []string{two.ID}, ledger: []string{"1=Low written", "2=Low pending"},
		},
		{name: "it did not arrive", records: after, do: finish(result(two, work.Deferred)), ledger: []string{"1=Low written"}},
		{name: "begin again", records: after, do: begin(two, three), unsure: []string{two.ID, three.ID}, ledger: []string{"1=Low written", "2=Low pending", "3=Low pending"}},
		{
			name: "refused", records: after, do: finish(result(three, work.Rejected), result(two, work.Unchanged)),
			unread: []string{two.ID}, ledger: []string{"1=Low written", "2=Low pending"}, blocked: 1,
		},
		{
			name: "read back again", records: after, do: func(ctx context.Context, s *store.Store) error {
				return s.SaveRead(ctx, []work.Ref{two.Ref()}, []work.Record{issue("2", 1, "High")})
			},
			ledger: []string{"1=Low written", "2=Low"}, blocked: 1,
		},
	}
}

// runVictim starts the process that is to be killed.
func runVictim(t *testing.T, steps, address string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killSteps+"="+steps, killAddress+"="+address)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

func TestKillAfterAnyStepLosesNoEdit(t *testing.T) {
	t.Parallel()
	for i, step := range lifeOfEdits() {
		t.Run(step.name, func(t *testing.T) {
			t.Parallel()
			t.Run("sqlite", func(t *testing.T) { killAfter(t, "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"), i, step) })
			t.Run("postgres", func(t *testing.T) { killAfter(t, postgres.Address(t), i, step) })
		})
	}
}

func killAfter(t *testing.T, address string, i int, step step) {
	t.Helper()
	k := &kept{t: t, address: address, clock: newClock()}
	if cmd := runVictim(t, strconv.Itoa(i+1), k.address); cmd.Wait() == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the process was not killed: %v", cmd.ProcessState)
	}
	r, err := store.OpenReadOnly(t.Context(), k.address, "acme-test", k.options())
	if err != nil {
		t.Fatal(err)
	}
	snap, err := r.Snapshot(t.Context(), today)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "a reader after the kill", step.records, byID(snap))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"after the kill", "after another restart"} {
		k.open()
		k.wantPending(when, step.unsure, step.unread)
		snap := k.snapshot()
		diff(t, when+": ledger", step.ledger, ledgerLines(k))
		diff(t, when+": records", step.records, byID(snap))
		if len(snap.Blocked) != step.blocked {
			t.Errorf("%s: blocked %v", when, snap.Blocked)
		}
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func ledgerLines(k *kept) []string {
	var lines []string
	for _, e := range k.snapshot().Ledger {
		line := e.Target.ID + "=" + e.Value.String()
		if e.Written {
			line += " written"
		}
		if e.Pending {
			line += " pending"
		}
		lines = append(lines, line)
	}
	return lines
}

// turns goes on where the last process was killed, as the scheduler does: what
// is pending is settled first.
func turns(ctx context.Context, s *store.Store) error {
	unsure, unread, err := s.Pending(ctx)
	if err != nil {
		return err
	}
	for _, e := range unsure {
		if err := s.Finish(ctx, []work.Result{{EditID: e.ID, State: work.Applied}}); err != nil {
			return err
		}
	}
	for _, e := range append(unsure, unread...) {
		if err := s.SaveRead(ctx, []work.Ref{e.Ref()}, []work.Record{issue("a", 0, "High")}); err != nil {
			return err
		}
	}
	cursor, err := s.Cursor(ctx, "jira", "issues")
	if err != nil {
		return err
	}
	for i := len(cursor) + 1; ; i++ {
		if err := oneTurn(ctx, s, i); err != nil {
			return err
		}
	}
}

// oneTurn reads a page, writes an edit, reads it back. The length of the
// cursor tells the turn.
func oneTurn(ctx context.Context, s *store.Store, i int) error {
	page := connectors.Page{
		Records: []work.Record{issue("a", i, "High"), issue("b", i, "High")}, Cursor: connectors.Cursor(strings.Repeat("x", i)),
		Feedback: []work.Feedback{feedback(strconv.Itoa(i), "a", "late"), feedback("same", strconv.Itoa(i), "late")},
	}
	page.Feedback[1].Version = noon.Add(time.Duration(i))
	if _, err := s.SavePage(ctx, "jira", "issues", page, [][]evidence.Link{about("jira:PAY-1"), about("jira:PAY-2")}); err != nil {
		return err
	}
	e := edit("a", "High", strconv.Itoa(i))
	if err := s.Begin(ctx, 1, []work.Edit{e}); err != nil {
		return err
	}
	if err := s.Finish(ctx, []work.Result{{EditID: e.ID, State: work.Applied}}); err != nil {
		return err
	}
	return s.SaveRead(ctx, []work.Ref{e.Ref()}, []work.Record{issue("a", i, "High")})
}

func TestKillAtAnyMomentLeavesAWholeStore(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { killAtAnyMoment(t, "sqlite:"+filepath.Join(t.TempDir(), "tandem.db")) })
	t.Run("postgres", func(t *testing.T) { killAtAnyMoment(t, postgres.Address(t)) })
}

func killAtAnyMoment(t *testing.T, address string) {
	t.Helper()
	last := 0
	for round := range 6 {
		cmd := runVictim(t, "endless", address)
		time.Sleep(time.Duration(400+round*37) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		k := &kept{t: t, address: address, clock: newClock()}
		k.open()
		turn := checkWhole(t, k)
		if turn < last {
			t.Errorf("turn %d was forgotten, the store is at %d", last, turn)
		}
		last = turn
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if last < 1 {
		t.Errorf("the killed processes did nothing: turn %d", last)
	}
}

// checkWhole checks that what belongs together was stored together, and
// returns how many turns were done.
func checkWhole(t *testing.T, k *kept) int {
	t.Helper()
	cursor, err := k.Cursor(t.Context(), "jira", "issues")
	if err != nil {
		t.Fatal(err)
	}
	turn := len(cursor)
	unsure, unread := k.pending()
	if len(unsure)+len(unread) > 1 {
		t.Errorf("turn %d: several edits wait: %v %v", turn, unsure, unread)
	}
	waits := 0
	for _, e := range k.snapshot().Ledger {
		if e.Pending {
			waits++
		}
	}
	if waits != len(unsure)+len(unread) {
		t.Errorf("turn %d: %d lines of the ledger wait, edits: %v %v", turn, waits, unsure, unread)
	}
	link := func(f *work.Feedback) []evidence.Link {
		if f.ID == "same" {
			return about("jira:PAY-2")
		}
		return about("jira:PAY-1")
	}
	diff(t, "evidence", k.recount(link), k.snapshot().Evidence)
	if turn > 0 {
		diff(t, "records", []string{fmt.Sprintf("a@%d=High", turn), fmt.Sprintf("b@%d=High", turn)}, byID(k.snapshot()))
	}
	if k.onServer() {
		return turn
	}
	var verdict string
	if err := k.DB().QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("turn %d: the file is %s, %v", turn, verdict, err)
	}
	return turn
}
