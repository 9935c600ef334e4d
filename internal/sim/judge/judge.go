package judge

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// Service names a set of descriptions.
type Service string

// The services that can be judged.
const (
	Jira   Service = "jira"    // Jira Cloud: platform 2 and 3, Agile 1.0
	JiraDC Service = "jira dc" // Jira Data Center 10.3: platform 2, Agile 1.0
	GitHub Service = "github"  // github.com REST
)

func services() []Service { return []Service{Jira, JiraDC, GitHub} }

func (s Service) jira() bool { return s == Jira || s == JiraDC }

// Violation is something in an exchange that the description forbids or does
// not have.
type Violation struct {
	Service Service
	Method  string
	Path    string // with the query
	Status  int
	// Part is request, answer or route.
	Part   string
	Detail string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s %s (%d): %s: %s", v.Service, v.Method, v.Path, v.Status, v.Part, v.Detail)
}

// Tally counts the exchanges of one service.
type Tally struct {
	// Validated exchanges were checked in both directions; Excused ones are
	// not described, for a stated reason; Faulty answers were broken on
	// purpose, so only their request was checked.
	Validated, Excused, Faulty int
}

// Judge checks exchanges and remembers what it found. It is safe for
// concurrent use.
type Judge struct {
	dir   string
	books map[Service]func() (*book, error)
	// schema is GitHub's GraphQL schema.
	schema func() (*ast.Schema, error)

	mu         sync.Mutex
	tallies    map[Service]*Tally
	violations []Violation
	dropped    int
}

// New returns a judge that reads the descriptions below the shared folder, on
// first use and once per service. An empty folder name judges nothing.
func New(shared string) *Judge {
	j := &Judge{dir: shared, books: map[Service]func() (*book, error){}, tallies: map[Service]*Tally{}}
	for _, s := range services() {
		j.books[s] = sync.OnceValues(func() (*book, error) { return openBook(filepath.Join(shared, "specs"), s) })
	}
	j.schema = sync.OnceValues(func() (*ast.Schema, error) { return openSchema(shared) })
	return j
}

// Fresh returns a judge that has found nothing yet and shares the descriptions
// that were read.
func (j *Judge) Fresh() *Judge {
	return &Judge{dir: j.dir, books: j.books, schema: j.schema, tallies: map[Service]*Tally{}}
}

// Find returns the folder of the shared material: TANDEM_SHARED, or the
// directory "shared" beside the repository or above it. It returns "" when
// there is none.
func Find() string {
	if dir := os.Getenv("TANDEM_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		shared := filepath.Join(dir, "shared")
		if info, err := os.Stat(filepath.Join(shared, "specs")); err == nil && info.IsDir() {
			return shared
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// Present reports whether there are descriptions to judge by.
func (j *Judge) Present() bool { return j.dir != "" }

// Violations returns what was found so far.
func (j *Judge) Violations() []Violation {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.violations)
}

// Tally returns the counts of one service.
func (j *Judge) Tally(s Service) Tally {
	j.mu.Lock()
	defer j.mu.Unlock()
	if t := j.tallies[s]; t != nil {
		return *t
	}
	return Tally{}
}

// Validated returns how many exchanges of all services were validated.
func (j *Judge) Validated() int {
	n := 0
	for _, s := range services() {
		n += j.Tally(s).Validated
	}
	return n
}

func (j *Judge) count(s Service, add func(*Tally)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.tallies[s] == nil {
		j.tallies[s] = &Tally{}
	}
	add(j.tallies[s])
}

// mostViolations bounds what is remembered; the rest is counted.
const mostViolations = 1000

func (j *Judge) accuse(v Violation) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.violations) >= mostViolations {
		j.dropped++
		return
	}
	j.violations = append(j.violations, v)
}

type excuseKey struct{}

// Deliberately marks a request that breaks the description on purpose, to see
// how a service refuses it. Only its answer is judged then.
func Deliberately(ctx context.Context, reason string) context.Context {
	return context.WithValue(ctx, excuseKey{}, reason)
}

func deliberate(r *http.Request) bool {
	reason, _ := r.Context().Value(excuseKey{}).(string)
	return reason != ""
}
