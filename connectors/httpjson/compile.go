package httpjson

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// compiler collects every mistake of a Config.
type compiler struct {
	problems []work.Problem
	program  *program
	names    *regexp.Regexp // placeholders of requests
	texts    *regexp.Regexp // placeholders of fields
}

// compile turns settings into a program, or says all that is wrong.
func compile(kind string, c Config) (*program, []work.Problem) {
	k := &compiler{names: placeholder(), texts: fieldPlaceholder()}
	k.program = &program{config: c, kind: kind, streams: map[string]*stream{}}
	k.address()
	audience, ok := work.ParseAudience(c.Audience)
	if !ok {
		k.wrong(work.Pointer("").Key("audience"), strconv.Quote(c.Audience)+" is no audience", "write public, internal or restricted")
	}
	k.program.audience = audience
	if c.Rate.Requests < 0 || c.Rate.Requests > 0 && c.Rate.Per <= 0 || c.Rate.Requests == 0 && c.Rate.Per > 0 {
		k.wrong(work.Pointer("").Key("rate"), "the rate is not complete", "write rate: {requests: 60, per: 1m}, or leave it out")
	}
	if c.MaxMB < 1 || c.MaxMB > largestMB {
		k.wrong(work.Pointer("").Key("max_mb"), "max_mb must be from 1 to "+strconv.Itoa(largestMB), "write max_mb: "+strconv.Itoa(defaultMaxMB))
	}
	k.auth(work.Pointer("").Key("auth"), c.Auth)
	k.params(c.Params)
	if k.program.base != nil {
		k.program.config.Params = maps.Clone(c.Params)
		if k.program.config.Params == nil {
			k.program.config.Params = map[string]any{}
		}
		k.program.config.Params["base"], k.program.config.Params["connector"] = k.program.base.String(), c.name
	}
	if len(c.Streams) == 0 {
		k.wrong("", "no stream is given", "write streams: with a name, and under it request:, records: and fields:; tandem connectors http shows one")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Streams)) {
		k.stream(name, c.Streams[name])
	}
	return k.program, k.problems
}

func (k *compiler) wrong(at work.Pointer, what, remedy string) {
	k.problems = append(k.problems, work.Problem{At: at, What: what, Remedy: remedy})
}

// oneOf checks a word.
func (k *compiler) oneOf(at work.Pointer, have, what string, known ...string) {
	if !slices.Contains(known, have) {
		remedy := work.Suggest(have, known)
		if remedy == "" {
			remedy = "write " + strings.Join(known, ", ")
		}
		k.wrong(at, strconv.Quote(have)+" is no "+what, remedy)
	}
}

func (k *compiler) address() {
	at := work.Pointer("").Key("url")
	text, ok := parseTemplate(k.program.config.URL, k.names).text(k.param, func(s string) string { return s })
	if !ok {
		k.wrong(at, "a placeholder in url has no value", "give it under params:")
		return
	}
	u, err := url.Parse(strings.TrimRight(text, "/"))
	switch {
	case text == "":
		k.wrong(at, "the address is missing", "write url: https://api.example.com/v1")
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		k.wrong(at, "this is no address", "write url: https://api.example.com/v1")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		k.wrong(at, "the address holds credentials or parameters", "write credentials under auth: and parameters under query:")
	default:
		k.program.base = u
	}
}

func (k *compiler) param(name string) (any, bool) {
	v, ok := k.program.config.Params[name]
	return v, ok
}

func (k *compiler) params(params map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		at := work.Pointer("").Key("params").Key(name)
		if m := k.names.FindString("{" + name + "}"); m == "" || strings.Contains(name, ".") || slices.Contains(append(runtimeNames(), "base", "connector"), name) {
			k.wrong(at, strconv.Quote(name)+" is no name for a param", "use small letters, digits and _, and none of "+strings.Join(runtimeNames(), ", "))
		}
		values, isList := params[name].([]any)
		if !isList {
			values = []any{params[name]}
		}
		for _, v := range values {
			if _, nested := v.(map[string]any); nested || v == nil {
				k.wrong(at, "a param must be a text, a number, or a list of these", "write one value")
			}
		}
	}
}

// has reports whether all params are given.
func (k *compiler) has(params []string) bool {
	for _, name := range params {
		if _, ok := k.param(name); !ok {
			return false
		}
	}
	return true
}

// runtimeNames are the placeholders that the walk fills in.
func runtimeNames() []string {
	return []string{"since", "until", "cursor", "offset", "page", "limit", "last", "key", "parent"}
}

