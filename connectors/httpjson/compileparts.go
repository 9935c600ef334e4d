package httpjson

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// path compiles a path; needed ones must not be empty.
func (k *compiler) path(at work.Pointer, text string, needed bool) path {
	if text == "" {
		if needed {
			k.wrong(at, "the path is missing", "write where it stands, such as data.items")
		}
		return path{text: "id", steps: []step{{kind: byKey, key: "id"}}}
	}
	p, err := parsePath(text)
	if err != nil {
		k.wrong(at, "this is no path: "+excerpt(text, 60), errPath.Error())
	}
	return p
}

// maybe compiles a path that may be left out.
func (k *compiler) maybe(at work.Pointer, text string) *path {
	if text == "" {
		return nil
	}
	p := k.path(at, text, true)
	return &p
}

func (k *compiler) sieves(at work.Pointer, all map[string][]string) []sieve {
	sieves := make([]sieve, 0, len(all))
	for _, text := range slices.Sorted(maps.Keys(all)) {
		sieves = append(sieves, sieve{at: k.path(at.Key(text), text, true), values: all[text]})
	}
	return sieves
}

// endpoint compiles a request, its paging and its shape.
func (k *compiler) endpoint(at work.Pointer, spec Endpoint, known []string) endpoint {
	if spec.Format == "" {
		spec.Format = "json"
	}
	if spec.Page.Kind == "" {
		spec.Page.Kind = "none"
	}
	if spec.Page.Max == 0 {
		spec.Page.Max = maxPages
	}
	k.oneOf(at.Key("format"), spec.Format, "format of answers", "json", "jsonl")
	e := endpoint{
		Endpoint: spec, records: k.maybe(at.Key("records"), spec.Records), columns: k.maybe(at.Key("columns"), spec.Columns),
		sign: k.maybe(at.Key("sign"), spec.Sign),
	}
	if q := k.program.config.Auth.Query; q != nil {
		e.secret = q.Name
	}
	if m := spec.Matrix; m != nil {
		here := at.Key("matrix")
		rows, columns, cells := k.path(here.Key("rows"), m.Rows, true), k.path(here.Key("columns"), m.Columns, true), k.path(here.Key("cells"), m.Cells, true)
		e.rows, e.across, e.cell = &rows, &columns, &cells
	}
	if len(spec.Unfold) > 0 && spec.Records == "" {
		k.wrong(at.Key("unfold"), "unfold needs records", "write the path of the outer mapping under records:")
	}
	for i, text := range spec.Parse {
		here := at.Key("parse").Index(i)
		p := k.path(here, text, true)
		if len(p.steps) == 0 || p.many() || p.root != "" || p.steps[len(p.steps)-1].kind != byKey {
			k.wrong(here, "only keys can be parsed", "write a path of keys, such as properties")
			continue
		}
		e.parse = append(e.parse, p)
	}
	k.paging(at.Key("page"), &e)
	if spec.Format == "jsonl" && spec.Page.Kind != "none" && spec.Page.Kind != "last_item" && spec.Page.Kind != "sort_key" {
		k.wrong(at.Key("page").Key("kind"), "lines of JSON have no "+spec.Page.Kind, "write last_item or sort_key, or leave page out and write since: {window: 1d}")
	}
	k.request(at.Key("request"), spec.Request, known)
	return e
}

func (k *compiler) paging(at work.Pointer, e *endpoint) {
	spec := e.Page
	k.oneOf(at.Key("kind"), spec.Kind, "kind of paging", "none", "cursor", "next_url", "offset", "page", "last_item", "sort_key")
	e.cursor, e.item = k.maybe(at.Key("next"), spec.Next), k.maybe(at.Key("item"), spec.Item)
	e.more, e.end, e.total = k.maybe(at.Key("more"), spec.More), k.maybe(at.Key("end"), spec.End), k.maybe(at.Key("total"), spec.Total)
	switch spec.Kind {
	case "cursor", "next_url":
		if spec.Next == "" {
			k.wrong(at, "nobody knows where the cursor stands in an answer", "write next: with its path, such as next_cursor")
		}
	case "last_item", "sort_key":
		if spec.Item == "" {
			k.wrong(at, "nobody knows which value of a record to go on from", "write item: with its path, such as token")
		}
	}
	if spec.Size < 0 || spec.Size == 0 && (spec.Short || spec.Kind == "sort_key") {
		k.wrong(at, "the size of a page is missing", "write size: 100, and {limit} where the request says it")
	}
	if spec.Moment && spec.Kind != "sort_key" {
		k.wrong(at.Key("moment"), "only a sort key can be a moment", "leave moment out")
	}
	if spec.Keep && spec.Kind != "cursor" {
		k.wrong(at.Key("keep"), "only a cursor can be kept", "leave keep out")
	}
}

// request checks placeholders and address.
func (k *compiler) request(at work.Pointer, r Request, known []string) {
	switch r.Method {
	case "", "GET", "POST":
	default:
		k.wrong(at.Key("method"), strconv.Quote(r.Method)+" does not only read", "write GET or POST")
	}
	if len(r.Body) > 0 && r.Method != "POST" {
		k.wrong(at.Key("body"), "a body goes with POST only", "write method: POST")
	}
	if u, err := url.Parse(r.Path); err != nil || u.Host != "" || u.Scheme != "" || strings.Contains(r.Path, "..") {
		k.wrong(at.Key("path"), "the path must be below the address of the service", "write a path such as /v2/notes; the host stands in url:")
	}
	if strings.Contains(r.Path, "?") {
		k.wrong(at.Key("path"), "the path holds parameters", "write them under query:")
	}
	k.placeholders(at.Key("path"), r.Path, known)
	for _, name := range slices.Sorted(maps.Keys(r.Query)) {
		k.placeholders(at.Key("query").Key(name), r.Query[name], known)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		k.placeholders(at.Key("headers").Key(name), r.Headers[name], known)
	}
	k.placeholders(at.Key("body"), map[string]any(r.Body), known)
}

