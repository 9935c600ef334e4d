package api_test

import (
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// speak adds what waits for somebody to judge it, a visible and a restricted one
// of each, of both something set aside and a filter that somebody shares, and
// issues that are on every list.
func (o *office) speak() {
	o.Helper()
	said := func(id string, audience work.Audience) work.Feedback {
		return work.Feedback{
			Ref: work.NewRef("voices", id, id), Text: id + " would like to do " + id, Person: id + "-person", Account: id + "-account", Segment: id + "-segment", Consent: "yes", At: noon().Add(-time.Hour),
			Audience: audience, Version: noon(), Kind: "request", Method: work.NPS, Score: work.NewNumber(9), Scale: "0-10", Study: id, Tags: []string{"asked"},
		}
	}
	loose := func(f work.Feedback) work.Feedback { f.ID, f.Key, f.Tags = f.ID+"2", f.Key+"2", nil; return f }
	heard := []work.Feedback{said("f1", work.Internal), said(marker+"f1", work.Restricted), loose(said("f", work.Internal)), loose(said(marker+"f", work.Restricted))}
	links := make([][]evidence.Link, 0, len(heard))
	for i := range heard {
		links = append(links, o.rules.Evidence().Link(&heard[i]))
	}
	_, err := o.db.SavePage(o.Context(), "voices", "feedback", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Feedback: heard}, links)
	o.ok(err)
	var found []work.Insight
	for _, id := range []string{"i1", "i2", marker + "i1", marker + "i2"} {
		in := work.Insight{Ref: work.NewRef("studies", id, id), Kind: "research", Title: "Do " + id, Study: id, At: noon(), Audience: work.Internal, Version: noon()}
		if strings.HasPrefix(id, marker) {
			in.Audience = work.Restricted
		}
		found = append(found, in)
	}
	_, err = o.db.SavePage(o.Context(), "studies", "insights", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Insights: found}, make([][]evidence.Link, len(found)))
	o.ok(err)
	o.ok(o.db.SetAside(o.Context(), work.Aside{Insight: true, Of: work.RefID{Connector: "studies", ID: marker + "i2"}, Because: marker, By: marker}))
	o.ok(o.db.SaveVerdict(o.Context(), work.LinkVerdict{Insight: true, Of: work.RefID{Connector: "studies", ID: "i2"}, Target: "board:" + marker + "PAY-4", Verdict: work.LinkAccepted, By: "ana"}))
	_, err = o.db.SaveView(o.Context(), store.SavedView{Owner: "web:cy", Name: marker, Query: "q=" + marker, Audience: work.Restricted, Shared: true})
	o.ok(err)
}
