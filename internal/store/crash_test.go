package store_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/store"
	"tandem/internal/store/pgtest"
	"tandem/internal/work"
)

// diary is what a writer was told to be stored.
type diary struct {
	mu    sync.Mutex
	page  int // the last page of its stream
	begun []string
	seq   int64
}

func (d *diary) note(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
}

// confirmed is how many edits were confirmed so far.
func (d *diary) confirmed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.begun)
}

// write stores pages and begins edits as fast as it can, until the server is
// gone, and notes what was confirmed. It closes reached once enough edits are,
// and where it ends before.
func (d *diary) write(ctx context.Context, k *kept, stream string, enough int, reached chan<- struct{}) error {
	var once sync.Once
	tell := func() { once.Do(func() { close(reached) }) }
	defer tell()
	for {
		if d.confirmed() >= enough {
			tell()
		}
		i := d.page + 1
		page := connectors.Page{Records: []work.Record{issue(stream, i, "High")}, Cursor: connectors.Cursor(strconv.Itoa(i))}
		if _, err := k.SavePage(ctx, "jira", stream, page, nil); err != nil {
			return err
		}
		d.note(func() { d.page = i })
		e := edit(stream, "High", strconv.Itoa(i))
		if err := k.Begin(ctx, 1, []work.Edit{e}); err != nil {
			return err
		}
		seq, err := k.Seq(ctx)
		d.note(func() { d.begun, d.seq = append(d.begun, e.ID), max(d.seq, seq) })
		if err != nil {
			return err
		}
	}
}

// TestCrashOfTheServerLosesNothingThatWasConfirmed stops the server without a
// word while two nodes write, and starts it again; the nodes go on with what
// they have open.
func TestCrashOfTheServerLosesNothingThatWasConfirmed(t *testing.T) {
	t.Parallel()
	server, err := pgtest.New(t.Context(), "fsync=on")
	if errors.Is(err, pgtest.ErrNone) {
		t.Skip(err)
	}
	if err == nil {
		err = server.Run(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	a := openKept(t, pgtest.WithSchema(server.Address("postgres", ""), "tandem"))
	nodes := map[string]*kept{"a": a, "b": a.node()}
	diaries := map[string]*diary{"a": {}, "b": {}}
	for round := range 3 {
		var group sync.WaitGroup
		var busy []<-chan struct{}
		for name, k := range nodes {
			enough := diaries[name].confirmed() + 3 + 10*round
			reached := make(chan struct{})
			busy = append(busy, reached)
			group.Go(func() {
				err := diaries[name].write(t.Context(), k, name, enough, reached)
				wantError(t, err, store.ErrUnreachable, "tried again")
			})
		}
		for _, reached := range busy { // in whatever time: the machine may be busy
			<-reached
		}
		time.Sleep(time.Duration(10*round) * time.Millisecond)
		if err := server.Crash(); err != nil {
			t.Fatal(err)
		}
		group.Wait()
		if _, err := a.Seq(t.Context()); !errors.Is(err, store.ErrUnreachable) {
			t.Errorf("seq without a server: %v", err)
		}
		if err := server.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, k := range nodes {
			diaries[name].check(t, k, name)
		}
	}
	for name, d := range diaries {
		if n := d.confirmed(); n < 3*3+10*(1+2) {
			t.Errorf("node %s wrote only %d edits in three rounds", name, n)
		}
	}
}

// check finds everything that was confirmed, at once and over the connections
// that broke.
func (d *diary) check(t *testing.T, k *kept, stream string) {
	t.Helper()
	cursor, err := k.Cursor(t.Context(), "jira", stream)
	if err != nil {
		t.Fatalf("the first call after the crash: %v", err)
	}
	stored, err := strconv.Atoi(string(cursor))
	if err != nil || stored < d.page || stored > d.page+1 {
		t.Errorf("page %d was confirmed, %d is stored: %v", d.page, stored, err)
	}
	if seq := k.seq(); seq < d.seq {
		t.Errorf("seq went back from %d to %d", d.seq, seq)
	}
	unsure, _ := k.pending()
	known := map[string]bool{}
	for _, id := range unsure {
		known[id] = true
	}
	for _, id := range d.begun {
		if !known[id] {
			t.Errorf("edit %s was confirmed and is not known", id)
		}
	}
	found := false
	for _, r := range k.snapshot().Records {
		found = found || r.ID == stream && int(r.Version.Sub(noon).Seconds()) == stored
	}
	if !found {
		t.Errorf("record and cursor of page %d are not of one moment: %q", stored, byID(k.snapshot()))
	}
	d.page = stored
}
