package httpjson

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// program is a Config whose mistakes were found.
type program struct {
	config   Config
	kind     string
	base     *url.URL
	audience work.Audience
	streams  map[string]*stream
}

// stream is a compiled Stream.
type stream struct {
	spec Stream
	endpoint
	name    string
	yields  connectors.Yield
	zone    *time.Location
	own     reading // the record's own time; zero where the version counts
	only    []sieve
	skip    []sieve
	fields  map[string]reading
	answers []answers
	also    []also
	parents *parents
	join    *endpoint // nil without one
	unique  reading
	// meaning changes with what the stream asks for and how it reads it;
	// everything is read again then.
	meaning string
}

// endpoint is a compiled Endpoint.
type endpoint struct {
	Endpoint
	records, columns   *path
	sign               *path
	rows, across, cell *path
	cursor, item       *path
	more, end, total   *path
	parse              []path
	// secret is the part of a query that holds the credentials.
	secret string
}

// parents is a compiled ForEach.
type parents struct {
	endpoint
	spec    ForEach
	id      path
	changed *path
	only    []sieve
}

type answers struct {
	records path
	keys    string
	fields  map[string]reading
	only    []sieve
	skip    []sieve
}

type also struct {
	records path
	fields  map[string]reading
}

// sieve is one path of only or skip.
type sieve struct {
	at     path
	values []string
}

// takes reports whether what stands at the path is one of the values.
func (s sieve) takes(sc scope) bool {
	v, ok := sc.find(s.at)
	if !ok {
		return false
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	for _, e := range list {
		_, whole := e.(map[string]any)
		if text := textOf(e); slices.Contains(s.values, "*") && (text != "" || whole) || slices.Contains(s.values, text) {
			return true
		}
	}
	return false
}

func kept(sc scope, only, skip []sieve) bool {
	for _, s := range only {
		if !s.takes(sc) {
			return false
		}
	}
	return !slices.ContainsFunc(skip, func(s sieve) bool { return s.takes(sc) })
}

// list returns the streams for the scheduler, by name.
func (p *program) list() []connectors.Stream {
	var all []connectors.Stream
	for _, name := range slices.Sorted(maps.Keys(p.streams)) {
		s := p.streams[name]
		all = append(all, connectors.Stream{Name: name, Every: time.Duration(s.spec.Every), Doc: s.spec.Doc, Yields: s.yields})
	}
	return all
}

// meaningOf is a short fingerprint of what decides what a stream yields.
func meaningOf(c Config, s Stream) string {
	text, err := json.Marshal([]any{c.URL, c.Params, c.Place, s})
	if err != nil {
		return "none" // settings are plain data; nothing in them can fail
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// key spells a sort key that is a time as the request wants it.
func (s *stream) key(v any) any {
	t, err := moment(v, "", s.zone)
	if err != nil {
		return v
	}
	return spelled(t, s.spec.Since.Format, s.zone)
}
