package userpilot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// errUnsafe says that the address of a part is not one to fetch from.
var errUnsafe = errors.New("the address of a part is not https")

// fetch reads a part line by line. It returns why lines were set aside.
func (c *client) fetch(ctx context.Context, connector string, p part, take func(event)) ([]work.Reject, error) {
	u, err := url.Parse(p.address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !c.plain || !httpx.Loopback(u)) {
		return nil, fmt.Errorf("read part %s: %w", p.name, errUnsafe)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.address, nil)
	if err != nil {
		return nil, fmt.Errorf("read part %s: %w", p.name, errUnsafe)
	}
	resp, err := c.storage.Do(r)
	if err != nil {
		return nil, fmt.Errorf("read part %s: %w", p.name, httpx.Explain(err))
	}
	defer func() { _ = resp.Body.Close() }()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return nil, fmt.Errorf("read part %s: %w", p.name, errEnded)
	default:
		return nil, fmt.Errorf("read part %s: %w", p.name, httpx.AsLimit(httpx.FromResponse(resp), c.now()))
	}
	l := lines{connector: connector, part: p.name, take: take}
	if err := l.read(resp.Body); err != nil {
		return nil, fmt.Errorf("read part %s: %w", p.name, err)
	}
	return l.rejects, nil
}
