package cli_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/cli"
	"tandem/internal/inbox"
	"tandem/internal/sim/loopback"
	"tandem/internal/store"
	"tandem/internal/work"
)

const (
	hookWord = "the-secret-of-the-form"
	hookMail = "ana@acme.example"
	hookSays = "the export drops rows"
)

// forms is a folder with a file of one issue and a form that sends its answers,
// taken by what answers at /hooks/ in a daemon.
type forms struct {
	testing.TB

	folder string
	log    bytes.Buffer
	db     *store.Store
	take   http.Handler
}

// settings writes tandem.yaml; at is the field of the time.
func (f *forms) settings(at string) {
	f.Helper()
	f.write("tandem.yaml", fmt.Sprintf(`instance: acme
store: "sqlite:%[1]s/tandem.db"
write: observe
every: 1s
listen: %[3]s
webhooks: {listen: "127.0.0.1:0", public_url: "https://hooks.acme.example"}
rules: [rules.yaml]
connectors:
  board: {kind: file, items: "%[1]s/board.csv"}
  forms:
    kind: webhook
    verify: {kind: hmac_sha256, header: X-Signature, signs: timestamp_dot_body, timestamp: {header: X-Time}, secret: {file: "%[1]s/secret"}}
    delivery: {id: delivery, event: event}
    yields: feedback
    records: answer
    fields: {id: id, at: %[2]s, text: text, person: email, person_keys.email: email, account: account, links: about, method: {value: request}}
`, f.folder, at, loopback.Address(f)))
}

func (f *forms) write(name, text string) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.folder, name), []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
}

func newForms(tb testing.TB) *forms {
	tb.Helper()
	f := &forms{TB: tb, folder: tb.TempDir()}
	f.write("secret", hookWord)
	f.write("rules.yaml", "fields: {}\n")
	f.write("board.csv", "id,key,title,kind,status\n1,B-1,Export drops rows,bug,todo\n")
	f.settings("at")
	f.listen()
	return f
}

// listen opens the store and takes deliveries, as a daemon does.
func (f *forms) listen() {
	f.Helper()
	settings, _, found := config.Load(filepath.Join(f.folder, "tandem.yaml"), nil)
	if err := found.Err(); err != nil {
		f.Fatal(err)
	}
	boxes := map[string]connectors.Mailbox{}
	for _, c := range settings.Connectors {
		d, _ := all.Lookup(c.Kind)
		instance, problems := d.New(c.Name, c.Decode)
		if err := c.Diagnose(problems).Err(); err != nil {
			f.Fatal(err)
		}
		live, err := instance.Open(f.Context(), connectors.Env{Name: c.Name, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			f.Fatal(err)
		}
		if live.Mailbox != nil {
			boxes[c.Name] = live.Mailbox
		}
	}
	var err error
	if f.db, err = store.Open(f.Context(), settings.Store, "acme", store.Options{}); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = f.db.Close() })
	f.take = inbox.Handler(inbox.Config{
		Mailboxes: boxes, Store: f.db, Wake: func() {}, MaxBody: 4096,
		Log: slog.New(slog.NewTextHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
}

// killed ends the process without a word: what is on the disk at that moment
// is all that the next one finds.
func (f *forms) killed() {
	f.Helper()
	next := f.TempDir()
	for _, name := range []string{"tandem.db", "tandem.db-wal", "secret", "rules.yaml", "board.csv"} {
		raw, err := os.ReadFile(filepath.Join(f.folder, name))
		if err != nil {
			f.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(next, name), raw, 0o600); err != nil {
			f.Fatal(err)
		}
	}
	f.folder = next
	f.settings("at")
}

// answer is a delivery.
func answer(delivery, id, at, text string) string {
	return fmt.Sprintf(`{"delivery":%q,"event":"answered","answer":{"id":%q,%s,"text":%q,"email":%q,"account":"Acme","about":"board:B-1"}}`, delivery, id, at, text, hookMail)
}

// post delivers a body that was signed at a moment, for what was signed.
func (f *forms) post(body, signed string, at time.Time) int {
	f.Helper()
	stamp := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, []byte(hookWord))
	mac.Write([]byte(stamp + "." + signed))
	r := httptest.NewRequestWithContext(f.Context(), http.MethodPost, inbox.Path("forms"), strings.NewReader(body))
	r.Header.Set("X-Signature", hex.EncodeToString(mac.Sum(nil)))
	r.Header.Set("X-Time", stamp)
	w := httptest.NewRecorder()
	f.take.ServeHTTP(w, r)
	return w.Code
}

// tandem types a command.
func (f *forms) tandem(args ...string) string {
	f.Helper()
	var out bytes.Buffer
	code := cli.Main(f.Context(), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out}, "test", append(args, "--config", filepath.Join(f.folder, "tandem.yaml")))
	return fmt.Sprintf("%s[%d]", out.String(), code)
}

