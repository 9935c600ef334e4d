package cli

import (
	"context"
	"errors"
	"net/http"
	"time"

	"tandem/internal/web/firsthour"
)

// job is a step that may take minutes.
type job struct {
	title, back, next string
	began             time.Time
	cancel            context.CancelFunc
}

// start does something beside the pages. What it returns is done under the lock,
// unless it was stopped meanwhile.
func (t *tour) start(r *http.Request, title, back, next string, do func(ctx context.Context) (commit func(), err error)) string {
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context())) // it outlives the request
	j := &job{title, back, next, time.Now(), cancel}
	t.job = j
	go func() {
		defer cancel()
		commit, err := do(ctx)
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.job != j {
			return // somebody stopped it
		}
		if err != nil {
			t.wrong, j.next = onPage(err), back
		} else {
			commit()
		}
		j.began = time.Time{}
	}()
	return "/working"
}

// working shows a job until it is over.
func (t *tour) working(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch j := t.job; {
	case j == nil:
		http.Redirect(w, r, steps()[t.reached].path, http.StatusSeeOther)
	case j.began.IsZero():
		t.job = nil
		http.Redirect(w, r, j.next, http.StatusSeeOther)
	default:
		w.Header().Set("Refresh", "2")
		t.put(w, r, "One moment", "working", -1, firsthour.Working{Title: j.title, Seconds: int(time.Since(j.began).Seconds())}, http.StatusOK)
	}
}

// stop ends a job.
func (t *tour) stop(*http.Request) (string, error) {
	if t.job == nil {
		return steps()[t.reached].path, nil
	}
	back := t.job.back
	t.job.cancel()
	t.job = nil
	return back, nil
}

// end stops what still runs.
func (t *tour) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.job != nil {
		t.job.cancel()
	}
}

// patience is how long a service may take to answer whether a token is right.
const patience = 45 * time.Second

// soon runs steps that a person waits for.
func soon(r *http.Request, all ...func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	for _, do := range all {
		if err := do(ctx); err != nil {
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return failed("there was no answer within %s; look whether the address is right and can be reached from here", patience)
			}
			return err
		}
	}
	return nil
}
