package mapping

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Strength orders the ways that twins are found: a stronger way is never
// undone by a weaker one.
type Strength uint8

// The ways, strongest first.
const (
	Stored Strength = iota // joined before, and still for one of the reasons below
	Marker                 // Tandem's own marker on the record
	Link                   // a link that a person set on purpose
	Key                    // a key at the start of a title
)

// String returns the way as it stands in explanations.
func (s Strength) String() string {
	return [...]string{"joined before", "marker", "link", "key at the start of a title"}[s]
}

// joinRule is one compiled way to find twins by key.
type joinRule struct {
	connector, field string
	suggest, inside  bool
}

func compileJoins(at work.Pointer, spec TwinSpec, schemas map[string]work.Schema) ([]joinRule, []work.Problem) {
	var rules []joinRule
	var problems []work.Problem
	known := []string{"marker", "link", "remote_link"}
	for i, j := range spec.Join {
		here := at.Key("join").Index(i)
		switch {
		case j.KeyIn != "":
			problems = append(problems, work.Problem{At: here.Key("key_in"), What: "a mention inside a text is no proof of a twin", Remedy: "move it to suggest:, or use key_at_start_of"})
		case j.KeyAtStartOf != "":
			rule, found := compileKeyRule(here.Key("key_at_start_of"), j.KeyAtStartOf, schemas)
			rules, problems = append(rules, rule), append(problems, found...)
		case !slices.Contains(known, j.Plain):
			problems = append(problems, work.Problem{At: here, What: strconv.Quote(j.Plain) + " is no way to join", Remedy: work.Suggest(j.Plain, append(known, "key_at_start_of"))})
		}
	}
	for i, j := range spec.Suggest {
		here := at.Key("suggest").Index(i)
		text, inside := j.KeyIn, true
		if text == "" {
			text, inside = j.KeyAtStartOf, false
		}
		if text == "" {
			problems = append(problems, work.Problem{At: here, What: strconv.Quote(j.Plain) + " suggests nothing", Remedy: "write key_in: github.body"})
			continue
		}
		rule, found := compileKeyRule(here, text, schemas)
		rule.suggest, rule.inside = true, inside
		rules, problems = append(rules, rule), append(problems, found...)
	}
	return rules, problems
}

func compileKeyRule(at work.Pointer, text string, schemas map[string]work.Schema) (joinRule, []work.Problem) {
	connector, field, ok := strings.Cut(text, ".")
	schema, known := schemas[connector]
	switch {
	case !ok:
		return joinRule{}, []work.Problem{{At: at, What: strconv.Quote(text) + " is no field of a connector", Remedy: "write CONNECTOR.FIELD, such as github.title"}}
	case !known:
		return joinRule{}, []work.Problem{{At: at, What: "there is no connector " + strconv.Quote(connector), Remedy: work.Suggest(connector, slices.Sorted(maps.Keys(schemas)))}}
	}
	if _, ok := schema.Field(field); !ok {
		return joinRule{}, []work.Problem{{At: at, What: connector + " has no field " + strconv.Quote(field), Remedy: work.Suggest(field, schema.FieldNames())}}
	}
	return joinRule{connector: connector, field: field}, nil
}

// edge says that two records are the same work.
type edge struct {
	a, b     int // indexes of records, a < b by RefID
	strength Strength
}

// Clash is a join that was not made because it would give an item two records
// of one connector.
type Clash struct {
	A, B work.Ref
	How  Strength
}

// Groups is what Join found.
type Groups struct {
	// Members lists the records of each item, by index, in the order of the
	// records; groups are in the order of their first member.
	Members [][]int
	Clashes []Clash
}

// Join groups records of the same work. stored maps records to items of
// earlier runs. It never merges transitively: where records of one connector
// would meet, all joins of that strength among them become clashes.
func (p *Program) Join(records []*work.Record, stored map[work.RefID]work.ItemID) Groups {
	return p.JoinStored(records, func(ref work.RefID) (work.ItemID, bool) {
		id, ok := stored[ref]
		return id, ok
	})
}

// JoinStored is Join with a function that tells the item of a record.
func (p *Program) JoinStored(records []*work.Record, stored func(work.RefID) (work.ItemID, bool)) Groups {
	edges := p.edges(records, stored)
	sets := newSets(len(records))
	var clashes []Clash
	for len(edges) > 0 { // those of one strength at a time
		how, n := edges[0].strength, 1
		for n < len(edges) && edges[n].strength == how {
			n++
		}
		for _, refused := range sets.joinTier(edges[:n], records) {
			clashes = append(clashes, Clash{A: records[refused.a].Ref, B: records[refused.b].Ref, How: how})
		}
		edges = edges[n:]
	}
	return Groups{Members: sets.members(), Clashes: clashes}
}
