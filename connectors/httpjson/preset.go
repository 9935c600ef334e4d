package httpjson

import (
	"bytes"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"tandem/connectors"
	"tandem/internal/secret"
	"tandem/internal/work"
)

//go:embed presets/*.yaml
var files embed.FS

// preset is a shipped entry of kind http with a few parameters.
type preset struct {
	Kind    string `yaml:"kind"`
	Summary string `yaml:"summary"`
	Doc     string `yaml:"doc"`
	// Parameters are what an admin gives beside auth.
	Parameters map[string]parameter `yaml:"parameters"`
	// Secrets says what auth.token (and auth.key) are; Open: it works without.
	Secrets string `yaml:"secrets"`
	Open    bool   `yaml:"open"`
	Example string `yaml:"example"`
	Entry   Config `yaml:"entry"`

	starter string
}

// parameter is one value that an admin gives.
type parameter struct {
	Doc      string `yaml:"doc"`
	Required bool   `yaml:"required"`
	Default  any    `yaml:"default"`
	// Values are the words that may be given, and what each stands for.
	Values map[string]string `yaml:"values"`
	List   bool              `yaml:"list"`
}

// shipped reads the presets once: they are part of the program.
var shipped = sync.OnceValue(readPresets) //nolint:gochecknoglobals // read-only, and parsing costs milliseconds

// Presets returns the shipped kinds, sorted by kind.
func Presets() []connectors.Definition {
	var all []connectors.Definition
	for _, p := range shipped() {
		all = append(all, p.definition())
	}
	return all
}

func readPresets() []*preset {
	entries, err := files.ReadDir("presets")
	if err != nil {
		panic(fmt.Sprintf("httpjson: read presets: %v", err))
	}
	var all []*preset
	for _, e := range entries {
		text, err := files.ReadFile("presets/" + e.Name())
		if err != nil {
			panic(fmt.Sprintf("httpjson: read presets: %v", err))
		}
		p, err := readPreset(text)
		if err != nil {
			panic(fmt.Sprintf("httpjson: preset %s: %v", e.Name(), err))
		}
		all = append(all, p)
	}
	return all
}

func readPreset(text []byte) (*preset, error) {
	p := &preset{Entry: defaults()}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(p); err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	var err error
	p.starter, err = p.spellOut(doc.Content[0])
	return p, err
}

// spellOut writes the preset as an entry of kind http, comments included.
func (p *preset) spellOut(doc *yaml.Node) (string, error) {
	var entry *yaml.Node
	for i := 0; i+1 < len(doc.Content); i += 2 {
		if doc.Content[i].Value == "entry" {
			entry = doc.Content[i+1]
		}
	}
	params := map[string]any{}
	for name, spec := range p.Parameters {
		switch word, _ := spec.Default.(string); {
		case spec.Values[word] != "":
			params[name] = spec.Values[word]
		case spec.Default != nil:
			params[name] = spec.Default
		case spec.Required && spec.List:
			params[name] = []any{"…"}
		case spec.Required:
			params[name] = "…"
		}
	}
	head := &yaml.Node{}
	if err := head.Encode(map[string]any{"kind": kind}); err != nil {
		return "", err
	}
	if len(params) > 0 {
		given := &yaml.Node{}
		if err := given.Encode(map[string]any{"params": params}); err != nil {
			return "", err
		}
		head.Content = append(head.Content, given.Content...)
	}
	head.Content = append(head.Content, entry.Content...)
	top := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: p.Kind}, head}}
	var out strings.Builder
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(top); err != nil {
		return "", err
	}
	return out.String(), e.Close()
}

func (p *preset) definition() connectors.Definition {
	d := connectors.Definition{
		Kind: p.Kind, Summary: p.Summary, Doc: p.doc(), Example: p.Example, Schema: schema(p.Kind), Starter: p.starter, New: p.open,
	}
	for _, name := range slices.Sorted(maps.Keys(p.Entry.Streams)) {
		s := p.Entry.Streams[name]
		d.Streams = append(d.Streams, connectors.Stream{Name: name, Every: time.Duration(s.Every), Doc: s.Doc, Yields: yieldOf(s.Yields)})
	}
	return d
}

// doc is the preset's own text and what its entry says.
func (p *preset) doc() string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(p.Doc))
	fmt.Fprintf(&b, "\n\n**Auth**: %s\n\n**Parameters**:\n\n", p.Secrets)
	for _, name := range slices.Sorted(maps.Keys(p.Parameters)) {
		spec := p.Parameters[name]
		fmt.Fprintf(&b, "- `%s`: %s", name, spec.Doc)
		switch {
		case spec.Required:
			b.WriteString("; needed")
		case spec.Default != nil:
			fmt.Fprintf(&b, "; %v by default", spec.Default)
		}
		b.WriteString("\n")
	}
	b.WriteString("- `first`: how far back the first read goes; `url`: another address, such as one of your own; `streams`: only these;\n" +
		"  `audience`, `place`, `rate` and `max_mb`: as for kind http\n")
	fmt.Fprintf(&b, "\n**Where the plan has no API**: %s.\n\nIt is an entry of kind http: `tandem connectors %s --yaml` prints it, to change what differs.", p.Entry.Otherwise, p.Kind)
	return b.String()
}

