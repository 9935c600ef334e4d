package web

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/chart"
	"tandem/internal/view"
	"tandem/internal/work"
)

// itemPage is one item, and why it stands where it stands.
type itemPage struct {
	view.Portrait

	// Ref is how the reader called it.
	Ref    string
	Lenses []lens
	Body   template.HTML
	// Ends is the last day that forms begin with, Last the latest that they take.
	Ends, Last string
	// Label keeps Tandem away for good.
	Label string
	// Mine is how the audit names the reader.
	Mine string
	// Objected tells that an objection of the reader counts already.
	Objected bool
	// Picture is the history as a line, Past the same as a table.
	Picture template.HTML
	Past    []work.Point
}

// lens is one of the two questions, with what its answer is made of.
type lens struct {
	Name, Question string
	view.Score

	Parts []part
}

// part is a term with its bar.
type part struct {
	view.Part

	Bar template.HTML
}

// handsOff is the label that keeps Tandem away from an issue for good.
const handsOff = "tandem/hands-off"

// longestTitle is how many characters of a title stand at the top.
const longestTitle = 200

// item shows an item, by its name, by one that it had before, or by its address.
func (v *visit) item() (content, error) {
	q := v.URL.Query()
	ref, address := q.Get("ref"), q.Get("url")
	if ref == "" && address == "" {
		return content{}, view.BadRequest("the address names no item", "search for its key or title in the order, and follow the link")
	}
	sought, err := v.see.Seek(ref, address)
	if err != nil {
		return content{}, err
	}
	if sought.Ref != ref {
		if sought.Moved {
			v.say(note{"", ref + " is called " + sought.Ref + " now."})
		}
		q.Del("url")
		q.Set("ref", sought.Ref)
		return content{to: "/item?" + q.Encode()}, nil
	}
	run := int64(0)
	if text := q.Get("run"); text != "" {
		if run, err = strconv.ParseInt(text, 10, 64); err != nil || run < 1 {
			return content{}, view.BadRequest("the address names no run", "leave run= out to see the item of today")
		}
	}
	x, err := v.see.Portrait(ref, run)
	if err != nil {
		return content{}, err
	}
	p := itemPage{Portrait: x, Ref: ref, Body: v.web.prose.html(x.Body), Label: handsOff, Mine: v.who.Name}
	p.Ends, p.Last = x.AsOf.Add(work.UsualOverride).Format(time.DateOnly), x.AsOf.Add(work.MostOverride).Format(time.DateOnly)
	if x.Item.Place > 0 {
		p.Lenses = lensesOf(x.Scores)
	}
	if strings.TrimSpace(x.Body) == "" {
		p.Body = ""
	}
	for i := range x.Said {
		p.Objected = p.Objected || x.Said[i].Kind == work.Objection && x.Said[i].By == v.who.Name
	}
	p.Past = slices.Clone(x.History)
	slices.Reverse(p.Past) // the newest day first
	p.Picture = history(x.History, x.AsOf)
	return content{title: cut(title(&x.Item), longestTitle), body: "item.html", data: p}, nil
}

// history draws where an item stood, where that says more than where it stands.
func history(points []work.Point, asOf time.Time) template.HTML {
	if len(points) < 2 {
		return ""
	}
	from := points[0].Day
	return `<div class="columns wide">` + chart.Inline(chart.PlaceHistory("Place over all teams, 1 is at the top", points, from, asOf)) +
		chart.Inline(chart.ScoreHistory("Score and its interval, of 100", points, from, asOf)) + `</div>`
}

func title(i *view.Item) string {
	if i.Title != "" {
		return i.Title
	}
	return i.Ref
}

// cut shortens a text for a line.
func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// lensesOf sorts the terms by their question.
func lensesOf(s *view.Scores) []lens {
	if s == nil {
		return nil
	}
	var all []lens
	for i := range s.Parts {
		p := &s.Parts[i]
		if len(all) == 0 || all[len(all)-1].Name != p.Lens {
			l := lens{Name: p.Lens, Score: s.Next, Question: "Why, and what next"}
			switch p.Lens {
			case "why":
				l.Score, l.Question = s.Why, "Why: what the PM asks"
			case "next":
				l.Question = "What next: what the PO asks"
			}
			all = append(all, l)
		}
		l := &all[len(all)-1]
		l.Parts = append(l.Parts, part{*p, bar(p.Points)})
	}
	return all
}

// override notes where a person wants an item.
func (v *visit) override() (note, string, error) {
	kind := v.PostFormValue("kind")
	word, err := v.see.Override(view.Say{
		Ref: v.PostFormValue("ref"), Kind: kind, Value: strings.TrimSpace(v.PostFormValue("value")), Because: v.PostFormValue("because"), Until: v.PostFormValue("until"),
	})
	if err != nil {
		return note{}, "", err
	}
	return note{"good", "Noted: " + kind + " " + word.Value + ", until " + word.Until + ". It counts from the next run on, in a moment."}, v.PostFormValue("back"), nil
}

// object notes that a person objects: what stands in the services stays so.
func (v *visit) object() (note, string, error) {
	word, err := v.see.Object(view.Say{Ref: v.PostFormValue("ref"), Because: v.PostFormValue("because"), Until: v.PostFormValue("until")})
	if err != nil {
		return note{}, "", err
	}
	return note{"good", "Noted: Tandem changes nothing here until somebody answers, or until " + word.Until + "."}, v.PostFormValue("back"), nil
}

// endWord ends what a person said: an override, or an objection with an answer.
func (v *visit) endWord() (note, string, error) {
	number, back := v.number("number"), v.PostFormValue("back")
	if v.PostFormValue("kind") == work.Objection.String() {
		_, err := v.see.Answer(number, v.PostFormValue("answer"))
		return note{"good", "Answered: the objection has ended."}, back, err
	}
	_, err := v.see.EndOverride(number)
	return note{"good", "Ended: Tandem decides again."}, back, err
}

// runPath is the page of an item as a kept run saw it.
func runPath(ref string, run int64) string {
	return "/item?" + url.Values{"ref": {ref}, "run": {strconv.FormatInt(run, 10)}}.Encode()
}
