package browser

import (
	"time"

	"github.com/chromedp/cdproto/network"
)

// Weight is what it took to show the page that was opened last.
type Weight struct {
	// Requests counts the page and its parts, Bytes what came over the wire
	// for them, headers and compression included.
	Requests int
	Bytes    int64
	// FirstByte is how long the server let the page wait.
	FirstByte time.Duration
	// Elements counts those of the page.
	Elements int
}

// Weight measures the page that was opened last.
func (t *Tab) Weight() Weight {
	t.tb.Helper()
	t.settle()
	elements := Evaluate[int](t, "document.getElementsByTagName('*').length")
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.weight
	w.Elements = elements
	return w
}

// weigh takes the events of the network.
func (t *Tab) weigh(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		t.weight.Requests++
		if e.Type == network.ResourceTypeDocument {
			t.documents[e.RequestID] = true
		}
	case *network.EventResponseReceived:
		if r := e.Response.Timing; r != nil && e.Type == network.ResourceTypeDocument {
			t.weight.FirstByte = time.Duration((r.ReceiveHeadersStart - r.SendEnd) * float64(time.Millisecond))
		}
	case *network.EventLoadingFinished:
		t.weight.Bytes += int64(e.EncodedDataLength)
	}
}
