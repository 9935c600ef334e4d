package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tandem/internal/work"
)

// decoder turns issues into records. It is pure.
type decoder struct {
	connector string
	// browse is the address of the site, for links that people open.
	browse   string
	audience work.Audience
	columns  []column
	// names are those that rules know; nil takes every name as it is.
	names *nameBook
	// watches are looked for in changelogs, where the issue holds its own.
	watches []watch
}

// decoder reads the schema's fields and those that rules want.
func (s *site) decoder(wanted []asked) decoder {
	d := decoder{
		connector: s.name, browse: strings.TrimRight(s.config.URL, "/") + "/browse/",
		audience: s.config.audience(), columns: columns(s.name), names: s.names,
	}
	for _, a := range wanted {
		d.columns = append(d.columns, column{id: a.ids[0], others: a.ids[1:], native: a.native, read: readerOf(a.native)})
	}
	return d
}

// learn asks what must be known for reading: mostly nothing.
func (s *site) learn(ctx context.Context) (decoder, error) {
	wanted, err := s.asked(ctx)
	if err != nil {
		return decoder{}, err
	}
	d := s.decoder(wanted)
	if !s.config.cloud() {
		d.watches, err = s.watches(ctx)
	}
	return d, err
}

// ids returns the ids of the fields to ask for.
func (d decoder) ids() []string {
	ids := []string{"project", restrictionField}
	for _, c := range d.columns {
		ids = append(append(ids, c.id), c.others...)
	}
	return sorted(ids)
}

// record reads one issue.
func (d decoder) record(raw json.RawMessage) (work.Record, error) {
	var i issue
	if err := json.Unmarshal(raw, &i); err != nil {
		return work.Record{}, fmt.Errorf("read issue: %w", err)
	}
	switch {
	case i.ID == "":
		return work.Record{}, errors.New("the issue has no id")
	case i.Key == "":
		return work.Record{}, errors.New("the issue has no key")
	case i.Fields == nil:
		return work.Record{}, errors.New("the issue has no fields")
	}
	values, err := d.values(i)
	if err != nil {
		return work.Record{}, err
	}
	r := work.Record{
		Ref: work.NewRef(d.connector, string(i.ID), i.Key), Place: i.project(), URL: d.browse + i.Key,
		Fields: values, Audience: d.audience,
	}
	restricted, err := i.restricted()
	if err != nil {
		return work.Record{}, err
	}
	if restricted {
		r.Audience = work.Restricted
	}
	var ok bool
	if r.Version, ok = values["updated"].Time(); !ok {
		return work.Record{}, errors.New("the issue has no time of last change (updated)")
	}
	r.Created, _ = values["created"].Time()
	r.Touched = touched(nil, i.Changelog.Histories, d.watches)
	return r, nil
}

// values reads the fields that are there. A field that Jira left out is
// unknown; one that is null is empty.
func (d decoder) values(i issue) (map[string]work.Value, error) {
	values := make(map[string]work.Value, len(d.columns)+1)
	for _, c := range d.columns {
		raw, ok := c.pick(i.Fields)
		if !ok {
			continue
		}
		v, err := c.value(raw)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", c.id, err)
		}
		if v.Known() {
			values[c.native] = v
		}
	}
	if d.names != nil {
		d.follow(i.Fields, values)
	}
	if i.Properties != nil {
		values[work.NativeMarker] = i.marker()
	}
	return values, nil
}

// marker reads the twin that Tandem noted at the issue. Anybody who can edit
// the issue can write the property: a form that is not ours joins nothing.
func (i issue) marker() work.Value { return work.NewText(i.mark().Twin) }

// project returns the key of the project; a key keeps it before its number.
func (i issue) project() string {
	var p struct {
		Key string `json:"key"`
	}
	if json.Unmarshal(i.Fields["project"], &p) == nil && p.Key != "" {
		return p.Key
	}
	if cut := strings.LastIndexByte(i.Key, '-'); cut > 0 {
		return i.Key[:cut]
	}
	return i.Key
}

// restrictionField holds who may see an issue of a team-managed project.
const restrictionField = "issuerestriction"

// restricted reports whether only named people can read the issue: by a
// security level, or by a restriction. What is there and cannot be understood
// is an error: in doubt nothing is shown to anybody.
func (i issue) restricted() (bool, error) {
	if level, ok := i.Fields["security"]; ok && !isNull(level) {
		return true, nil
	}
	raw, ok := i.Fields[restrictionField]
	if !ok || isNull(raw) {
		return false, nil
	}
	var r struct {
		Restrictions map[string]json.RawMessage `json:"issuerestrictions"`
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return false, fmt.Errorf("field %s: %w", restrictionField, err)
	}
	return len(r.Restrictions) > 0, nil
}
