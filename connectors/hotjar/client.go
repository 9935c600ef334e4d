package hotjar

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/httpx"
)

// client sends requests, one after the other at the agreed pace.
type client struct {
	base   string // with the site
	http   *http.Client
	tokens *tokens
	pace   *pace
	now    func() time.Time
}

func newClient(env connectors.Env, c Config) *client {
	base := strings.TrimSuffix(c.URL, "/")
	web := httpx.New(httpx.Options{Name: env.Name, Transport: env.Transport, Log: env.Log})
	return &client{
		base: base + "/v1/sites/" + strconv.FormatInt(c.Site, 10), http: web, now: env.Now,
		tokens: &tokens{auth: c.Auth, base: base, web: web, now: env.Now},
		pace:   &pace{gap: time.Minute / time.Duration(c.RequestsPerMinute)},
	}
}

// get reads an answer. A token that is refused is renewed once.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) error {
	for try := 1; ; try++ {
		if err := c.pace.turn(ctx); err != nil {
			return err
		}
		token, err := c.tokens.bearer(ctx)
		if err != nil {
			return httpx.AsLimit(err, c.now())
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path+"?"+query.Encode(), nil)
		if err != nil {
			return fmt.Errorf("build the request: %w", err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := c.http.Do(r)
		if err != nil {
			return httpx.Explain(err)
		}
		if resp.StatusCode == http.StatusUnauthorized && try == 1 {
			_ = resp.Body.Close()
			c.tokens.forget(token)
			continue
		}
		return httpx.AsLimit(httpx.ReadJSON(resp, into), c.now())
	}
}

// perPage is the most that a list gives.
const perPage = 100

// page reads one page of a list.
func (c *client) page(ctx context.Context, path, cursor string, query url.Values) (list, error) {
	query.Set("limit", strconv.Itoa(perPage))
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	var l list
	err := c.get(ctx, path, query, &l)
	switch {
	case err != nil:
		return list{}, err
	case l.Results == nil:
		return list{}, fmt.Errorf("%w: it has no results", errForm)
	case l.Next != "" && l.Next == cursor:
		return list{}, fmt.Errorf("%w: the cursor does not move", errForm)
	default:
		return l, nil
	}
}

// maxPages bounds lists of surveys.
const maxPages = 200

// surveys lists the surveys of the site with their questions.
func (c *client) surveys(ctx context.Context) ([]survey, error) {
	var all []survey
	cursor := ""
	for range maxPages {
		l, err := c.page(ctx, "/surveys", cursor, url.Values{"with_questions": {"true"}})
		if err != nil {
			return nil, fmt.Errorf("list surveys: %w", err)
		}
		for _, raw := range *l.Results {
			s, err := surveyOf(raw)
			if err != nil {
				return nil, fmt.Errorf("list surveys: %w: %w", errForm, err)
			}
			all = append(all, s)
		}
		if cursor = l.Next; cursor == "" {
			return all, nil
		}
	}
	return nil, fmt.Errorf("list surveys: %w: it does not end", errForm)
}

// responses reads one page of the responses of a survey, newest first.
func (c *client) responses(ctx context.Context, survey, cursor string) (list, error) {
	l, err := c.page(ctx, "/surveys/"+url.PathEscape(survey)+"/responses", cursor, url.Values{})
	if err != nil {
		return list{}, fmt.Errorf("read responses of survey %s: %w", survey, err)
	}
	return l, nil
}
