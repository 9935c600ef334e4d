package drop

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/table"
	"tandem/internal/work"
)

// Config is what an admin writes. Paths are relative to the folder that the
// daemon runs in.
type Config struct {
	// Path is a folder, or a pattern of files in one folder.
	Path string `yaml:"path"`
	// Yields is what a row is: feedback (default), items, insights or metrics.
	Yields string `yaml:"yields"`
	// Columns is a file that says what the headers mean.
	Columns string `yaml:"columns"`
	// Method and Study are those of rows that name none.
	Method string `yaml:"method"`
	Study  string `yaml:"study"`
	// Audience is public, internal (default) or restricted.
	Audience string `yaml:"audience"`
	// Consent is required, or optional (default): what a missing one means.
	Consent string `yaml:"consent"`
	// Place is where items stand that name no place.
	Place string `yaml:"place"`
	// Keep leaves the files where they are.
	Keep bool `yaml:"keep"`
	// Settle is how long a file must not change before it counts as whole.
	Settle work.Span `yaml:"settle"`
	// LargestMB is how many megabytes an archive may unpack to.
	LargestMB int64 `yaml:"largest_mb"`
}

const (
	required = "required"
	optional = "optional"
)

func defaults() Config {
	return Config{
		Yields: string(connectors.YieldsFeedback), Audience: work.Internal.String(), Consent: optional, Place: "drop",
		Settle: work.Span(2 * time.Second), LargestMB: 2048,
	}
}

func validate(_ string, c Config) []work.Problem {
	var problems []work.Problem
	add := func(key, what, remedy string) {
		problems = append(problems, work.Problem{At: work.Pointer("").Key(key), What: what, Remedy: remedy})
	}
	oneOf := func(key, value string, known []string) {
		if !slices.Contains(known, value) {
			add(key, strconv.Quote(value)+" is not known here", work.Suggest(value, known))
		}
	}
	folder, pattern := c.place()
	switch _, err := filepath.Match(pattern, ""); {
	case c.Path == "":
		problems = append(problems, work.Problem{What: "path is missing", Remedy: "write path: drop/interviews/*.csv"})
	case err != nil:
		add("path", strconv.Quote(c.Path)+" is no pattern of paths", "write for example drop/interviews/*.csv")
	case strings.ContainsAny(folder, "*?["):
		add("path", "the folder itself may not be a pattern: files are moved inside it", "give every folder an entry of its own")
	case filepath.Ext(pattern) != "" && !strings.ContainsAny(filepath.Ext(pattern), "*?[") && !readable(pattern):
		add("path", strconv.Quote(filepath.Ext(pattern))+" files cannot be read", "give files that end in "+extensions)
	}
	oneOf("yields", c.Yields, streamNames())
	oneOf("consent", c.Consent, []string{optional, required})
	if c.Method != "" {
		oneOf("method", c.Method, methodNames())
	}
	if _, ok := work.ParseAudience(c.Audience); !ok {
		add("audience", strconv.Quote(c.Audience)+" is no audience", "write public, internal or restricted")
	}
	if c.Place == "" {
		add("place", "the place is empty", "give a name, or leave place out")
	}
	if c.LargestMB <= 0 {
		add("largest_mb", "an archive may unpack to nothing", "write a number of megabytes, such as 2048")
	}
	return problems
}

// places names the default place; rows of items may name others.
func places(c Config) []string { return []string{c.Place, "*"} }

// place splits the path into the folder and the pattern of names in it; a
// folder alone takes every table.
func (c Config) place() (folder, pattern string) {
	base := filepath.Base(c.Path)
	if strings.ContainsAny(base, "*?[") || readable(base) || filepath.Ext(base) != "" && !strings.HasSuffix(c.Path, "/") && !strings.HasPrefix(base, ".") {
		return filepath.Dir(c.Path), base
	}
	return filepath.Clean(c.Path), "*"
}

func streamNames() []string {
	return []string{string(connectors.YieldsFeedback), itemStream, string(connectors.YieldsInsights), string(connectors.YieldsMetrics)}
}

func methodNames() []string {
	var names []string
	for _, m := range work.Methods() {
		names = append(names, string(m))
	}
	return names
}

// extensions are the names that files to read end in.
const extensions = table.Extensions + ", alone or in a .zip or .gz"

func readable(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return table.FormatOf(name) != table.NoFormat || ext == ".zip" || ext == ".gz"
}
