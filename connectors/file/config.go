package file

import (
	"path/filepath"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Config is what an admin writes. Paths are relative to the folder that the
// daemon runs in.
type Config struct {
	// Items and Feedback are globs such as roadmap/*.yaml; at least one is set.
	Items    string `yaml:"items"`
	Feedback string `yaml:"feedback"`
	// Columns is a file that says what the headers mean.
	Columns string `yaml:"columns"`
	// Audience is public, internal (default) or restricted.
	Audience string `yaml:"audience"`
	// Place is where items stand that name no place.
	Place string `yaml:"place"`
}

func defaults() Config { return Config{Audience: work.Internal.String(), Place: kind} }

func validate(_ string, c Config) []work.Problem {
	var problems []work.Problem
	add := func(key, what, remedy string) {
		problems = append(problems, work.Problem{At: work.Pointer("").Key(key), What: what, Remedy: remedy})
	}
	if c.Items == "" && c.Feedback == "" {
		problems = append(problems, work.Problem{What: "neither items nor feedback is given", Remedy: "write items: roadmap/*.yaml or feedback: drop/*.csv"})
	}
	globs := []struct{ key, glob string }{{"items", c.Items}, {"feedback", c.Feedback}}
	for _, g := range globs {
		if _, err := filepath.Match(g.glob, ""); err != nil {
			add(g.key, strconv.Quote(g.glob)+" is no pattern of paths", "write for example roadmap/*.yaml")
		}
		if ext := filepath.Ext(g.glob); ext != "" && !strings.ContainsAny(ext, "*?[") && formatOf(g.glob) == noFormat {
			add(g.key, strconv.Quote(ext)+" files cannot be read", "give files that end in "+extensions)
		}
	}
	if _, ok := work.ParseAudience(c.Audience); !ok {
		add("audience", strconv.Quote(c.Audience)+" is no audience", "write public, internal or restricted")
	}
	if c.Place == "" {
		add("place", "the place is empty", "give a name, or leave place out")
	}
	return problems
}

// places names the default place; rows may name others, which is what "*"
// stands for.
func places(c Config) []string { return []string{c.Place, "*"} }

// format is how a file is written.
type format uint8

const (
	noFormat format = iota
	csvFormat
	jsonlFormat
	yamlFormat
)

const extensions = ".yaml, .yml, .csv, .jsonl or .ndjson"

func formatOf(path string) format {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return csvFormat
	case ".jsonl", ".ndjson":
		return jsonlFormat
	case ".yaml", ".yml":
		return yamlFormat
	default:
		return noFormat
	}
}
