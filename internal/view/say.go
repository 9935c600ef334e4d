package view

import (
	"net/http"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Say is what somebody says of an item: Kind is place, horizon or priority, and
// Value where it is to be. Until is a day or a length of time.
type Say struct {
	Ref     string `json:"ref"`
	Kind    string `json:"kind"`
	Value   string `json:"value"`
	Because string `json:"because"`
	Until   string `json:"until"`
}

// Override notes where a person wants an item.
func (vi *Visit) Override(what Say) (Word, error) {
	if err := vi.may(Approver); err != nil {
		return Word{}, err
	}
	var kind work.OverrideKind
	if kind.UnmarshalText([]byte(what.Kind)) != nil || kind == work.Objection {
		return Word{}, BadRequest("it is not said what is to be", "send kind: place, horizon or priority, and its value").onPage("", "choose place, horizon or priority, and the value")
	}
	return vi.say(kind, what)
}

// Object notes that somebody objects to what is decided of an item. Kind and
// Value mean nothing here.
func (vi *Visit) Object(what Say) (Word, error) {
	if err := vi.may(Viewer); err != nil {
		return Word{}, err
	}
	what.Value = ""
	return vi.say(work.Objection, what)
}

// say notes a word.
func (vi *Visit) say(kind work.OverrideKind, what Say) (Word, error) {
	until, err := work.ParseUntil(what.Until, vi.desk.conf.Now())
	if err != nil {
		return Word{}, BadRequest("until is no day that is taken here", "write a day within a year, such as 2026-12-24, or a length of time, such as 14d").
			onPage("this is no day until which it can hold", "")
	}
	l, err := vi.lens()
	if err != nil {
		return Word{}, err
	}
	d, ok := l.find(what.Ref)
	if !ok {
		return Word{}, notFound("item", "send ref as CONNECTOR:KEY, such as jira:PAY-12").onPage("", "search for it in the order, by its key or title")
	}
	o := d.Speak(what.Ref, kind, what.Value)
	o.By, o.Reason, o.Until, o.At = vi.who.Name, strings.TrimSpace(what.Because), until, vi.desk.conf.Now().UTC()
	if what, remedy := vi.desk.conf.Rules.Misfit(l.outcome.AsOf, d, &o); what != "" {
		return Word{}, BadRequest(what, remedy)
	}
	if o.Number, err = vi.desk.conf.Store.SaveOverride(vi.ctx, o); err != nil {
		return Word{}, err
	}
	vi.wake()
	return l.word(&o), nil
}

// Ended is the number of a word that ended.
type Ended struct {
	Ended int64 `json:"ended"`
}

// EndOverride ends an override sooner.
func (vi *Visit) EndOverride(number int64) (Ended, error) {
	if err := vi.may(Approver); err != nil {
		return Ended{}, err
	}
	o, err := vi.spoken(number, false)
	if err != nil {
		return Ended{}, err
	}
	return vi.endWord(o, "")
}

// Answer ends an objection with an answer. Who objected may take it back.
func (vi *Visit) Answer(number int64, text string) (Ended, error) {
	if err := vi.may(Viewer); err != nil {
		return Ended{}, err
	}
	text = strings.TrimSpace(text)
	if text == "" || len([]rune(text)) > work.MostReason {
		return Ended{}, BadRequest("an answer says something, in at most "+strconv.Itoa(work.MostReason)+" characters", "send answer: a text; people see it beside the objection").
			onPage("", "write an answer; people see it beside the objection")
	}
	o, err := vi.spoken(number, true)
	if err != nil {
		return Ended{}, err
	}
	if vi.who.Role < Approver && o.By != vi.who.Name {
		return Ended{}, NewProblem(http.StatusForbidden, "role", "somebody else objected, and the role of this token is "+vi.who.Role.String(), "use a token with role: "+Approver.String()).
			onPage("somebody else objected, and your role is "+vi.who.Role.String(), "ask somebody with the role "+Approver.String())
	}
	return vi.endWord(o, text)
}

// spoken finds an open word that the visitor may see by its number.
func (vi *Visit) spoken(number int64, objection bool) (*work.Override, error) {
	l, err := vi.lens()
	if err != nil {
		return nil, err
	}
	open, _, err := vi.desk.conf.Store.Overrides(vi.ctx, vi.today(), 0)
	if err != nil {
		return nil, err
	}
	for i := range open {
		o := &open[i]
		if s, _ := l.at(o.Ref.RefID); o.Number == number && s != nothing && (o.Kind == work.Objection) == objection {
			return o, nil
		}
	}
	return nil, notFound("word that counts today", "GET "+Base+"/overrides lists them").onPage("", "it may have ended already: look at the page of the item again")
}

func (vi *Visit) endWord(o *work.Override, words string) (Ended, error) {
	if _, err := vi.desk.conf.Store.EndOverrides(vi.ctx, []int64{o.Number}, vi.who.Name, words); err != nil {
		return Ended{}, err
	}
	vi.wake()
	return Ended{o.Number}, nil
}
