package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/secret"
	"tandem/internal/store"
	"tandem/internal/work"
)

// Role is what a client may do. A larger one may do all that a smaller one may.
type Role uint8

// The roles.
const (
	// Viewer looks.
	Viewer Role = iota + 1
	// Approver also approves, rejects, releases, overrides and lets edits be
	// tried again.
	Approver
	// Admin also stops and resumes all writing, undoes and retires.
	Admin
)

// String returns the role as settings write it.
func (r Role) String() string {
	return [...]string{"none", "viewer", "approver", "admin"}[r]
}

// ParseRole reads what String writes.
func ParseRole(text string) (Role, bool) {
	for r := Viewer; r <= Admin; r++ {
		if r.String() == text {
			return r, true
		}
	}
	return 0, false
}

// Token is one client.
type Token struct {
	Name   string
	Secret secret.Secret
	Role   Role
	// Audience is the strictest that the client may see. Restricted is
	// everything, also what no source gave an audience for.
	Audience work.Audience
}

// Snapshots are what evaluations look at.
type Snapshots interface {
	Seq(ctx context.Context) (int64, error)
	Snapshot(ctx context.Context, asOf time.Time) (engine.Snapshot, error)
	LastRun(ctx context.Context) (engine.Run, bool, error)
	RunOf(ctx context.Context, number int64) (engine.Run, bool, error)
	Status(ctx context.Context) (work.Overview, error)
}

// History is what was decided and done.
type History interface {
	KeptRuns(ctx context.Context, limit int) ([]store.Kept, error)
	Audit(ctx context.Context, ref work.RefID, limit int) ([]work.AuditEntry, error)
	DeadLetters(ctx context.Context, limit int) ([]work.DeadLetterEntry, error)
	Approvals(ctx context.Context, limit int) ([]plan.Approval, error)
	Testimony(ctx context.Context, q store.Inquiry) (work.Testimony, error)
}

// Decisions keep what people decide.
type Decisions interface {
	Approve(ctx context.Context, approvals []plan.Approval) error
	Reject(ctx context.Context, r plan.Rejection) error
	Release(ctx context.Context, slot plan.SlotRef, by string) error
	Pause(ctx context.Context, paused bool, by, reason string) error
	RetryLetter(ctx context.Context, number int64) (bool, error)
}

// Words keep what people say against decisions.
type Words interface {
	SaveOverride(ctx context.Context, o work.Override) (int64, error)
	EndOverrides(ctx context.Context, numbers []int64, by, words string) ([]int64, error)
	Overrides(ctx context.Context, asOf time.Time, ended int) (open, over []work.Override, err error)
}

// Differences tell how far runs are from each other.
type Differences interface {
	StabilityOf(ctx context.Context, number int64) (*engine.Stability, error)
}

// Store is what the API reads and writes.
type Store interface {
	Snapshots
	History
	Differences
	Decisions
	Words
}

// Remade is a kept run that was decided anew.
type Remade struct {
	Outcome *engine.Outcome // nil where it could not be
	Rules   *engine.Rules
	// Why it could not be made again.
	Why string
}

// Config is what an API is made of.
type Config struct {
	Store  Store
	Tokens []Token
	Rules  *engine.Rules
	// Guard returns the modes and limits, Closed the windows of this moment.
	Guard  func() plan.Guard
	Closed func() []plan.Closure
	// Remake decides a kept run anew.
	Remake func(ctx context.Context, run engine.Run) (Remade, error)
	// WhatIf tells what other rules would make of what is stored; nil where
	// nobody can. It writes nothing.
	WhatIf func(ctx context.Context, order WhatIfOrder) (WhatIfFound, error)
	// Who names a person as the rules do.
	Who func(connector, id string) string
	// Leases lists which node does what; nil where there is one node.
	Leases func(ctx context.Context) ([]work.Lease, error)
	// Orders keep orders to undo and to retire, which the nodes that work on the
	// store carry out; nil where nobody writes.
	Orders Orders
	// Patience is how long an answer waits for the end of an order; as long as an
	// answer may take where it is 0.
	Patience time.Duration
	// Wake makes the daemon look at once at what was decided.
	Wake func()
	// Listen is the address that it is served at, and Hosts are further names
	// that a proxy in front answers to.
	Listen string
	Hosts  []string
	// Extra are pages of others on the same address, by pattern of a mux. They
	// ask for no token.
	Extra   map[string]http.Handler
	Version string
	Log     *slog.Logger
	Now     func() time.Time
}

// API answers requests.
type API struct {
	Config

	keys   *keyring
	mind   mind
	plans  plans
	routes []route
	mux    *http.ServeMux
	limits limits
	// comparing is held while other rules are compared: one at a time.
	comparing sync.Mutex
}

// ErrToken is why an API does not start: a token is missing, short, or two are
// the same.
var ErrToken = errors.New("token of the api")

// New returns an API. It refuses tokens that could be guessed.
func New(c Config) (*API, error) {
	a := &API{Config: c, keys: newKeyring(c), limits: newLimits(c.Now)}
	a.mind.api = a
	if err := a.keys.load(); err != nil {
		return nil, fmt.Errorf("start the api: %w", err)
	}
	a.routes = a.table()
	a.mux = http.NewServeMux()
	if len(c.Tokens) > 0 {
		for _, r := range a.routes {
			a.mux.Handle(r.Method+" "+r.Path, a.guarded(r))
		}
		a.mux.HandleFunc("GET "+Description, describe)
	}
	for pattern, h := range c.Extra {
		a.mux.Handle(pattern, h)
	}
	return a, nil
}
