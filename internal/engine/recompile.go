package engine

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Recompile brings back a rule set from the text that a run kept, against the
// schemas of today. It says so where that is not the same rule set: the text is
// of another version of Tandem, or a connector is no longer what it was.
func Recompile(text, hash string, env Env) (*Rules, error) {
	var kept struct {
		Spec   Spec
		Places map[string][]string
		Pages  string
	}
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, fmt.Errorf("read the rules of the run: %w", err)
	}
	env.Places, env.Pages = kept.Places, kept.Pages
	r, problems := Compile(kept.Spec, env)
	if len(problems) > 0 {
		return nil, fmt.Errorf("compile the rules of the run with the connectors of today: %s", problems[0].What)
	}
	if r.Hash() != hash {
		return nil, errors.New("the rules of the run are of another version of Tandem")
	}
	return r, nil
}
