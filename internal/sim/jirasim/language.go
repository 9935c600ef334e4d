package jirasim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"tandem/internal/sim"
)

// SetLanguage shows names of priorities, statuses, types, resolutions and
// fields, and texts of errors, as accounts with that language see them; ids
// and keys stay. The empty language is that of the world. It knows de, partly:
// what it has no word for stays.
func (s *Site) SetLanguage(language string) error {
	if language != "" && language != "de" {
		return fmt.Errorf("set language %q: the stand-in speaks de, or \"\" for the names in the world", language)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.language = language
	s.catalog.views = map[string]*catalog{}
	return nil
}

// translate puts the names of a world into a language.
func translate(w *World, language string) {
	if language == "" {
		return
	}
	words := german()
	say := func(name *string) {
		if word, ok := words[*name]; ok {
			*name = word
		}
	}
	for n := range w.Statuses {
		say(&w.Statuses[n].Name)
	}
	for n := range w.Types {
		say(&w.Types[n].Name)
	}
	for n := range w.Priorities {
		say(&w.Priorities[n].Name)
	}
	for n := range w.Resolutions {
		say(&w.Resolutions[n].Name)
	}
	for n := range w.Fields {
		say(&w.Fields[n].Name)
	}
}

// say puts one of the service's own names into the caller's language.
func (a *asker) say(name string) string {
	if word, ok := german()[name]; ok && a.language != "" {
		return word
	}
	return name
}

// locale names the caller's language as the service does.
func (a *asker) locale() string {
	if a.language == "de" {
		return "de_DE"
	}
	return "en_US"
}

// rename puts the names of beans into the caller's language.
func (a *asker) rename(beans ...any) {
	for _, b := range beans {
		bean, _ := b.(object)
		if name, ok := bean["name"].(string); ok {
			bean["name"] = a.say(name)
		}
	}
}

// foreign is a writer that puts the texts of refusals into another language.
type foreign struct {
	http.ResponseWriter
	status int
	body   []byte
}

// WriteHeader holds refusals back until all of them was written.
func (f *foreign) WriteHeader(status int) {
	f.status = status
	if status < http.StatusBadRequest {
		f.ResponseWriter.WriteHeader(status)
	}
}

func (f *foreign) Write(b []byte) (int, error) {
	if f.status < http.StatusBadRequest {
		return f.ResponseWriter.Write(b)
	}
	f.body = append(f.body, b...)
	return len(b), nil
}

// finish sends a refusal that was held back.
func (f *foreign) finish() {
	if f.status < http.StatusBadRequest {
		return
	}
	var said refusal
	if json.Unmarshal(f.body, &said) == nil && said.Errors != nil {
		for n := range said.Messages {
			said.Messages[n] = inGerman(said.Messages[n])
		}
		for field := range said.Errors {
			said.Errors[field] = inGerman(said.Errors[field])
		}
		f.body = sim.MarshalJSON(said)
	}
	f.ResponseWriter.WriteHeader(f.status)
	_, _ = f.ResponseWriter.Write(f.body)
}

// inGerman translates a text that has one of the known forms.
func inGerman(text string) string {
	for _, p := range germanPhrases() {
		form := "^" + strings.ReplaceAll(regexp.QuoteMeta(p[0]), "%s", "(.*)") + "$"
		found := regexp.MustCompile(form).FindStringSubmatch(text)
		if found == nil {
			continue
		}
		values := make([]any, len(found)-1)
		for n := range values {
			values[n] = found[n+1]
		}
		return fmt.Sprintf(p[1], values...)
	}
	return text
}
