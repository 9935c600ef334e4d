package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// wordView is what a person said against decisions.
type wordView struct {
	Restricted string            `json:"restricted,omitempty"`
	Number     int64             `json:"number"`
	Kind       work.OverrideKind `json:"kind"`
	Ref        string            `json:"ref,omitempty"`
	Value      string            `json:"value,omitempty"`
	By         string            `json:"by,omitempty"`
	Because    string            `json:"because,omitempty"`
	At         time.Time         `json:"at,omitzero"`
	// Until is the last day on which it counts.
	Until   string    `json:"until"`
	Ended   time.Time `json:"ended,omitzero"`
	EndedBy string    `json:"ended_by,omitempty"`
	Ending  string    `json:"ending,omitempty"`
}

// doubtView tells of a word that does not do what it says.
type doubtView struct {
	Number int64      `json:"number"`
	Level  work.Level `json:"level"`
	What   string     `json:"what"`
	Remedy string     `json:"remedy,omitempty"`
}

// someone stands for who is not named to the public.
const someone = "a person said so"

// word shows what was said, as far as the item may be seen. Names of people and
// their reasons are for those inside.
func (l *lens) word(o *work.Override) wordView {
	s, _ := l.at(o.Ref.RefID)
	v := wordView{Number: o.Number, Kind: o.Kind, Until: o.LastDay().Format(time.DateOnly), Ended: o.Ended}
	if s == nothing {
		v.Restricted = s.restriction()
		return v
	}
	v.Ref, v.Value, v.At = o.Ref.String(), o.Value, o.At
	if l.sees(work.Internal) {
		v.By, v.Because, v.EndedBy, v.Ending = o.By, o.Reason, o.EndedBy, o.Ending
	}
	return v
}

// words shows what was said of an item. A doubt that names another item is told
// to those only who may see that one.
func (l *lens) words(v *explanationView, d *engine.Decided) {
	if d.Words == nil {
		return
	}
	for _, o := range d.Words.All() {
		v.Said = append(v.Said, l.word(o))
	}
	for i := range d.Words.Doubts {
		doubt := &d.Words.Doubts[i]
		if !l.sees(work.Internal) {
			break
		}
		if doubt.Other != nil {
			if s, _ := l.at(doubt.Other.Item.Birth); s == nothing {
				continue
			}
		}
		v.Doubts = append(v.Doubts, doubtView{doubt.Number, doubt.Level, doubt.What, doubt.Remedy})
	}
}

// horizonBecause is why an item has its horizon.
func (l *lens) horizonBecause(d *engine.Decided) string {
	if d.Words != nil && d.Words.Horizon != nil && !l.sees(work.Internal) {
		return someone
	}
	return d.HorizonBecause
}

