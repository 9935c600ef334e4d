package userpilot

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// utterance is an event that holds a part of an answer, or should.
type utterance struct {
	event

	key    string // id of the event
	entity string // such as survey:45
	nps    bool
	score  float64
	scored bool
	// comment is the text that belongs to a score.
	comment string
	answers []spoken
	// mute says why nothing was found, and fault what could not be read.
	mute, fault string
}

// spoken is the answer to one question, one element for each choice.
type spoken struct {
	question string
	said     []string
}

// hear finds the answer in an event. It reports false for events that are none.
func (c Config) hear(e event) (utterance, bool) {
	if e.Type != interaction {
		return utterance{}, false
	}
	u := utterance{event: e, key: e.id()}
	var status string
	u.entity, status = e.entity()
	u.Metadata = nil // what counts is taken out of it here
	switch {
	case silent(status):
		return utterance{}, false
	case matches(c.NPS.Events, string(e.Name)):
		u.nps = true
		u.hearNPS(c.NPS, treeOf(e.Metadata))
	case matches(c.Surveys.Events, string(e.Name)):
		u.hearSurvey(c.Surveys, treeOf(e.Metadata))
	default:
		return utterance{}, false
	}
	return u, true
}

func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, _ := path.Match(p, name); ok {
			return true
		}
	}
	return false
}

// hearNPS finds a score and a comment.
func (u *utterance) hearNPS(c NPS, t tree) {
	if value, there := firstAt(t, c.Score); there {
		said, err := saidOf(value)
		if err == nil && len(said) == 1 {
			u.score, err = strconv.ParseFloat(said[0], 64)
			u.scored = err == nil && u.score >= 0 && u.score <= 10
		}
		if !u.scored && len(said) > 0 {
			u.fault = "what stands at the path of the score is no number from 0 to 10"
		}
	}
	if value, there := firstAt(t, c.Comment); there {
		said, err := saidOf(value)
		if err != nil {
			u.fault = "what stands at the path of the comment is no text"
		}
		u.comment = strings.Join(said, "\n")
	}
	if !u.speaks() {
		u.mute = "no score and no comment stands where the settings look for them; " + names(t)
	}
}

// hearSurvey finds answers: a list, an object by question, or one in the event
// itself.
func (u *utterance) hearSurvey(c Surveys, t tree) {
	value, _ := firstAt(t, c.Answers)
	switch all := value.(type) {
	case []any:
		for i, one := range all {
			u.spokenIn(c, one, strconv.Itoa(i+1))
		}
	case map[string]any:
		for question, answer := range all {
			u.add(question, answer)
		}
	default:
		inner, _ := at(t, "metadata")
		u.spokenIn(c, inner, "answer")
	}
	if !u.speaks() {
		u.mute = "no answer stands where the settings look for it; " + names(t)
	}
}

// speaks reports whether anything was found.
func (u *utterance) speaks() bool { return u.scored || u.comment != "" || len(u.answers) > 0 }

// spokenIn reads an element that names its question; one without is numbered.
func (u *utterance) spokenIn(c Surveys, t tree, place string) {
	answer, there := firstAt(t, c.Answer)
	if _, object := t.(map[string]any); !object {
		answer, there = t, t != nil
	}
	if !there {
		return
	}
	question := place
	if q, named := firstAt(t, c.Question); named {
		if said, err := saidOf(q); err == nil && len(said) == 1 {
			question = said[0]
		}
	}
	u.add(question, answer)
}

func (u *utterance) add(question string, answer tree) {
	said, err := saidOf(answer)
	switch {
	case err != nil:
		u.fault = fmt.Sprintf("the answer to question %s cannot be read", question)
	case len(said) > 0:
		u.answers = append(u.answers, spoken{question, said})
	}
}

// who tells people apart, as well as the event allows.
func (u *utterance) who() string {
	switch {
	case u.User != "":
		return "user " + string(u.User)
	case u.Session != "":
		return "session " + string(u.Session)
	default:
		return "event " + u.key
	}
}

// response is what may be joined: the NPS of one person, or one survey of one
// person.
func (u *utterance) response() string {
	if u.nps {
		return "nps " + u.who()
	}
	return u.entity + " " + u.who()
}

// after orders utterances by time.
func after(u, o utterance) int {
	if c := u.at.Compare(o.at); c != 0 {
		return c
	}
	return strings.Compare(u.key, o.key)
}
