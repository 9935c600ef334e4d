package github

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

const (
	// missedPages is how many pages of failed deliveries are read of one
	// webhook, missedBodies how many deliveries are read one by one.
	missedPages  = 10
	missedBodies = 100
	// missedOverlap is how far a look reaches back before the last one.
	missedOverlap = time.Minute
)

// recovery reads what GitHub could not deliver. GitHub repeats nothing by
// itself, and remembers it for three days. What polls see anyway, such as an
// issue that was edited, is not read one by one.
type recovery struct {
	inbox  *inbox
	client *client
	// at is where the webhooks are; nil before they were looked for.
	at *hooksAt
}

// caughtUp is how far an earlier look came.
type caughtUp struct {
	At time.Time `json:"at"`
	// Seen are the tries since a minute before, which the next look meets again.
	Seen []try `json:"seen,omitempty"`
}

type try struct {
	ID int64     `json:"id"`
	At time.Time `json:"at"`
}

// note moves on to a try.
func (c *caughtUp) note(t try) {
	c.At = t.At
	c.Seen = slices.DeleteFunc(append(c.Seen, t), func(s try) bool { return s.At.Before(c.At.Add(-missedOverlap)) })
}

// wireDelivery is one try to deliver.
type wireDelivery struct {
	ID           int64     `json:"id"`
	GUID         string    `json:"guid"`
	At           time.Time `json:"delivered_at"`
	Code         int       `json:"status_code"`
	Event        string    `json:"event"`
	Action       string    `json:"action"`
	Installation int64     `json:"installation_id"`

	place hookPlace
}

// failed lists the tries of a webhook that did not arrive, newest first. whole
// is false where there are more than one look takes.
func (r *recovery) failed(ctx context.Context, at hookPlace, last caughtUp) (all []wireDelivery, whole bool, err error) {
	address := at.path + "/deliveries?per_page=100&status=failure"
	for range missedPages {
		a, err := at.get(ctx, address, "")
		var page []wireDelivery
		if err == nil {
			err = a.into(&page)
		}
		if err != nil {
			return nil, false, err
		}
		for _, d := range page {
			if d.At.Before(last.At.Add(-missedOverlap)) {
				return all, true, nil
			}
			ours := at.installation == 0 || d.Installation == at.installation
			arrived := d.Code >= http.StatusOK && d.Code < http.StatusBadRequest
			if ours && !arrived && !slices.ContainsFunc(last.Seen, func(s try) bool { return s.ID == d.ID }) {
				d.place = at
				all = append(all, d)
			}
		}
		link := nextOf(a.header)
		if link == "" {
			return all, true, nil
		}
		if address, err = follow(r.client.base, link); err != nil {
			return nil, false, err
		}
	}
	return all, false, nil
}

// Missed returns what the deliveries that failed since the cursor are a reason
// to read.
func (r *recovery) Missed(ctx context.Context, from connectors.Cursor) (connectors.Missed, error) {
	var last caughtUp
	if len(from) > 0 && json.Unmarshal(from, &last) != nil {
		last = caughtUp{} // what was read before is known by its id
	}
	var missed connectors.Missed
	if r.at == nil {
		at, err := r.look(ctx)
		if err != nil {
			return missed, withRemedy(r.inbox.name+": find the webhook", err)
		}
		r.at, missed.Findings = &at, r.findings(at)
	}
	if len(r.at.places) == 0 {
		return missed, nil
	}
	var failed []wireDelivery
	for _, place := range r.at.places {
		some, whole, err := r.failed(ctx, place, last)
		if isHidden(err) { // the webhook was removed
			r.at = nil
			return missed, nil
		}
		if err != nil {
			return missed, withRemedy(r.inbox.name+": list deliveries", err)
		}
		if failed = append(failed, some...); !whole {
			missed.Findings = append(missed.Findings, r.tooMany(len(some)))
		}
	}
	slices.SortStableFunc(failed, func(a, b wireDelivery) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return r.take(ctx, missed, failed, last)
}

// take turns failed deliveries into hints, oldest first.
func (r *recovery) take(ctx context.Context, missed connectors.Missed, failed []wireDelivery, last caughtUp) (connectors.Missed, error) {
	poll := ""
	read := map[string]bool{}
	for _, d := range failed {
		switch seen := pollsSee(d.Event, d.Action); {
		case seen:
			poll = d.GUID
		case !tells(d.Event) || read[d.GUID]: // none of ours, or another try of the same
		case len(read) == missedBodies:
			missed.More = true
		default:
			hints, err := r.body(ctx, d)
			if err != nil && len(read) == 0 {
				return missed, withRemedy(r.inbox.name+": read a delivery", err)
			}
			read[d.GUID], missed.More = true, err != nil // that much was done
			missed.Hints = append(missed.Hints, hints...)
		}
		if missed.More {
			break
		}
		last.note(try{d.ID, d.At})
	}
	if poll != "" {
		missed.Hints = append(missed.Hints, connectors.Hint{Ref: work.NewRef(r.inbox.name, "", ""), Delivery: poll, Event: "missed", Scope: connectors.Unsure})
	}
	var err error
	missed.Cursor, err = json.Marshal(last)
	return missed, err
}

// tells reports whether an event may be a reason to read something.
func tells(event string) bool {
	return slices.Contains([]string{"issues", "issue_comment", "sub_issues", "issue_dependencies", "projects_v2_item", "repository", "label", "milestone"}, event)
}

// pollsSee reports whether the next poll finds what a delivery told: a change
// of an issue that moves its time of change.
func pollsSee(event, action string) bool {
	switch event {
	case "issues":
		return action != "deleted" && action != "transferred"
	case "issue_comment":
		return action != "deleted"
	default:
		return false
	}
}

// body reads what was to be delivered. It came from the service itself, so
// that it needs no signature.
func (r *recovery) body(ctx context.Context, d wireDelivery) ([]connectors.Hint, error) {
	var sent struct {
		Request struct {
			Payload json.RawMessage `json:"payload"`
		} `json:"request"`
	}
	a, err := d.place.get(ctx, d.place.path+"/deliveries/"+strconv.FormatInt(d.ID, 10), "")
	if err == nil {
		err = a.into(&sent)
	}
	if isHidden(err) {
		return nil, nil // forgotten meanwhile
	}
	if err != nil {
		return nil, err
	}
	told, err := takeApart(d.Event, sent.Request.Payload)
	if err != nil {
		return nil, nil //nolint:nilerr // it holds nothing that could be read
	}
	hints := r.inbox.hints(told)
	for n := range hints {
		hints[n].Delivery, hints[n].Event = d.GUID, d.Event+"."+d.Action
	}
	return hints, nil
}

func (r *recovery) tooMany(n int) work.Finding {
	return work.Finding{
		Level: work.Note, Subject: r.inbox.name + " webhook", What: fmt.Sprintf("more than %d deliveries did not arrive; the older ones are not looked at", n),
		Remedy: "look at the webhook's recent deliveries at GitHub; the census finds what the older ones told, within six hours",
	}
}
