package config_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/config"
	"tandem/internal/secret"
	"tandem/internal/work"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"
)

func TestTheExampleOfTheDesignIsRead(t *testing.T) {
	t.Parallel()
	got, _, found := config.Load("testdata/good/tandem.yaml", nil)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	want := config.Settings{
		Instance: "acme-prod", Store: "sqlite:tandem.db", Listen: "127.0.0.1:8080",
		Web:      config.Web{OIDC: config.OIDC{Groups: "groups", SignOut: true}},
		Webhooks: config.Webhooks{Listen: ":8443", PublicURL: "https://hooks.acme.example"},
		Timezone: "Europe/Berlin", Write: work.Observe, Rules: []string{"rules/*.yaml"},
		Log: config.Log{Level: "info", Format: "text"}, Every: work.Span(time.Minute),
		Brake: config.Brake{Edits: 100, Share: 0.10}, Mail: config.Mail{Port: 587},
		Connectors: []config.Connector{
			{Name: "jira", Kind: "jira", Every: work.Span(time.Minute)},
			{Name: "github", Kind: "github", Write: work.Propose},
			{Name: "hotjar", Kind: "hotjar"},
			{Name: "interviews", Kind: "drop"},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(config.Connector{}, secret.Secret{})); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if got.Location().String() != "Europe/Berlin" {
		t.Errorf("location is %s", got.Location())
	}
}

// write makes a settings file and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAMissingFileTellsHowToBegin(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tandem.yaml")
	settings, document, found := config.Load(path, nil)
	if document != nil || len(found) != 1 {
		t.Fatalf("got %v, %v", document, found)
	}
	for _, want := range []string{path + ": there is no such settings file", "README.md", "tandem demo"} {
		if !strings.Contains(found.Error(), want) {
			t.Errorf("%q does not say %q", found.Error(), want)
		}
	}
	if settings.Write != work.Observe {
		t.Errorf("without a file the mode is %s", settings.Write)
	}
	if _, _, found := config.Load(t.TempDir(), nil); !strings.Contains(found.Error(), "the file cannot be read: is a directory") {
		t.Errorf("a folder is answered with %v", found)
	}
}

// Each option is set at every combination of sources; the strongest must win,
// also where the file does not name the key.
func TestAFlagBeatsTheEnvironmentBeatsTheFileBeatsTheDefault(t *testing.T) {
	values := map[string][3]string{ // file, environment, flag
		"store":      {"sqlite:file.db", "postgres://u:secret@db/env", "sqlite:flag.db"},
		"listen":     {"127.0.0.1:1", "127.0.0.1:2", "localhost:3"},
		"timezone":   {"Europe/Berlin", "Europe/Paris", "Asia/Tokyo"},
		"write":      {"propose", "auto", "observe"},
		"every":      {"5m0s", "2d", "30s"},
		"log.level":  {"debug", "warn", "error"},
		"log.format": {"json", "text", "json"},
	}
	read := map[string]func(config.Settings) string{
		"store":      func(s config.Settings) string { return s.Store },
		"listen":     func(s config.Settings) string { return s.Listen },
		"timezone":   func(s config.Settings) string { return s.Timezone },
		"write":      func(s config.Settings) string { return s.Write.String() },
		"every":      func(s config.Settings) string { return s.Every.String() },
		"log.level":  func(s config.Settings) string { return s.Log.Level },
		"log.format": func(s config.Settings) string { return s.Log.Format },
	}
	for _, o := range config.Options() {
		for sources := range 8 {
			inFile, inEnv, inFlag := sources&1 > 0, sources&2 > 0, sources&4 > 0
			want, text := o.Default, "instance: acme\n"
			if inFile {
				want = values[o.Key][0]
				text += strings.ReplaceAll(o.Key, ".", ": {") + ": '" + want + "'" + strings.Repeat("}", strings.Count(o.Key, "."))
			}
			if inEnv {
				want = values[o.Key][1]
				t.Setenv(o.Env, want)
			} else {
				t.Setenv(o.Env, "")
			}
			flags := pflag.NewFlagSet("tandem", pflag.ContinueOnError)
			config.AddFlags(flags)
			if inFlag {
				want = values[o.Key][2]
				if err := flags.Parse([]string{"--" + o.Flag, want}); err != nil {
					t.Fatal(err)
				}
			}
			settings, _, found := config.Load(write(t, "tandem.yaml", text), flags)
			if err := found.Err(); err != nil {
				t.Fatal(err)
			}
			if got := read[o.Key](settings); got != want {
				t.Errorf("%s, file %t, environment %t, flag %t: got %s, want %s", o.Key, inFile, inEnv, inFlag, got, want)
			}
		}
	}
}

