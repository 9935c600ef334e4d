package signin

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/internal/door"
	"tandem/internal/secret"
	"tandem/internal/work"
)

// Sessions keep who signed in, for all nodes.
type Sessions interface {
	Session(ctx context.Context, hash string) (work.Session, bool, error)
	BeginSession(ctx context.Context, w work.Session, former string) (unsent bool, err error)
	SeeSession(ctx context.Context, hash string, at time.Time) error
	EndSession(ctx context.Context, hash string) error
	DropSession(ctx context.Context, hash string) error
}

// Drafts keep what somebody wanted to send when the session was over.
type Drafts interface {
	KeepUnsent(ctx context.Context, hash, text string) error
	Unsent(ctx context.Context, hash string) (string, error)
}

// Store is what a gate reads and writes.
type Store interface {
	Sessions
	Drafts
}

// Config is what a gate is made of.
type Config struct {
	// PublicURL is how browsers reach the pages; empty where they do at Listen.
	PublicURL string
	// Listen is the address that the pages are served at, and Hosts are further
	// names that a proxy in front answers to.
	Listen string
	Hosts  []string
	// Token is that of the single admin; not set where there is none.
	Token secret.Secret
	// OIDC is the issuer that people sign in at; nil where there is none.
	OIDC *OIDC
	// Links show pages to people without sign-in.
	Links []Link
	// Assets are the beginnings of paths that anybody may read: style and script.
	Assets []string

	Store Store
	// PersonOf names a person as the rules do, by e-mail address; empty where
	// nobody has it.
	PersonOf func(email string) string
	// Render puts a page of the gate into the layout of all pages; a plain page
	// where it is nil.
	Render func(w http.ResponseWriter, title string, body template.HTML, status int)
	// Transport carries requests to the issuer; the network where it is nil.
	Transport http.RoundTripper
	Log       *slog.Logger
	Now       func() time.Time
}

// Gate lets people in.
type Gate struct {
	Config

	secure bool     // public_url is https
	hosts  []string // Hosts, and that of public_url
	texts  *template.Template
	own    *http.ServeMux
	origin *http.CrossOriginProtection
	issuer *issuer // nil where there is none
	admin  *door.Keyring
	links  *door.Keyring
	once   *vouchers
	// failed are wrong tokens and links, by address; asked are ways to the issuer.
	failed, asked *door.Limiter
}

// ErrStart is why a gate does not start: a secret is missing, short, or two are
// the same.
var ErrStart = errors.New("sign-in")

