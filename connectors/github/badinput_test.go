package github_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

func said(status int, message string, header ...string) *sim.Fault {
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "X-Github-Request-Id": {"1"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &sim.Fault{Name: message, Status: status, Header: h, Body: fmt.Sprintf(`{"message":%q,"documentation_url":"https://docs.github.com/rest"}`, message)}
}

// trouble is what a service answers to bad input, and what becomes of it.
type trouble struct {
	world func(*githubsim.World)
	do    func(*githubsim.Site) error
	fault func(*http.Request) *sim.Fault
	label string // x where empty
	// read is what the error of a read says; empty where reading goes on.
	read []string
	// write is what becomes of a label that is added, and what it says.
	write  work.ResultState
	detail []string
}

func always(f *sim.Fault) func(*http.Request) *sim.Fault {
	return func(*http.Request) *sim.Fault { return f }
}

func onWrites(f *sim.Fault) func(*http.Request) *sim.Fault {
	return func(r *http.Request) *sim.Fault {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues/1/labels") {
			return f
		}
		return nil
	}
}

func troubles() map[string]trouble {
	return map[string]trouble{
		"a missing scope, with the permission named": {
			fault: always(said(403, "Resource not accessible by personal access token", "X-Accepted-GitHub-Permissions", "issues=read")),
			read:  []string{"acme/pay", "grant issues=read"}, write: work.Rejected, detail: []string{"grant issues=read"},
		},
		"a missing scope of a classic token": {
			fault: always(said(404, "Not Found")),
			read:  []string{"acme/pay", "check repositories: and the token's access"}, write: work.Conflict, detail: []string{"acme/pay#1 is not there"},
		},
		"single sign-on": {
			fault: always(said(403, "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.", "X-GitHub-SSO", "required; url=https://github.com/orgs/acme/sso?authorization_request=AZSCKtL4U8yX")),
			read:  []string{"acme/pay", "authorise it for the organisation"}, write: work.Deferred, detail: []string{"authorise it for the organisation"},
		},
		"a suspended installation": {
			fault: always(said(403, "This installation has been suspended")),
			read:  []string{"let an owner of the organisation resume it"}, write: work.Deferred, detail: []string{"resume it"},
		},
		"a blocked repository, by law": {
			fault: always(said(451, "Repository access blocked")),
			read:  []string{"acme/pay", "take it out of repositories:"}, write: work.Rejected, detail: []string{"GitHub blocks the repository"},
		},
		"a blocked repository, by its terms": {
			fault: always(said(403, "Repository access blocked")),
			read:  []string{"acme/pay", "GitHub blocks the repository"}, write: work.Rejected, detail: []string{"GitHub blocks the repository"},
		},
		"a repository without issues": {
			world: func(w *githubsim.World) { w.Repositories[0].IssuesOff = true },
			read:  []string{"acme/pay", "issues are switched off"}, write: work.Conflict,
		},
		"a label of 51 characters": {label: strings.Repeat("ä", 51), write: work.Rejected, detail: []string{"longer than 50 characters", "shorten it in the rules"}},
		"a label of 50 characters": {label: strings.Repeat("ä", 50), write: work.Applied},
		"the 101st label": {
			do: func(s *githubsim.Site) error {
				return s.Edit("acme/pay#1", "ana", func(i *githubsim.Issue) {
					for n := range 100 {
						i.Labels = append(i.Labels, fmt.Sprint("team-", n))
					}
				})
			},
			write: work.Rejected, detail: []string{"has 100 labels, and GitHub takes no more", "take some off"},
		},
		"the 101st label, added meanwhile": {
			fault: onWrites(said(422, "Validation Failed: issues may have no more than 100 labels")),
			write: work.Rejected, detail: []string{"no more than 100 labels", "which may have a hundred labels already"},
		},
		"an archived repository": {
			world: func(w *githubsim.World) { w.Repositories[0].Archived = true },
			write: work.Rejected, detail: []string{"archived", "take it out of repositories:"},
		},
		"a locked issue takes labels": {
			do: func(s *githubsim.Site) error {
				return s.Edit("acme/pay#1", "ana", func(i *githubsim.Issue) { i.Locked = true })
			},
			write: work.Applied,
		},
		"a locked issue that does not": {
			fault: onWrites(said(403, "Unable to label because issue is locked.")),
			write: work.Rejected, detail: []string{"the issue is locked: unlock it"},
		},
		"an issue that was turned into a discussion": {
			fault: func(r *http.Request) *sim.Fault {
				if strings.HasSuffix(r.URL.Path, "/issues/1") {
					return said(410, "This issue was deleted")
				}
				return nil
			},
			write: work.Conflict, detail: []string{"acme/pay#1 is not there", "turned into a discussion"},
		},
		"an issue that is gone": {
			do:    func(s *githubsim.Site) error { return s.Delete("acme/pay#1", "ana") },
			write: work.Conflict, detail: []string{"it is read again"},
		},
		"no right to write": {
			world: func(w *githubsim.World) { w.Repositories[0].Access, w.Repositories[0].Private = githubsim.Pull, false },
			write: work.Rejected, detail: []string{"label", "grant"},
		},
		"a page of a proxy": {fault: always(sim.HTMLPage(403)), read: []string{"check url: in the settings; a proxy"}, write: work.Deferred, detail: []string{"a proxy or a login page"}},
		"a page of a proxy instead of a list": {
			fault: always(sim.HTMLPage(200)), read: []string{"a proxy or a login page may stand in between"}, write: work.Deferred,
		},
		"a page cut off": {fault: always(sim.CutOff(40)), read: []string{"cut off"}, write: work.Deferred, detail: []string{"cut off"}},
		"an answer that is cut off after the write": {
			fault: onWrites(&sim.Fault{Cut: 10, After: true}), write: work.Uncertain, detail: []string{"cut off"},
		},
		"a token that was revoked": {
			do:   func(s *githubsim.Site) error { s.SetAccounts(); return nil },
			read: []string{"is it expired or revoked?"}, write: work.Deferred, detail: []string{"the token was refused"},
		},
	}
}

