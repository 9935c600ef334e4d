package browser_test

import (
	"context"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/web/browser"
)

// long skips a test that is for make browser.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("TANDEM_BROWSER") == "" {
		t.Skip("TANDEM_BROWSER is not set: this test takes long; make browser sets it")
	}
}

func TestADaemonAtAcmeAnswersInABrowser(t *testing.T) {
	t.Parallel()
	tab := chromium.Tab(t, browser.Look{})
	d := acme.daemon(t)
	if got := tab.Open(d.url + "/healthz"); got != http.StatusOK {
		t.Errorf("status %d: %s", got, tab.Text())
	}
	tab.Sees(`"ok"`)
	var items struct {
		Total int
	}
	if err := d.ask(t.Context(), "/api/v1/items", &items); err != nil || items.Total < 300 {
		t.Errorf("%d items, %v", items.Total, err)
	}
}

func TestAnAdminSignsInAndOut(t *testing.T) {
	t.Parallel()
	d := acme.daemon(t)
	tab := chromium.Tab(t, browser.Look{})
	tab.Open(d.url + "/")
	tab.Find("textbox", "Token of the admin").Fill(webToken)
	tab.Click("button", "Sign in")
	tab.Find("heading", "Order")
	tab.Click("button", "Sign out")
	tab.Sees("You are signed out of Tandem.")
	tab.NoComplaints()
	tab.Accessible()
}

func TestACompanyOfOnesOwnWaitsForApproval(t *testing.T) {
	long(t)
	d := ownAcme(t, func(settings string) string { return strings.Replace(settings, "write: auto", "write: propose", 1) })
	plan, err := d.plan(t.Context())
	if err != nil || plan["needs_approval"] == 0 || d.firm.Arrived() > 0 {
		t.Errorf("planned %v, %v, written %d", plan, err, d.firm.Arrived())
	}
	if issue, found := d.firm.Jira.Issue("PAY-12"); !found || issue.Key != "PAY-12" {
		t.Errorf("its Jira has %+v", issue)
	}
}

func TestManyItemsAreServed(t *testing.T) {
	long(t)
	for _, n := range []int{10_000, 100_000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			began := time.Now()
			many := shared{begin: func(ctx context.Context) (*daemon, error) { return crowd(ctx, n) }}
			d := many.daemon(t)
			t.Cleanup(func() {
				if err := many.close(); err != nil {
					t.Error(err)
				}
			})
			var items struct{ Total int }
			if err := d.ask(t.Context(), "/api/v1/items", &items); err != nil || items.Total != n {
				t.Errorf("%d items, %v", items.Total, err)
			}
			t.Logf("%d items are served after %s", n, time.Since(began).Round(time.Millisecond))
		})
	}
}
