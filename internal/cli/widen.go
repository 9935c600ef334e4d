package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
	"tandem/scheduler"
)

// widen opens connectors once more where Tandem wrote fields that rules no
// longer name: what stands there is not read otherwise. It is for reading by
// id alone, so that the streams go on with the fields of the rules.
func (s *session) widen(ctx context.Context) error {
	live, wide, err := s.widened(ctx, s.live)
	if err != nil || len(wide) == 0 {
		return err
	}
	s.live, s.wide = live, append(s.wide, wide...)
	s.cycle = s.setup.cycle(s.store, s.live, s.log)
	return nil
}

// widened are connectors that read such fields too, and those that were opened
// for it, to be closed.
func (s *session) widened(ctx context.Context, all []scheduler.Live) (live []scheduler.Live, wide []*connectors.Connector, err error) {
	snapshot, err := s.store.Snapshot(ctx, time.Now().UTC().Truncate(24*time.Hour))
	if err != nil {
		return all, nil, err
	}
	wanted := map[string][]string{}
	for _, e := range snapshot.Ledger {
		name, path := e.Target.Connector, e.Target.Path
		if e.Written && onRequest(s.schemas[name], path) && !slices.Contains(s.rules.Program().Needs(name), path) && !slices.Contains(wanted[name], path) {
			wanted[name] = append(wanted[name], path)
		}
	}
	if len(wanted) == 0 {
		return all, nil, nil
	}
	live = slices.Clone(all)
	for n := range live {
		name := live[n].Name
		i := slices.IndexFunc(s.instances, func(i instance) bool { return i.name == name })
		if len(wanted[name]) == 0 || i < 0 {
			continue
		}
		env := s.env(s.instances[i], nil, s.log)
		env.Fields = slices.Concat(env.Fields, wanted[name])
		if slices.ContainsFunc(wanted[name], func(path string) bool { return strings.HasPrefix(path, work.ProjectFieldPrefix) }) {
			env.Features = append(slices.Clone(env.Features), "project_field")
		}
		conn, err := s.instances[i].Open(ctx, env)
		if err != nil {
			continue // its reads fail too, and say so
		}
		live[n].Wide = conn.Reader
		wide = append(wide, conn)
	}
	return live, wide, nil
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
