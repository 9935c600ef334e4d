package signin_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/secret"
	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/web/signin"
	"tandem/internal/work"
)

// adminToken is that of the settings.
const adminToken = "0123456789abcdef0123456789abcdef-admin"

// clock is one that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// noted is a log that can be read while it is written.
type noted struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *noted) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *noted) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// world is an issuer, a store and one node or more.
type world struct {
	t      *testing.T
	clock  *clock
	issuer *issuerSim
	store  *store.Store
	log    *noted
}

// node serves pages behind a gate.
type node struct {
	*httptest.Server

	gate *signin.Gate
	mu   sync.Mutex
	sent []string // forms that reached the pages
}

// shared is the store of all tests that do not look into its rows: making one
// takes a while.
type shared struct {
	folder string
	store  *store.Store
}

var one = sync.OnceValues(func() (shared, error) {
	folder, err := os.MkdirTemp("", "signin")
	if err != nil {
		return shared{}, err
	}
	s, err := store.Open(context.Background(), "sqlite:"+filepath.Join(folder, "tandem.db"), "acme-test", store.Options{})
	return shared{folder, s}, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if s, err := one(); err == nil {
		_ = s.store.Close()
		_ = os.RemoveAll(s.folder)
	}
	os.Exit(code)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, err := one()
	if err != nil {
		t.Fatal(err)
	}
	return worldOf(t, s.store)
}

// newWorldAlone has a store of its own, whose rows it looks at.
func newWorldAlone(t *testing.T) *world {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"), "acme-test", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return worldOf(t, s)
}

func worldOf(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: time.Now().Truncate(time.Second)}, log: &noted{}, store: s}
	w.issuer = newIssuer(t, w.clock.now)
	return w
}

func grants() []signin.Grant {
	return []signin.Grant{
		{Group: "tandem-admins", Role: view.Admin, Audience: work.Restricted},
		{Group: "product", Role: view.Approver, Audience: work.Public},
		{Group: "leads", Role: view.Viewer, Audience: work.Internal},
	}
}

// oidc is how the settings name the issuer.
func (w *world) oidc() *signin.OIDC {
	return &signin.OIDC{Issuer: w.issuer.URL, ClientID: "tandem", ClientSecret: secret.FromText(clientSecret), GroupsClaim: "groups", Grants: grants(), SignOut: true}
}

// node starts one, configured for the issuer and as change says.
func (w *world) node(change func(*signin.Config)) *node {
	w.t.Helper()
	n := &node{}
	n.Server = httptest.NewUnstartedServer(nil)
	c := signin.Config{
		PublicURL: "http://" + n.Listener.Addr().String(), Listen: n.Listener.Addr().String(), OIDC: w.oidc(), Store: w.store,
		PersonOf: func(email string) string { return map[string]string{"ana@acme.example": "ana"}[email] },
		Assets:   []string{"/assets/"}, Now: w.clock.now, Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&c)
	}
	gate, err := signin.New(c)
	if err != nil {
		w.t.Fatal(err)
	}
	n.gate = gate
	n.Config.Handler = gate.Wrap(http.HandlerFunc(n.page))
	n.Start()
	w.t.Cleanup(n.Close)
	return n
}

// page tells who looks at it, and notes what is sent.
func (n *node) page(w http.ResponseWriter, r *http.Request) {
	who, ok := signin.WhoOf(r.Context())
	if r.Method == http.MethodPost {
		n.mu.Lock()
		n.sent = append(n.sent, r.URL.Path+" "+r.PostFormValue("reason"))
		n.mu.Unlock()
	}
	_, _ = fmt.Fprintf(w, "page %s of %q, %s, %s, person %q, known %t; csrf=%s;", r.URL.RequestURI(), who.Name, who.Role, who.Audience, who.Person, ok, signin.TokenOf(r.Context()))
}

func (n *node) received() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.sent)
}

// browser is one person's, with its cookies. It asks every node under one name,
// as a proxy in front would let it.
type browser struct {
	t      *testing.T
	client *http.Client
	jar    *cookiejar.Jar
	path   []string // of the last request, with redirects
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, jar: jar}
	b.client = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		b.path = append(b.path, r.URL.Path)
		return nil
	}}
	return b
}

// reply is what a browser got.
type reply struct {
	status int
	text   string
	header http.Header
	at     string
}

func (b *browser) do(r *http.Request) reply {
	b.t.Helper()
	b.path = []string{r.URL.Path}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{resp.StatusCode, string(body), resp.Header, resp.Request.URL.RequestURI()}
}

func (b *browser) request(method, address string, body io.Reader, headers ...string) *http.Request {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, address, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func (b *browser) get(address string, headers ...string) reply {
	b.t.Helper()
	return b.do(b.request(http.MethodGet, address, nil, headers...))
}

func (b *browser) post(address string, form url.Values, headers ...string) reply {
	b.t.Helper()
	r := b.request(http.MethodPost, address, strings.NewReader(form.Encode()), headers...)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// cookie returns the value of the session's cookie; empty where there is none.
func (b *browser) cookie(n *node) string {
	b.t.Helper()
	u, err := url.Parse(n.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.jar.Cookies(u) {
		if c.Name == "tandem" {
			return c.Value
		}
	}
	return ""
}

// setCookie puts one into the browser.
func (b *browser) setCookie(n *node, name, value string) {
	b.t.Helper()
	u, err := url.Parse(n.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	b.jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// follow goes a redirect one step only.
func (b *browser) step(address string) (status int, to string) {
	b.t.Helper()
	old := b.client.CheckRedirect
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { b.client.CheckRedirect = old }()
	got := b.get(address)
	return got.status, got.header.Get("Location")
}

// csrf finds the token of forms on a page.
func (r reply) csrf(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`(?:csrf=|name="csrf" value=")([\w-]+)`).FindStringSubmatch(r.text)
	if found == nil {
		t.Fatalf("no token on the page: %s", r.text)
	}
	return found[1]
}

// wants checks a page for its status and for words.
func (r reply) wants(t *testing.T, status int, words ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d: %s", r.status, status, r.text)
	}
	text := html.UnescapeString(r.text)
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("the page does not say %q:\n%s", word, text)
		}
	}
}

func newTLS(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	return s
}
