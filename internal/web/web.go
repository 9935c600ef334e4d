package web

import (
	"context"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"tandem/internal/view"
)

// Config is what the pages are made of.
type Config struct {
	Desk *view.Desk
	// Who tells who is signed in, and Token the token that this person's forms
	// carry. Whoever is not signed in does not get here: the gate in front sees
	// to that.
	Who   func(ctx context.Context) (view.Who, bool)
	Token func(ctx context.Context) string
	// Shared tells through which link somebody looks who did not sign in; nil
	// where there are no links.
	Shared func(ctx context.Context) (Link, bool)
	// Instance is the name of this installation, in the head of every page.
	Instance, Version string
	Log               *slog.Logger
	Now               func() time.Time
}

// Web answers with pages.
type Web struct {
	Config

	mux    *http.ServeMux
	assets assets
	bodies map[string]*template.Template
	prose  prose
	// streams has a place for each page that is told of changes.
	streams chan struct{}
	// closing is closed when the pages end.
	closing chan struct{}
}

// New returns the pages. It fails where a template is wrong, which a test sees.
func New(c Config) (*Web, error) {
	w := &Web{
		Config: c, mux: http.NewServeMux(), prose: newProse(), streams: make(chan struct{}, mostStreams), closing: make(chan struct{}),
	}
	var err error
	if w.assets, err = readAssets(); err != nil {
		return nil, fmt.Errorf("start the pages: %w", err)
	}
	if w.bodies, err = w.parse(); err != nil {
		return nil, fmt.Errorf("start the pages: %w", err)
	}
	w.mux.HandleFunc("GET "+AssetBase, w.assets.serve)
	w.mux.HandleFunc("GET /health/events", w.events)
	for _, p := range w.pages() {
		w.mux.Handle("GET "+p.path, w.shown(p))
	}
	for _, d := range w.downloads() {
		w.mux.Handle("GET "+d.path, w.downloaded(d))
	}
	for _, a := range w.acts() {
		w.mux.Handle("POST "+a.path, w.done(a))
	}
	return w, nil
}

// Close ends what would go on for ever: pages are told of no changes any more.
func (w *Web) Close() { close(w.closing) }

// ServeHTTP answers a request.
func (w *Web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if _, pattern := w.mux.Handler(r); pattern == "" {
		w.stray(rw, r)
		return
	}
	w.mux.ServeHTTP(rw, r)
}
