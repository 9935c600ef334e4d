package browser

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Kind says what a complaint is about.
type Kind string

// The kinds of complaints.
const (
	// Console is an error or a warning on the console.
	Console Kind = "console"
	// Exception is one that no script caught.
	Exception Kind = "exception"
	// Policy is a violation of the content security policy.
	Policy Kind = "policy"
	// Resource is a part of a page that did not come.
	Resource Kind = "resource"
	// Foreign is a request for a part of a page to another host.
	Foreign Kind = "foreign"
	// Dialog is an alert, a prompt or a question that holds up the page; one
	// that a hostile text opened, for all a test knows.
	Dialog Kind = "dialog"
)

// Complaint is something that must not happen on a page.
type Complaint struct {
	Kind Kind
	Text string
}

// String is the complaint in a line.
func (c Complaint) String() string { return string(c.Kind) + ": " + c.Text }

// Complaints returns what was gathered since the tab was opened, or since the
// last time they were asked for.
func (t *Tab) Complaints() []Complaint {
	t.settle()
	t.mu.Lock()
	defer t.mu.Unlock()
	all := t.complaints
	t.complaints = nil
	return all
}

// NoComplaints fails the test for each of them.
func (t *Tab) NoComplaints() {
	t.tb.Helper()
	for _, c := range t.Complaints() {
		t.tb.Errorf("%s complains: %s", t.Address(), c)
	}
}

func (t *Tab) complain(kind Kind, format string, args ...any) {
	c := Complaint{kind, fmt.Sprintf(format, args...)}
	if !t.deaf && !slices.Contains(t.complaints, c) {
		t.complaints = append(t.complaints, c)
	}
}

// hear takes the events of the tab. It must not wait.
func (t *Tab) hear(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.receive(event)
	switch e := event.(type) {
	case *inspector.EventTargetCrashed:
		t.fall(errCrashed)
	case *runtime.EventConsoleAPICalled:
		switch e.Type {
		case runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning, runtime.ConsoleAPICalledTypeAssert:
			t.complain(Console, "%s: %s", e.Type, said(e.Args))
		default: // what a script notes is no complaint
		}
	case *runtime.EventExceptionThrown:
		t.complain(Exception, "%s", tell(e.ExceptionDetails))
	case *log.EventEntryAdded:
		t.hearEntry(e.Entry)
	case *audits.EventIssueAdded:
		if e.Issue.Details != nil && e.Issue.Details.ContentSecurityPolicyIssueDetails != nil {
			t.hearPolicy(e.Issue.Details.ContentSecurityPolicyIssueDetails)
		}
	case *page.EventJavascriptDialogOpening:
		agree := t.agree
		if t.agree = false; !agree {
			t.complain(Dialog, "%s %q", e.Type, e.Message)
		}
		go func() { // it fails where the tab is closed meanwhile
			_, _ = chromedp.Call(t.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: agree})
		}()
	case *page.EventFrameStartedNavigating:
		t.loading = t.loading || t.main(e.FrameID) && !strings.Contains(string(e.NavigationType), "ameDocument")
	case *page.EventFrameStartedLoading:
		t.loading = t.loading || t.main(e.FrameID)
	case *page.EventFrameStoppedLoading:
		t.loading = t.loading && !t.main(e.FrameID)
	case *network.EventRequestWillBeSent:
		if host := hostOf(e.Request.URL); host != "" && host != t.host && e.Type != network.ResourceTypeDocument {
			t.complain(Foreign, "%s", e.Request.URL)
		}
		t.weigh(e)
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument && t.main(e.FrameID) {
			t.again = e.Response.Headers["Refresh"] != nil
		}
		t.weigh(e)
	default:
		t.weigh(event)
	}
}

// main reports whether a frame is that of the page, which has the name of its
// target.
func (t *Tab) main(id cdp.FrameID) bool {
	c := chromedp.FromContext(t.ctx)
	return c == nil || c.Target == nil || string(c.Target.TargetID) == string(id)
}

// hearEntry takes a line that the browser itself wrote.
func (t *Tab) hearEntry(e *log.Entry) {
	if e.Level != log.EntryLevelError && e.Level != log.EntryLevelWarning {
		return
	}
	switch {
	case e.Source == log.EntrySourceSecurity:
		t.complain(Policy, "%s", e.Text)
	case e.Source == log.EntrySourceNetwork && t.documents[e.NetworkRequestID]:
		// A page that says no has a status that says so.
	case e.Source == log.EntrySourceNetwork:
		t.complain(Resource, "%s: %s", e.URL, e.Text)
	default:
		t.complain(Console, "%s: %s", e.Source, e.Text)
	}
}

func (t *Tab) hearPolicy(d *audits.ContentSecurityPolicyIssueDetails) {
	text := d.ViolatedDirective + " forbids " + string(d.ContentSecurityPolicyViolationType)
	if d.BlockedURL != "" {
		text += " of " + d.BlockedURL
	}
	if l := d.SourceCodeLocation; l != nil {
		text += fmt.Sprintf(" at %s:%d:%d", l.URL, l.LineNumber+1, l.ColumnNumber)
	}
	t.complain(Policy, "%s", text)
}

func tell(d *runtime.ExceptionDetails) string {
	text := d.Text
	if d.Exception != nil && d.Exception.Description != "" {
		text += " " + d.Exception.Description
	}
	return fmt.Sprintf("%s (%s:%d)", text, d.URL, d.LineNumber+1)
}

func said(args []*runtime.RemoteObject) string {
	var all []string
	for _, a := range args {
		if a.Description != "" {
			all = append(all, a.Description)
		} else {
			all = append(all, string(a.Value))
		}
	}
	return strings.Join(all, " ")
}

// hostOf is the host and port of an address of the web, "" for another address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "http") && !strings.HasPrefix(u.Scheme, "ws") {
		return ""
	}
	return u.Host
}
