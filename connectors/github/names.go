package github

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// nameBook remembers how labels and milestones are called. A new name and a
// deletion move no issue's time of change, so that no list of issues shows
// them.
//
// A label that rules name is known by that name although people call it
// otherwise now, until rules have the new name: it is read and written under
// the new one, and not made a second time.
type nameBook struct {
	client *client
	now    func() time.Time
	// ruled are the labels that rules write, in lower case.
	ruled map[string]bool
	// forget is told of labels that are not there any more.
	forget func(repository, label string)

	mu     sync.Mutex
	places map[string]*placeNames // by repository, in lower case
	// looked is when repositories were looked at last.
	looked map[string]time.Time
	// doubtful are repositories of which a webhook told a change.
	doubtful map[string]bool
}

// placeNames are the names in one repository.
type placeNames struct {
	Name       string `json:"name"`
	Labels     shelf  `json:"labels"`
	Milestones shelf  `json:"milestones"`
	// Known is what rules call labels that have another name now, by id.
	Known map[string]string `json:"known,omitempty"`
}

// shelf is one list of names.
type shelf struct {
	// Pages are those that it came in, to ask again only for what changed.
	Pages []namePage `json:"pages,omitempty"`
	// Names are by id of a label, or number of a milestone; nil before the
	// first look.
	Names map[string]string `json:"names,omitempty"`
}

type namePage struct {
	Address string `json:"address"`
	ETag    string `json:"etag"`
}

// renamed is one thing that has another name, or none any more.
type renamed struct{ id, from, to string }

func newNameBook(cl *client, env connectors.Env) *nameBook {
	ruled := map[string]bool{}
	for _, w := range env.Writes {
		for _, label := range w.Values {
			if w.Labels {
				ruled[strings.ToLower(label)] = true
			}
		}
	}
	return &nameBook{client: cl, now: env.Now, looked: map[string]time.Time{}, ruled: ruled, places: map[string]*placeNames{}, doubtful: map[string]bool{}}
}