func TestBadInputHasAStateAMessageAndARemedy(t *testing.T) {
	t.Parallel()
	for name, k := range troubles() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { k.try(t) })
		})
	}
}

func (k trouble) try(t *testing.T) {
	t.Helper()
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
		Issues:       []githubsim.Issue{{Repository: "acme/pay", Title: "A"}, {Repository: "acme/pay", Title: "B"}},
	}
	if k.world != nil {
		k.world(&w)
	}
	site, err := githubsim.New(w, githubsim.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	id := site.World().Issues[0].ID
	c := connect(t, connectors.Env{Name: "gh", Transport: sim.Network{"127.0.0.1": site}, Now: time.Now}, hubSettings+"repositories: [acme/pay]")
	if k.do != nil {
		if err := k.do(site); err != nil {
			t.Fatal(err)
		}
	}
	site.SetFault(k.fault)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	records, last := 0, error(nil)
	for page, err := range c.Source.Pages(ctx, "issues", nil) {
		records += len(page.Records)
		last = err
	}
	k.says(t, "read", fmt.Sprint(last), k.read)
	if (last == nil) != (k.read == nil) || last != nil && records > 0 {
		t.Errorf("read %d records, error %v", records, last)
	}
	label := k.label
	if label == "" {
		label = "x"
	}
	r := c.Sink.Send(ctx, []work.Edit{{
		ID: "1", Key: "acme/pay#1", Place: "acme/pay", Verb: work.AddLabel, Value: work.NewFlag(true), Expect: work.NewFlag(false),
		Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(id)}, Path: work.NativeLabels, Element: label},
	}})[0]
	if r.State != k.write {
		t.Errorf("write: %+v, want %s", r, k.write)
	}
	k.says(t, "write", r.Detail, k.detail)
	t.Logf("read: %v\nwrite: %s %s", last, r.State, r.Detail)
}

func (k trouble) says(t *testing.T, what, got string, want []string) {
	t.Helper()
	for _, part := range want {
		if !strings.Contains(got, part) {
			t.Errorf("%s says %q, which does not say %q", what, got, part)
		}
	}
	if strings.Contains(got, "authorization_request") || strings.Contains(got, connectortest.Token) {
		t.Errorf("%s tells a secret: %s", what, got)
	}
}

