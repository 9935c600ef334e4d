package toolsim

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"tandem/internal/sim"
)

// Userpilot stands in for the bulk export of Userpilot: one environment whose
// events are exported by jobs, one at a time, as gzip parts behind addresses
// that end. The zero value has no events and takes no key.
type Userpilot struct {
	// Key is the API key of the environment.
	Key string
	// NoExport says that the plan has no export.
	NoExport bool
	// Now is the clock of the service; nil is time.Now.
	Now func() time.Time
	// Takes is how long a job runs.
	Takes time.Duration
	// PartSize is how many events a part holds; 0 is all.
	PartSize int
	// Files is the address of the storage that parts are fetched from.
	Files string
	// Fail lets so many of the next jobs fail.
	Fail int
	// Before is called before each request is answered, without the lock; may
	// be nil.
	Before func(r *http.Request)

	mu      sync.Mutex
	events  []UserpilotEvent
	jobs    []*userpilotJob
	surveys []any
	// features are what the lookup of feature tags knows.
	features []any
	// betrayed counts requests to the storage that bore credentials.
	betrayed int
}

// UserpilotEvent is an event as the export writes it, field by field.
type UserpilotEvent struct {
	At     time.Time
	Type   string
	Fields map[string]any
}

// userpilotJob is one export.
type userpilotJob struct {
	ID      string
	began   time.Time
	ends    time.Time
	failed  bool
	content []UserpilotEvent
}

const (
	jobLife  = 3 * 24 * time.Hour
	fileLife = 2 * 24 * time.Hour
)

// Track adds an event.
func (u *Userpilot) Track(events ...UserpilotEvent) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.events = append(u.events, events...)
	slices.SortStableFunc(u.events, func(a, b UserpilotEvent) int { return a.At.Compare(b.At) })
}

// AddSurvey adds a survey to the lookup, as JSON has it.
func (u *Userpilot) AddSurvey(s any) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.surveys = append(u.surveys, s)
}

// AddFeature adds a feature tag to the lookup, as JSON has it.
func (u *Userpilot) AddFeature(f any) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.features = append(u.features, f)
}

// Jobs is how many exports were begun.
func (u *Userpilot) Jobs() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.jobs)
}

// Betrayed is how many requests to the storage bore credentials.
func (u *Userpilot) Betrayed() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.betrayed
}

// Occupy lets somebody else's export run for a while.
func (u *Userpilot) Occupy(d time.Duration) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.jobs = append(u.jobs, &userpilotJob{ID: "theirs", began: u.now(), ends: u.now().Add(d)})
}

func (u *Userpilot) now() time.Time {
	if u.Now == nil {
		return time.Now()
	}
	return u.Now()
}

func (u *Userpilot) job(id string) *userpilotJob {
	i := slices.IndexFunc(u.jobs, func(j *userpilotJob) bool { return j.ID == id })
	if i < 0 || u.now().Sub(u.jobs[i].began) > jobLife {
		return nil
	}
	return u.jobs[i]
}

func (u *Userpilot) running() *userpilotJob {
	i := slices.IndexFunc(u.jobs, func(j *userpilotJob) bool { return u.now().Before(j.ends) })
	if i < 0 {
		return nil
	}
	return u.jobs[i]
}

// begin starts an export of what happened in [from, to).
func (u *Userpilot) begin(from, to time.Time, kinds []string) *userpilotJob {
	j := &userpilotJob{ID: fmt.Sprintf("job-%04d", len(u.jobs)+1), began: u.now(), ends: u.now().Add(u.Takes)}
	if u.Fail > 0 {
		u.Fail--
		j.failed = true
	}
	for _, e := range u.events {
		if !e.At.Before(from) && e.At.Before(to) && !e.At.After(u.now()) && (len(kinds) == 0 || slices.Contains(kinds, e.Type)) {
			j.content = append(j.content, e)
		}
	}
	u.jobs = append(u.jobs, j)
	return j
}

// parts are the events of a job, part by part.
func (u *Userpilot) parts(j *userpilotJob) [][]UserpilotEvent {
	size := u.PartSize
	if size == 0 {
		size = max(len(j.content), 1)
	}
	return slices.Collect(slices.Chunk(j.content, size))
}

// packed is a part as it is stored.
func packed(events []UserpilotEvent) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for _, e := range events {
		fields := map[string]any{"event_type": e.Type, "inserted_at": e.At.UTC().Format("2006-01-02T15:04:05.000000Z")}
		maps.Copy(fields, e.Fields)
		_, _ = z.Write(append(sim.MarshalJSON(fields), '\n'))
	}
	_ = z.Close() // a buffer takes everything
	return b.Bytes()
}
