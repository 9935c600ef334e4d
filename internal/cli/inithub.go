package cli

import (
	"context"
	"regexp"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// onlyGitHub reports whether the flags name GitHub and nothing of a Jira.
func (i *initiation) onlyGitHub() bool {
	jira := i.url + i.deployment + i.email + i.cloudID + i.tokenEnv + i.tokenFile + strings.Join(i.projects, "")
	return jira == "" && i.githubTokenEnv+i.githubTokenTo != ""
}

// openHub connects to GitHub. The scope must name something before it is
// chosen; the survey does not use it.
func (i *initiation) openHub(ctx context.Context, keys ...string) (*connectors.Connector, error) {
	return i.connect(ctx, githubName, i.githubEntry(), keys)
}

// hubAddress asks where GitHub is, until one answers there.
func (i *initiation) hubAddress(ctx context.Context) error {
	for try := 1; ; try++ {
		asked := i.githubURL == "" && i.person
		if asked {
			q := question{"Address of your GitHub", "--github-url", "github.com", "or of an Enterprise Server, such as https://github.acme.example"}
			if err := i.ask.text(&i.githubURL, q); err != nil {
				return err
			}
		}
		i.githubURL = strings.TrimRight(i.githubURL, "/")
		switch _, bare, _ := strings.Cut("//"+strings.TrimPrefix(i.githubURL, "https://"), "//"); {
		case bare == "github.com" || bare == "www.github.com" || bare == "api.github.com":
			i.githubURL = ""
		case asked && !strings.Contains(i.githubURL, "://"):
			i.githubURL = "https://" + i.githubURL
		}
		err := i.probeHub(ctx)
		if err == nil {
			i.ask.say("  %s answers there.", i.service.Name)
			return nil
		}
		if !asked || try == mostTries {
			return err
		}
		i.ask.say("  %s", err)
		i.githubURL = ""
	}
}

func (i *initiation) probeHub(ctx context.Context) error {
	live, err := i.openHub(ctx, "url")
	if err != nil {
		return err
	}
	service, findings := live.Surveyor.Probe(ctx)
	i.service = service
	return i.fatal(findings)
}

// hubAccount asks where the token lies, and tries it once.
func (i *initiation) hubAccount(ctx context.Context) error {
	if err := i.ask.secret(&i.githubTokenEnv, &i.githubTokenTo, "GITHUB_TOKEN", "--github-token-env"); err != nil {
		return err
	}
	live, err := i.openHub(ctx, "url", "auth")
	if err != nil {
		return err
	}
	survey, findings := live.Surveyor.Survey(ctx)
	if err := i.fatal(findings); err != nil {
		return err
	}
	i.warn(findings)
	i.survey = survey
	i.ask.say("  Connected as %s. %s.", short(survey.Account, 60), plural(len(survey.Places), "repository with issues is visible", "repositories with issues are visible"))
	return nil
}

// hubInstance is the owner of the first repository.
func (i *initiation) hubInstance() string {
	owner, _, _ := strings.Cut(i.repositories[0], "/")
	owner = strings.Trim(regexp.MustCompile(`[^A-Za-z0-9-]`).ReplaceAllString(owner, ""), "-")
	return or(owner, "tandem")
}

// choice is the family of labels that init takes for a field: of those that
// the repositories have, the one that most of them have.
type choice struct {
	connectors.Proposal

	// places have it, others have another one; a field that nobody has is
	// empty.
	places []string
	others []connectors.Proposal
}

func (i *initiation) family(f work.Field) choice {
	var best choice
	all := i.proposals(f)
	for _, p := range all {
		c := choice{Proposal: p}
		for _, other := range all {
			switch {
			case !strings.EqualFold(other.Name, p.Name):
				c.others = append(c.others, other)
			default:
				c.places = append(c.places, other.Place)
				c.merge(other)
			}
		}
		if len(c.places) > len(best.places) || len(c.places) == len(best.places) && c.Confidence > best.Confidence {
			best = c
		}
	}
	return best
}

// merge takes over what another repository says of the same family: the
// longest order, and all spellings.
func (c *choice) merge(other connectors.Proposal) {
	if len(other.Ordered) > len(c.Ordered) {
		c.Ordered = other.Ordered
	}
	if other.Confidence > c.Confidence {
		c.Confidence, c.Because = other.Confidence, other.Because
	}
	spellings := map[string][]string{}
	seen := map[string]bool{}
	for _, from := range []map[string][]string{c.Spellings, other.Spellings} {
		for shared, natives := range from {
			for _, n := range natives {
				if !seen[strings.ToLower(n)] {
					seen[strings.ToLower(n)] = true
					spellings[shared] = append(spellings[shared], n)
				}
			}
		}
	}
	c.Spellings = spellings
}
