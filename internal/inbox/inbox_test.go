package inbox_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/inbox"
	"tandem/internal/sim/loopback"
	"tandem/internal/store"
)

const (
	hookSecret = "the-hook-secret"
	private    = "Anna Schmidt asks for a refund"
)

// desk is a store with an inbox for the connector jira.
type desk struct {
	*testing.T

	db      *store.Store
	path    string
	log     *bytes.Buffer
	woken   int
	handler http.Handler
}

func open(t *testing.T, maxBody int64) *desk {
	t.Helper()
	d := &desk{T: t, log: &bytes.Buffer{}, path: filepath.Join(t.TempDir(), "tandem.db")}
	var err error
	if d.db, err = store.Open(t.Context(), "sqlite:"+d.path, "acme", store.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.db.Close() })
	d.handler = inbox.Handler(inbox.Config{
		Inboxes: map[string]connectors.Inbox{"jira": jira(t)}, Store: d.db, Wake: func() { d.woken++ },
		Log: slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})), MaxBody: maxBody,
	})
	return d
}

// jira opens a connector of the real kind, configured as an admin would.
func jira(t *testing.T) connectors.Inbox {
	t.Helper()
	definition, _ := all.Lookup("jira")
	t.Setenv("INBOX_TEST_SECRET", hookSecret)
	t.Setenv("INBOX_TEST_TOKEN", "token")
	instance, problems := definition.New("jira", decoded(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, err := instance.Open(t.Context(), connectors.Env{Name: "jira", Now: time.Now})
	if err != nil || c.Inbox == nil {
		t.Fatalf("inbox %v, %v", c.Inbox, err)
	}
	return c.Inbox
}

func sign(body string) string {
	mac := hmac.New(sha256.New, []byte(hookSecret))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func update(id int) string {
	return fmt.Sprintf(`{"webhookEvent":"jira:issue_updated","issue":{"id":"%d","key":"PAY-%d","fields":{"summary":%q}}}`, id, id, private)
}

func request(ctx context.Context, method, path, body, signature, delivery string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	if signature != "" {
		r.Header.Set("X-Hub-Signature", signature)
	}
	r.Header.Set("X-Atlassian-Webhook-Identifier", delivery)
	return r
}

func (d *desk) post(body, signature, delivery string) int {
	d.Helper()
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, request(d.Context(), http.MethodPost, inbox.Path("jira"), body, signature, delivery))
	if answer := w.Body.String(); strings.Contains(answer, hookSecret) || strings.Contains(answer, private) || strings.Contains(answer, "store") {
		d.Errorf("the answer tells too much: %s", answer)
	}
	return w.Code
}

func (d *desk) hints() []string {
	d.Helper()
	h, err := d.db.Hints(d.Context(), "jira", 100)
	if err != nil {
		d.Fatal(err)
	}
	var ids []string
	for _, r := range h.Refs {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestADeliveryIsStoredBeforeItIsAnswered(t *testing.T) {
	d := open(t, 0)
	if got := d.post(update(7), sign(update(7)), "d1"); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	if got := d.hints(); !slices.Equal(got, []string{"7"}) || d.woken != 1 {
		t.Errorf("hints %v, woken %d times", got, d.woken)
	}
	for range 3 {
		if got := d.post(update(7), sign(update(7)), "d1"); got != http.StatusOK {
			t.Errorf("a repeat: status %d", got)
		}
	}
	if len(d.hints()) != 1 || d.woken != 1 {
		t.Errorf("after repeats: hints %v, woken %d times", d.hints(), d.woken)
	}
}

func TestWhatIsRefused(t *testing.T) {
	d := open(t, 1000)
	large := update(7) + strings.Repeat(" ", 1000)
	cases := []struct {
		name, method, path, body, signature string
		want                                int
	}{
		{"no signature", "POST", "/hooks/jira", update(1), "", http.StatusUnauthorized},
		{"a wrong signature", "POST", "/hooks/jira", update(1), sign(update(2)), http.StatusUnauthorized},
		{"an older method", "POST", "/hooks/jira", update(1), "sha1=00", http.StatusUnauthorized},
		{"no JSON", "POST", "/hooks/jira", "<html>", sign("<html>"), http.StatusBadRequest},
		{"too large", "POST", "/hooks/jira", large, sign(large), http.StatusRequestEntityTooLarge},
		{"a connector without a secret", "POST", "/hooks/github", update(1), sign(update(1)), http.StatusNotFound},
		{"no connector", "POST", "/hooks/", update(1), sign(update(1)), http.StatusNotFound},
		{"another address", "POST", "/", update(1), sign(update(1)), http.StatusNotFound},
		{"a look by a browser", "GET", "/hooks/jira", "", "", http.StatusMethodNotAllowed},
	}
	for _, c := range cases {
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, request(t.Context(), c.method, c.path, c.body, c.signature, "d1"))
		if w.Code != c.want {
			t.Errorf("%s: status %d, want %d", c.name, w.Code, c.want)
		}
	}
	if len(d.hints()) > 0 || d.woken > 0 {
		t.Errorf("stored: %v, woken %d times", d.hints(), d.woken)
	}
	// A refused delivery is not remembered: the same, signed, is taken.
	if got := d.post(update(1), sign(update(1)), "d1"); got != http.StatusOK || len(d.hints()) != 1 {
		t.Errorf("status %d, hints %v", got, d.hints())
	}
}

// The length that is announced is not believed.
func TestABodyThatIsLargerThanItSaysIsRefused(t *testing.T) {
	d := open(t, 1000)
	body := update(7) + strings.Repeat(" ", 5000)
	r := request(t.Context(), http.MethodPost, "/hooks/jira", body, sign(body), "d1")
	r.ContentLength = -1
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge || len(d.hints()) > 0 {
		t.Errorf("status %d, hints %v", w.Code, d.hints())
	}
}

func TestEventsWithoutAnIssueAreTakenAndDoNothing(t *testing.T) {
	d := open(t, 0)
	body := `{"webhookEvent":"sprint_started","sprint":{"id":7}}`
	if got := d.post(body, sign(body), "d1"); got != http.StatusOK || d.woken > 0 {
		t.Errorf("status %d, woken %d times", got, d.woken)
	}
}

// broken is a store that cannot store.
type broken struct{}

// SaveHints fails.
func (broken) SaveHints(context.Context, string, string, []connectors.Hint) (bool, error) {
	return false, errors.New("the disk is full")
}

// SaveParcel fails.
func (broken) SaveParcel(context.Context, string, connectors.Parcel) (bool, error) {
	return false, errors.New("the disk is full")
}

func TestWhatCannotBeStoredIsSentAgain(t *testing.T) {
	h := inbox.Handler(inbox.Config{
		Inboxes: map[string]connectors.Inbox{"jira": jira(t)}, Store: broken{}, Log: slog.New(slog.DiscardHandler),
		Wake: func() { t.Error("woken for nothing") },
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request(t.Context(), http.MethodPost, "/hooks/jira", update(1), sign(update(1)), "d1"))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, header %v", w.Code, w.Header())
	}
}

// What people wrote is neither in the store nor in the log.
func TestNothingOfABodyIsKept(t *testing.T) {
	d := open(t, 0)
	d.post(update(7), sign(update(7)), "d1")
	d.post(update(8), "sha256=00", "d2")
	if err := d.db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range files(t, filepath.Dir(d.path)) {
		for _, secret := range []string{private, hookSecret, "Anna"} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
	if log := d.log.String(); strings.Contains(log, private) || strings.Contains(log, hookSecret) || strings.Contains(log, sign(update(7))[7:]) {
		t.Errorf("the log tells too much:\n%s", log)
	}
}

func TestTheListenerTakesDeliveriesAndEndsWithThem(t *testing.T) {
	d := open(t, 0)
	address := loopback.Address(t)
	began := make(chan struct{})
	stop, err := inbox.Serve(t.Context(), inbox.Address{Listen: address}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		d.handler.ServeHTTP(w, r)
	}), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inbox.Serve(t.Context(), inbox.Address{Listen: address}, d.handler, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "webhooks.listen") {
		t.Errorf("a second listener: %v", err)
	}
	reader, writer := io.Pipe()
	body := update(9)
	var group sync.WaitGroup
	group.Go(func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/hooks/jira", reader)
		if err != nil {
			t.Error(err)
			return
		}
		r.Header.Set("X-Hub-Signature", sign(body))
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("status %d", resp.StatusCode)
		}
	})
	half := len(body) / 2
	_, _ = writer.Write([]byte(body[:half]))
	<-began
	group.Go(stop)
	_, _ = writer.Write([]byte(body[half:]))
	_ = writer.Close()
	group.Wait()
	if got := d.hints(); !slices.Equal(got, []string{"9"}) {
		t.Errorf("hints %v", got)
	}
}

func TestACertificateThatIsNotThereIsToldAtOnce(t *testing.T) {
	d := open(t, 0)
	_, err := inbox.Serve(t.Context(), inbox.Address{Listen: loopback.Address(t), Cert: "none.pem", Key: "none.key"}, d.handler, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "webhooks.tls") {
		t.Errorf("error %v", err)
	}
}

var _ inbox.Store = (*store.Store)(nil)

// slowly is a body that never comes to its end by itself.
type slowly struct{ end chan struct{} }

func (s slowly) Read([]byte) (int, error) {
	<-s.end
	return 0, io.ErrUnexpectedEOF
}

func TestWhoeverSendsLargeBodiesSlowlyKeepsOutNoDelivery(t *testing.T) {
	d := open(t, 0)
	end := make(chan struct{})
	var strangers sync.WaitGroup
	answers := make(chan int, 2*inbox.Readers)
	for range 2 * inbox.Readers {
		strangers.Go(func() {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, inbox.Path("jira"), slowly{end})
			w := httptest.NewRecorder()
			d.handler.ServeHTTP(w, r)
			answers <- w.Code
		})
	}
	for range inbox.Readers { // those that found no place
		if code := <-answers; code != http.StatusServiceUnavailable {
			t.Errorf("a stranger too many got %d", code)
		}
	}
	const body = `{"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"PAY-1"}}`
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, inbox.Path("jira"), strings.NewReader(body))
	r.Header.Set("X-Hub-Signature", sign(body))
	w := httptest.NewRecorder()
	if d.handler.ServeHTTP(w, r); w.Code != http.StatusOK || d.woken != 1 {
		t.Errorf("a delivery meanwhile got %d, woken %d times", w.Code, d.woken)
	}
	close(end)
	strangers.Wait()
}