// New returns a gate. It refuses secrets that could be guessed, and asks nobody:
// an issuer that is down is told to whoever signs in.
func New(c Config) (*Gate, error) {
	g := &Gate{
		Config: c, texts: templates(), origin: http.NewCrossOriginProtection(), once: newVouchers(c.Now), hosts: slices.Clone(c.Hosts),
		failed: door.NewLimiter(c.Now, 0.2, 20), asked: door.NewLimiter(c.Now, 5, 100),
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("%w: web.public_url is no web address; write https://HOST", ErrStart)
		}
		g.secure = u.Scheme == "https"
		g.hosts = append(g.hosts, u.Hostname())
		if err := g.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("%w: web.public_url: %w", ErrStart, err)
		}
	}
	var errs []error
	if c.Token.Set() {
		var err error
		g.admin, err = door.NewKeyring([]door.Key{{At: "web.token", Token: c.Token}}, c.Now, c.Log)
		errs = append(errs, err)
	}
	var err error
	g.links, err = door.NewKeyring(keysOf(c.Links), c.Now, c.Log)
	errs = append(errs, err)
	if c.OIDC != nil {
		g.issuer = newIssuer(c)
		if _, err := c.OIDC.ClientSecret.Reveal(); err != nil {
			errs = append(errs, fmt.Errorf("web.oidc.client_secret: %w", err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	g.own = g.paths()
	return g, nil
}

// Ready asks the issuer for its description, so that a log can say at start what
// is wrong with it. Without an issuer all is well.
func (g *Gate) Ready(ctx context.Context) error {
	if g.issuer == nil {
		return nil
	}
	_, err := g.issuer.discover(ctx)
	return err
}

// configured reports whether there is any way in.
func (g *Gate) configured() bool { return g.admin != nil || g.issuer != nil || g.once.given() }

// The paths of the gate.
const (
	pathIn      = "/signin"
	pathStart   = "/signin/start"
	pathBack    = "/signin/back"
	pathOut     = "/signout"
	pathUnsent  = "/signin/unsent"
	pathDiscard = "/signin/discard"
	pathLeave   = "/signin/end"
	pathLeft    = "/signin/ended"
)

func (g *Gate) paths() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pathIn, g.showSignIn)
	mux.HandleFunc("POST "+pathIn, g.takeToken)
	mux.HandleFunc("GET "+pathStart, g.start)
	mux.HandleFunc("GET "+pathBack, g.back)
	mux.HandleFunc("GET "+pathLeave, g.leave)
	mux.HandleFunc("GET "+pathLeft, g.left)
	mux.HandleFunc("GET "+pathUnsent, g.showUnsent)
	mux.HandleFunc("POST "+pathDiscard, g.discard)
	mux.HandleFunc("POST "+pathOut, g.signOut)
	return mux
}

// Wrap lets requests through to pages that may be answered, with who asks in
// their context.
func (g *Gate) Wrap(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.setHeaders(w, r)
		switch {
		case !door.AnswersTo(r.Host, g.Listen, g.hosts):
			g.refuse(w, http.StatusMisdirectedRequest, refusal{
				Title: "Nobody of this name answers here", Text: "Tandem was asked for by a name that is not its own.",
				Remedy: "Ask for localhost, or add the name to api: {hosts: […]} or web: {public_url: …} in tandem.yaml.",
			})
		case g.isAsset(r):
			pages.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, LinkPath):
			g.byLink(w, r, pages)
		case !g.configured():
			g.showOff(w)
		case r.URL.Path == pathIn || r.URL.Path == pathOut || strings.HasPrefix(r.URL.Path, pathIn+"/"):
			g.serveOwn(w, r)
		default:
			g.bySession(w, r, pages)
		}
	})
}

func (g *Gate) isAsset(r *http.Request) bool {
	return reads(r) && slices.ContainsFunc(g.Assets, func(prefix string) bool { return strings.HasPrefix(r.URL.Path, prefix) })
}

// reads reports whether a request changes nothing.
func reads(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// maxBody is the largest body that is taken.
const maxBody = 1 << 20

// serveOwn answers on the paths of the gate.
func (g *Gate) serveOwn(w http.ResponseWriter, r *http.Request) {
	if _, pattern := g.own.Handler(r); pattern == "" {
		g.refuse(w, http.StatusNotFound, refusal{Title: "Not found", Text: "Nothing answers here.", Remedy: "Begin at the first page."})
		return
	}
	if err := g.origin.Check(r); err != nil {
		g.refuseOrigin(w)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	g.own.ServeHTTP(w, r)
}

func (g *Gate) refuseOrigin(w http.ResponseWriter) {
	g.refuse(w, http.StatusForbidden, refusal{
		Title: "This came from another site", Text: "Nothing was done: a page elsewhere sent this form, not a page of Tandem.",
		Remedy: "Open the page here and send it from there. Where a proxy stands in front, write its address to web: {public_url: …} in tandem.yaml.",
	})
}

// bySession lets in whoever signed in.
func (g *Gate) bySession(w http.ResponseWriter, r *http.Request, pages http.Handler) {
	v, err := g.visitorOf(r)
	switch {
	case err != nil:
		g.Log.Error("a session could not be read", "err", err)
		g.refuse(w, http.StatusServiceUnavailable, refusal{
			Title: "Nothing can be shown now", Text: "It could not be looked up who you are.", Remedy: "Try again. The log of the daemon says what failed.",
		})
	case v.live() && reads(r):
		pages.ServeHTTP(w, r.WithContext(with(r.Context(), v)))
	case v.live():
		g.receive(w, r, v, pages)
	case reads(r) && navigates(r):
		http.Redirect(w, r, pathIn+"?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	case reads(r):
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte("sign in again\n")) // the client has gone
	default:
		g.keepUnsent(w, r, v)
	}
}

// navigates reports whether a person looks at the answer, and no script.
func navigates(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return mode == "" || mode == "navigate"
}

// setHeaders sets what every answer says. Pages may set Cache-Control anew.
func (g *Gate) setHeaders(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if r.TLS != nil || g.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
