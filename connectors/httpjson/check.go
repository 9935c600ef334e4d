package httpjson

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/secret"
	"tandem/internal/work"
)

// checker asks each stream for its first page.
type checker struct{ source *source }

// shown is how many rejects are listed one by one.
const shown = 3

// Check changes nothing: all requests only ask.
func (c *checker) Check(ctx context.Context) []work.Finding {
	var findings []work.Finding
	for _, name := range slices.Sorted(maps.Keys(c.source.program.streams)) {
		findings = append(findings, c.stream(ctx, name)...)
	}
	if len(findings) == 0 {
		findings = append(findings, work.Finding{
			Level: work.Warning, Subject: c.source.env.Name, What: "no stream is read", Remedy: "give the params that the streams need; tandem connectors names them",
		})
	}
	return findings
}

func (c *checker) stream(ctx context.Context, name string) []work.Finding {
	subject := c.source.env.Name + " " + name
	page, err := c.first(ctx, name)
	if err != nil {
		return []work.Finding{{Level: work.Fatal, Subject: subject, What: whatOf(err), Remedy: remedyOf(err)}}
	}
	rows := len(page.Records) + len(page.Feedback) + len(page.Insights) + len(page.Metrics)
	findings := []work.Finding{{Level: work.Note, Subject: subject, What: fmt.Sprintf("%d records on the first page, %d set aside", rows, len(page.Rejects))}}
	for _, r := range page.Rejects[:min(len(page.Rejects), shown)] {
		findings = append(findings, work.Finding{Level: work.Warning, Subject: subject + ", " + r.Where, What: r.Cause, Remedy: r.Remedy})
	}
	return append(findings, page.Findings...)
}

// first reads the first page that a walk would give, of one parent and the
// newest window.
func (c *checker) first(ctx context.Context, name string) (connectors.Page, error) {
	var got connectors.Page
	w, err := c.source.walk(c.source.program.streams[name], nil, func(p connectors.Page, _ error) bool {
		got = p
		return false
	})
	if err != nil {
		return got, err
	}
	w.probe = true
	if err := w.run(ctx); err != nil && !errors.Is(err, errStopped) {
		return got, err
	}
	return got, nil
}

// whatOf is an error without its remedy.
func whatOf(err error) string {
	if refused, ok := errors.AsType[*refusedError](err); ok {
		return refused.cause.Error()
	}
	return err.Error()
}

func remedyOf(err error) string {
	if _, ok := errors.AsType[*secret.MissingError](err); ok {
		return "give the secret to the process that runs tandem; no service was asked"
	}
	if refused, ok := errors.AsType[*refusedError](err); ok && refused.remedy != "" {
		return refused.remedy
	}
	if _, ok := errors.AsType[*httpx.LimitError](err); ok {
		return "wait, or ask less often: every:, rate:"
	}
	if _, ok := errors.AsType[*shapeError](err); ok {
		return "compare the stream's records: and page: with an answer of the service"
	}
	if _, ok := errors.AsType[*elsewhereError](err); ok {
		return "give the one as url: that the service itself uses"
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return "run the check again"
	}
	return "check url: and whether the service is up, and look at what it says"
}
