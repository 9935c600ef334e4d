package browser

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a page in the browser.
type Tab struct {
	tb     testing.TB
	shared *Shared
	look   Look
	ctx    context.Context         //nolint:containedctx // chromedp keeps the tab in its context
	fall   context.CancelCauseFunc // ends all that waits for the page

	mu         sync.Mutex
	loading    bool
	again      bool   // the page said that it looks again by itself
	agree      bool   // to the next dialog
	deaf       bool   // axe looks at the page, which is not the page's doing
	host       string // of the page that was opened
	complaints []Complaint
	weight     Weight
	arrived    []arrival
	cached     network.RequestID // the last that no server answered
	documents  map[network.RequestID]bool
}

// open makes a tab.
func open(tb testing.TB, s *Shared, look Look) *Tab {
	tb.Helper()
	t := &Tab{tb: tb, shared: s, look: look, documents: map[network.RequestID]bool{}}
	alive, fall := context.WithCancelCause(s.ctx)
	t.fall = fall
	ctx, cancel := chromedp.NewContext(alive, chromedp.WithNewBrowserContext(), chromedp.WithListener(t.hear))
	tb.Cleanup(cancel)
	t.ctx = ctx
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatalf("open a tab: %v", err)
	}
	call(t, audits.Enable, cdp.Empty{})
	t.see()
	return t
}

// call sends a command of the protocol, which must succeed.
func call[P, R any](t *Tab, command cdp.Command[P, R], params P) R {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		t.tb.Fatalf("%s: %v", command.Method, t.cause(err))
	}
	return r
}

// errCrashed tells that nothing on the page will ever answer.
var errCrashed = errors.New("the browser's process of this page has crashed")

// cause is why something was not answered: the end of the page, where that came
// first.
func (t *Tab) cause(err error) error {
	if errors.Is(context.Cause(t.ctx), errCrashed) {
		return errCrashed
	}
	return err
}

// Open goes to an address, waits until the page is loaded, and returns the
// status of the answer.
func (t *Tab) Open(address string) int {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	t.mu.Lock()
	t.host, t.weight, t.arrived = hostOf(address), Weight{}, nil
	t.mu.Unlock()
	answer, err := chromedp.Run(ctx, chromedp.NavigateResponse(address))
	if err != nil {
		t.tb.Fatalf("open %s: %v", address, t.cause(err))
	}
	t.settle()
	return int(answer.Status)
}

// Address is where the tab is.
func (t *Tab) Address() string { return Evaluate[string](t, "location.href") }

// Title is that of the page.
func (t *Tab) Title() string { return Evaluate[string](t, "document.title") }

// Text is what can be read on the page.
func (t *Tab) Text() string { return Evaluate[string](t, "document.body.innerText") }

// Sees waits until a text can be read on the page.
func (t *Tab) Sees(text string) {
	t.tb.Helper()
	var last string
	if !t.until(func() bool { last = t.Text(); return strings.Contains(last, text) }) {
		t.tb.Fatalf("%q cannot be read on the page:\n%s", text, short(last))
	}
}

// SignIn gives the tab the cookies that a client of an address got.
func (t *Tab) SignIn(address string, cookies ...*http.Cookie) {
	t.tb.Helper()
	params := network.SetCookiesParams{}
	for _, c := range cookies {
		params.Cookies = append(params.Cookies, &network.CookieParam{Name: c.Name, Value: c.Value, URL: address, Path: "/", HTTPOnly: true, Secure: c.Secure})
	}
	call(t, network.SetCookies, params)
}

// Cookie is the value of a cookie that the tab has for an address; empty where it
// has none of the name.
func (t *Tab) Cookie(address, name string) string {
	t.tb.Helper()
	for _, c := range call(t, network.GetCookies, network.GetCookiesParams{URLs: []string{address}}).Cookies {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// SignOut takes all cookies away, as time does.
func (t *Tab) SignOut() {
	t.tb.Helper()
	call(t, network.ClearBrowserCookies, cdp.Empty{})
}

// Agree says yes to the next question that a page asks in a dialog. One that
// nobody agreed to is answered with no, and is a complaint.
func (t *Tab) Agree() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.agree = true
}

// Evaluate runs an expression in the page and returns its value, of a promise
// what comes of it. The expression is the test's, so no policy of the page
// holds for it, and it runs in a tab without script too.
func Evaluate[T any](t *Tab, expression string) T {
	t.tb.Helper()
	var value T
	var text string
	var ok bool
	for range 3 { // the page may go while it runs
		if text, ok = evaluate(t, runtime.EvaluateParams{Expression: expression}, &value); ok {
			return value
		}
		t.settle()
	}
	t.tb.Fatalf("evaluate %s: %s", short(expression), text)
	return value
}

func evaluate(t *Tab, params runtime.EvaluateParams, value any) (wrong string, ok bool) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	yes := true
	params.ReturnByValue, params.AwaitPromise = &yes, &yes
	r, err := chromedp.Call(ctx, runtime.Evaluate, params)
	switch {
	case err != nil:
		return t.cause(err).Error(), false
	case r.ExceptionDetails != nil:
		return tell(r.ExceptionDetails), false
	case len(r.Result.Value) == 0:
		return "", true // undefined
	}
	if err := json.Unmarshal(r.Result.Value, value); err != nil {
		return err.Error(), false
	}
	return "", true
}

// until asks again and again until the answer is yes, for as long as patience
// lasts.
func (t *Tab) until(ok func() bool) bool {
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if ok() {
			return true
		}
		if time.Now().After(end) || t.ctx.Err() != nil {
			return false
		}
	}
}

// Leads waits until the address of the page has a part.
func (t *Tab) Leads(part string) {
	t.tb.Helper()
	if !t.until(func() bool { return strings.Contains(t.Address(), part) }) {
		t.tb.Fatalf("the page is %s, and has no %q", t.Address(), part)
	}
	t.settle()
}

// slowTurn is how long a page without script may take to begin to leave.
const slowTurn = 200 * time.Millisecond

// settle waits until the page has done what an event asked of it, and the page
// that it led to is loaded.
func (t *Tab) settle() {
	turn := "new Promise(done => setTimeout(done))"
	if t.look.NoScript {
		turn = "0" // no timer runs
	}
	if t.look.NoScript {
		time.Sleep(slowTurn) // nothing on the page tells
	}
	var nothing any
	for range 2 {
		_, _ = evaluate(t, runtime.EvaluateParams{Expression: turn}, &nothing) // the page may go
	}
	t.until(func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		return !t.loading
	})
}

// stays waits until no page is on its way, and the one that is there does not go
// by itself.
func (t *Tab) stays() {
	t.until(func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		return !t.loading && !t.again
	})
}

func short(text string) string {
	const most = 1500
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}
