package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// widen opens connectors once more where Tandem wrote fields that rules no
// longer name: what stands there is not read otherwise. It is for reading by
// id alone, so that the streams go on with the fields of the rules.
func (s *session) widen(ctx context.Context) error {
	snapshot, err := s.store.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
	if err != nil {
		return err
	}
	wanted := map[string][]string{}
	for _, e := range snapshot.Ledger {
		name, path := e.Target.Connector, e.Target.Path
		if e.Written && onRequest(s.schemas[name], path) && !slices.Contains(s.rules.Program().Needs(name), path) && !slices.Contains(wanted[name], path) {
			wanted[name] = append(wanted[name], path)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	for n := range s.live {
		live := &s.live[n]
		i := slices.IndexFunc(s.instances, func(i instance) bool { return i.name == live.Name })
		if len(wanted[live.Name]) == 0 || i < 0 {
			continue
		}
		env := s.env(s.instances[i], nil, s.log)
		env.Fields = slices.Concat(env.Fields, wanted[live.Name])
		if slices.ContainsFunc(wanted[live.Name], func(path string) bool { return strings.HasPrefix(path, work.ProjectFieldPrefix) }) {
			env.Features = append(slices.Clone(env.Features), "project_field")
		}
		conn, err := s.instances[i].Open(ctx, env)
		if err != nil {
			continue // its reads fail too, and say so
		}
		live.Wide = conn.Reader
		s.wide = append(s.wide, conn)
	}
	s.cycle = s.setup.cycle(s.store, s.live, s.log)
	return nil
}

// onRequest reports whether a connector reads a field only where it is asked
// for.
func onRequest(schema work.Schema, path string) bool {
	declared, ok := schema.Field(path)
	if !ok {
		return false
	}
	return declared.OnDemand || !slices.ContainsFunc(schema.Fields, func(f work.NativeField) bool { return f.Name == path })
}
