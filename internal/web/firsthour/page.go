package firsthour

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed *.html
var files embed.FS

// Step is one of the steps, in the head of each page.
type Step struct {
	Path, Name string
	// Here is the one that is shown; Open says that it can be gone to.
	Here, Open bool
}

// Frame is what every page has around its content.
type Frame struct {
	// CSRF is the token that forms carry.
	CSRF  string
	Steps []Step
	// Wrong is what did not work, and its remedy.
	Wrong string
	Data  any
}

// Token asks where a token lies. The token itself is never shown again.
type Token struct {
	// Name begins the names of the fields, and Of is the service.
	Name, Of, Example, File string
	// Source is the variable or the file that was named.
	Source string
	// Kept says that one was pasted and is kept.
	Kept bool
}

// Connect asks where the issues are.
type Connect struct {
	URL, Email, CloudID, HubURL string
	Jira, Hub                   Token
	// Alone says that GitHub was chosen.
	Alone bool
	// Folder is where the files go.
	Folder string
}

// Place is a project or a repository to choose.
type Place struct {
	Key, Name, Kind string
	Chosen          bool
}

// Choose asks which projects or repositories.
type Choose struct {
	Service, Account string
	// Alone says that the places are repositories of GitHub.
	Alone  bool
	Places []Place
	// More is how many are not listed; Keys are those that were typed.
	More int
	Keys string
	// Repositories are those beside Jira.
	Repositories, HubURL string

	Hub Token
}

// Field is a field of the shared model and where it was found.
type Field struct {
	Name, Doc string
	// Where names the native field, and Values its values.
	Where, Values string
	// Sure is a percentage, and Because its reasons.
	Sure    int
	Because []string
	// Written tells a field that Tandem writes from one that it only reads.
	Written, Use bool
	// Filled says how many items have it, once that was read.
	Filled string
}

// Fields shows what is proposed.
type Fields struct {
	// Found is what each place holds.
	Found []Place
	// Alone says that the places are repositories of GitHub.
	Alone  bool
	Fields []Field
	// Missing are fields for which nothing was found.
	Missing []Field
}

// Working says what is being done.
type Working struct {
	Title   string
	Seconds int
}

// Line is a count of a group with what it is about.
type Line struct {
	Count int
	What  string
}

// Example is one change, or one value that is kept.
type Example struct {
	Ref, Title, Field, From, To, Because string
}

// Group is one of the three that a plan falls into.
type Group struct {
	Name, Doc string
	Count     int
	Lines     []Line
	Examples  []Example
}

// File is a file that will be written, or was.
type File struct {
	Name, Doc, Body string
	// Differs is what differs from the file that is there already; empty where
	// there is none.
	Differs []DiffLine
}

// DiffLine is a line of a comparison.
type DiffLine struct {
	// Mark is +, - or empty.
	Mark, Text string
}

// Preview shows the plan that would follow, and the files.
type Preview struct {
	// Failed says why there is no plan.
	Failed string
	// Read is what was read, by connector.
	Read   []string
	Items  int
	Groups []Group
	// Filled is how many items have each field that is used.
	Filled map[string]int
	// Worth are findings.
	Worth []string
	Files []File
	// Folder is where the files go; Taken says that some are there already.
	Folder string
	Taken  string
	// Secrets are files with tokens that are written beside.
	Secrets []string
}

// Done says what was written and what comes next.
type Done struct {
	Files   []File
	Folder  string
	Secrets []string
	Teams   []string
	// Service is what check asks.
	Service string
	// Go is a command that goes to the folder; empty where it is this one.
	Go string
}

// Body returns the HTML of a page below its title.
func Body(name string, f Frame) (template.HTML, error) {
	t, err := template.ParseFS(files, "parts.html", name+".html")
	if err != nil {
		return "", fmt.Errorf("read the page %s: %w", name, err)
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, "body", f); err != nil {
		return "", fmt.Errorf("make the page %s: %w", name, err)
	}
	return template.HTML(b.String()), nil //nolint:gosec // by our template, which escapes
}
