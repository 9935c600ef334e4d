package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/view"
)

// health shows how Tandem is.
func (v *visit) health() (content, error) {
	h, err := v.see.Health()
	if err != nil {
		return content{}, err
	}
	return content{title: "Health", body: "health.html", data: h}, nil
}

// The rhythm of live pages.
const (
	lookEvery = 2 * time.Second
	beatEvery = 15 * time.Second
	// lifeOfStream is how long a page is told what changed before its browser asks
	// anew, so that a session that ended is noticed.
	lifeOfStream = 5 * time.Minute
	// sendTime is how long a browser may take to receive a part.
	sendTime = 20 * time.Second
)

// mostStreams is how many pages are told of changes at a time.
const mostStreams = 64

// events tells a page what changed, as server-sent events, until the page or
// the daemon goes.
func (w *Web) events(rw http.ResponseWriter, r *http.Request) {
	v, ok := w.visit(rw, r)
	if !ok {
		return
	}
	select {
	case w.streams <- struct{}{}:
		defer func() { <-w.streams }()
	default:
		rw.Header().Set("Retry-After", "30")
		http.Error(rw, "too many pages are told of changes already; load the page again instead", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), lifeOfStream)
	defer cancel()
	h := rw.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // proxies hold small answers back otherwise
	w.stream(ctx, rw, v)
}

// stream sends the part of the page when it is another one, and a sign of life
// in between.
func (w *Web) stream(ctx context.Context, rw http.ResponseWriter, v *visit) {
	out := http.NewResponseController(rw)
	send := func(text string) bool {
		_ = out.SetWriteDeadline(time.Now().Add(sendTime)) // one that has none sends without
		if _, err := rw.Write([]byte(text)); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	look, beat := time.NewTicker(lookEvery), time.NewTicker(beatEvery)
	defer look.Stop()
	defer beat.Stop()
	last, shown := int64(-1), ""
	for ok := send("retry: 5000\n\n"); ok; {
		select {
		case <-ctx.Done():
			return
		case <-w.closing:
			return
		case <-beat.C:
			last = -1 // times have passed, too
			ok = send(":\n\n")
		case <-look.C:
			version, part, err := v.part(ctx, last)
			switch {
			case err != nil:
				w.Log.Debug("a page is told of no changes any more", "err", err)
				return
			case part != "" && part != shown:
				shown = part
				ok = send(event("part", version, part))
			}
			last = version
		}
	}
}

// part is the part of the page that changes, where anything changed.
func (v *visit) part(ctx context.Context, last int64) (version int64, part string, err error) {
	see := v.web.Desk.Visit(ctx, v.who)
	if version, err = see.Version(); err != nil || version == last {
		return version, "", err
	}
	h, err := see.Health()
	if err != nil {
		return version, "", err
	}
	var b bytes.Buffer
	f := v.frame(content{title: "Health", data: h})
	f.Path = "/health"
	err = v.web.bodies["health.html"].ExecuteTemplate(&b, "live", f)
	return version, b.String(), err
}

// event writes a server-sent event: each line of its data behind its name, as
// the HTML standard has it (9.2.5).
func event(name string, id int64, data string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "event: %s\nid: %d\n", name, id)
	for line := range strings.Lines(data) {
		b.WriteString("data: " + strings.TrimRight(line, "\r\n") + "\n")
	}
	b.WriteByte('\n')
	return b.String()
}

// retry lets an edit that was refused be planned anew.
func (v *visit) retry() (note, string, error) {
	number, err := strconv.ParseInt(v.PostFormValue("letter"), 10, 64)
	if err != nil {
		return note{}, "", view.BadRequest("the form names nothing that was set aside", "open the page Health again")
	}
	if _, err := v.see.Retry(number); err != nil {
		return note{}, "", err
	}
	return note{"good", "It is set aside no longer; the next plan tries again."}, "/health", nil
}

// pause stops all writing.
func (v *visit) pause() (note, string, error) {
	_, err := v.see.Pause(v.PostFormValue("because"))
	return note{"good", "Writing is paused. Reading and deciding go on."}, "/health", err
}

// resume lets Tandem write again.
func (v *visit) resume() (note, string, error) {
	_, err := v.see.Resume()
	return note{"good", "Tandem writes again."}, "/health", err
}
