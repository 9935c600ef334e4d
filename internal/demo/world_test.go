package demo_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/sim/company"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// standsAs compares the whole world with what the oracle told: each issue that
// Tandem sees, its priority and its labels, the team's own included.
func (f *firm) standsAs(want told) {
	f.Helper()
	for _, i := range f.look().read(f.JiraURL, time.Now()) {
		if diff := cmp.Diff(want.stands[i.name()], lines(i)); diff != "" {
			f.Errorf("%s is not as the oracle told (-want +got):\n%s%s", i.name(), diff, want.because[i.name()])
		}
	}
}

// onlyWrote checks that between two worlds nothing changed but what was
// written: of an issue that Tandem wrote to, labels, priority and what the
// service keeps of every change; of the others, nothing at all.
func (f *firm) onlyWrote(before, after world, written []string) {
	f.Helper()
	names := map[string]bool{}
	for _, edit := range written {
		name, _, _ := strings.Cut(edit, " ")
		names[name] = true
	}
	beforeJira, afterJira, beforeGitHub, afterGitHub := before.jira, after.jira, before.github, after.github
	old, fresh := byKey(beforeJira.Issues), byKey(afterJira.Issues)
	for key, was := range old {
		is := fresh[key]
		if names["jira:"+key] {
			is.Labels, is.Priority, is.Updated, is.Version, is.History = was.Labels, was.Priority, was.Updated, was.Version, was.History
			was.Properties, is.Properties = unsigned(was), unsigned(is)
		}
		unchanged(f, "jira:"+key, was, is)
	}
	oldIssues, freshIssues := byName(beforeGitHub.Issues), byName(afterGitHub.Issues)
	for key, was := range oldIssues {
		is := freshIssues[key]
		if names["github:"+key] {
			is.Labels, is.Updated, is.Events = was.Labels, was.Updated, was.Events
		}
		unchanged(f, "github:"+key, was, is)
	}
	if len(old) != len(fresh) || len(oldIssues) != len(freshIssues) {
		f.Error("issues came or went")
	}
	beforeJira.Issues, afterJira.Issues, beforeGitHub.Issues, afterGitHub.Issues = nil, nil, nil, nil
	unchanged(f, "the site of Jira", beforeJira, afterJira)
	for n := range afterGitHub.Repositories {
		r := &afterGitHub.Repositories[n]
		r.Labels = slices.DeleteFunc(slices.Clone(r.Labels), func(l githubsim.Label) bool {
			return fieldOf("github", l.Name) != "" && adopted(teamOf(r.Name))
		})
		b := &beforeGitHub.Repositories[n]
		b.Labels = slices.DeleteFunc(slices.Clone(b.Labels), func(l githubsim.Label) bool { return fieldOf("github", l.Name) != "" })
	}
	unchanged(f, "the site of GitHub", beforeGitHub, afterGitHub)
}

func byKey(issues []jirasim.Issue) map[string]jirasim.Issue {
	all := map[string]jirasim.Issue{}
	for _, i := range issues {
		all[i.Key] = i
	}
	return all
}

func byName(issues []githubsim.Issue) map[string]githubsim.Issue {
	all := map[string]githubsim.Issue{}
	for _, i := range issues {
		all[i.Key()] = i
	}
	return all
}

func unchanged(tb testing.TB, what string, before, after any) {
	tb.Helper()
	if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" {
		tb.Errorf("%s changed in what Tandem never writes (-before +after):\n%s", what, diff)
	}
}

// makeSo lets the services show what the oracle told, as if Tandem had been
// there.
func (f *firm) makeSo(t told) {
	f.Helper()
	w := f.look()
	labels := func(stands []string) (all []string) {
		for _, line := range stands {
			if label, ok := strings.CutPrefix(line, "label "); ok {
				all = append(all, label)
			}
		}
		return all
	}
	for _, i := range w.jira.Issues {
		stands, read := t.stands["jira:"+i.Key]
		if !read {
			continue
		}
		f.ok(f.Jira.Edit(i.Key, "", func(i *jirasim.Issue) {
			i.Labels = labels(stands)
			for _, p := range w.jira.Priorities {
				if slices.Contains(stands, "priority "+p.Name) {
					i.Priority = p.ID
				}
			}
		}))
	}
	for _, i := range w.github.Issues {
		f.ok(f.GitHub.Edit(i.Key(), "", func(g *githubsim.Issue) { g.Labels = labels(t.stands["github:"+i.Key()]) }))
	}
}

// changedByHand returns which issues differ between two worlds, sorted.
func changedByHand(before, after world) []string {
	all := []string{}
	fresh := byKey(after.jira.Issues)
	for key, was := range byKey(before.jira.Issues) {
		if !cmp.Equal(was, fresh[key]) {
			all = append(all, "jira:"+key)
		}
	}
	freshIssues := byName(after.github.Issues)
	for key, was := range byName(before.github.Issues) {
		if !cmp.Equal(was, freshIssues[key]) {
			all = append(all, "github:"+key)
		}
	}
	slices.Sort(all)
	return all
}

// places are the issues that the changes name, sorted.
func places(changes []company.Change) []string {
	all := []string{}
	for _, c := range changes {
		switch {
		case c.GitHub != "":
			all = append(all, "github:"+c.GitHub)
		case c.Jira != "" && len(c.Feedback) == 0:
			all = append(all, "jira:"+c.Jira)
		}
	}
	slices.Sort(all)
	return all
}

// without returns the world as it would be had somebody not touched an issue.
func (w world) without(place string, before world) world {
	w.jira.Issues, w.github.Issues = slices.Clone(w.jira.Issues), slices.Clone(w.github.Issues)
	was, wasIssues := byKey(before.jira.Issues), byName(before.github.Issues)
	for n, i := range w.jira.Issues {
		if "jira:"+i.Key == place {
			w.jira.Issues[n] = was[i.Key]
		}
	}
	for n, i := range w.github.Issues {
		if "github:"+i.Key() == place {
			w.github.Issues[n] = wasIssues[i.Key()]
		}
	}
	return w
}
