package browser_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the store of the daemon

	"tandem/internal/web/browser"
)

// ends lets the server end the session of a tab, in the store and not in the
// browser: column says how, by a moment.
func (d *daemon) ends(t *testing.T, tab *browser.Tab, column string, at time.Time) {
	t.Helper()
	id, err := base64.RawURLEncoding.DecodeString(tab.Cookie(d.url, "tandem"))
	if err != nil || len(id) == 0 {
		t.Fatalf("nobody is signed in: %v", err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, "tandem.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	sum := sha256.Sum256(id)
	changed, err := db.ExecContext(t.Context(), "UPDATE web_session SET "+column+" = ? WHERE hash = ?", at.UnixMicro(), hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := changed.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d sessions ended, %v", n, err)
	}
}

// again signs the admin in from the page that tells that nothing was sent.
func again(tab *browser.Tab) {
	tab.Sees("You are signed out by now, so nothing was sent. What you had typed is kept")
	tab.Click("link", "Sign in again")
	tab.Find("textbox", "Token of the admin").Fill(webToken)
	tab.Click("button", "Sign in")
	tab.Sees("This is what you had typed.")
}

// endedByServer lets sessions end while somebody decides: by age, and because
// somebody ended it. What was typed is there after signing in again, nothing of
// it was done, and one click does it.
func endedByServer(t *testing.T, d *daemon) {
	t.Helper()
	t.Run("it is too old", func(t *testing.T) {
		tab := d.tab(t, browser.Look{})
		path := kind(t, d, tab)
		box := starting(t, tab, "checkbox", "Choose jira:")
		tab.Click("checkbox", box)
		d.ends(t, tab, "began", time.Now().Add(-9*time.Hour))
		tab.Click("button", "Approve what is chosen")
		again(tab)
		tab.Accessible()
		fresh := d.tab(t, browser.Look{})
		fresh.Open(d.url + path)
		if !offers(fresh, box) || strings.Contains(fresh.Text(), "approved by") {
			t.Errorf("%s was approved without a click:\n%s", box, fresh.Text())
		}
		tab.Click("button", "Send it now")
		tab.Sees("approved and will be written with the next cycle.")
		tab.Open(d.url + "/signin/unsent")
		tab.Find("heading", "Order") // nothing is left that could be sent twice
		tab.NoComplaints()
	})
	t.Run("somebody ended it", func(t *testing.T) {
		const why = "not before the auditors were here, “says” <b>Ana</b>"
		tab := d.tab(t, browser.Look{Phone: true, NoScript: true})
		path := kind(t, d, tab)
		box := starting(t, tab, "checkbox", "Choose jira:")
		tab.Click("checkbox", box)
		tab.All("DisclosureTriangle")[0].Click()
		tab.Find("textbox", "Why, for those who look later").Fill(why)
		d.ends(t, tab, "ended", time.Now())
		tab.Click("button", "Reject")
		again(tab)
		if !strings.Contains(browser.Evaluate[string](tab, `[...document.querySelectorAll("input, textarea")].map(e => e.value).join("\n")`), why) {
			t.Errorf("what was typed is lost:\n%s", tab.Text())
		}
		flawless(t, tab)
		fresh := d.tab(t, browser.Look{})
		fresh.Open(d.url + path)
		if !offers(fresh, box) {
			t.Errorf("%s was rejected without a click:\n%s", box, fresh.Text())
		}
		tab.Click("button", "Send it now")
		tab.Sees("Rejected.")
		tab.NoComplaints()
	})
}
