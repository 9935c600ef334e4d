package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/internal/digest"
	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/work"
)

func (a *app) digestCommand() *cobra.Command {
	var show, send, audience string
	var exact bool
	cmd := &cobra.Command{
		Use: "digest", Short: "List the digests, show what one would tell, or send it now",
		Long: "digest lists the digests of the settings, when each is due and what became of the last one.\n" +
			"What is sent by --send is told in addition: the digest of the day is sent all the same, and tells the same again.",
		Example: "  tandem digest\n  tandem digest --show 'pm pay'\n  tandem digest --show 'pm pay' --audience public\n  tandem digest --send 'pm pay'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if show != "" && send != "" || audience != "" && show == "" || exact && show == "" {
				return wrong("say --show NAME, with --audience or --exact, or --send NAME")
			}
			return a.look(cmd, func(ctx context.Context, s *setup, db *store.Store) error {
				switch {
				case show != "":
					return a.showDigest(ctx, s, db, show, audience, exact)
				case send != "":
					return a.sendDigest(ctx, s, db, send)
				default:
					return a.listDigests(ctx, s, db)
				}
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&show, "show", "", "the digest to show as it would be sent now")
	flags.StringVar(&audience, "audience", "", "show it as it would be for this audience: public, internal or restricted")
	flags.BoolVar(&exact, "exact", false, "show what the service would be handed, to the byte")
	flags.StringVar(&send, "send", "", "the digest to send now")
	return cmd
}

// digestsOf are the digests of the settings, with mistakes that only the rules
// and the files of templates show.
func (s *setup) digestsOf() (specs []digest.Spec, found config.Diagnostics) {
	org := s.rules.Org()
	for i, d := range s.settings.Digests {
		at := work.Pointer("/digests").Index(i)
		refuse := func(key, what, remedy string) {
			found = append(found, s.document.Diagnose([]work.Problem{{At: at.Key(key), What: what, Remedy: remedy}})...)
		}
		if roles := append(org.Roles(), config.AdminRole); d.Role != "" && !slices.Contains(roles, d.Role) {
			refuse("role", "no team has the role "+d.Role, work.Suggest(d.Role, roles))
		}
		if d.Team != "" && !slices.Contains(org.TeamNames(), d.Team) {
			refuse("team", "there is no team "+d.Team, work.Suggest(d.Team, org.TeamNames()))
		}
		template, mistakes := s.digestTemplate(d, refuse)
		found = append(found, mistakes...)
		spec := digest.Spec{
			Name: d.Name, Role: d.Role, Team: d.Team, Audience: d.Sees(), To: digestTo(d.To), Template: template, Always: d.Always,
			Schedule: digest.Schedule{On: d.On, Zone: s.digestZone(d)},
		}
		if d.At != nil {
			spec.Schedule.At = *d.At
		}
		specs = append(specs, spec)
	}
	return specs, found
}

// digestZone is the zone of a digest: its own, that of its team, or that of the
// instance.
func (s *setup) digestZone(d config.Digest) *time.Location {
	if zone, err := time.LoadLocation(d.Zone); d.Zone != "" && err == nil {
		return zone
	}
	if zone := s.calendar.Zones[d.Team]; d.Team != "" && zone != nil {
		return zone
	}
	return s.settings.Location()
}

func digestTo(to config.DigestTo) digest.To {
	switch {
	case to.Slack.Set():
		return digest.To{Way: digest.ToSlack, Address: to.Slack}
	case to.Teams.Set():
		return digest.To{Way: digest.ToTeams, Address: to.Teams}
	case to.Webhook.Set():
		return digest.To{Way: digest.ToWebhook, Address: to.Webhook}
	default:
		return digest.To{Way: digest.ToEmail, Email: to.Email}
	}
}

// digestTemplate reads the template of a digest, from the folder of the settings
// file.
func (s *setup) digestTemplate(d config.Digest, refuse func(key, what, remedy string)) (*digest.Template, config.Diagnostics) {
	if d.Template == "" {
		return digest.Shipped(), nil
	}
	path := d.Template
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.folder, path)
	}
	info, err := os.Stat(path)
	var text []byte
	switch {
	case err != nil || !info.Mode().IsRegular():
		refuse("template", "there is no file "+d.Template, "write its path from the folder of the settings file, or leave template out for the shipped text")
	case info.Size() > digest.MostTemplate:
		refuse("template", fmt.Sprintf("%s has %d bytes", d.Template, info.Size()), fmt.Sprintf("use at most %d", digest.MostTemplate))
	default:
		if text, err = os.ReadFile(path); err != nil {
			refuse("template", "the file "+d.Template+" cannot be read", "look at its rights")
		}
	}
	template, mistakes := digest.Parse(string(text))
	var found config.Diagnostics
	for _, m := range mistakes {
		found = append(found, config.Diagnostic{File: path, Line: m.Line, Col: m.Col, What: m.What, Remedy: m.Remedy})
	}
	return template, found
}

