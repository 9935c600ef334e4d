package jobs

import (
	"context"
	"log/slog"
)

// riverLog tells what River tells, as details.
type riverLog struct{ inner slog.Handler }

// Enabled reports whether details are told.
func (h riverLog) Enabled(ctx context.Context, _ slog.Level) bool {
	return h.inner.Enabled(ctx, slog.LevelDebug)
}

// Handle tells a record of any level as a detail, with the keys of the house.
func (h riverLog) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, slog.LevelDebug, "the job queue tells", r.PC)
	out.AddAttrs(slog.String("detail", r.Message))
	r.Attrs(func(a slog.Attr) bool {
		if key, ok := riverKey(a.Key); ok {
			out.AddAttrs(slog.Attr{Key: key, Value: a.Value})
		}
		return true
	})
	return h.inner.Handle(ctx, out)
}

// WithAttrs keeps attributes whose keys are known here.
func (h riverLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	var kept []slog.Attr
	for _, a := range attrs {
		if key, ok := riverKey(a.Key); ok {
			kept = append(kept, slog.Attr{Key: key, Value: a.Value})
		}
	}
	return riverLog{h.inner.WithAttrs(kept)}
}

// WithGroup leaves groups out.
func (h riverLog) WithGroup(string) slog.Handler { return h }

// riverKey translates a key of River.
func riverKey(key string) (string, bool) {
	switch key {
	case "err", "error":
		return "err", true
	case "job_kind", "kind":
		return "kind", true
	case "attempt":
		return "attempt", true
	case "num_jobs", "num_completed_jobs":
		return "count", true
	case "duration":
		return "took", true
	default:
		return "", false
	}
}