func (k *compiler) placeholders(at work.Pointer, v any, known []string) {
	names := slices.Concat(known, slices.Sorted(maps.Keys(k.program.config.Params)))
	for _, p := range namesIn(v, k.names) {
		root, _, _ := strings.Cut(p.name, ".")
		switch {
		case p.modifier != "" && p.modifier != sqlModifier && p.modifier != jsonModifier:
			k.wrong(at, "{"+p.name+"|"+p.modifier+"} asks for what nobody knows", "write {"+p.name+"}, {"+p.name+"|sql} or {"+p.name+"|json}")
		case !slices.Contains(names, root) && !p.optional:
			k.wrong(at, "nothing fills in {"+p.name+"}", strings.TrimSuffix(work.Suggest(root, names)+" Params stand under params:", " "))
		case root != p.name && root != "parent" && !p.optional:
			k.wrong(at, "{"+p.name+"}: only {parent} has more inside", "write {"+root+"}")
		}
	}
}

// fields compiles the fields of one kind of record.
func (k *compiler) fields(at work.Pointer, all map[string]Field, yields string) map[string]reading {
	known, families := targets(yields)
	compiled := make(map[string]reading, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		stem, rest, family := strings.Cut(name, ".")
		switch {
		case yields == "items":
		case family && slices.Contains(families, stem) && rest != "":
		case known != nil && !slices.Contains(known, name):
			k.problems = append(k.problems, work.Problem{At: at.Key(name), Key: true, What: strconv.Quote(name) + " is no field of " + yields, Remedy: work.Suggest(name, known)})
		}
		compiled[name] = k.reading(at.Key(name), all[name])
	}
	for _, name := range needed(yields) {
		if _, ok := all[name]; !ok && (yields == "answers" || len(known) > 0) {
			k.wrong(at, "the field "+name+" is missing", "write "+name+": and where it stands in a record")
		}
	}
	return compiled
}

// targets are the fields of the model that a record may fill, and those that
// have names of the source's own behind a dot.
func targets(yields string) (names, families []string) {
	switch yields {
	case "feedback":
		return []string{
			"id", "key", "kind", "method", "study", "score", "scale", "text", "person", "account", "segment", "value", "area", "at", "url",
			"recording_url", "tags", "language", "consent", "links", "duplicate_of", "audience", "version", "gone",
			"person_keys", "account_keys", "attributes",
		}, []string{"person_keys", "account_keys", "attributes"}
	case "insights":
		return []string{"id", "key", "kind", "title", "text", "study", "author", "at", "url", "tags", "goals", "links", "audience", "version", "gone"}, nil
	case "metrics":
		return []string{"name", "account", "day", "count", "users", "unit", "audience"}, nil
	case "answers":
		return []string{"question", "wording", "type", "score", "scale", "text"}, nil
	case "items":
		return []string{"id", "title", "any native field"}, nil
	default:
		return nil, nil
	}
}

func needed(yields string) []string {
	switch yields {
	case "feedback":
		return []string{"id", "at"}
	case "insights":
		return []string{"id", "title", "at"}
	case "metrics":
		return []string{"name", "day"}
	case "answers":
		return []string{"question"}
	case "items":
		return []string{"id", "title"}
	default:
		return nil
	}
}

// reading compiles one field.
func (k *compiler) reading(at work.Pointer, f Field) reading {
	r := reading{Field: f, zone: k.zone(at.Key("zone"), f.Zone)}
	sources := 0
	for _, given := range []bool{f.Path != "", len(f.Paths) > 0, f.Value != nil, f.Text != "", len(f.Hash) > 0} {
		if given {
			sources++
		}
	}
	if sources != 1 {
		k.wrong(at, "a field needs one source", "write one of path, paths, value, text and hash")
	}
	if f.Path != "" {
		r.paths = append(r.paths, k.path(at, f.Path, true))
	}
	for i, text := range f.Paths {
		r.paths = append(r.paths, k.path(at.Key("paths").Index(i), text, true))
	}
	for i, text := range f.Hash {
		r.hash = append(r.hash, k.path(at.Key("hash").Index(i), text, true))
	}
	if prefix, ok := parseTemplate(f.Prefix, k.names).text(k.param, oneLine); ok {
		r.Prefix = prefix
	} else {
		k.wrong(at.Key("prefix"), "a placeholder in prefix has no value", "give it under params:")
	}
	if f.Text != "" {
		for _, p := range parseTemplate(f.Text, k.texts).pieces {
			if p.name == "" {
				r.pieces = append(r.pieces, textPiece{literal: p.literal})
				continue
			}
			compiled := k.path(at.Key("text"), p.name, true)
			r.pieces = append(r.pieces, textPiece{at: &compiled})
		}
	}
	if l := f.Lookup; l != nil {
		here := at.Key("lookup")
		r.in, r.by, r.take = k.path(here.Key("in"), l.In, true), k.path(here.Key("by"), l.By, true), k.path(here.Key("take"), l.Take, true)
	}
	if _, known := timeFormats()[f.Time]; !known && f.Time != "" && !strings.Contains(f.Time, "2006") && !strings.Contains(f.Time, "06") {
		k.wrong(at.Key("time"), strconv.Quote(f.Time)+" is no format of times",
			work.Suggest(f.Time, slices.Sorted(maps.Keys(timeFormats())))+" Or spell 2 January 2006 15:04 as it stands there")
	}
	return r
}
