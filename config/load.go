package config

import (
	"fmt"
	"os"
	"strings"

	"tandem/internal/work"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// AddFlags defines a flag for every option: --store, --log-level and so on.
func AddFlags(flags *pflag.FlagSet) {
	for _, o := range Options() {
		flags.String(o.Flag, o.Default, o.Usage+" (environment: "+o.Env+")")
	}
}

// Load reads the settings: defaults, then the file, then the environment, then
// the flags that were given. It reads that one file and opens nothing; see
// ReadRules for the rules. The Document is nil if the file cannot be read or is
// no YAML. flags may be nil, and may lack options.
func Load(path string, flags *pflag.FlagSet) (Settings, *Document, Diagnostics) {
	document, found := ReadDocument(path)
	if document == nil {
		return Defaults(), nil, explainMissing(path, found)
	}
	file := settingsFile{Settings: Defaults()}
	mistakes := decode(document.root, root(), &file, nil)
	all, more := connectors(document, file.Connectors.node)
	mistakes = append(mistakes, more...)

	l := loader{document: document, settings: file.Settings, flags: flags, wrong: make(map[work.Pointer]bool)}
	l.settings.Connectors = all
	for _, m := range mistakes {
		l.wrong[m.problem.At] = true
	}
	l.check()
	l.overlay()
	l.checkListen()
	found = append(found, diagnostics(mistakes)...)
	return l.settings, document, append(found, l.found...).Sorted()
}

// explainMissing says how to begin if there is no settings file.
func explainMissing(path string, found Diagnostics) Diagnostics {
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		return found
	}
	return Diagnostics{{
		File: path, What: "there is no such settings file",
		Remedy: "start from the example in README.md, let `tandem init` write one, name another file, or try `tandem demo`, which needs none",
	}}
}

// loader finishes settings that were decoded from a file.
type loader struct {
	document *Document
	settings Settings
	flags    *pflag.FlagSet
	wrong    map[work.Pointer]bool // places with a mistake already
	found    Diagnostics
}

// refuse reports a mistake in the file, once for each place.
func (l *loader) refuse(at work.Pointer, what, remedy string) {
	if !l.wrong[at] {
		l.wrong[at] = true
		l.found = append(l.found, l.document.Diagnose([]work.Problem{{At: at, What: what, Remedy: remedy}})...)
	}
}

// follows reports whether there is a mistake below a place already: what
// follows from it helps nobody.
func (l *loader) follows(at work.Pointer) bool {
	for wrong := range l.wrong {
		if strings.HasPrefix(string(wrong), string(at)+"/") {
			return true
		}
	}
	return false
}

// overlay lets viper choose each option from flags, environment, file and
// default, and checks what it chose. Viper sees no other key: it would change
// the case of names and split them at dots.
func (l *loader) overlay() {
	v := viper.New()
	options := Options()
	for _, o := range options {
		l.bind(v, o)
	}
	for _, o := range options {
		if err := o.set(&l.settings, v.GetString(o.Key)); err != nil {
			l.blame(o, err)
		}
	}
}

// bind tells viper the sources of one option.
func (l *loader) bind(v *viper.Viper, o Option) {
	v.SetDefault(o.Key, o.Default)
	_ = v.BindEnv(o.Key, o.Env) // fails without a key only
	if l.flags != nil {
		if flag := l.flags.Lookup(o.Flag); flag != nil {
			_ = v.BindPFlag(o.Key, flag) // fails without a flag only
		}
	}
	if l.document.Has(o.at()) && !l.wrong[o.at()] {
		var value any = o.get(l.settings)
		if parent, name, nested := strings.Cut(o.Key, "."); nested {
			value, o.Key = map[string]any{name: value}, parent
		}
		_ = v.MergeConfigMap(map[string]any{o.Key: value}) // only reads into a map; never fails
	}
}

// blame reports a refused option at the source that it came from.
func (l *loader) blame(o Option, err error) {
	what, remedy, _ := strings.Cut(err.Error(), "; ")
	switch {
	case l.flags != nil && l.flags.Changed(o.Flag):
		l.found = append(l.found, Diagnostic{File: "flag --" + o.Flag, What: what, Remedy: remedy})
	case os.Getenv(o.Env) != "":
		l.found = append(l.found, Diagnostic{File: "environment variable " + o.Env, What: what, Remedy: remedy})
	default:
		l.refuse(o.at(), what, remedy)
	}
}

// check looks at what only the file can say.
func (l *loader) check() {
	s := l.settings
	top := work.Pointer("")
	switch {
	case !l.document.Has(top.Key("instance")):
		l.refuse(top.Key("instance"), "instance is missing", "write instance: NAME, such as acme-prod; it is part of every marker that Tandem leaves")
	case !instanceName(s.Instance):
		l.refuse(top.Key("instance"), fmt.Sprintf("%q is no instance name", s.Instance), "use at most 63 letters, digits, - and _, such as acme-prod")
	}
	if l.document.Has(top.Key("store")) && holdsPassword(s.Store) {
		l.refuse(top.Key("store"), "the address of the store holds a password",
			"leave the password out and set PGPASSFILE or PGPASSWORD, or give the whole address in TANDEM_STORE")
	}
	if s.Brake.Edits < 0 {
		l.refuse(top.Key("brake").Key("edits"), "a brake cannot be below 0", "write edits: 100, or 0 to hold every edit")
	}
	windows := s.Windows().Check(top)
	for _, c := range s.Connectors {
		windows = append(windows, c.Windows.Check(c.at())...)
	}
	for _, p := range windows {
		if !l.follows(p.At) {
			l.refuse(p.At, p.What, p.Remedy)
		}
	}
	for i, pattern := range s.Rules {
		if pattern == "" {
			l.refuse(top.Key("rules").Index(i), "a pattern of rules is empty", "write rules: [rules/*.yaml]")
		}
	}
	l.checkWebhooks(top.Key("webhooks"))
	l.checkAPI(top.Key("api"))
	l.checkDigests(top.Key("digests"))
	l.checkWeb(top.Key("web"))
}

func (l *loader) checkWebhooks(at work.Pointer) {
	w := l.settings.Webhooks
	if (w.TLS.Cert == "") != (w.TLS.Key == "") {
		l.refuse(at.Key("tls"), "webhooks.tls has only one of cert and key", "write tls: {cert: FILE, key: FILE}, or leave tls out and let a proxy speak TLS")
	}
	if w.PublicURL != "" {
		if err := checkPublicURL(w.PublicURL); err != nil {
			l.reject(at.Key("public_url"), err)
		}
	}
	if w.Listen != "" {
		if err := checkAddress(w.Listen); err != nil {
			l.reject(at.Key("listen"), err)
		}
	} else if l.document.Has(at) && !l.wrong[at] {
		l.refuse(at.Key("listen"), "webhooks has no listen", `write listen: ":8443", or leave webhooks out`)
	}
}

// reject is refuse for an error that holds its remedy behind a semicolon.
func (l *loader) reject(at work.Pointer, err error) {
	what, remedy, _ := strings.Cut(err.Error(), "; ")
	l.refuse(at, what, remedy)
}

// instanceName reports whether a name can be part of a marker.
func instanceName(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	return name != "" && len(name) <= 63 && strings.Contains(letters, name[:1]) && strings.Trim(name, letters+"-_") == ""
}
