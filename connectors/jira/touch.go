package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

// watch is one native field of which rules want to know who touched it: Jira's
// id, and the name under which changelogs of Data Center list it.
type watch struct{ native, id, name string }

// history is one entry of a changelog.
type history struct {
	ID      looseText       `json:"id"`
	Author  user            `json:"author"`
	Created json.RawMessage `json:"created"`
	Items   []historyItem   `json:"items"`
}

// anonymous stands for whom a changelog does not name.
const anonymous = "anonymous"

// watches lists the fields to look for. What is not a field of Jira's has no
// changelog.
func (s *site) watches(ctx context.Context) ([]watch, error) {
	var all []watch
	for _, native := range sorted(s.watched) {
		some, err := s.watchesOf(ctx, native)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// watchesOf lists the fields that a native one stands for.
func (s *site) watchesOf(ctx context.Context, native string) ([]watch, error) {
	if slices.Contains([]string{"", work.NativeMarker, work.NativeComment, work.NativeLinks, work.NativeRank, work.NativeRemoteLink}, native) {
		return nil, nil
	}
	ids, err := s.sources(ctx, jiraID(native))
	if _, unknown := errors.AsType[*fieldError](err); unknown {
		return nil, nil // check tells of it
	}
	if err != nil {
		return nil, err
	}
	var all []watch
	for _, id := range ids {
		w := watch{native: native, id: id, name: id}
		if strings.HasPrefix(id, customPrefix) && !s.config.cloud() {
			book, err := s.fields(ctx)
			if err != nil {
				return nil, err
			}
			w.name = book.nameOf(id)
		}
		all = append(all, w)
	}
	return all, nil
}

// is reports whether an entry of a changelog is about the field. Cloud gives
// the id. Data Center gives only a name, which is English for its own fields.
func (w watch) is(field, fieldID string) bool {
	if fieldID != "" {
		return fieldID == w.id
	}
	switch w.id {
	case "fixVersions":
		return field == "Fix Version"
	case "components":
		return field == "Component"
	default:
		return strings.EqualFold(field, w.name)
	}
}

// touched returns the newest change of each watched field.
func touched(into map[string]work.Touch, histories []history, all []watch) map[string]work.Touch {
	for _, h := range histories {
		when, ok := historyTime(h.Created)
		if !ok {
			continue
		}
		for _, item := range h.Items {
			for _, w := range all {
				if !w.is(item.Field, item.FieldID) || when.Before(into[w.native].At) {
					continue
				}
				if into == nil {
					into = map[string]work.Touch{}
				}
				into[w.native] = work.Touch{By: cmp.Or(h.Author.id(), anonymous), At: when.UTC()}
			}
		}
	}
	return into
}

// The limits of one call for changelogs.
const (
	maxLogIssues  = 1000
	maxLogFields  = 10
	maxLogEntries = 10000
)

// touch says of the records of a page who last changed the watched fields. The
// error says why nothing is known of it.
func (s *site) touch(ctx context.Context, page *connectors.Page) error {
	if len(s.watched) == 0 || len(page.Records) == 0 {
		return nil
	}
	all, err := s.watches(ctx)
	if err == nil && s.config.cloud() && len(all) > 0 {
		err = s.readLogs(ctx, page.Records, all)
	}
	if err == nil && slices.ContainsFunc(all, func(w watch) bool { return w.native == "priority" }) {
		err = s.untouched(ctx, page.Records)
	}
	if err != nil {
		s.log.WarnContext(ctx, "who changed fields last is not known", "count", len(page.Records), "err", err)
	}
	return err
}

// isRefusal reports that Jira answered with a no that asking again meets again:
// a missing right, or a call that it does not have.
func isRefusal(err error) bool {
	e, answered := statusOf(err)
	return answered && (e.Status == http.StatusBadRequest || e.Status == http.StatusForbidden || e.Status == http.StatusNotFound) &&
		e.Kind != httpx.Limited && e.Kind != httpx.WebPage
}

// readLogs asks Cloud for the changelogs of many issues at once. Nothing is
// said of any of them unless all was read.
func (s *site) readLogs(ctx context.Context, records []work.Record, all []watch) error {
	found := map[string]map[string]work.Touch{}
	fields := make([]string, len(all))
	for i, w := range all {
		fields[i] = w.id
	}
	for chunk := range slices.Chunk(records, maxLogIssues) {
		ids := make([]string, len(chunk))
		for i, r := range chunk {
			ids[i] = r.ID
		}
		for some := range slices.Chunk(sorted(fields), maxLogFields) {
			if err := s.readLog(ctx, ids, some, all, found); err != nil {
				return err
			}
		}
	}
	for i := range records {
		records[i].Touched = found[records[i].ID]
	}
	return nil
}

func (s *site) readLog(ctx context.Context, ids, fields []string, all []watch, found map[string]map[string]work.Touch) error {
	return s.eachLog(ctx, ids, fields, func(id string, histories []history) { found[id] = touched(found[id], histories, all) })
}

// eachLog calls back with what Cloud knows of the changes of some fields of
// issues; for one issue possibly more than once.
func (s *site) eachLog(ctx context.Context, ids, fields []string, take func(id string, histories []history)) error {
	body := map[string]any{"issueIdsOrKeys": ids, "fieldIds": fields, "maxResults": maxLogEntries}
	for sent := map[string]bool{}; ; {
		var a struct {
			Logs []struct {
				Issue     identifier `json:"issueId"`
				Histories []history  `json:"changeHistories"`
			} `json:"issueChangeLogs"`
			Next string `json:"nextPageToken"`
		}
		if err := s.client.ask(ctx, path("changelog", "bulkfetch"), body, &a); err != nil {
			return fmt.Errorf("read changelogs: %w", err)
		}
		for _, l := range a.Logs {
			take(string(l.Issue), l.Histories)
		}
		switch {
		case a.Next == "":
			return nil
		case sent[a.Next]:
			return fmt.Errorf("read changelogs: %w", errRepeatedToken)
		}
		sent[a.Next] = true
		body["nextPageToken"] = a.Next
	}
}

// untouched marks priorities that nobody ever changed and that are what the
// project sets when nobody chooses.
func (s *site) untouched(ctx context.Context, records []work.Record) error {
	for i := range records {
		r := &records[i]
		if _, changed := r.Touched["priority"]; changed || !r.Fields["priority"].Present() {
			continue
		}
		usual, err := s.usualPriority(ctx, r.Place)
		if err != nil {
			return err
		}
		if usual == "" || r.Fields["priority"].Text() != usual {
			continue
		}
		if r.Touched == nil {
			r.Touched = map[string]work.Touch{}
		}
		r.Touched["priority"] = work.Touch{Untouched: true}
	}
	return nil
}

// usualTrust is how long a project's default priority is believed.
const usualTrust = 24 * time.Hour

// usual is a project's default priority; an empty id is an unknown one.
type usual struct {
	priority named
	at       time.Time
}

// usualPriority returns the name of the priority that new issues of a project
// get, empty where Jira does not say.
func (s *site) usualPriority(ctx context.Context, project string) (string, error) {
	s.mu.Lock()
	u, known := s.usuals[project]
	s.mu.Unlock()
	if !known || !work.Fresh(u.at, s.now(), usualTrust) {
		n, err := s.askUsual(ctx, project)
		if err != nil && !isRefusal(err) {
			return "", err
		}
		u = usual{n, s.now()}
		s.mu.Lock()
		s.usuals[project] = u
		s.mu.Unlock()
	}
	return s.names.follow("priority", string(u.priority.ID), u.priority.Name), nil
}

// askUsual reads the default from what a new issue would look like. An account
// that may not create issues is shown no types.
func (s *site) askUsual(ctx context.Context, project string) (named, error) {
	var types struct {
		Cloud  []named `json:"issueTypes"`
		Server []named `json:"values"`
	}
	if err := s.client.get(ctx, path("issue", "createmeta", project, "issuetypes"), nil, &types); err != nil {
		return named{}, fmt.Errorf("read issue types of %s: %w", project, err)
	}
	all := append(types.Cloud, types.Server...)
	if len(all) == 0 {
		return named{}, nil
	}
	type field struct {
		ID    string          `json:"fieldId"`
		Usual json.RawMessage `json:"defaultValue"`
	}
	var fields struct {
		Cloud  []field `json:"fields"`
		Server []field `json:"values"`
	}
	if err := s.client.get(ctx, path("issue", "createmeta", project, "issuetypes", string(all[0].ID))+"?maxResults=200", nil, &fields); err != nil {
		return named{}, fmt.Errorf("read fields of a new issue of %s: %w", project, err)
	}
	var n named
	for _, f := range append(fields.Cloud, fields.Server...) {
		if f.ID == "priority" {
			_ = json.Unmarshal(f.Usual, &n) // an unknown form is an unknown default
		}
	}
	return n, nil
}