// overrides lists what people said against decisions.
func (a *API) overrides(c *call) (any, error) {
	ended, kind := 0, c.query.Get("kind")
	switch c.query.Get("ended") {
	case "", "false":
	case "true":
		ended = mostPage
	default:
		return nil, badRequest("ended is neither true nor false", "write ended=true to list also what ended")
	}
	var of work.OverrideKind
	if kind != "" && of.UnmarshalText([]byte(kind)) != nil {
		return nil, badRequest("there is no such kind", "write place, horizon, priority or objection")
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	open, over, err := a.Store.Overrides(c.Context(), a.today(), ended)
	if err != nil {
		return nil, err
	}
	var item *engine.Decided
	if ref := c.query.Get("ref"); ref != "" {
		var ok bool
		if item, ok = l.find(ref); !ok {
			return nil, noItem()
		}
	}
	pick := func(all []work.Override) []wordView {
		views := []wordView{}
		if item != nil {
			all = item.Said(all, "")
		}
		for i := range all {
			if kind == "" || all[i].Kind == of {
				views = append(views, l.word(&all[i]))
			}
		}
		return views
	}
	return map[string]any{"overrides": pick(open), "ended": pick(over)}, nil
}

func (a *API) today() time.Time { return a.Now().UTC().Truncate(24 * time.Hour) }

type overrideBody struct {
	Ref     string `json:"ref"`
	Kind    string `json:"kind"`
	Value   string `json:"value"`
	Because string `json:"because"`
	Until   string `json:"until"`
}

// override notes where a person wants an item.
func (a *API) override(c *call) (any, error) {
	var body overrideBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	var kind work.OverrideKind
	if kind.UnmarshalText([]byte(body.Kind)) != nil || kind == work.Objection {
		return nil, badRequest("it is not said what is to be", "send kind: place, horizon or priority, and its value")
	}
	return a.say(c, kind, body)
}

type objectBody struct {
	Ref     string `json:"ref"`
	Because string `json:"because"`
	Until   string `json:"until"`
}

// object notes that a client objects to what is decided of an item.
func (a *API) object(c *call) (any, error) {
	var body objectBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return a.say(c, work.Objection, overrideBody{Ref: body.Ref, Because: body.Because, Until: body.Until})
}

// say notes a word.
func (a *API) say(c *call, kind work.OverrideKind, body overrideBody) (any, error) {
	until, err := work.ParseUntil(body.Until, a.Now())
	if err != nil {
		return nil, badRequest("until is no day that is taken here", "write a day within a year, such as 2026-12-24, or a length of time, such as 14d")
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	d, ok := l.find(body.Ref)
	if !ok {
		return nil, notFound("item", "send ref as CONNECTOR:KEY, such as jira:PAY-12")
	}
	o := d.Speak(body.Ref, kind, body.Value)
	o.By, o.Reason, o.Until, o.At = c.by(), strings.TrimSpace(body.Because), until, a.Now().UTC()
	if what, remedy := a.Rules.Misfit(d, &o); what != "" {
		return nil, badRequest(what, remedy)
	}
	if o.Number, err = a.Store.SaveOverride(c.Context(), o); err != nil {
		return nil, err
	}
	a.Wake()
	return l.word(&o), nil
}

// endOverride ends an override sooner.
func (a *API) endOverride(c *call) (any, error) {
	if err := c.read(&struct{}{}); err != nil {
		return nil, err
	}
	o, err := a.spoken(c, false)
	if err != nil {
		return nil, err
	}
	return a.endWord(c, o, "")
}

// answer ends an objection with an answer. Who objected may take it back.
func (a *API) answer(c *call) (any, error) {
	var body struct {
		Answer string `json:"answer"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	text := strings.TrimSpace(body.Answer)
	if text == "" || len([]rune(text)) > work.MostReason {
		return nil, badRequest("an answer says something, in at most "+strconv.Itoa(work.MostReason)+" characters", "send answer: a text; people see it beside the objection")
	}
	o, err := a.spoken(c, true)
	if err != nil {
		return nil, err
	}
	if c.token.Role < Approver && o.By != c.by() {
		return nil, newProblem(http.StatusForbidden, "role", "somebody else objected, and the role of this token is "+c.token.Role.String(), "use a token with role: "+Approver.String())
	}
	return a.endWord(c, o, text)
}

// spoken finds an open word that the client may see by the number in the path.
func (a *API) spoken(c *call, objection bool) (*work.Override, error) {
	none := notFound("word that counts today", "GET "+Base+"/overrides lists them")
	number, err := strconv.ParseInt(c.PathValue("id"), 10, 64)
	if err != nil {
		return nil, none
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	open, _, err := a.Store.Overrides(c.Context(), a.today(), 0)
	if err != nil {
		return nil, err
	}
	for i := range open {
		o := &open[i]
		if s, _ := l.at(o.Ref.RefID); o.Number == number && s != nothing && (o.Kind == work.Objection) == objection {
			return o, nil
		}
	}
	return nil, none
}

func (a *API) endWord(c *call, o *work.Override, words string) (any, error) {
	if _, err := a.Store.EndOverrides(c.Context(), []int64{o.Number}, c.by(), words); err != nil {
		return nil, err
	}
	a.Wake()
	return map[string]any{"ended": o.Number}, nil
}
