package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// shapeQuery asks for the board by its owner, who is an organisation or a
// person: the other one is answered NOT_FOUND.
const shapeQuery = `query($owner: String!, $number: Int!) {
	organization(login: $owner) { projectV2(number: $number) { ...board } }
	user(login: $owner) { projectV2(number: $number) { ...board } }
} fragment board on ProjectV2 { id closed public viewerCanUpdate fields(first: 100) { nodes {
	... on ProjectV2FieldCommon { id name dataType }
	... on ProjectV2SingleSelectField { options { id name } }
	... on ProjectV2IterationField { configuration { iterations { id title } completedIterations { id title } } }
} } }`

type wireOwner struct {
	Board *wireBoard `json:"projectV2"`
}

type wireBoard struct {
	ID        string `json:"id"`
	Closed    bool   `json:"closed"`
	Public    bool   `json:"public"`
	CanUpdate bool   `json:"viewerCanUpdate"`
	Fields    struct {
		Nodes []struct {
			ID            string        `json:"id"`
			Name          string        `json:"name"`
			Kind          string        `json:"dataType"`
			Options       []boardOption `json:"options"`
			Configuration struct {
				Open []boardOption `json:"iterations"`
				Done []boardOption `json:"completedIterations"`
			} `json:"configuration"`
		} `json:"nodes"`
	} `json:"fields"`
}

// current returns what the board looks like, not older than age. A *boardError
// says that a person has to mend something; other errors pass.
func (b *board) current(ctx context.Context, age time.Duration) (*shape, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if b.shape != nil && work.Fresh(b.shape.at, now, age) {
		return b.shape, nil
	}
	if b.failed != nil && now.Before(b.failedUntil) && age > 0 {
		return nil, b.failed
	}
	sh, err := b.ask(ctx)
	if failed, ok := errors.AsType[*boardError](err); ok {
		b.shape, b.failed, b.failedUntil = nil, failed, now.Add(faultAge)
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	sh.at = now
	b.resolve(sh)
	b.shape, b.failed = sh, nil
	return sh, nil
}

func (b *board) ask(ctx context.Context) (*shape, error) {
	if b.client.graph.absent() {
		return nil, b.noGraphQL()
	}
	owner, digits, _ := strings.Cut(b.name, "/")
	number, err := strconv.Atoi(digits)
	if err != nil {
		return nil, &boardError{strconv.Quote(b.name) + " is no project", "write project: {board: OWNER/NUMBER}"}
	}
	a, err := b.client.query(ctx, shapeQuery, map[string]any{"owner": owner, "number": number})
	if sh, known := shapeIn(a); sh != nil {
		return sh, nil
	} else if a.answered {
		return nil, b.absence(a, known, err)
	}
	if errors.Is(err, errNoGraphQL) {
		b.client.graph.giveUp()
		return nil, b.noGraphQL()
	}
	return nil, fmt.Errorf("look at the project %s: %w", b.name, err)
}

func (b *board) noGraphQL() *boardError {
	return &boardError{"fields of the project " + b.name + " are to be had by GraphQL alone, which is not to be had here", "open /graphql of the server to these credentials, or map the field to a label"}
}

func (b *board) rights() string {
	return "grant Projects (read and write) of the organisation to the token or App; a classic token needs the scope project"
}

// shapeIn takes the board out of the answer; known tells which kinds of owner
// are there.
func shapeIn(a graphAnswer) (sh *shape, known map[string]bool) {
	known = map[string]bool{}
	for _, kind := range []string{"organization", "user"} {
		var o *wireOwner
		if json.Unmarshal(a.data[kind], &o) != nil || o == nil {
			continue
		}
		known[kind] = true
		if o.Board != nil && o.Board.ID != "" {
			return o.Board.shape(), known
		}
	}
	return nil, known
}

// absence says why the board is not in the answer: by a boardError where a
// person has to mend something.
func (b *board) absence(a graphAnswer, known map[string]bool, err error) error {
	for _, f := range a.faults {
		if f.Type == "INSUFFICIENT_SCOPES" || f.Type == "FORBIDDEN" {
			return &boardError{"the credentials may not see the project " + b.name + ": " + f.Message, b.rights()}
		}
	}
	if err != nil {
		return fmt.Errorf("look at the project %s: %w", b.name, err)
	}
	for _, f := range a.faults {
		if f.Type != "NOT_FOUND" {
			return &answerError{"GitHub does not show the project " + b.name + ": " + f.Message}
		}
	}
	owner, _, _ := strings.Cut(b.name, "/")
	switch {
	case known["user"] && !known["organization"] && b.client.app != nil:
		return &boardError{
			"the project " + b.name + " belongs to a person, and GitHub shows people's projects to no App",
			"move the project to an organisation, or use a token of " + owner,
		}
	case len(known) == 0:
		return &boardError{"there is no organisation or person " + strconv.Quote(owner), "write into project: {board: …} the owner as in the address of the board"}
	default:
		return &boardError{"there is no project " + b.name + ", or the credentials may not see it", "compare board: with the address of the board; " + b.rights()}
	}
}

func (w *wireBoard) shape() *shape {
	sh := &shape{id: w.ID, closed: w.Closed, public: w.Public, writable: w.CanUpdate}
	for _, f := range w.Fields.Nodes {
		if f.ID == "" {
			continue // of a kind that is younger than this program
		}
		options := append(append(f.Options, f.Configuration.Open...), f.Configuration.Done...)
		sh.all = append(sh.all, boardField{id: f.ID, name: f.Name, kind: f.Kind, options: options})
	}
	return sh
}

// drop forgets what the board looked like.
func (b *board) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shape = nil
}

// isBoardFault reports whether only a person can mend the error.
func isBoardFault(err error) bool {
	_, ok := errors.AsType[*boardError](err)
	return ok || statusOf(err) == http.StatusUnavailableForLegalReasons
}
