package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

const (
	// maxMovers bounds how many issues are asked who moved them.
	maxMovers = 100
	// moverSlack is how long before the last known order a move may have been
	// made: the search was late then, and clocks differ.
	moverSlack = time.Hour
	// maxHistoryPages bounds one reading of changelogs.
	maxHistoryPages = 20
)

// movers asks who moved the candidates since a time, the likeliest first. Of an
// issue that we moved with an answer that was lost nothing else tells whether a
// person moved it afterwards (promise S1), so that a history which may be readable
// later is an error. One that Jira does not show costs only the names.
func (s *site) movers(ctx context.Context, candidates []string, since time.Time) ([]work.Moved, error) {
	seen := map[string]bool{}
	candidates = slices.DeleteFunc(candidates, func(id string) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
	if len(candidates) == 0 {
		return nil, nil
	}
	moved, err := s.readMovers(ctx, candidates[:min(len(candidates), maxMovers)], since.Add(-moverSlack))
	if err == nil || passes(err) {
		return moved, err
	}
	s.log.WarnContext(ctx, "who moved issues of the backlog is not known", "err", err)
	return nil, nil
}

func (s *site) readMovers(ctx context.Context, ids []string, since time.Time) ([]work.Moved, error) {
	self, err := s.own(ctx)
	if err != nil {
		return nil, err
	}
	read := s.historiesOfAll
	if !s.config.cloud() {
		read = s.historiesOfEach
	}
	all, err := read(ctx, ids)
	if err != nil {
		return nil, err
	}
	rank, err := s.rankField(ctx)
	if err != nil {
		return nil, err
	}
	var moved []work.Moved
	for _, id := range ids {
		m, ok := rank.newest(all[id])
		if ok && m.By != self && !m.At.Before(since) {
			m.ID = id
			moved = append(moved, m)
		}
	}
	return moved, nil
}

// own returns the id of our account, asked for once.
func (s *site) own(ctx context.Context) (string, error) {
	s.ranks.mu.Lock()
	known := s.ranks.self
	s.ranks.mu.Unlock()
	if known != "" {
		return known, nil
	}
	var u user
	if err := s.client.get(ctx, path("myself"), nil, &u); err != nil {
		return "", fmt.Errorf("read own account: %w", err)
	}
	if u.id() == "" {
		return "", fmt.Errorf("read own account: %w", errForm)
	}
	s.ranks.mu.Lock()
	s.ranks.self = u.id()
	s.ranks.mu.Unlock()
	return u.id(), nil
}

// historiesOfAll reads the changelogs of many issues on Cloud. It asks for all
// fields: by which id the rank would have to be asked for is not documented.
func (s *site) historiesOfAll(ctx context.Context, ids []string) (map[string][]history, error) {
	all := map[string][]history{}
	body := map[string]any{"issueIdsOrKeys": ids, "maxResults": 1000}
	for range maxHistoryPages {
		var a struct {
			Logs []struct {
				ID        identifier `json:"issueId"`
				Histories []history  `json:"changeHistories"`
			} `json:"issueChangeLogs"`
			Next string `json:"nextPageToken"`
		}
		if err := s.client.ask(ctx, path("changelog", "bulkfetch"), body, &a); err != nil {
			return nil, fmt.Errorf("read changelogs: %w", err)
		}
		for _, log := range a.Logs {
			all[string(log.ID)] = append(all[string(log.ID)], log.Histories...)
		}
		if a.Next == "" {
			return all, nil
		}
		if a.Next == body["nextPageToken"] {
			return nil, errRepeatedToken
		}
		body["nextPageToken"] = a.Next
	}
	return nil, fmt.Errorf("the changelogs of %d issues are longer than %d pages", len(ids), maxHistoryPages)
}

// logged is an issue with its changelog, as Data Center shows it.
type logged struct {
	ID        identifier `json:"id"`
	Changelog struct {
		Histories []history `json:"histories"`
	} `json:"changelog"`
}

// historiesOfEach reads the changelogs on Data Center: the first ones by id,
// the others by one search, which may not know the newest entries.
func (s *site) historiesOfEach(ctx context.Context, ids []string) (map[string][]history, error) {
	all := map[string][]history{}
	first, others := ids[:min(len(ids), maxSingle)], ids[min(len(ids), maxSingle):]
	for _, id := range first {
		var i logged
		err := s.client.get(ctx, path("issue", id), url.Values{"fields": {"id"}, "expand": {"changelog"}}, &i)
		if err != nil && !hasStatus(err, http.StatusNotFound) {
			return nil, fmt.Errorf("read changelog: %w", err)
		}
		all[id] = i.Changelog.Histories
	}
	if len(others) == 0 {
		return all, nil
	}
	body := map[string]any{
		"jql": "id in (" + strings.Join(others, ", ") + ")", "maxResults": len(others), "fields": []string{"id"},
		"expand": []string{"changelog"}, "validateQuery": false, // one that is gone spoils nothing
	}
	var a struct {
		Issues []logged `json:"issues"`
	}
	if err := s.client.ask(ctx, path("search"), body, &a); err != nil {
		return nil, fmt.Errorf("read changelogs: %w", err)
	}
	for _, i := range a.Issues {
		all[string(i.ID)] = i.Changelog.Histories
	}
	return all, nil
}

// newest returns the newest move in a changelog, in whatever order it stands.
func (f rankField) newest(all []history) (m work.Moved, ok bool) {
	for _, h := range all {
		if !f.moves(h) || h.Author.id() == "" {
			continue
		}
		if at, known := historyTime(h.Created); known && (!ok || at.After(m.At)) {
			m, ok = work.Moved{By: h.Author.id(), At: at}, true
		}
	}
	return m, ok
}

// moves reports whether an entry tells of a move in the backlog. On Cloud the
// item has the id "Rank"; Data Center writes no id, and the name in the
// language of the site.
func (f rankField) moves(h history) bool {
	for _, i := range h.Items {
		if i.FieldID != "" && slices.Contains([]string{rankItem, f.id}, i.FieldID) ||
			i.FieldID == "" && i.Field != "" && slices.Contains([]string{rankItem, f.name}, i.Field) {
			return true
		}
	}
	return false
}

// rankItem is how changelogs name the field.
const rankItem = "Rank"

// historyTime reads a text, or a number of seconds or milliseconds: the
// description says text, its own example shows seconds.
func historyTime(raw json.RawMessage) (time.Time, bool) {
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		if n < 1e11 {
			return time.Unix(n, 0), true
		}
		return time.UnixMilli(n), true
	}
	v, err := moment(raw)
	if err != nil {
		return time.Time{}, false
	}
	return v.Time()
}
