package inbox_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tandem/connectors"
	"tandem/internal/inbox"
)

// box takes what is signed, as a survey tool would sign it.
type box struct{}

// Accept proves the signature.
func (box) Accept(h http.Header, body []byte) (connectors.Parcel, error) {
	if err := connectors.CheckSignature(h, "X-Hub-Signature", hookSecret, body); err != nil {
		return connectors.Parcel{}, err
	}
	if !strings.HasPrefix(string(body), "{") {
		return connectors.Parcel{}, fmt.Errorf("%w: no JSON", connectors.ErrUnreadable)
	}
	return connectors.Parcel{ID: connectors.DeliveryID(h, "X-Atlassian-Webhook-Identifier", body), Event: "answer", Body: body}, nil
}

// Unpack is not asked for here.
func (box) Unpack(connectors.Parcel) connectors.Page { return connectors.Page{} }

func TestADeliveryThatIsTheDataItselfIsStoredWholeBeforeItIsAnswered(t *testing.T) {
	d := open(t, 0)
	d.handler = inbox.Handler(inbox.Config{
		Mailboxes: map[string]connectors.Mailbox{"jira": box{}}, Store: d.db, Wake: func() { d.woken++ }, Log: slog.New(slog.NewTextHandler(d.log, nil)),
	})
	body := `{"answer":"` + private + `"}`
	for range 2 {
		if got := d.post(body, sign(body), "d1"); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
	}
	parcels, err := d.db.Parcels(t.Context(), "jira", 10)
	if err != nil || len(parcels) != 1 || string(parcels[0].Body) != body || d.woken != 1 {
		t.Errorf("stored %v, %v; woken %d times", parcels, err, d.woken)
	}
	for name, refused := range map[string]struct {
		body, signature string
		want            int
	}{
		"a wrong signature": {body, sign("other"), http.StatusUnauthorized},
		"no JSON":           {"<html>", sign("<html>"), http.StatusBadRequest},
	} {
		if got := d.post(refused.body, refused.signature, name); got != refused.want {
			t.Errorf("%s: status %d, want %d", name, got, refused.want)
		}
	}
	if strings.Contains(d.log.String(), private) {
		t.Error("the log tells what a body holds")
	}
}

func TestAMailboxThatCannotStoreLetsTheSenderTryAgain(t *testing.T) {
	h := inbox.Handler(inbox.Config{
		Mailboxes: map[string]connectors.Mailbox{"jira": box{}}, Store: broken{}, Log: slog.New(slog.DiscardHandler),
		Wake: func() { t.Error("woken for nothing") },
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request(t.Context(), http.MethodPost, "/hooks/jira", "{}", sign("{}"), "d1"))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, header %v", w.Code, w.Header())
	}
}
