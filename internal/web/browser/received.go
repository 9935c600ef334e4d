package browser

import (
	"context"
	"fmt"
	"slices"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Answer is what a server sent to the browser: a page, a part of one, what a
// script asked for, or an event.
type Answer struct {
	// Address is what was asked for, or the name of the event.
	Address string
	Headers string
	Body    string
}

// arrival is an answer whose body may still be on its way.
type arrival struct {
	id    network.RequestID
	it    Answer
	whole bool
}

// Received returns every answer since the page was opened, but for those that the
// browser had kept. It keeps the bodies of a page until it goes on, so ask for
// them before that.
func (t *Tab) Received() []Answer {
	t.tb.Helper()
	t.settle()
	t.mu.Lock()
	arrived := slices.Clone(t.arrived)
	t.mu.Unlock()
	answers := make([]Answer, 0, len(arrived))
	for _, a := range arrived {
		if a.whole && a.id != "" {
			a.it.Body = t.body(a)
		}
		answers = append(answers, a.it)
	}
	return answers
}

// body is that of an answer.
func (t *Tab) body(a arrival) string {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, network.GetResponseBody, network.GetResponseBodyParams{RequestID: a.id})
	if err != nil {
		t.tb.Fatalf("read what came from %s: %v", a.it.Address, t.cause(err))
	}
	return string(r.Body)
}

// receive takes the events of the network that bring answers.
func (t *Tab) receive(event any) {
	switch e := event.(type) {
	case *network.EventRequestServedFromCache:
		t.cached = e.RequestID
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeOther || e.Response.FromDiskCache || t.cached == e.RequestID {
			return // the icon of the page, whose body is nowhere; or what came before
		}
		t.arrived = append(t.arrived, arrival{id: e.RequestID, it: Answer{Address: e.Response.URL, Headers: fmt.Sprint(e.Response.Headers)}})
	case *network.EventLoadingFinished:
		for i := range t.arrived {
			t.arrived[i].whole = t.arrived[i].whole || t.arrived[i].id == e.RequestID
		}
	case *network.EventEventSourceMessageReceived:
		t.arrived = append(t.arrived, arrival{it: Answer{Address: e.EventName, Body: e.Data}})
	}
}