// The exchange of an App's signature fails in ways of its own.
func TestAnAppThatGetsNoTokenSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct {
		fault *sim.Fault
		want  string
	}{
		"suspended": {said(403, "This installation has been suspended"), "let an owner of the organisation resume it"},
		"removed":   {said(404, "Not Found"), "install the App in the organisation"},
		"wrong key": {said(401, "A JSON web token could not be decoded"), "check app_id: and private_key:"},
	} {
		h := newHub()
		h.open("acme/pay", 1, start())
		h.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/access_tokens") {
				return false
			}
			maps.Copy(w.Header(), k.fault.Header)
			w.WriteHeader(k.fault.Status)
			_, _ = w.Write([]byte(k.fault.Body))
			return true
		}
		c := connect(t, hubOf(h), "url: http://127.0.0.1\n"+appAuth(t)+"repositories: [acme/pay]")
		var last error
		for _, err := range c.Source.Pages(t.Context(), "issues", nil) {
			last = err
		}
		if last == nil || !strings.Contains(last.Error(), k.want) {
			t.Errorf("%s: %v, which does not say %q", name, last, k.want)
		}
	}
}

// An owner suspends the installation: check says so, and so does a read.
func TestASuspendedInstallationIsTold(t *testing.T) {
	t.Parallel()
	site, err := githubsim.New(githubsim.World{
		Apps:         []githubsim.App{{ID: 12, Installation: 34, Key: &appKey().PublicKey, Login: "tandem[bot]", Suspended: start()}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
	}, githubsim.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	env := connectors.Env{Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now}
	c := connect(t, env, "url: http://127.0.0.1\n"+appAuth(t)+"repositories: [acme/pay]")
	findings := c.Checker.Check(t.Context())
	if len(findings) != 1 || findings[0].Level != work.Fatal || !strings.Contains(findings[0].What, "suspended") || !strings.Contains(findings[0].Remedy, "let an owner of the organisation resume it") {
		t.Errorf("check: %+v", findings)
	}
	if _, err := pages(t, c, nil); err == nil || !strings.Contains(err.Error(), "let an owner of the organisation resume it") {
		t.Errorf("read: %v", err)
	}
}

// Names that mean something in an address arrive as they are, by REST and by
// GraphQL.
func TestLabelNamesArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	names := []string{"c#", "area/ui", "100%", "why?", "a b+c", "ä/ö", "%2F", `quo"te`, "back\\slash", "x&y=z", ":bug:", "{a}", "semi;colon"}
	for way, n := range map[string]int{"REST": 1, "GraphQL": 5} {
		w := githubsim.World{
			Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
			Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
		}
		for range n {
			w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/pay", Title: "A", Labels: []string{"keep"}})
		}
		site, err := githubsim.New(w, githubsim.Options{Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		c := openCrowd(t, site)
		for _, verb := range []work.Verb{work.AddLabel, work.RemoveLabel} {
			var edits []work.Edit
			for _, i := range site.World().Issues {
				for _, name := range names {
					edits = append(edits, work.Edit{
						ID: i.Key() + name + string(verb), Key: i.Key(), Place: i.Repository, Verb: verb, Value: work.NewFlag(verb == work.AddLabel), Expect: work.NewFlag(verb == work.RemoveLabel),
						Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(i.ID)}, Path: work.NativeLabels, Element: name},
					})
				}
			}
			if got := write(t, c, edits); got[work.Applied] != n*len(names) {
				t.Errorf("%s %s: %v", way, verb, got)
			}
			want := 1
			if verb == work.AddLabel {
				want += len(names)
			}
			for _, i := range site.World().Issues {
				if len(i.Labels) != want {
					t.Errorf("%s %s: %q", way, verb, i.Labels)
				}
			}
		}
		if used := site.Calls("POST", "/graphql") > 0; used != (way == "GraphQL") {
			t.Errorf("%s: GraphQL was used: %v", way, used)
		}
	}
}
