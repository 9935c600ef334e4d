package browser_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/demo"
	"tandem/internal/sim/company"
	"tandem/internal/web/browser"
)

// firstHour starts init on a page, and returns the link that it prints.
func firstHour(t *testing.T, folder string) (link string) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	said, ended := &heard{}, make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: said, Err: said}, "test", []string{"init", "--page", "--no-open", "--dir", folder})
	}()
	t.Cleanup(func() {
		end()
		if code := <-ended; code != 0 {
			t.Errorf("exit %d\n%s", code, said)
		}
	})
	look := regexp.MustCompile(`http://127\.0\.0\.1:\d+/signin\?once=\S+`)
	for began := time.Now(); time.Since(began) < patience; time.Sleep(20 * time.Millisecond) {
		if link = look.FindString(said.String()); link != "" {
			return link
		}
	}
	t.Fatalf("no link was printed:\n%s", said)
	return ""
}

// sound fails where a page has a fault that no test asks for by name.
func sound(t *testing.T, tab *browser.Tab, name string, axe bool) {
	t.Helper()
	if axe {
		tab.Accessible()
	}
	if wider, ok := tab.Fits(); !ok {
		t.Errorf("%s is wider than the screen: %s", name, wider)
	}
}

func TestTheFirstHourLeadsFromAnAddressToFilesThatAreRight(t *testing.T) {
	t.Parallel()
	walk(t, browser.Look{}, "laptop", false)
}

func TestTheFirstHourIsForEverybodyOnAPhoneInTheDark(t *testing.T) {
	t.Parallel()
	walk(t, browser.Look{Phone: true, Dark: true}, "phone", true) // it skips where there is no axe-core
}

// walk takes all steps, with a mistake and a step back.
func walk(t *testing.T, look browser.Look, name string, axe bool) {
	t.Helper()
	firm, err := demo.Start(t.Context(), 1, time.Now().UTC().Truncate(24*time.Hour), company.DemoSize(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = firm.Close() })
	folder := filepath.Join(t.TempDir(), "mine")
	tab := chromium.Tab(t, look)
	tab.Open(firstHour(t, folder))

	const secret = "hunter2-is-wrong"
	connect := func(address, token string) {
		tab.Find("textbox", "Address under which people open it").Fill(address)
		tab.Find("textbox", "E-mail address of Tandem's account there").Fill("bot@acme.example")
		tab.Find("textbox", "Paste the token of Jira here").Fill(token)
		tab.Click("button", "Connect to Jira")
	}
	sound(t, tab, name+"-1-connect", axe)
	connect(firm.JiraURL, secret)
	tab.Find("alert", "")
	sound(t, tab, name+"-2-wrong", axe)
	if got := tab.Find("textbox", "Address under which people open it").Value(); got != firm.JiraURL {
		t.Errorf("the address is %q after a mistake", got)
	}
	if strings.Contains(browser.Evaluate[string](tab, "document.documentElement.outerHTML"), secret) {
		t.Error("the token came back")
	}
	connect(firm.JiraURL, firm.Token())

	tab.Sees("Connected as")
	sound(t, tab, name+"-3-choose", axe)
	tab.Click("checkbox", "PAY Payments")
	tab.Find("textbox", "Repositories").Fill("acme/pay")
	tab.Find("textbox", "Address of GitHub").Fill(firm.GitHubURL)
	tab.Find("textbox", "Paste the token of GitHub here").Fill(firm.Token())
	tab.Click("button", "Look at them")

	tab.Find("heading", "Where each field stands")
	sound(t, tab, name+"-4-fields", axe)
	tab.Click("checkbox", "Use effort")
	tab.Click("button", "Show me the plan")

	tab.Find("heading", "What Tandem would do")
	sound(t, tab, name+"-5-preview", axe)
	for _, group := range []string{"Adopt", "Keep", "Write"} {
		if !strings.Contains(tab.Text(), group) {
			t.Errorf("the preview has no group %s", group)
		}
	}
	tab.Click("link", "Connect") // back, and nothing is lost
	if strings.Contains(browser.Evaluate[string](tab, "document.documentElement.outerHTML"), firm.Token()) {
		t.Error("the token came back")
	}
	tab.Click("link", "Preview")
	tab.Click("button", "Write the files")

	tab.Find("heading", "Written")
	sound(t, tab, name+"-6-done", axe)
	tab.NoComplaints()
	rightFiles(t, folder, firm.Token())
	if n := firm.Arrived(); n != 0 {
		t.Errorf("%d values were written to the company", n)
	}
}

// rightFiles looks at what was written.
func rightFiles(t *testing.T, folder, token string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		secret := filepath.Base(filepath.Dir(path)) == "secrets"
		if !secret && strings.Contains(string(body), token) {
			t.Errorf("%s holds the token", path)
		}
		if info, err := d.Info(); err != nil || secret && info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v, %v", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	fields, err := os.ReadFile(filepath.Join(folder, "rules", "fields.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(fields), "\n  # effort:") {
		t.Errorf("effort counts, though nobody wants it:\n%s", fields)
	}
	said := &heard{}
	if code := cli.Main(t.Context(), cli.Streams{In: strings.NewReader(""), Out: said, Err: said}, "test", []string{"check", "-c", filepath.Join(folder, "tandem.yaml")}); code != 0 {
		t.Errorf("check ends with %d:\n%s", code, said)
	}
}
