package demo

import (
	"tandem/internal/sim/company"
	"tandem/internal/sim/githubsim"
)

// githubWorld spells Acme as accounts, repositories and issues of GitHub.
func githubWorld(c company.Company) githubsim.World {
	w := githubsim.World{}
	logins := map[string]string{}
	for n, p := range c.People {
		logins[p.Name] = p.GitHub
		w.People = append(w.People, githubsim.Person{Login: p.GitHub, ID: 5_000_000_000 + int64(n), Bot: p.Bot})
		// A person's token is their login behind the demo's, so that one can
		// act as them; Tandem's own is the demo's.
		secret := token + "-" + p.Name
		if p.Bot {
			secret = token
		}
		w.Accounts = append(w.Accounts, githubsim.Account{Token: secret, Login: p.GitHub, Service: p.Bot})
	}
	for _, r := range c.Repositories {
		repository := githubsim.Repository{ID: r.ID, Name: r.Name, Private: r.Private}
		for n, l := range r.Labels {
			repository.Labels = append(repository.Labels, githubsim.Label{ID: r.ID*1000 + int64(n), Name: l.Name, Color: l.Color, Description: l.Description})
		}
		w.Repositories = append(w.Repositories, repository)
	}
	for _, i := range c.GitHubIssues {
		issue := githubsim.Issue{
			ID: i.ID, NodeID: i.NodeID, Repository: i.Repository, Number: i.Number, Title: i.Title, Body: i.Body,
			State: i.State, StateReason: i.Reason, Labels: i.Labels, Author: logins[i.Author],
			Created: i.Created, Updated: i.Updated, Closed: i.Closed,
		}
		if i.Assignee != "" {
			issue.Assignees = []string{logins[i.Assignee]}
		}
		w.Issues = append(w.Issues, issue)
	}
	return w
}
