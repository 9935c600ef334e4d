package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

const (
	// censusEvery is how often a census is taken.
	censusEvery = 6 * time.Hour
	// censusFirst is when the first one is, after Tandem met the connector, and
	// when one that failed is tried again.
	censusFirst = time.Hour
	// censusReads is how many records one census reads by id at most; the next
	// one goes on with the rest.
	censusReads = 1000
	// censusTogether is how many of them are read between two looks at the time.
	censusTogether = 100
	// censusOld is how long a census may take with all its slices; a list that
	// was begun earlier is made anew.
	censusOld = 24 * time.Hour
	// censusFew is how many records may vanish whatever share they are.
	censusFew = 10
)

// Census is what a census found.
type Census struct {
	// Listed is how many records the service has, Asked how many of the doubtful
	// ones were read by id, and Left how many are for the next time.
	Listed, Asked, Left int
	// Gone records were not found by id: they were deleted, or the account sees
	// them no longer; nobody can tell which. Moved ones have another key, Back
	// ones had been gone, Missed ones were never read, or not since they were
	// changed: searches left them out.
	Gone, Moved, Back, Missed int
	// Failure is why nothing was marked; empty where all went well.
	Failure string
}

// kept is what people are told of a census later: of all its slices.
func (c Census) kept(began time.Time, before *work.CensusFound) *work.CensusFound {
	f := work.CensusFound{At: began, Listed: c.Listed, Left: c.Left, Gone: c.Gone, Moved: c.Moved, Back: c.Back, Missed: c.Missed}
	if before != nil && before.At.Equal(began) {
		f.Gone, f.Moved, f.Back, f.Missed = f.Gone+before.Gone, f.Moved+before.Moved, f.Back+before.Back, f.Missed+before.Missed
	}
	return &f
}

// census finds what silence cannot tell (promise S5): records that were
// deleted, moved, or hidden. It is taken of connectors whose streams were just
// read without a failure.
func (c *Cycle) census(ctx context.Context, report *Report) error {
	for _, live := range c.c.Connectors {
		if c.unsettled[live.Name] || live.Conn.Census == nil || live.Conn.Reader == nil || !c.dues.whole(live) || c.waits.limited(live.Name, c.c.Now()) {
			continue
		}
		mark, known, err := c.c.Store.Census(ctx, live.Name)
		if err == nil && !known {
			mark.Next, mark.Since = c.c.Now().Add(censusFirst), c.c.Now()
			err = c.c.Store.SaveCensus(ctx, live.Name, mark, false)
		}
		c.censusAt = mark.Next
		if err == nil && known && !c.c.Now().Before(mark.Next) {
			err = c.take(ctx, live, mark, report)
		}
		if err != nil {
			return fmt.Errorf("census of %s: %w", live.Name, err)
		}
	}
	return nil
}

// take goes on with the census of one connector for a slice of time: it lists
// what the service has, and then reads by id what is doubtful. Where it stands
// is stored, so that a crash, or another node, takes it up there.
func (c *Cycle) take(ctx context.Context, live Live, mark work.CensusMark, report *Report) error {
	walk := mark.Walk
	if walk == nil || !work.Fresh(walk.Began, c.c.Now(), censusOld) {
		walk = &work.CensusWalk{Began: c.c.Now(), Listed: map[string]string{}}
	}
	mark.Walk = walk
	if !walk.Whole {
		if err := c.list(ctx, live, mark, report); err != nil {
			if _, limited := errors.AsType[connectors.LimitedError](err); !limited {
				mark.Walk = nil // its cursor may be no good any more
			}
			return c.noCensus(ctx, live, mark, report, Census{Failure: err.Error()}, err)
		}
		if !walk.Whole {
			return c.restCensus(ctx, live, mark)
		}
	}
	return c.judge(ctx, live, mark, report)
}

// list lists what the service has.
func (c *Cycle) list(ctx context.Context, live Live, mark work.CensusMark, report *Report) error {
	walk := mark.Walk
	for page, err := range live.Conn.Census.IDs(ctx, mark.Since, connectors.Cursor(walk.Cursor)) {
		if err != nil {
			return err
		}
		for _, r := range page.Records {
			if _, again := walk.Listed[r.ID]; page.Aside && !again {
				walk.Outside = outside(walk.Outside, r.ID)
			}
			walk.Listed[r.ID] = r.Key
			if !r.Version.IsZero() {
				walk.Versions = versioned(walk.Versions, r)
			}
		}
		if page.Cursor != nil {
			walk.Cursor = json.RawMessage(page.Cursor)
			if report.over(c.c.Now()) {
				return nil
			}
		}
	}
	walk.Whole, walk.Cursor = true, nil
	return nil
}