// presetConfig is what an admin writes for a preset.
type presetConfig struct {
	URL      string         `yaml:"url"`
	Auth     presetAuth     `yaml:"auth"`
	Audience string         `yaml:"audience"`
	Place    string         `yaml:"place"`
	Rate     Rate           `yaml:"rate"`
	MaxMB    int            `yaml:"max_mb"`
	First    work.Span      `yaml:"first"`
	Streams  []string       `yaml:"streams"`
	Params   map[string]any `yaml:",rest"`
}

// presetAuth is the secret, or both.
type presetAuth struct {
	Token secret.Secret `yaml:"token"`
	Key   secret.Secret `yaml:"key"`
}

// open reads the settings of one instance.
func (p *preset) open(name string, decode func(into any) []work.Problem) (connectors.Instance, []work.Problem) {
	c := presetConfig{Audience: work.Internal.String(), Place: name}
	problems := decode(&c)
	if len(problems) > 0 {
		return instance{}, problems
	}
	full, problems := p.fill(name, c)
	if len(problems) > 0 {
		return instance{}, problems
	}
	program, problems := compile(p.Kind, full)
	for i := range problems {
		at := string(problems[i].At)
		if first, _, _ := strings.Cut(strings.TrimPrefix(at, "/"), "/"); !slices.Contains([]string{"url", "audience", "rate", "max_mb"}, first) {
			problems[i].At = "" // a place inside of the preset tells nothing
		}
	}
	return instance{program}, problems
}

// fill puts what the admin gave into the entry.
func (p *preset) fill(name string, c presetConfig) (Config, []work.Problem) {
	var problems []work.Problem
	wrong := func(at work.Pointer, what, remedy string) {
		problems = append(problems, work.Problem{At: at, What: what, Remedy: remedy})
	}
	full := p.Entry
	full.name, full.Place, full.Audience = name, c.Place, c.Audience
	if c.URL != "" {
		full.URL = c.URL
	}
	if c.Rate != (Rate{}) {
		full.Rate = c.Rate
	}
	if c.MaxMB != 0 {
		full.MaxMB = c.MaxMB
	}
	full.Params = p.params(c.Params, wrong)
	full.Auth = p.credentials(c.Auth, wrong)
	full.Streams = map[string]Stream{}
	for stream, spec := range p.Entry.Streams {
		if c.First > 0 && spec.Since.First > 0 {
			spec.Since.First = c.First
		}
		if len(c.Streams) == 0 || slices.Contains(c.Streams, stream) {
			full.Streams[stream] = spec
		}
	}
	for i, stream := range c.Streams {
		if _, ok := p.Entry.Streams[stream]; !ok {
			wrong(work.Pointer("").Key("streams").Index(i), strconv.Quote(stream)+" is no stream of "+p.Kind, work.Suggest(stream, slices.Sorted(maps.Keys(p.Entry.Streams))))
		}
	}
	return full, problems
}

func (p *preset) params(given map[string]any, wrong func(work.Pointer, string, string)) map[string]any {
	known := slices.Sorted(maps.Keys(p.Parameters))
	params := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		at, v := work.Pointer("").Key(name), given[name]
		spec, ok := p.Parameters[name]
		_, isList := v.([]any)
		switch {
		case !ok:
			remedy := work.Suggest(name, slices.Concat(known, []string{"url", "auth", "audience", "place", "rate", "max_mb", "first", "streams"}))
			wrong(at, "unknown key "+strconv.Quote(name), remedy)
		case spec.List && !isList:
			params[name] = []any{v}
		case !spec.List && isList:
			wrong(at, name+" must be one value", "write "+name+": VALUE")
		case len(spec.Values) > 0 && spec.Values[textOf(v)] == "":
			wrong(at, strconv.Quote(textOf(v))+" is none of the words for "+name, work.Suggest(textOf(v), slices.Sorted(maps.Keys(spec.Values))))
		default:
			params[name] = v
		}
	}
	for _, name := range known {
		spec := p.Parameters[name]
		if _, ok := given[name]; !ok && spec.Default != nil {
			params[name] = spec.Default
		}
		if _, ok := given[name]; !ok && spec.Required {
			wrong("", name+" is missing: "+spec.Doc, "write "+name+": …")
		}
		if word, ok := params[name]; ok && len(spec.Values) > 0 {
			params[name] = spec.Values[textOf(word)]
		}
	}
	return params
}

// credentials puts the secrets where the service wants them.
func (p *preset) credentials(given presetAuth, wrong func(work.Pointer, string, string)) Auth {
	a, at := p.Entry.Auth, work.Pointer("").Key("auth")
	if !given.Token.Set() {
		if !p.Open {
			wrong(at, "auth has no token: "+p.Secrets, "write auth: {token: {env: NAME}}")
		}
		return Auth{}
	}
	switch {
	case a.Bearer != nil:
		a.Bearer = &given.Token
	case a.Header != nil:
		a.Header = &NamedSecret{Name: a.Header.Name, Prefix: a.Header.Prefix, Value: given.Token}
	case a.Body != nil:
		a.Body = &NamedSecret{Name: a.Body.Name, Prefix: a.Body.Prefix, Value: given.Token}
	case a.JWT != nil:
		a.JWT = &ServiceAccount{Key: given.Token, Scopes: a.JWT.Scopes, TokenURL: a.JWT.TokenURL}
	case a.Basic != nil:
		basic := *a.Basic
		basic.Password = given.Token
		if basic.Key.Set() {
			if basic.Key = given.Key; !given.Key.Set() {
				wrong(at, "auth has no key: "+p.Secrets, "write auth: {key: {env: NAME}, token: {env: NAME}}")
			}
		}
		a.Basic = &basic
	}
	return a
}
