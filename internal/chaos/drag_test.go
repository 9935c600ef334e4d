package chaos_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// drag is what a person moved in a backlog: when, and past which issues.
type drag struct {
	at    time.Time
	past  []string
	known bool // Tandem read it
}

// moot reports whether Tandem never read it, and none of the issues is there any
// more that it went past: of those that are left it said nothing.
func (d *drag) moot(l *life) bool {
	return !d.known && !slices.ContainsFunc(d.past, func(key string) bool {
		project, _, _ := strings.Cut(key, "-")
		return slices.Contains(l.order(project), key)
	})
}

// passed are the issues that an issue was moved past.
func passed(key string, was, is []string) (past []string) {
	behind := func(order []string, other string) bool { return slices.Index(order, key) > slices.Index(order, other) }
	for _, other := range is {
		if other != key && behind(was, other) != behind(is, other) {
			past = append(past, other)
		}
	}
	return past
}

func TestTheBookKnowsPastWhichIssuesAnIssueWasDragged(t *testing.T) {
	t.Parallel()
	is := strings.Fields("PAY-1 PAY-4 PAY-2 PAY-3")
	if got := passed("PAY-4", strings.Fields("PAY-1 PAY-2 PAY-3 PAY-4"), is); !slices.Equal(got, []string{"PAY-2", "PAY-3"}) {
		t.Errorf("up past %v", got)
	}
	if got := passed("PAY-1", strings.Fields("PAY-4 PAY-1 PAY-2 PAY-3"), is); !slices.Equal(got, []string{"PAY-4"}) {
		t.Errorf("up past %v", got)
	}
}
