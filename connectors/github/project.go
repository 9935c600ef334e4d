package github

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// projectFeature is the feature that rules use where they name a field of the
// project.
const projectFeature = "project_field"

const (
	// shapeAge is how long the fields of the board are believed for reading:
	// each read compares the ids again.
	shapeAge = 15 * time.Minute
	// faultAge is how long a board that cannot be used is left alone.
	faultAge = 5 * time.Minute
)

// board is the project whose fields rules use. A nil board is none.
type board struct {
	client     *client
	log        *slog.Logger
	connector  string
	name       string // acme/7, as the settings write it
	addMissing bool
	now        func() time.Time
	// wanted are the fields that rules use, as they spell them.
	wanted []string

	mu    sync.Mutex
	shape *shape
	// failed is why the board cannot be used, until failedUntil.
	failed      *boardError
	failedUntil time.Time
	// kept are the ids of fields that were found: a field that is renamed is
	// followed for as long as the process lives.
	kept map[string]string
	// names are those that options had when they were first seen, by field and
	// option: rules know a renamed one by them until they name the new one.
	names map[string]string
	// spellings are the options that rules name, by field.
	spellings map[string][]string
	told      map[string]bool
	// news is what a person should know and was not told yet.
	news []work.Finding
	// pageSize is how many cards are asked for in one request.
	pageSize int
}

// newBoard returns the board of the settings; nil where there is none, or no
// rule uses its fields.
func newBoard(env connectors.Env, c Config, cl *client) *board {
	b := &board{
		client: cl, log: env.Log, connector: env.Name, name: c.Project.Board, addMissing: c.Project.AddMissing,
		now: env.Now, wanted: wantedOf(env.Fields), kept: map[string]string{}, told: map[string]bool{}, pageSize: mostLookedUp,
		names: map[string]string{}, spellings: env.Spellings,
	}
	if b.name == "" || len(b.wanted) == 0 {
		return nil
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	return b
}

// wantedOf lists the fields of a project among native names, sorted.
func wantedOf(fields []string) []string {
	var wanted []string
	for _, f := range fields {
		if name, ok := strings.CutPrefix(f, work.ProjectFieldPrefix); ok && name != "" {
			wanted = append(wanted, name)
		}
	}
	slices.Sort(wanted)
	return slices.Compact(wanted)
}

// boardError says that the board cannot be used until a person mends
// something.
type boardError struct{ what, remedy string }

func (e *boardError) Error() string { return e.what + "; " + e.remedy }

// The kinds of fields that Tandem reads and writes.
const (
	textField      = "TEXT"
	numberField    = "NUMBER"
	dateField      = "DATE"
	selectField    = "SINGLE_SELECT"
	iterationField = "ITERATION"
)

// shape is what the board looks like: its fields and their options.
type shape struct {
	id     string
	closed bool
	// public boards can be read by everybody; the fields of others are internal,
	// though the issues on them are public.
	public bool
	// writable tells whether the credentials may change it.
	writable bool
	all      []boardField
	// fields are those that rules use, by the name that rules give them, and
	// faults says why one cannot be used.
	fields map[string]boardField
	faults map[string]*boardError
	at     time.Time
}

// boardField is one field of the board.
type boardField struct {
	id, name, kind string
	// options are those of a single select, and the iterations.
	options []boardOption
}

type boardOption struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"` // of an iteration
	// former is the name that rules still use; empty where it is the present
	// one.
	former string
}

// text is the name on the board.
func (o boardOption) text() string { return o.Name + o.Title }

// known is the name that rules use.
func (o boardOption) known() string { return cmp.Or(o.former, o.text()) }

func (f boardField) optionNames() []string {
	var all []string
	for _, o := range f.options {
		all = append(all, o.known())
	}
	return all
}

// usable reports whether the field is of a kind that holds a value.
func (f boardField) usable() bool {
	return slices.Contains([]string{textField, numberField, dateField, selectField, iterationField}, f.kind)
}

func (sh *shape) fieldNames() []string {
	var all []string
	for _, f := range sh.all {
		if f.usable() {
			all = append(all, f.name)
		}
	}
	return all
}

// find looks a field up by its present name; case does not count.
func (sh *shape) find(name string) (boardField, bool) {
	for _, f := range sh.all {
		if strings.EqualFold(f.name, name) {
			return f, true
		}
	}
	return boardField{}, false
}

func (sh *shape) byID(id string) (boardField, bool) {
	for _, f := range sh.all {
		if f.id == id && id != "" {
			return f, true
		}
	}
	return boardField{}, false
}

// resolve finds the fields that rules use. The name counts first; a field that
// was found before and has another name now is followed.
func (b *board) resolve(sh *shape) {
	sh.fields, sh.faults = map[string]boardField{}, map[string]*boardError{}
	for _, name := range b.wanted {
		f, found := sh.find(name)
		if !found {
			if f, found = sh.byID(b.kept[name]); found {
				b.tell(name, "the field is called "+f.name+" now; it is followed until Tandem is started again", "write its new name into the rules")
			}
		}
		switch {
		case !found:
			sh.faults[name] = &boardError{"the project " + b.name + ` has no field "` + name + `"`, work.Suggest(name, sh.fieldNames())}
			b.tell(name, sh.faults[name].what, sh.faults[name].remedyOr(fieldRemedy))
		case !f.usable():
			sh.faults[name] = &boardError{
				"the field " + f.name + " of the project " + b.name + " is of the kind " + strings.ToLower(f.kind),
				"use a single select, number, date, text or iteration: " + strings.Join(sh.fieldNames(), ", "),
			}
		default:
			f.options = b.follow(name, f)
			sh.fields[name], b.kept[name] = f, f.id
		}
	}
}

// follow finds options that were renamed while rules still use the name that
// they had.
func (b *board) follow(name string, f boardField) []boardOption {
	spelled := b.spellings[work.ProjectFieldPrefix+name]
	options := slices.Clone(f.options)
	for i, o := range options {
		key := f.id + " " + o.ID
		before := cmp.Or(b.names[key], o.text())
		if before != o.text() && slices.Contains(spelled, before) && !slices.Contains(spelled, o.text()) && !slices.Contains(f.optionNames(), before) {
			options[i].former = before
			b.tell(name, fmt.Sprintf("the option %q is called %q now; it is followed until Tandem is started again", before, o.text()), "write its new name into the rules")
			continue
		}
		b.names[key] = o.text()
	}
	return options
}

const fieldRemedy = "add the field to the board, or correct the rules"

// tell notes once what a person should know of a field.
func (b *board) tell(name, what, remedy string) {
	if b.told[name+what] {
		return
	}
	b.told[name+what] = true
	b.log.Warn("a field of the project is not as the rules have it", "connector", b.connector, "field", work.ProjectFieldPrefix+name, "err", what)
	b.news = append(b.news, work.Finding{Level: work.Warning, Subject: b.connector + " " + work.ProjectFieldPrefix + name, What: what, Remedy: remedy})
}

// takeNews returns what was not told yet.
func (b *board) takeNews() []work.Finding {
	b.mu.Lock()
	defer b.mu.Unlock()
	news := b.news
	b.news = nil
	return news
}
