package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/secret"
)

const planted = "hunter2-planted"

func TestS11ASecretPrintsAsRedactedEverywhere(t *testing.T) {
	t.Parallel()
	s := secret.FromText(planted)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("opened", "token", s)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("opened", "token", struct{ S secret.Secret }{s})
	encoded, err := json.Marshal(map[string]any{"s": s, "in": struct{ Token secret.Secret }{s}})
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{log.String(), string(encoded), s.String(), s.GoString(), s.Source()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		shown = append(shown, fmt.Sprintf(verb, s), fmt.Sprintf(verb, struct{ Token secret.Secret }{s}), fmt.Sprintf(verb, &s))
	}
	for _, text := range shown {
		if strings.Contains(text, planted) || strings.Contains(text, fmt.Sprintf("%x", planted)) {
			t.Errorf("the secret shows: %s", text)
		}
	}
	if got, err := s.Reveal(); err != nil || got != planted {
		t.Errorf("Reveal() = %q, %v", got, err)
	}
}

func TestASecretIsReadAtEachCallSoThatARotatedOneIsSeen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "token")
	s := secret.Secret{File: path}
	for _, content := range []string{"one", "two\n"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Reveal(); err != nil || got != strings.TrimSpace(content) {
			t.Errorf("Reveal() = %q, %v; want %q", got, err, content)
		}
	}
}

func TestAMissingSecretNamesItsSourceAndTheRemedy(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]secret.Secret{
		"environment variable TANDEM_NO_SUCH is not set": {Env: "TANDEM_NO_SUCH"},
		"no such file": {File: empty + ".not"},
		"is empty":     {File: empty},
		"keep one":     {Env: "A", File: "b"},
		"secret is not given; write {env: NAME} or {file: PATH}": {},
	} {
		if _, err := s.Reveal(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Reveal() of %s: %v, want %q", s.Source(), err, want)
		}
	}
}
