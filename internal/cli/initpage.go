package cli

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/internal/api"
	"tandem/internal/store"
	"tandem/internal/web"
	"tandem/internal/web/firsthour"
	"tandem/internal/web/signin"
)

// tour is init on a page: the same steps as at a terminal, each tried on a copy
// of what was answered before. A mistake leaves what was right as it was.
type tour struct {
	// folder holds drafts and pasted tokens until the end; nobody else reads it.
	folder string
	render func(w http.ResponseWriter, title string, body template.HTML, status int)

	mu      sync.Mutex
	i       *initiation // never changed, but for another
	reached int         // the last step that can be gone to
	job     *job
	wrong   string // what did not work, told on the next page
	preview firsthour.Preview
	done    firsthour.Done
	pasted  int
}

// empty reports whether no flag answers anything.
func (w answers) empty() bool {
	return w.dir == "." && !w.yes && w.url+w.deployment+w.email+w.cloudID+w.tokenEnv+w.tokenFile+w.githubURL+w.githubTokenEnv+w.githubTokenTo == "" &&
		len(w.projects)+len(w.repositories) == 0
}

// offerPage asks whether to go on in the browser.
func (i *initiation) offerPage() (bool, error) {
	answer := ""
	err := i.ask.text(&answer, question{"Go on here, or on a page in your browser", "--page", "here", "here or page"})
	return strings.HasPrefix(strings.ToLower(answer), "p"), err
}

// onPage serves the steps until it is interrupted.
func (i *initiation) onPage(ctx context.Context, open bool) error {
	folder, err := os.MkdirTemp("", "tandem-init-")
	if err != nil {
		return fmt.Errorf("start the page: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // drafts
	guests, err := store.Open(ctx, "sqlite:"+filepath.Join(folder, "guests.db"), "init", store.Options{})
	if err != nil {
		return fmt.Errorf("start the page: %w", err)
	}
	defer func() { _ = guests.Close() }() // it goes with the folder
	log := slog.New(slog.DiscardHandler)
	pages, err := web.New(web.Config{Who: signin.WhoOf, Token: signin.TokenOf, Instance: "first hour", Version: i.version, Log: log, Now: time.Now})
	if err != nil {
		return err
	}
	listener, err := api.Address{Listen: "127.0.0.1:0"}.Open(ctx)
	if err != nil {
		return err
	}
	gate, err := signin.New(signin.Config{
		Listen: listener.Addr().String(), Assets: []string{web.AssetBase}, Store: guests, PersonOf: func(string) string { return "" },
		Render: pages.Outside, Log: log, Now: time.Now,
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	first := *i
	first.ask = &asker{p: i.ask.p, closed: true, mute: true}
	t := &tour{i: &first, folder: folder, render: pages.Outside}
	defer t.end()
	face := served{listener.Addr().String(), gate, api.Serve(ctx, listener, gate.Wrap(t.handler(pages)), log)}
	defer face.stop()
	i.welcome(ctx, i.ask.p, "Open the page with the steps; the link works once, within an hour:", face, open)
	if i.ask.p.err != nil {
		return i.ask.p.err
	}
	<-ctx.Done()
	return nil
}

func (t *tour) handler(assets http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+web.AssetBase, assets)
	mux.Handle("GET /{$}", http.RedirectHandler("/connect", http.StatusSeeOther))
	for n, s := range steps() {
		mux.HandleFunc("GET "+s.path, func(w http.ResponseWriter, r *http.Request) {
			t.mu.Lock()
			defer t.mu.Unlock()
			switch {
			case t.job != nil:
				http.Redirect(w, r, "/working", http.StatusSeeOther)
			case n > t.reached:
				http.Redirect(w, r, steps()[t.reached].path, http.StatusSeeOther)
			default:
				t.show(w, r, n, http.StatusOK)
			}
		})
	}
	for path, act := range map[string]func(*tour, *http.Request) (next string, err error){
		"/connect": (*tour).connect, "/choose": (*tour).choose, "/fields": (*tour).fields, "/write": (*tour).write, "/stop": (*tour).stop,
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			t.mu.Lock()
			defer t.mu.Unlock()
			next, err := act(t, r)
			if err != nil {
				t.wrong = onPage(err)
				t.show(w, r, max(0, slices.IndexFunc(steps(), func(s step) bool { return s.path == path || s.act == path })), http.StatusUnprocessableEntity)
				return
			}
			http.Redirect(w, r, next, http.StatusSeeOther)
		})
	}
	mux.HandleFunc("GET /working", t.working)
	return mux
}

// step is a page of the tour.
type step struct {
	path, act, name, title string
	data                   func(*tour, *http.Request) any
}

func steps() []step {
	return []step{
		{"/connect", "", "Connect", "Connect Tandem", (*tour).connectData},
		{"/choose", "", "Choose", "What shall Tandem read?", (*tour).chooseData},
		{"/fields", "", "Fields", "Where each field stands", (*tour).fieldsData},
		{"/preview", "/write", "Preview", "What Tandem would do", (*tour).previewData},
		{"/done", "", "Done", "Written", (*tour).doneData},
	}
}

// show writes a step's page. What was typed is kept, but for tokens.
func (t *tour) show(w http.ResponseWriter, r *http.Request, n, status int) {
	s := steps()[n]
	t.put(w, r, s.title, strings.TrimPrefix(s.path, "/"), n, s.data(t, r), status)
}

func (t *tour) put(w http.ResponseWriter, r *http.Request, title, name string, here int, data any, status int) {
	f := firsthour.Frame{CSRF: signin.TokenOf(r.Context()), Wrong: t.wrong, Data: data}
	t.wrong = ""
	for k, s := range steps() {
		f.Steps = append(f.Steps, firsthour.Step{Path: s.path, Name: s.name, Here: k == here, Open: k <= t.reached && t.job == nil})
	}
	body, err := firsthour.Body(name, f)
	if err != nil {
		http.Error(w, "this page could not be made; please report it", http.StatusInternalServerError)
		return
	}
	t.render(w, title, body, status)
}

// onPage says a mistake as a page does: it knows no flags.
func onPage(err error) string {
	return strings.NewReplacer(
		" (--jira-token-env names another)", ", or paste the token here", " (--github-token-env names another)", ", or paste the token here", " with --dir", "",
		"--jira-token-env", "the token", "--jira-token-file", "the token", "--github-token-env", "the token", "--github-token-file", "the token",
		"--jira-url", "the address", "--github-url", "the address", "--jira-email", "the e-mail address", "--jira-cloud-id", "the id of the site", "--deployment", "the deployment",
		"--github-repositories", "the repositories", "--projects", "the projects", "--dir", "the folder",
	).Replace(err.Error())
}
