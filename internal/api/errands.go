package api

import (
	"strconv"
	"sync"
	"time"
)

// errand is an order to undo, as long as this process remembers it.
type errand struct {
	id   string
	at   time.Time
	over chan struct{} // closed at the end; what follows is not written after
	done Undone
	err  error
}

// errands are the newest orders.
type errands struct {
	mu   sync.Mutex
	last int
	all  []*errand
}

// mostErrands is how many orders are remembered.
const mostErrands = 8

// begin notes an order; it reports false while another one is carried out.
func (s *errands) begin(now time.Time) (*errand, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.all); n > 0 {
		select {
		case <-s.all[n-1].over:
		default:
			return nil, false
		}
	}
	s.last++
	// The moment keeps orders of two lives of a daemon apart.
	e := &errand{id: strconv.FormatInt(now.Unix(), 36) + "-" + strconv.Itoa(s.last), at: now, over: make(chan struct{})}
	s.all = append(s.all[max(0, len(s.all)-mostErrands+1):], e)
	return e, true
}

func (s *errands) end(e *errand, done Undone, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.done, e.err = done, err
	close(e.over)
}

func (s *errands) find(id string) (*errand, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.all {
		if e.id == id {
			return e, true
		}
	}
	return nil, false
}