// sender sends the digests of the settings.
func (s *setup) sender(db *store.Store, desk *view.Desk, log *slog.Logger) *digest.Sender {
	post := &digest.Post{Mail: s.mailServer()}
	c := digest.Config{
		Specs: s.digests, Store: db, Desk: desk, Send: post.Send, Instance: s.settings.Instance, Log: log, Now: time.Now,
	}
	if base := strings.TrimRight(s.settings.Web.PublicURL, "/"); base != "" {
		c.Link = base + "/"
		c.Page = func(ref string) string { return base + "/item?ref=" + url.QueryEscape(ref) }
	}
	return digest.New(c)
}

func (s *setup) mailServer() digest.Mail {
	m := s.settings.Mail
	return digest.Mail{Host: m.Host, Port: m.Port, TLS: m.Security(), From: m.From, User: m.User, Password: m.Password}
}

// notify sends the digests that are due. Before anything was decided there is
// nothing to tell.
func (s *session) notify(ctx context.Context) error {
	if len(s.digests) == 0 || s.front == nil {
		return nil
	}
	if _, decided, err := s.store.LastMade(ctx); err != nil || !decided {
		return err
	}
	return s.sender(s.store, s.front, s.log).Look(ctx)
}

// lookingDesk shows what is in a store beside a daemon.
func (s *setup) lookingDesk(db *store.Store, version string) *view.Desk {
	return view.New(view.Config{
		Store: db, Rules: s.rules, Guard: s.guardNow, Closed: s.closedNow, Who: s.who, Wake: func() {}, Version: version, Now: time.Now,
	})
}

// digestNamed finds a digest of the settings.
func (s *setup) digestNamed(name string) (digest.Spec, error) {
	var known []string
	for _, d := range s.digests {
		if d.Name == name {
			return d, nil
		}
		known = append(known, d.Name)
	}
	if len(known) == 0 {
		return digest.Spec{}, wrong("there are no digests; write digests: in the settings, see docs/digests.md")
	}
	return digest.Spec{}, wrong("there is no digest %s; %s", name, work.Suggest(name, known))
}

func (a *app) showDigest(ctx context.Context, s *setup, db *store.Store, name, audience string, exact bool) error {
	spec, err := s.digestNamed(name)
	if err != nil {
		return err
	}
	if audience != "" {
		if spec.Audience = (config.Digest{Audience: audience}).Sees(); spec.Audience == work.UnknownAudience {
			return wrong("%q is no audience; write public, internal or restricted", audience)
		}
	}
	m, err := s.sender(db, s.lookingDesk(db, a.version), a.logger(s.settings)).Message(ctx, &spec)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(m.Content)
	}
	p := a.printer()
	if exact {
		text, err := digest.Preview(m)
		if err != nil {
			return err
		}
		p.line("%s", text)
		return p.err
	}
	p.line("%s", strings.TrimRight(m.Text.String(), "\n"))
	if m.Content.Empty() && !spec.Always {
		p.line("\nThere is nothing to say, so that nothing would be sent.")
	}
	return p.err
}

func (a *app) sendDigest(ctx context.Context, s *setup, db *store.Store, name string) error {
	spec, err := s.digestNamed(name)
	if err != nil {
		return err
	}
	m, err := s.sender(db, s.lookingDesk(db, a.version), a.logger(s.settings)).Message(ctx, &spec)
	if err != nil {
		return err
	}
	m.ID += "." + fmt.Sprint(time.Now().Unix()) // another mail than that of the day
	post := &digest.Post{Mail: s.mailServer()}
	if err := post.Send(ctx, m); err != nil {
		if _, ok := errors.AsType[*digest.PostError](err); ok {
			return refused("%w", err)
		}
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"sent": spec.Name, "to": spec.To.Way})
	}
	p := a.printer()
	p.line("Sent: %s.", m.Text.Subject)
	return p.err
}