// says runs a command that must say some things, and not others ("!").
func (f *forms) says(command string, want ...string) {
	f.Helper()
	said := f.tandem(strings.Fields(command)...)
	for _, w := range want {
		if not, ok := strings.CutPrefix(w, "!"); ok == strings.Contains(said, not) && (ok || !strings.Contains(said, w)) {
			f.Errorf("%s: want %q in\n%s", command, w, said)
		}
	}
}

// heard returns what the store has, by id.
func (f *forms) heard() map[string]work.Feedback {
	f.Helper()
	db, err := store.OpenReadOnly(f.Context(), "sqlite:"+filepath.Join(f.folder, "tandem.db"), "acme", store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	rows := map[string]work.Feedback{}
	for row, err := range db.Feedback(f.Context()) {
		if err != nil {
			f.Fatal(err)
		}
		rows[row.ID] = row
	}
	return rows
}

func TestADeliveryIsEvidenceAfterAKill(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	now := time.Now()
	at := fmt.Sprintf(`"at":%q`, now.Add(-time.Hour).UTC().Format(time.RFC3339))
	body := answer("d1", "a1", at, hookSays)
	for name, c := range map[string]struct {
		body, signed string
		at           time.Time
		want         int
	}{
		"another body is signed": {body, body + " ", now, http.StatusUnauthorized},
		"an old time":            {body, body, now.Add(-10 * time.Minute), http.StatusUnauthorized},
		"no JSON":                {hookSays, hookSays, now, http.StatusBadRequest},
		"too large":              {body + strings.Repeat(" ", 5000), body, now, http.StatusRequestEntityTooLarge},
	} {
		if got := f.post(c.body, c.signed, c.at); got != c.want {
			t.Errorf("%s: status %d, want %d", name, got, c.want)
		}
	}
	if parcels, err := f.db.Parcels(t.Context(), "forms", 10); err != nil || len(parcels) > 0 {
		t.Fatalf("refused and stored: %v, %v", parcels, err)
	}
	for range 2 { // the tool did not hear the first answer
		if got := f.post(body, body, now); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
	}
	f.killed()
	f.says("status", "forms  deliveries  none came yet", "0 feedback rows")
	f.says("run --once", "[0]")
	f.says("explain board:B-1", "1 signal from 1 account, 1 person", "!"+hookMail)
	f.says("run --once", "[0]")
	f.says("status", "1 feedback row", "deliveries  the last one came", "!never read", "!was last read")
	if row := f.heard()["a1"]; row.Text != hookSays || row.Person == "" || strings.Contains(fmt.Sprintf("%+v", row), hookMail) {
		t.Errorf("stored: %+v", row)
	}
	if strings.Contains(f.log.String(), hookSays) || strings.Contains(f.log.String(), hookMail) || strings.Contains(f.log.String(), hookWord) {
		t.Errorf("the log tells what a body holds:\n%s", f.log.String())
	}
}

func TestAnAnswerEditedLaterTakesThePlaceAndAMistakeIsMended(t *testing.T) {
	t.Parallel()
	f := newForms(t)
	at := fmt.Sprintf(`"at":%q`, time.Now().Add(-time.Hour).UTC().Format(time.RFC3339))
	for _, body := range []string{
		answer("d1", "a1", at, hookSays), answer("d2", "a1", at, "it drops columns"),
		answer("d3", "a2", strings.Replace(at, "at", "when", 1), "it drops headers"),
	} {
		if got := f.post(body, body, time.Now()); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
	}
	f.killed()
	f.says("run --once", "[0]")
	f.says("status", "1 feedback row", "Set aside (1)", "delivery d3", "at: nobody knows when this was said")
	f.says("explain board:B-1", "1 signal")
	if row := f.heard()["a1"]; row.Text != "it drops columns" {
		t.Errorf("stored: %+v", row)
	}
	f.says("run --once", "[0]")
	f.says("status", "1 feedback row", "Set aside (1)")
	f.settings("{paths: [at, when]}")
	ctx, cancel := context.WithCancel(t.Context()) // a daemon looks through them too, though nothing new comes
	log, ended := &safeBuffer{}, make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: log, Err: log}, "test", []string{"run", "--config", filepath.Join(f.folder, "tandem.yaml")})
	}()
	if !until(func() bool { return len(f.heard()) == 2 }) {
		t.Errorf("it is not read again:\n%s", log)
	}
	cancel()
	<-ended
	f.says("status", "2 feedback rows", "!Set aside", "!delivery d3")
}