// load takes over what was stored, where nothing newer is known.
func (b *nameBook) load(from connectors.Cursor) error {
	if len(from) == 0 {
		return nil
	}
	var saved map[string]*placeNames
	if err := json.Unmarshal(from, &saved); err != nil {
		return fmt.Errorf("the stored cursor cannot be read: %w; reset the stream to read everything again", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, p := range saved {
		if b.places[name] == nil && p != nil {
			b.places[name] = p
			b.tidy(p)
		}
	}
	return nil
}

func (b *nameBook) cursor() (connectors.Cursor, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return json.Marshal(b.places)
}

// tidy ends names that rules do not use any more, or that stand for another
// label by now. Callers hold the lock.
func (b *nameBook) tidy(p *placeNames) {
	maps.DeleteFunc(p.Known, func(id, known string) bool {
		now, there := p.Labels.Names[id]
		taken := slices.ContainsFunc(slices.Collect(maps.Values(p.Labels.Names)), func(other string) bool { return strings.EqualFold(other, known) })
		return !there || taken || !b.ruled[strings.ToLower(known)] || b.ruled[strings.ToLower(now)]
	})
}

// doubt lets the next read look at a repository.
func (b *nameBook) doubt(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.doubtful[strings.ToLower(name)] = true
}

func (b *nameBook) doubted(name string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.doubtful[strings.ToLower(name)] && b.places[strings.ToLower(name)] != nil
}

// namesAge is how long the names of a repository are believed, whoever asks.
const namesAge = 10 * time.Minute

// fresh reports whether a repository was looked at a moment ago, and no webhook
// told of a change since.
func (b *nameBook) fresh(name string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := strings.ToLower(name)
	at, ok := b.looked[key]
	return ok && !b.doubtful[key] && work.Fresh(at, b.now(), namesAge)
}

// translate lets records show labels by the names that rules have.
func (b *nameBook) translate(records []work.Record) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, rec := range records {
		p := b.places[strings.ToLower(rec.Place)]
		if p == nil || len(p.Known) == 0 {
			continue
		}
		labels := rec.Fields[work.NativeLabels].List()
		for id, known := range p.Known {
			for i, l := range labels {
				if strings.EqualFold(l, p.Labels.Names[id]) {
					labels[i] = known
				}
			}
		}
		rec.Fields[work.NativeLabels] = work.NewList(labels...)
	}
}

// called is the name that a label has now.
func (b *nameBook) called(place, label string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.places[strings.ToLower(place)]; p != nil {
		for id, known := range p.Known {
			if strings.EqualFold(known, label) {
				return p.Labels.Names[id]
			}
		}
	}
	return label
}

// rename lets edits name labels as they are called now.
func (b *nameBook) rename(batch []work.Edit) []work.Edit {
	batch = slices.Clone(batch)
	for i, e := range batch {
		if name, _, err := splitKey(e.Key); err == nil && e.Target.Path == work.NativeLabels {
			batch[i].Target.Element = b.called(name, e.Target.Element)
			batch[i].While, batch[i].Unless, batch[i].Keeps = b.calledAll(name, e.While), b.calledAll(name, e.Unless), b.calledAll(name, e.Keeps)
		}
	}
	return batch
}

// calledAll returns labels as they are called now; one that was deleted keeps
// its name, which nothing bears.
func (b *nameBook) calledAll(place string, labels work.Value) work.Value {
	if !labels.Present() {
		return labels
	}
	var names []string
	for label := range labels.Elements {
		names = append(names, cmp.Or(b.called(place, label), label))
	}
	return work.NewList(names...)
}

// look asks for the names in a repository, and returns what changed since the
// last look.
func (b *nameBook) look(ctx context.Context, name string) (labels, milestones []renamed, err error) {
	key := strings.ToLower(name)
	b.mu.Lock()
	delete(b.doubtful, key)
	p := placeNames{Name: name}
	if old := b.places[key]; old != nil {
		p = *old
		p.Known = maps.Clone(old.Known)
	}
	b.mu.Unlock()
	path := repositoryPath(name)
	if labels, err = b.compare(ctx, &p.Labels, path+"/labels?per_page=100", "id", "name"); err != nil {
		return nil, nil, err
	}
	if milestones, err = b.compare(ctx, &p.Milestones, path+"/milestones?state=all&per_page=100", "number", "title"); err != nil {
		return nil, nil, err
	}
	for _, l := range labels {
		b.forget(name, l.from)
		known := l.from
		if was := p.Known[l.id]; was != "" {
			known = was
		}
		if l.to != "" && b.ruled[strings.ToLower(known)] {
			if p.Known == nil {
				p.Known = map[string]string{}
			}
			p.Known[l.id] = known
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tidy(&p)
	b.places[key], b.looked[key] = &p, b.now()
	return labels, milestones, nil
}

// compare asks for a list, page by page, and returns what changed; nothing
// where all of them are as they were.
func (b *nameBook) compare(ctx context.Context, s *shelf, address, id, name string) ([]renamed, error) {
	fresh := shelf{Names: map[string]string{}}
	for n, page := range s.Pages {
		a, err := b.client.get(ctx, page.Address, page.ETag)
		switch {
		case err != nil:
			return nil, err
		case page.ETag != "" && a.unchanged() && n == len(s.Pages)-1:
			return nil, nil
		case page.ETag != "" && a.unchanged():
			continue
		case n == 0: // the answer is the first page already; a renewed token has other ETags
			if address, err = b.shelve(&fresh, page.Address, a, id, name); err != nil {
				return nil, err
			}
		}
		break
	}
	for address != "" {
		a, err := b.client.get(ctx, address, "")
		if err == nil {
			address, err = b.shelve(&fresh, address, a, id, name)
		}
		if err != nil {
			return nil, err
		}
	}
	var changed []renamed
	for _, key := range slices.Sorted(maps.Keys(s.Names)) {
		if from, to := s.Names[key], fresh.Names[key]; from != to {
			changed = append(changed, renamed{key, from, to})
		}
	}
	*s = fresh
	return changed, nil
}

// shelve takes over one page, and returns the address of the next one.
func (b *nameBook) shelve(fresh *shelf, address string, a answer, id, name string) (string, error) {
	var rows []map[string]any
	if err := a.into(&rows); err != nil {
		return "", err
	}
	for _, row := range rows {
		number, _ := row[id].(float64)
		text, _ := row[name].(string)
		fresh.Names[strconv.FormatInt(int64(number), 10)] = text
	}
	page := namePage{address, a.header.Get("Etag")}
	next := nextOf(a.header)
	if next == "" && len(rows) == perPage {
		page.ETag = "" // what comes next would be on a page that was not asked for
	}
	fresh.Pages = append(fresh.Pages, page)
	if next == "" {
		return "", nil
	}
	return follow(b.client.base, next)
}

// unreadable reports whether an answer tells of the repository what the stream
// of issues tells anyway.
func unreadable(err error) bool {
	status := statusOf(err)
	return isAbsent(err) || (status == http.StatusForbidden || status == http.StatusUnavailableForLegalReasons) && !stopsAll(err)
}
