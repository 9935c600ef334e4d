package hotjar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// list is a page of any list. Results are decoded one by one, so that one that
// cannot be understood does not take the others with it.
type list struct {
	Results *[]json.RawMessage `json:"results"`
	Next    string             `json:"next_cursor"`
}

// survey is a survey as it is listed.
type survey struct {
	ID        string
	Name      string
	Enabled   bool
	Questions []question
}

type question struct {
	ID   string
	Type string
	Text string
}

type wireSurvey struct {
	ID        plain  `json:"id"`
	Name      string `json:"name"`
	Enabled   *bool  `json:"is_enabled"`
	Questions []struct {
		ID   plain  `json:"id"`
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"questions"`
}

func surveyOf(raw json.RawMessage) (survey, error) {
	var w wireSurvey
	if err := json.Unmarshal(raw, &w); err != nil {
		return survey{}, fmt.Errorf("a survey cannot be read: %w", err)
	}
	if w.ID == "" {
		return survey{}, errors.New("a survey has no id")
	}
	s := survey{ID: string(w.ID), Name: w.Name, Enabled: w.Enabled == nil || *w.Enabled}
	for _, q := range w.Questions {
		s.Questions = append(s.Questions, question{ID: string(q.ID), Type: q.Type, Text: q.Text})
	}
	return s, nil
}

type wireResponse struct {
	ID         plain  `json:"id"`
	Created    plain  `json:"created_time"`
	Complete   *bool  `json:"is_complete"`
	Device     plain  `json:"device"`
	Browser    plain  `json:"browser"`
	OS         plain  `json:"os"`
	Country    plain  `json:"country"`
	User       plain  `json:"hotjar_user_id"`
	Recording  plain  `json:"recording_url"`
	Origin     plain  `json:"response_origin_url"`
	Attributes []attr `json:"user_attributes"`
	Answers    []struct {
		Question  plain           `json:"question_id"`
		Answer    json.RawMessage `json:"answer"`
		Comment   plain           `json:"comment"`
		Tags      []tag           `json:"tags"`
		Sentiment plain           `json:"sentiment"`
	} `json:"answers"`
}

type attr struct {
	Name  string `json:"name"`
	Value plain  `json:"value"`
}

// tag is an object with a name, or the name itself.
type tag string

// UnmarshalJSON reads both forms.
func (t *tag) UnmarshalJSON(b []byte) error {
	var object struct {
		Name plain `json:"name"`
	}
	if bytes.HasPrefix(b, []byte("{")) {
		err := json.Unmarshal(b, &object)
		*t = tag(object.Name)
		return err
	}
	var text plain
	err := json.Unmarshal(b, &text)
	*t = tag(text)
	return err
}

// plain is a text, a number or yes and no, as text. Null is nothing.
type plain string

// UnmarshalJSON takes every scalar: ids and values are written in several ways.
func (p *plain) UnmarshalJSON(b []byte) error {
	switch {
	case bytes.Equal(b, []byte("null")):
		*p = ""
		return nil
	case bytes.HasPrefix(b, []byte(`"`)):
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*p = plain(strings.TrimSpace(s))
		return nil
	case bytes.HasPrefix(b, []byte("{")), bytes.HasPrefix(b, []byte("[")):
		return fmt.Errorf("%s stands where a text or a number belongs", kindOf(b))
	default:
		*p = plain(b)
		return nil
	}
}

func kindOf(b []byte) string {
	if bytes.HasPrefix(b, []byte("{")) {
		return "an object"
	}
	return "a list"
}

// time reads a moment in the forms that the service may use.
func (p plain) time() (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, string(p)); err == nil && !t.IsZero() {
			return t.UTC(), true
		}
	}
	n, err := strconv.ParseInt(string(p), 10, 64)
	const seconds, millis = 1e11, 1e14 // the year 5138 either way
	switch {
	case err != nil || n <= 0 || n > millis:
		return time.Time{}, false
	case n > seconds:
		return time.UnixMilli(n).UTC(), true
	default:
		return time.Unix(n, 0).UTC(), true
	}
}