// stream compiles one stream.
func (k *compiler) stream(name string, spec Stream) {
	at := work.Pointer("").Key("streams").Key(name)
	if !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(name) {
		k.wrong(at, strconv.Quote(name)+" is no name of a stream", "use small letters, digits and _")
	}
	if !k.has(spec.Needs) {
		return // not read
	}
	if spec.Every == 0 {
		spec.Every = work.Span(10 * time.Minute)
	}
	if spec.Doc == "" {
		spec.Doc = spec.Yields
	}
	s := &stream{spec: spec, name: name, meaning: meaningOf(k.program.config, spec)}
	k.oneOf(at.Key("yields"), spec.Yields, "kind of record", "feedback", "metrics", "insights", "items")
	s.yields = yieldOf(spec.Yields)
	k.since(at.Key("since"), s)
	known := runtimeNames()
	if spec.ForEach != nil {
		s.parents = k.forEach(at.Key("for_each"), *spec.ForEach)
	} else {
		known = slices.DeleteFunc(known, func(n string) bool { return n == "parent" })
	}
	s.endpoint = k.endpoint(at, spec.Endpoint, known)
	s.only, s.skip = k.sieves(at.Key("only"), spec.Only), k.sieves(at.Key("skip"), spec.Skip)
	s.fields = k.fields(at.Key("fields"), spec.Fields, spec.Yields)
	k.inner(at, s)
	if spec.AddUp && (spec.Yields != "metrics" || spec.Since.Window <= 0) {
		k.wrong(at.Key("add_up"), "only usage in windows of whole days is added up", "write yields: metrics and since: {window: 1d}, or leave add_up out")
	}
	if len(spec.Unique) > 0 {
		s.unique = k.reading(at.Key("unique"), Field{Hash: spec.Unique})
	}
	if j := spec.Join; j != nil && k.has(j.Needs) {
		e := k.endpoint(at.Key("join"), j.Endpoint, []string{"cursor", "offset", "page", "limit", "last"})
		s.join = &e
	}
	k.program.streams[name] = s
}

// inner compiles what stands inside of records.
func (k *compiler) inner(at work.Pointer, s *stream) {
	spec := &s.spec
	for i, a := range spec.Answers {
		here := at.Key("answers").Index(i)
		s.answers = append(s.answers, answers{
			records: k.path(here.Key("records"), a.Records, true), keys: a.Keys,
			fields: k.fields(here.Key("fields"), a.Fields, "answers"), only: k.sieves(here.Key("only"), a.Only), skip: k.sieves(here.Key("skip"), a.Skip),
		})
	}
	for i, a := range spec.Also {
		here := at.Key("also").Index(i)
		s.also = append(s.also, also{records: k.path(here.Key("records"), a.Records, true), fields: k.fields(here.Key("fields"), a.Fields, spec.Yields)})
	}
	if len(spec.Answers) > 0 && spec.Yields != "feedback" {
		k.wrong(at.Key("answers"), "only feedback has answers", "leave answers out, or write yields: feedback")
	}
}

// since checks how a stream asks for changes.
func (k *compiler) since(at work.Pointer, s *stream) {
	spec := &s.spec.Since
	if spec.Format == "" {
		spec.Format = "rfc3339"
	}
	k.oneOf(at.Key("format"), spec.Format, "format of times", slices.Sorted(maps.Keys(timeFormats()))...)
	s.zone = k.zone(at.Key("zone"), spec.Zone)
	if spec.Field.set() {
		s.own = k.reading(at.Key("field"), spec.Field)
	}
	if spec.Window > 0 && spec.First <= 0 {
		k.wrong(at, "a walk in windows needs a beginning", "write first: 90d")
	}
	if spec.Window > 0 && time.Duration(spec.Window) < unitOf(spec.Format) {
		k.wrong(at.Key("window"), "the window is shorter than what "+spec.Format+" can say", "write window: 1d")
	}
	if spec.NewestFirst && spec.Window > 0 {
		k.wrong(at, "newest_first and window exclude each other", "keep one")
	}
}

func (k *compiler) zone(at work.Pointer, name string) *time.Location {
	if name == "" {
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		k.wrong(at, strconv.Quote(name)+" is no time zone", "write one such as Europe/Berlin, or leave it out for UTC")
		return time.UTC
	}
	return zone
}

func (k *compiler) forEach(at work.Pointer, spec ForEach) *parents {
	p := &parents{spec: spec}
	if p.spec.Max == 0 {
		p.spec.Max = maxParents
	}
	p.only = k.sieves(at.Key("only"), spec.Only)
	if spec.Values != "" {
		if _, ok := k.param(spec.Values); !ok {
			k.wrong(at.Key("values"), "there is no param "+strconv.Quote(spec.Values), "give it under params:")
		}
		return p
	}
	p.id = k.path(at.Key("id"), spec.ID, false)
	p.changed = k.maybe(at.Key("changed"), spec.Changed)
	known := slices.DeleteFunc(runtimeNames(), func(n string) bool { return n == "parent" || n == "since" || n == "until" })
	p.endpoint = k.endpoint(at, spec.Endpoint, known)
	if spec.Detail != nil {
		k.request(at.Key("detail"), *spec.Detail, []string{"parent"})
	}
	return p
}

// yieldOf is the contract's word for what a stream yields.
func yieldOf(word string) connectors.Yield {
	if word == "items" {
		return connectors.YieldsItems
	}
	return connectors.Yield(word)
}
