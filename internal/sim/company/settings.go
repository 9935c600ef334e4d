package company

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
)

//go:embed acme
var acme embed.FS

// Places says where the demo lives; it fills the settings of Acme.
type Places struct {
	// Store is as in tandem.yaml, Listen an address, Every a span such as 2s.
	Store, Listen, Every string
	// Jira and GitHub are the addresses of the stand-ins; an empty GitHub is
	// the service's own.
	Jira, GitHub string
	// Secrets is the folder with the files jira and github, Drop the folder
	// with the feedback.
	Secrets, Drop string
}

// Settings returns Acme's tandem.yaml.
func Settings(p Places) (string, error) {
	t, err := template.ParseFS(acme, "acme/tandem.yaml.tmpl")
	if err != nil {
		return "", fmt.Errorf("read the settings of the demo: %w", err)
	}
	var s strings.Builder
	if err := t.Execute(&s, p); err != nil {
		return "", fmt.Errorf("fill in the settings of the demo: %w", err)
	}
	return s.String(), nil
}

// Rules returns Acme's rule files, rules/*.yaml.
func Rules() fs.FS {
	sub, err := fs.Sub(acme, "acme")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
