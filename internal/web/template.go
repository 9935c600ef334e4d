package web

import (
	"fmt"
	"html/template"
	"io/fs"
	"math"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/view"
)

// shared are the templates that every page may use.
const shared = "layout.html parts.html waiting.html"

// parse reads the templates: each page is its own file, which defines its body,
// beside those that all share.
func (w *Web) parse() (map[string]*template.Template, error) {
	base := template.New("base").Funcs(w.functions()).Funcs(listFunctions()).Funcs(roleFunctions())
	for name := range strings.FieldsSeq(shared) {
		if _, err := base.ParseFS(files, "templates/"+name); err != nil {
			return nil, err
		}
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	bodies := map[string]*template.Template{}
	for _, name := range names {
		if strings.Contains(shared, path.Base(name)) {
			continue
		}
		t, err := template.Must(base.Clone()).ParseFS(files, name)
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		bodies[path.Base(name)] = t
	}
	return bodies, nil
}

// functions are what templates may call.
func (w *Web) functions() template.FuncMap {
	return template.FuncMap{
		"asset":         w.assets.address,
		"item":          itemPath,
		"score":         score,
		"day":           func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
		"moment":        func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
		"machine":       func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"ago":           func(t time.Time) string { return ago(w.Now().Sub(t)) },
		"plural":        plural,
		"pairs":         pairs,
		"percent":       func(share float64) string { return strconv.FormatFloat(math.Round(share*100), 'f', -1, 64) + " %" },
		"waits":         func(g plan.Gate) bool { return plan.Unapprovable(g) == "" },
		"gateText":      gateText,
		"causeText":     causeText,
		"changeText":    changeText,
		"foldText":      foldText,
		"releasable":    releasable,
		"severityClass": severityClass,
		"severityText":  severityText,
		"knobWords":     engine.WordsOf,
		"lensText":      lensText,
		"deciding": func(who view.Who) bool {
			return who.Role >= view.Approver
		},
		"ruling": func(who view.Who) bool {
			return who.Role >= view.Admin
		},
	}
}

// itemPath is the page of an item.
func itemPath(ref string) string { return "/item?" + url.Values{"ref": {ref}}.Encode() }

// score writes a score as people read it: one decimal.
func score(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64)
}

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// ago says how long something has been, in the largest unit that fits.
func ago(d time.Duration) string {
	switch {
	case d < 0:
		return "from now on"
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute", "minutes") + " ago"
	case d < 2*day:
		return plural(int(d/time.Hour), "hour", "hours") + " ago"
	case d < 2*week:
		return plural(int(d/day), "day", "days") + " ago"
	default:
		return plural(int(d/week), "week", "weeks") + " ago"
	}
}

// plural counts things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// pairs makes a map of names and values, for templates that take several.
func pairs(list ...any) (map[string]any, error) {
	if len(list)%2 != 0 {
		return nil, fmt.Errorf("a name has no value in %d words", len(list))
	}
	m := make(map[string]any, len(list)/2)
	for i := 0; i < len(list); i += 2 {
		name, ok := list[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v is no name", list[i])
		}
		m[name] = list[i+1]
	}
	return m, nil
}
