package cli

import (
	"context"
	"log/slog"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// foretell asks the connectors what writing edits would set off, for a command
// beside a daemon, which has none open.
func (s *setup) foretell(ctx context.Context, log *slog.Logger, edits []plan.Planned) []work.Finding {
	byConnector := map[string][]work.Edit{}
	for i := range edits {
		if edits[i].Gate != plan.Observed {
			byConnector[edits[i].Target.Connector] = append(byConnector[edits[i].Target.Connector], edits[i].Edit)
		}
	}
	var found []work.Finding
	for _, i := range s.instances {
		mine := byConnector[i.name]
		if len(mine) == 0 {
			continue
		}
		live := s.open(ctx, i, nil, log)
		if live.Failure == nil && live.Conn.Forecaster != nil {
			found = append(found, live.Conn.Forecaster.Forecast(ctx, mine)...)
		}
		closeAll([]*connectors.Connector{&live.Conn})
	}
	return found
}
