package evidence

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Cause says how a feedback found its work, the surest first.
type Cause string

// The causes of a link. Likeness of texts is none: linking the likest issue
// was right one time in ten.
const (
	ByLink   Cause = "link"   // the feedback tool says so
	ByKey    Cause = "key"    // the text names the key
	ByTag    Cause = "tag"    // a rule ties the tag
	ByAnswer Cause = "answer" // a rule ties what was answered to a question
	ByURL    Cause = "url"    // a rule ties where it was said
	ByTrait  Cause = "trait"  // a rule ties an attribute
	ByStudy  Cause = "study"  // a rule ties the research it comes from
	ByPhrase Cause = "phrase" // all content words of a curated phrase
	ByReview Cause = "review" // a person said so
)

// Link ties a feedback to one piece of work.
type Link struct {
	// Target is "connector:key" as people write it. Keys may move: the caller
	// finds the item.
	Target string
	Cause  Cause
	// Detail is what was found: the reference, the tag, the phrase.
	Detail string
}

// String returns the link's reason in plain words.
func (l Link) String() string {
	switch l.Cause {
	case ByLink:
		return "linked to " + l.Target + " at the source"
	case ByKey:
		return "mentions " + l.Detail
	case ByTag:
		return "has the tag " + strconv.Quote(l.Detail)
	case ByAnswer:
		return "answers " + l.Detail
	case ByURL:
		return "was given at " + l.Detail
	case ByTrait:
		return "has " + l.Detail
	case ByStudy:
		return "comes from the study " + strconv.Quote(l.Detail)
	case ByReview:
		return "linked by " + l.Detail
	default:
		return "says " + strconv.Quote(l.Detail)
	}
}

// Linker finds what feedback and insights are about.
type Linker interface {
	Link(fb *work.Feedback) []Link
	LinkInsight(in *work.Insight) []Link
}

// LinkInsight returns what the insight is about, as Link does for feedback.
func (p *Program) LinkInsight(in *work.Insight) []Link {
	return p.Link(&work.Feedback{
		Ref: in.Ref, Kind: in.Kind, Study: in.Study, Text: in.Title + "\n" + in.Text, URL: "", Tags: in.Tags, Links: in.Links,
	})
}

// Link returns what the feedback is about: sorted by target, each target once
// with its surest cause. It is a function of the one row.
func (p *Program) Link(fb *work.Feedback) []Link {
	var links []Link
	for _, text := range fb.Links {
		for _, target := range p.explicit(text) {
			links = append(links, Link{target, ByLink, text})
		}
	}
	for _, m := range p.mentions(fb.Text) {
		links = append(links, Link{m.target, ByKey, m.text})
	}
	for _, tag := range fb.Tags {
		for _, target := range p.tags[foldTag(tag)] {
			links = append(links, Link{target, ByTag, tag})
		}
	}
	h := hearing{fb: fb}
	for i := range p.phrases {
		if ph := &p.phrases[i]; h.says(ph) {
			links = append(links, Link{ph.target, ByPhrase, ph.text})
		}
	}
	for i := range p.rules {
		if link, ok := p.rules[i].link(&h); ok {
			links = append(links, link)
		}
	}
	return surest(links)
}

// explicit reads one of the references that the source carries: a full one, a
// key, or a URL.
func (p *Program) explicit(text string) []string {
	if connector, key, ok := work.ParseRef(text); ok && p.connectors[connector] {
		return []string{connector + ":" + strings.TrimSpace(key)}
	}
	var targets []string
	for _, m := range p.mentions(text) {
		targets = append(targets, m.target)
	}
	return targets
}

// surest keeps one link for each target.
func surest(links []Link) []Link {
	order := []Cause{ByLink, ByKey, ByTag, ByAnswer, ByURL, ByTrait, ByStudy, ByPhrase}
	slices.SortFunc(links, func(a, b Link) int {
		return cmp.Or(
			cmp.Compare(a.Target, b.Target),
			cmp.Compare(slices.Index(order, a.Cause), slices.Index(order, b.Cause)),
			cmp.Compare(a.Detail, b.Detail),
		)
	})
	return slices.CompactFunc(links, func(a, b Link) bool { return a.Target == b.Target })
}
