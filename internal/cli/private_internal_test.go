package cli

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"testing"

	"tandem/connectors"
	"tandem/internal/privacy"
	"tandem/internal/work"
)

const somebody = "ana@acme.example"

// talkative is a connector that tells who somebody is wherever it can.
type talkative struct{}

func (talkative) page() connectors.Page {
	return connectors.Page{
		Feedback: []work.Feedback{{
			Ref: work.NewRef("tool", "row-0123456789abcdef", ""), Person: somebody, PersonKeys: map[string]string{"email": somebody, "user_id": somebody},
			Attributes: map[string]string{"contact": somebody},
		}},
		Insights: []work.Insight{{Ref: work.NewRef("tool", "i", ""), Author: somebody}},
		Metrics:  []work.Metric{{Connector: "tool", Name: "export", Account: somebody}},
		Findings: []work.Finding{{Subject: "tool: of " + somebody, What: somebody + " is odd", Remedy: "ask " + somebody}},
		Rejects:  []work.Reject{{Connector: "tool", Where: "of " + somebody, Cause: somebody + " is no number", Body: somebody}},
	}
}

func (t talkative) Pages(context.Context, string, connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		for range 2 {
			if !yield(t.page(), nil) {
				return
			}
		}
	}
}

func (talkative) Accept(http.Header, []byte) (connectors.Parcel, error) {
	return connectors.Parcel{}, nil
}
func (t talkative) Unpack(connectors.Parcel) connectors.Page { return t.page() }

func TestNothingThatAConnectorReadsTellsWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	d := connectors.Definition{Streams: []connectors.Stream{{Name: "answers", Yields: connectors.YieldsFeedback}, {Name: "issues"}}}
	conn := private(connectors.Connector{Source: talkative{}, Mailbox: talkative{}}, d, discretion{policy: privacy.New(nil, []byte("a key"))})
	told := func(where string, page connectors.Page) {
		t.Helper()
		if all := fmt.Sprintf("%+v", page); strings.Contains(all, "ana@") || strings.Contains(all, "row-0123") {
			t.Errorf("%s tells: %s", where, all)
		}
		if len(page.Feedback)+len(page.Insights)+len(page.Metrics)+len(page.Rejects) != 4 {
			t.Errorf("%s: something is lost: %+v", where, page)
		}
	}
	told("the mailbox", conn.Mailbox.Unpack(connectors.Parcel{}))
	n := 0
	for page, err := range conn.Source.Pages(t.Context(), "answers", nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		told("a page", page)
	}
	for page, err := range conn.Source.Pages(t.Context(), "issues", nil) {
		if err != nil || page.Rejects[0].Body != somebody { // an item is nobody's data, and a person must find it
			t.Errorf("what was set aside of items lost its body: %+v", page.Rejects)
		}
		n++
		break
	}
	if n != 3 {
		t.Errorf("%d pages", n)
	}
	// A connector of which nobody knows what it yields is treated as if it were feedback.
	unknown := private(connectors.Connector{Source: talkative{}}, connectors.Definition{}, discretion{policy: privacy.New(nil, []byte("a key"))})
	for page, err := range unknown.Source.Pages(t.Context(), "anything", nil) {
		if err != nil {
			t.Fatal(err)
		}
		told("a page of nobody knows what", page)
	}
}
