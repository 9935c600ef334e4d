package door_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/door"
	"tandem/internal/secret"
)

// token is a good one of a name.
func token(name string) string { return name + strings.Repeat("-", 32) }

// ring is a keyring over files, whose clock passes by hand.
type ring struct {
	*door.Keyring

	t      *testing.T
	folder string
	at     time.Time
	log    bytes.Buffer
}

func newRing(t *testing.T, contents ...string) *ring {
	t.Helper()
	r := &ring{t: t, folder: t.TempDir(), at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	var keys []door.Key
	for i, content := range contents {
		name := string(rune('a' + i))
		r.put(name, content)
		keys = append(keys, door.Key{At: "tokens " + name, Token: secret.Secret{File: filepath.Join(r.folder, name)}})
	}
	made, err := door.NewKeyring(keys, func() time.Time { return r.at }, slog.New(slog.NewTextHandler(&r.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	r.Keyring = made
	return r
}

func (r *ring) put(name, content string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.folder, name), []byte(content+"\n"), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *ring) wants(text string, want int) {
	r.t.Helper()
	if got := r.Find(text); got != want {
		r.t.Errorf("%s is at %d, want %d", text, got, want)
	}
}

func TestATokenIsFoundAtItsPlace(t *testing.T) {
	t.Parallel()
	r := newRing(t, token("one"), token("two"))
	r.wants(token("one"), 0)
	r.wants(token("two"), 1)
	for _, other := range []string{"", "one", token("one") + " ", token("One"), strings.Repeat("\x00", 32)} {
		r.wants(other, -1)
	}
}

func TestTokensThatChangePlacesStayGood(t *testing.T) {
	t.Parallel()
	r := newRing(t, token("one"), token("two"))
	r.put("a", token("two"))
	r.put("b", token("one"))
	r.wants(token("one"), 0) // read a moment ago
	r.at = r.at.Add(time.Minute)
	r.wants(token("two"), 0)
	r.wants(token("one"), 1)
	if r.log.Len() > 0 {
		t.Errorf("the log says %s", &r.log)
	}
}

func TestATokenThatWentBadLetsNobodyInUntilItIsMended(t *testing.T) {
	t.Parallel()
	r := newRing(t, token("one"), token("two"))
	before, _ := r.Sum(1)
	for _, c := range []struct {
		bad  string
		want int
	}{{"short", -1}, {"", -1}, {token("one"), 0}, {token("with a blank"), -1}} {
		r.put("b", c.bad)
		r.at = r.at.Add(time.Minute)
		r.wants(token("two"), -1)
		r.wants(c.bad, c.want)
		if _, good := r.Sum(1); good {
			t.Errorf("%q counts", c.bad)
		}
	}
	if n := strings.Count(r.log.String(), "lets nobody in"); n != 1 || !strings.Contains(r.log.String(), "tokens b") || strings.Contains(r.log.String(), token("one")) {
		t.Errorf("said %d times: %s", n, &r.log)
	}
	r.put("b", token("two"))
	r.at = r.at.Add(time.Minute)
	r.wants(token("two"), 1)
	if after, good := r.Sum(1); !good || after != before {
		t.Error("the hash of a token is another one")
	}
}

func TestTheFirstOfTwoThatAreTheSameStays(t *testing.T) {
	t.Parallel()
	key := func(at string) door.Key { return door.Key{At: at, Token: secret.FromText(token("one"))} }
	_, err := door.NewKeyring([]door.Key{key("tokens a"), key("tokens b"), {At: "tokens c", Token: secret.FromText("short-one")}}, time.Now, slog.Default())
	if err == nil || !strings.Contains(err.Error(), "tokens b: it is the same as that of tokens a") || !strings.Contains(err.Error(), "tokens c") {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), token("one")) || strings.Contains(err.Error(), "short-one") {
		t.Errorf("it tells a token: %v", err)
	}
}
