package sim

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// FaultHeader names the header that marks every answer a fault touched. Its
// value is the fault's name.
const FaultHeader = "Sim-Fault"

// Fault breaks one exchange. The zero value of a field leaves that part as
// the service has it.
type Fault struct {
	// Name says what the fault is, for counts and the Sim-Fault header.
	Name string
	// Status replaces the answer, together with Header and Body. Unless After
	// is set, the service does not see the request then.
	Status int
	Header http.Header
	Body   string
	// After lets the service do its work first: the change happens, and the
	// answer that tells of it is replaced or lost.
	After bool
	// Drop closes the connection without an answer. Unless After is set, the
	// service does not see the request.
	Drop bool
	// Cut closes the connection after that many bytes of the body.
	Cut int
	// Delay holds the answer back.
	Delay time.Duration
}

// reaches reports whether the service sees the request.
func (f *Fault) reaches() bool { return f == nil || f.After || (f.Status == 0 && !f.Drop) }

// Refused returns a fault that closes the connection before the service sees
// the request.
func Refused() *Fault { return &Fault{Name: "refused", Drop: true} }

// LostAnswer returns a fault that closes the connection after the change
// happened.
func LostAnswer() *Fault { return &Fault{Name: "lost answer", Drop: true, After: true} }

// CutOff returns a fault that sends only the first bytes of the real answer's
// body.
func CutOff(after int) *Fault { return &Fault{Name: "cut off", Cut: after} }

// HTMLPage returns a fault that answers with a page of a proxy, before the
// service sees the request.
func HTMLPage(status int) *Fault {
	return &Fault{
		Name: "html page", Status: status,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body: "<!DOCTYPE html>\n<html><head><title>" + strconv.Itoa(status) + " " + http.StatusText(status) +
			"</title></head><body><center><h1>" + http.StatusText(status) + "</h1></center></body></html>\n",
	}
}

// Unavailable returns a fault that answers 503, with Retry-After in seconds
// when it is positive.
func Unavailable(retryAfter int) *Fault {
	f := &Fault{Name: "unavailable", Status: http.StatusServiceUnavailable, Header: http.Header{}}
	if retryAfter > 0 {
		f.Header.Set("Retry-After", strconv.Itoa(retryAfter))
	}
	return f
}

// Script returns a hook that breaks matching requests one after the other,
// and then no more. An empty method or route matches all; a nil fault lets
// its request pass.
func Script(method, route string, faults ...*Fault) func(*http.Request) *Fault {
	var mu sync.Mutex
	return func(r *http.Request) *Fault {
		if (method != "" && r.Method != method) || (route != "" && CallOf(r.Context()).Route != route) {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if len(faults) == 0 {
			return nil
		}
		next := faults[0]
		faults = faults[1:]
		return next
	}
}