// outside adds an id that the streams need not bring.
func outside(all map[string]bool, id string) map[string]bool {
	if all == nil {
		all = map[string]bool{}
	}
	all[id] = true
	return all
}

// versioned adds when a record was changed last.
func versioned(all map[string]time.Time, r work.Record) map[string]time.Time {
	if all == nil {
		all = map[string]time.Time{}
	}
	all[r.ID] = r.Version
	return all
}

// restCensus stores where a census stands that goes on with the next slice.
func (c *Cycle) restCensus(ctx context.Context, live Live, mark work.CensusMark) error {
	mark.Next = c.c.Now()
	c.censusAt = mark.Next
	return c.c.Store.SaveCensus(ctx, live.Name, mark, false)
}

// judge reads by id what is doubtful, as much as there is time for, and marks
// what is gone.
func (c *Cycle) judge(ctx context.Context, live Live, mark work.CensusMark, report *Report) error {
	walk := mark.Walk
	kept, err := c.c.Store.Kept(ctx, live.Name)
	if err != nil {
		return err
	}
	inside := make(map[string]bool, len(walk.Listed))
	for id := range walk.Listed {
		inside[id] = !walk.Outside[id]
	}
	d := doubt(live.Name, kept, walk, inside)
	if walk.Last == "" && len(d.refs) > 0 {
		walk.Asking = d.portion(mark.After)
		walk.Left, walk.Last = len(d.refs)-len(walk.Asking), walk.Asking[len(walk.Asking)-1].ID
	}
	asked, answered, records, err := c.askFor(ctx, live, walk, report)
	found := Census{Listed: len(walk.Listed), Asked: len(asked), Left: walk.Left + len(walk.Asking)}
	if err != nil {
		walk.Asking = slices.Concat(asked, walk.Asking)
		return c.noCensus(ctx, live, mark, report, Census{Failure: err.Error()}, err)
	}
	believed := c.c.Now().Before(mark.Believed)
	if failure := d.tooMany(asked, answered, records); failure != "" && !believed {
		failure += "; where they were deleted, write: tandem release --gone " + live.Name
		// What was found is true all the same.
		if err := c.c.Store.SaveRead(ctx, nil, records); err != nil {
			return err
		}
		found.Failure, mark.Walk = failure, nil
		return c.noCensus(ctx, live, mark, report, found, nil)
	}
	if err := c.c.Store.SaveRead(ctx, answered, records); err != nil {
		return err
	}
	d.count(answered, records, &found)
	report.Census[live.Name] = found
	c.tellCensus(live, found)
	mark.Found = found.kept(walk.Began, mark.Found)
	if len(walk.Asking) > 0 {
		return c.restCensus(ctx, live, mark)
	}
	next := following(mark, c.c.Now())
	c.censusAt = next.Next
	return c.c.Store.SaveCensus(ctx, live.Name, next, true)
}

// following is where the census stands after one that came to its end. Where
// some doubtful records are left for the next time, it lists once more whatever
// this one listed with a time.
func following(mark work.CensusMark, now time.Time) work.CensusMark {
	next := work.CensusMark{Next: now.Add(censusEvery), Since: mark.Walk.Began, Found: mark.Found}
	if mark.Walk.Left > 0 {
		next.After, next.Believed, next.Since = mark.Walk.Last, mark.Believed, mark.Since
	}
	return next
}

// askFor reads doubtful records by id until the slice is over, and takes them
// off the list of those to ask for.
func (c *Cycle) askFor(ctx context.Context, live Live, walk *work.CensusWalk, report *Report) (asked, answered []work.Ref, records []work.Record, err error) {
	for len(walk.Asking) > 0 && (len(asked) == 0 || !report.over(c.c.Now())) {
		n := min(censusTogether, len(walk.Asking))
		some := walk.Asking[:n]
		walk.Asking = walk.Asking[n:]
		asked = append(asked, some...)
		refs, found, err := c.fetch(ctx, live, some)
		if err != nil {
			return asked, nil, nil, err
		}
		answered, records = append(answered, refs...), append(records, found...)
	}
	return asked, answered, records, nil
}

// tellCensus logs what a person should know.
func (c *Cycle) tellCensus(live Live, found Census) {
	log := c.c.Log.With("connector", live.Name)
	if found.Gone > 0 {
		log.Info("records are gone: deleted, or no longer visible to the account", "count", found.Gone)
	}
	if found.Moved > 0 {
		log.Info("records were moved and have another key", "count", found.Moved)
	}
	if found.Missed > 0 {
		log.Info("records or changes that no search had shown were read by id", "count", found.Missed)
	}
	if found.Back > 0 {
		log.Info("records that were gone are back", "count", found.Back)
	}
	log.Debug("census taken", "count", found.Listed)
}

