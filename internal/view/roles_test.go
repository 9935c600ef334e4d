package view_test

import (
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/view"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// voice stores feedback on PAY-1 as somebody with a consent said it.
func (h *house) voice(id, consent, person string, audience work.Audience) {
	h.Helper()
	f := work.Feedback{
		Ref: work.NewRef("voices", id, id), Text: id + " wants it", Person: person, Account: "acc-" + person, Segment: "seg-" + id, Links: []string{"board:PAY-1"}, Consent: consent,
		At: noon().Add(-time.Hour), Audience: audience, Version: noon(), Kind: "request", Method: work.NPS, Score: work.NewNumber(9), Scale: "0-10", Study: id,
	}
	_, err := h.db.SavePage(h.Context(), "voices", "feedback", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Feedback: []work.Feedback{f}},
		[][]evidence.Link{h.rules.Evidence().Link(&f)})
	h.ok(err)
}

// shipping is a house in which PAY-1 and a restricted issue were finished.
func shipping(tb testing.TB) *house {
	tb.Helper()
	h := furnished(tb)
	h.voice("yes", "yes", "kim", work.Internal)
	h.voice("again", "Ja", "kim", work.Internal)
	h.voice("both", "yes", "lee", work.Internal)
	h.voice("revoked", "no", "lee", work.Internal)
	h.voice("quiet", "", "max", work.Internal)
	h.voice(marker+"hidden", "yes", marker+"zoe", work.Restricted)
	done := issue("PAY-1", 90, work.Internal, fields{"status_category": work.NewText("done")})
	done.Version = noon()
	secret := issue("PAY-4", 85, work.Restricted, fields{"status_category": work.NewText("done")})
	secret.Version = noon()
	h.read(done, secret)
	h.pass(time.Minute)
	h.decide()
	return h
}

func TestRequestersAreThoseWhoAgreed(t *testing.T) {
	t.Parallel()
	h := shipping(t)
	q := view.ShippedQuery{Since: noon().AddDate(0, 0, -30).Truncate(24 * time.Hour)}
	got, err := h.visit(work.Internal).Shipped(q)
	h.ok(err)
	if len(got.Items) != 1 || len(got.Items[0].Asked) != 1 || got.Exact {
		t.Fatalf("told %+v", got)
	}
	one := got.Items[0]
	same(t, "who", "kim acc-kim", one.Asked[0].Person+" "+one.Asked[0].Account)
	same(t, "silent", 2, one.Silent) // lee took it back, max never said
	same(t, "restricted", 1, one.Restricted)
	h.safe("requesters", true, func(v *view.Visit) (any, error) { return v.Shipped(q) })
	public, err := h.visit(work.Public).Shipped(q)
	h.ok(err)
	same(t, "for the public", 0, len(public.Items)+public.Unasked+public.More)
	later := q
	later.Since = noon().AddDate(0, 0, 1)
	none, err := h.visit(work.Internal).Shipped(later)
	h.ok(err)
	same(t, "finished later", 0, len(none.Items))
	other, err := h.visit(work.Restricted).Shipped(view.ShippedQuery{Since: q.Since, Team: "web"})
	h.ok(err)
	same(t, "of another team", 0, len(other.Items))
}

func TestSurveysThemesAndOutlinesAreCutByAudience(t *testing.T) {
	t.Parallel()
	h := shipping(t)
	since := noon().AddDate(0, -3, 0)
	for what, tell := range map[string]func(*view.Visit) (any, error){
		"survey":  func(v *view.Visit) (any, error) { return v.Survey(since) },
		"outline": func(v *view.Visit) (any, error) { return v.Outline(nil, 100) },
		"trails":  func(v *view.Visit) (any, error) { return v.Trails("", 50, since) },
	} {
		h.safe(what, true, tell)
	}
	h.safe("themes", false, func(v *view.Visit) (any, error) { return v.Themes("") })
	h.safe("disagreements", false, func(v *view.Visit) (any, error) { return v.Disagreements(view.TensionQuery{}) })
	themes, err := h.visit(work.Internal).Themes("pay")
	h.ok(err)
	if len(themes) != 2 || themes[0].Theme != "export" || themes[0].Goal != "exporters" || themes[0].Items != 1 || themes[1].Theme != "" {
		t.Errorf("themes %+v", themes)
	}
	public, err := h.visit(work.Public).Themes("")
	h.ok(err)
	for _, theme := range public {
		if theme.Goal != "" {
			t.Errorf("the public is told the goal of %+v", theme)
		}
	}
}

func TestAnOutlineIsOfItsTeamsAndCountsOnlyWhatMayBeSeen(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	count := func(audience work.Audience, limit int, teams ...string) (cards, more int) {
		lanes, err := h.visit(audience).Outline(teams, limit)
		h.ok(err)
		for _, l := range lanes {
			cards, more = cards+len(l.Cards), more+l.More
		}
		return cards, more
	}
	for _, c := range []struct {
		audience    work.Audience
		limit       int
		team        string
		cards, more int
	}{
		{work.Public, 100, "pay", 1, 0}, {work.Public, 100, "web", 1, 0}, {work.Internal, 100, "pay", 4, 0}, {work.Internal, 100, "web", 1, 0}, {work.Internal, 0, "web", 0, 1}, {work.Internal, 100, "none", 0, 0},
	} {
		cards, more := count(c.audience, c.limit, c.team)
		if cards != c.cards || more != c.more {
			t.Errorf("%+v has %d cards and %d more", c, cards, more)
		}
	}
	if cards, _ := count(work.Public, 100); cards != 2 {
		t.Errorf("all teams have %d public cards", cards)
	}
}

func TestInsightsAreCutByTheirAudience(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	for i, audience := range []work.Audience{work.Public, work.Internal, work.Restricted} {
		mark := ""
		if audience == work.Restricted {
			mark = marker
		}
		in := work.Insight{
			Ref: work.NewRef("voices", mark+"i"+string(rune('1'+i)), ""), Kind: "market", Title: mark + " insight", Goals: []string{"exporters"},
			At: noon().AddDate(0, 0, -i), Audience: audience, Version: noon(),
		}
		_, err := h.db.SavePage(t.Context(), "voices", "insights", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Insights: []work.Insight{in}}, [][]evidence.Link{nil})
		h.ok(err)
	}
	h.safe("insights", true, func(v *view.Visit) (any, error) { return v.Insights(view.InsightsQuery{}) })
	for audience, want := range map[work.Audience]int{work.Public: 1, work.Internal: 2, work.Restricted: 3} {
		got, err := h.visit(audience).Insights(view.InsightsQuery{Page: view.Page{Limit: 1}})
		h.ok(err)
		same(t, "total for "+audience.String(), want, got.Total)
		if told := len(got.Insights[0].Goals) > 0; told == (audience == work.Public) {
			t.Errorf("goals for %s: %t", audience, told)
		}
	}
}
