package httpjson_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/httpjson"
	"tandem/internal/work"
)

// decode reads an entry of tandem.yaml by the strict reader. TOKEN stands for a
// file with the planted credential.
func decode(tb testing.TB, entry string) (kind string, read func(into any) []work.Problem, settings config.Connector) {
	tb.Helper()
	dir := tb.TempDir()
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte(connectortest.Token), 0o600); err != nil {
		tb.Fatal(err)
	}
	key := filepath.Join(dir, "key")
	if err := os.WriteFile(key, []byte(connectortest.Token+"-key"), 0o600); err != nil {
		tb.Fatal(err)
	}
	entry = regexp.MustCompile(`\bKEY\b`).ReplaceAllString(entry, "{file: '"+key+"'}")
	var file strings.Builder
	file.WriteString("instance: test\nconnectors:\n")
	for line := range strings.Lines(strings.TrimSpace(regexp.MustCompile(`\bTOKEN\b`).ReplaceAllString(entry, "{file: '"+token+"'}"))) {
		file.WriteString("  " + line)
	}
	path := filepath.Join(dir, "tandem.yaml")
	if err := os.WriteFile(path, []byte(file.String()+"\n"), 0o600); err != nil {
		tb.Fatal(err)
	}
	all, _, found := config.Load(path, nil)
	if err := found.Err(); err != nil {
		tb.Fatalf("%v\n%s", err, file.String())
	}
	c := all.Connectors[0]
	return c.Kind, c.Decode, c
}

// strictly is the decoder of a contract suite.
func strictly(t *testing.T) func(entry string) (string, func(any) []work.Problem) {
	t.Helper()
	return func(entry string) (string, func(any) []work.Problem) {
		kind, read, _ := decode(t, entry)
		return kind, read
	}
}

// prepare reads an entry of any of our kinds.
func prepare(tb testing.TB, entry string) connectors.Instance {
	tb.Helper()
	kind, read, settings := decode(tb, entry)
	for _, d := range append(httpjson.Presets(), httpjson.Definition()) {
		if d.Kind != kind {
			continue
		}
		instance, problems := d.New(connectortest.Name, read)
		if len(problems) > 0 {
			tb.Fatal(settings.Diagnose(problems))
		}
		return instance
	}
	tb.Fatalf("no kind %s", kind)
	return nil
}

func openAgain(tb testing.TB, instance connectors.Instance, env connectors.Env) *connectors.Connector {
	tb.Helper()
	live, err := instance.Open(tb.Context(), env)
	if err != nil {
		tb.Fatal(err)
	}
	return live
}

// open connects an entry of any of our kinds.
func open(tb testing.TB, env connectors.Env, entry string) *connectors.Connector {
	tb.Helper()
	return openAgain(tb, prepare(tb, entry), env)
}

// through carries requests to a handler without sockets.
type through struct{ handler http.Handler }

func (h through) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return serve(h.handler, r)
}

// to is an environment whose requests a handler answers.
func to(handler http.Handler) connectors.Env {
	return connectors.Env{Name: connectortest.Name, Transport: through{handler}, Now: time.Now}
}