// noCensus notes a census that says nothing. What is stored stays.
func (c *Cycle) noCensus(ctx context.Context, live Live, mark work.CensusMark, report *Report, found Census, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.waits.heard(live.Name, cause)
	c.c.Log.Warn("the census failed; nothing is taken for gone", "connector", live.Name, "err", found.Failure)
	report.Census[live.Name] = found
	mark.Next, mark.Failure = c.c.Now().Add(censusFirst), found.Failure
	c.censusAt = mark.Next
	return c.c.Store.SaveCensus(ctx, live.Name, mark, false)
}

// doubts are records of which the list says something else than the store.
type doubts struct {
	refs []work.Ref // sorted by id
	// before is what is stored of them; nothing where they were never read.
	before map[work.RefID]work.Kept
	// missing are those that were there and are not listed; present counts what
	// was there, and listed whatever the service lists.
	missing map[work.RefID]bool
	present int
	listed  int
}

func doubt(connector string, kept []work.Kept, walk *work.CensusWalk, inside map[string]bool) doubts {
	listed := walk.Listed
	d := doubts{before: map[work.RefID]work.Kept{}, missing: map[work.RefID]bool{}, listed: len(listed)}
	for _, k := range kept {
		delete(inside, k.ID)
		key, there := listed[k.ID]
		if !k.Gone {
			d.present++
		}
		moved := there && key != "" && key != k.Key
		changed := there && walk.Versions[k.ID].After(k.Version)
		if there == !k.Gone && !moved && !changed {
			continue
		}
		d.refs, d.before[k.RefID] = append(d.refs, k.Ref), k
		d.missing[k.RefID] = !there
	}
	for id, brought := range inside {
		if brought {
			d.refs = append(d.refs, work.NewRef(connector, id, listed[id]))
		}
	}
	slices.SortFunc(d.refs, func(a, b work.Ref) int { return a.Compare(b.RefID) })
	return d
}

// portion returns what is read this time: those behind the id first, where the
// last census stopped.
func (d doubts) portion(after string) []work.Ref {
	from := slices.IndexFunc(d.refs, func(r work.Ref) bool { return r.ID > after })
	if len(d.refs) <= censusReads || from < 0 {
		from = 0
	}
	return slices.Concat(d.refs[from:], d.refs[:from])[:min(len(d.refs), censusReads)]
}

// tooMany says what is wrong where so many records are out of sight that the
// account has more likely lost a permission: more than half of all, by what
// was asked.
func (d doubts) tooMany(asked, answered []work.Ref, records []work.Record) string {
	found := make(map[work.RefID]bool, len(records))
	for i := range records {
		found[records[i].RefID] = true
		found[formerly(&records[i])] = true
	}
	tried, lost, missing := 0, 0, 0
	for _, ref := range asked {
		if d.missing[ref.RefID] {
			tried++
		}
	}
	for _, ref := range answered {
		if d.missing[ref.RefID] && !found[ref.RefID] {
			lost++
		}
	}
	for _, is := range d.missing {
		if is {
			missing++
		}
	}
	few := lost <= censusFew && (d.listed > 0 || d.present < 2)
	if lost == 0 || few || 2*lost*missing <= tried*d.present {
		return ""
	}
	return fmt.Sprintf("the account sees only %d of %d records; nothing was marked as gone; give it back the right to read the projects, or check where they went",
		d.present-lost*missing/tried, d.present)
}

// count says what became of the doubtful records.
func (d doubts) count(answered []work.Ref, records []work.Record, found *Census) {
	here := recordsByID(records)
	for i := range records {
		if records[i].Was != "" {
			here[formerly(&records[i])] = &records[i]
		}
	}
	for _, ref := range answered {
		before, known := d.before[ref.RefID]
		switch now := here[ref.RefID]; {
		case now == nil && !known: // it went again, or is none of those that are read
		case !known:
			found.Missed++
		case now == nil && !before.Gone:
			found.Gone++
		case now == nil:
		case before.Gone:
			found.Back++
		case now.Key != before.Key:
			found.Moved++
		case now.Version.After(before.Version):
			found.Missed++
		}
	}
}

// formerly is what the record was before a move gave it another id.
func formerly(r *work.Record) work.RefID { return work.RefID{Connector: r.Connector, ID: r.Was} }
