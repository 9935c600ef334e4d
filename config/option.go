package config

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// Option is a setting of the process that an environment variable or a flag
// can overrule.
type Option struct {
	Key, Env, Flag string // log.level, TANDEM_LOG_LEVEL, log-level
	Default        string
	Usage          string

	get func(Settings) string
	set func(*Settings, string) error
}

// at returns the place of the option in the file.
func (o Option) at() work.Pointer {
	var at work.Pointer
	for part := range strings.SplitSeq(o.Key, ".") {
		at = at.Key(part)
	}
	return at
}

// Options returns all options. A flag beats the environment, which beats the
// file, which beats the default; an empty environment variable counts as none.
func Options() []Option {
	options := []Option{
		{Key: "store", Usage: "where state is kept: sqlite:PATH or postgres://…", get: func(s Settings) string { return s.Store }, set: setStore},
		{Key: "listen", Usage: "address of the API, of metrics and health, host:port", get: func(s Settings) string { return s.Listen }, set: setListen},
		{Key: "timezone", Usage: "zone in which days begin, such as Europe/Berlin", get: func(s Settings) string { return s.Timezone }, set: setTimezone},
		{Key: "write", Usage: "how far Tandem may go: observe, propose or auto", get: func(s Settings) string { return s.Write.String() }, set: func(s *Settings, text string) error { return s.Write.UnmarshalText([]byte(text)) }},
		{Key: "every", Usage: "interval between polls, such as 30s or 5m", get: func(s Settings) string { return s.Every.String() }, set: setEvery},
		{Key: "log.level", Usage: "debug, info, warn or error", get: func(s Settings) string { return s.Log.Level }, set: setLevel},
		{Key: "log.format", Usage: "text or json", get: func(s Settings) string { return s.Log.Format }, set: setFormat},
	}
	defaults := Defaults()
	for i := range options {
		o := &options[i]
		o.Env = "TANDEM_" + strings.ToUpper(strings.ReplaceAll(o.Key, ".", "_"))
		o.Flag = strings.ReplaceAll(o.Key, ".", "-")
		o.Default = o.get(defaults)
	}
	return options
}

func setTimezone(s *Settings, text string) error {
	if _, err := time.LoadLocation(text); err != nil || text == "" || text == "Local" {
		return fmt.Errorf("%q is no time zone; write a name such as Europe/Berlin or UTC", text)
	}
	s.Timezone = text
	return nil
}

func setEvery(s *Settings, text string) error {
	every := s.Every
	if err := every.UnmarshalText([]byte(text)); err != nil {
		return err
	}
	if err := checkEvery(every); err != nil {
		return err
	}
	s.Every = every
	return nil
}

// checkEvery refuses an interval that would poll without a pause.
func checkEvery(every work.Span) error {
	if time.Duration(every) < 100*time.Millisecond {
		return fmt.Errorf("an interval of %s is too short; write 1m, and at least 100ms", every)
	}
	return nil
}

func setLevel(s *Settings, text string) error {
	levels := []string{"debug", "info", "warn", "error"}
	if !slices.Contains(levels, text) {
		return fmt.Errorf("%q is no log level; write %s", text, "debug, info, warn or error")
	}
	s.Log.Level = text
	return nil
}

func setFormat(s *Settings, text string) error {
	if text != "text" && text != "json" {
		return fmt.Errorf("%q is no log format; write text or json", text)
	}
	s.Log.Format = text
	return nil
}

// SlogLevel returns the level for a slog handler.
func (l Log) SlogLevel() slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		return slog.LevelInfo
	}
	return level
}