func TestAWrongOptionIsBlamedOnItsSource(t *testing.T) {
	path := write(t, "tandem.yaml", "instance: acme\nwrite: auto\n")
	t.Setenv("TANDEM_WRITE", "fully")
	t.Setenv("TANDEM_STORE", "mysql://u:hunter2-the-literal@db")
	flags := pflag.NewFlagSet("tandem", pflag.ContinueOnError)
	config.AddFlags(flags)
	if err := flags.Parse([]string{"--log-level=loud"}); err != nil {
		t.Fatal(err)
	}
	_, _, found := config.Load(path, flags)
	want := strings.Join([]string{
		"environment variable TANDEM_STORE: this is no store; write sqlite:PATH or postgres://HOST/DATABASE",
		`environment variable TANDEM_WRITE: "fully" is no write mode; write observe, propose or auto`,
		`flag --log-level: "loud" is no log level; write debug, info, warn or error`,
	}, "\n")
	if diff := cmp.Diff(want, found.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestAMistakeInTheFileIsToldThoughAFlagOverrulesIt(t *testing.T) {
	t.Parallel()
	path := write(t, "tandem.yaml", "instance: acme\nwrite: fully\nlog: {level: [debug]}\n")
	flags := pflag.NewFlagSet("tandem", pflag.ContinueOnError)
	config.AddFlags(flags)
	if err := flags.Parse([]string{"--write=auto"}); err != nil {
		t.Fatal(err)
	}
	settings, _, found := config.Load(path, flags)
	if settings.Write != work.Auto || len(found) != 2 {
		t.Errorf("got %s, %v", settings.Write, found)
	}
}

func TestOptionsAreDocumented(t *testing.T) {
	t.Parallel()
	for _, o := range config.Options() {
		if o.Key == "" || o.Default == "" || o.Usage == "" || !strings.HasPrefix(o.Env, "TANDEM_") || o.Flag == "" {
			t.Errorf("incomplete: %s", o.Key)
		}
	}
}

func TestTheLogLevelIsOneOfSlog(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]slog.Level{"debug": slog.LevelDebug, "error": slog.LevelError, "loud": slog.LevelInfo} {
		if got := (config.Log{Level: text}).SlogLevel(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// Days and times of day stand without quotes as well as in them.
func TestQuietHoursAndFreezesAreRead(t *testing.T) {
	t.Parallel()
	path := write(t, "tandem.yaml", `instance: acme
quiet: {from: 18:00, to: '08:00', days: [sat, sun]}
freeze: [{from: 2026-12-20, to: '2027-01-04', because: year end}]
connectors:
  jira: {kind: jira, quiet: {days: fri}}
`)
	got, _, found := config.Load(path, nil)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	from, to := work.Clock(18*60), work.Clock(8*60)
	want := work.Windows{
		Quiet:  work.Quiet{From: &from, To: &to, Days: []work.Weekday{work.Weekday(time.Saturday), work.Weekday(time.Sunday)}},
		Freeze: []work.Freeze{{From: 20261220, To: 20270104, Because: "year end"}},
	}
	if diff := cmp.Diff(want, got.Windows()); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
	if text := got.Quiet.String() + "; " + got.Freeze[0].To.String(); text != "18:00 to 08:00, sat, sun; 2027-01-04" {
		t.Errorf("shown as %q", text)
	}
	if diff := cmp.Diff([]work.Weekday{work.Weekday(time.Friday)}, got.Connectors[0].Windows.Quiet.Days); diff != "" {
		t.Errorf("of the connector (-want +got):\n%s", diff)
	}
}
