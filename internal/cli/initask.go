package cli

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// mostTries is how often a person is asked the same.
const mostTries = 3

// asker asks a person, who may also be a file with answers.
type asker struct {
	in *bufio.Reader
	p  *printer
	// closed asks nothing: flags must say everything. mute says nothing either.
	closed, mute bool
}

func newAsker(a *app, closed, mute bool) *asker {
	return &asker{in: bufio.NewReader(a.streams.In), p: a.printer(), closed: closed || mute, mute: mute}
}

// question is what to ask, the flag that answers it too, what an empty answer
// means, and an example.
type question struct{ text, flag, preset, hint string }

// say tells a person how it goes.
func (q *asker) say(format string, args ...any) {
	if !q.mute {
		q.p.line(format, args...)
	}
}

func (q *asker) table(rows [][]string) {
	if !q.mute {
		q.p.table(rows)
	}
}

// text asks for what is not known yet.
func (q *asker) text(into *string, ask question) error {
	for try := 1; *into == ""; try++ {
		if q.closed {
			*into = ask.preset
			if *into == "" {
				return wrong("%s is missing: %s, %s", ask.flag, strings.ToLower(ask.text[:1])+ask.text[1:], ask.hint)
			}
			return nil
		}
		if try > mostTries {
			return wrong("no answer to %q; give %s", ask.text, ask.flag)
		}
		preset := ""
		if ask.preset != "" {
			preset = " [" + ask.preset + "]"
		}
		answer, err := q.line(fmt.Sprintf("%s (%s)%s: ", ask.text, ask.hint, preset), ask.flag)
		if err != nil {
			return err
		}
		*into = answer
		if answer == "" {
			*into = ask.preset
		}
	}
	return nil
}

// line asks and reads one line.
func (q *asker) line(prompt, flag string) (string, error) {
	if q.p.err == nil {
		_, q.p.err = fmt.Fprint(q.p.w, prompt)
	}
	if q.p.err != nil {
		return "", q.p.err
	}
	answer, err := q.in.ReadString('\n')
	if err != nil && answer == "" {
		q.say("")
		return "", wrong("nobody answers here; give %s, or start init at a terminal", flag)
	}
	return strings.TrimSpace(answer), nil
}

// secret asks where a token lies, never for the token.
func (q *asker) secret(env, file *string, preset, flag string) error {
	if *env == "" && *file == "" {
		where := ""
		if q.closed {
			return wrong("%s is missing: the name of the environment variable that holds the token, such as %s", flag, preset)
		}
		if err := q.text(&where, question{"Where its token lies", flag, preset, "an environment variable or a file; never the token itself"}); err != nil {
			return err
		}
		if _, err := os.Stat(where); err == nil || strings.ContainsAny(where, `/\`) {
			*file = where
		} else {
			*env = where
		}
	}
	return checkSource(*env, *file, flag)
}

// checkSource looks whether a token lies there. What was given instead of a
// name may be the token itself, so it is repeated only if it looks like a name.
func checkSource(env, file, flag string) error {
	if env != "" && file != "" {
		return wrong("a token lies in a variable or in a file, and both are named; keep one of %s and its file", flag)
	}
	if file != "" {
		if _, err := os.Stat(file); err != nil {
			return wrong("%s names a file that is not there; write the token into it and let only its owner read it (chmod 600)", strings.Replace(flag, "-env", "-file", 1))
		}
		return nil
	}
	if !regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,63}$`).MatchString(env) {
		if os.Getenv(env) != "" {
			return nil
		}
		return wrong("%s is no name of an environment variable that is set; if it is the token itself: put it into a variable, such as JIRA_TOKEN, and give that name", flag)
	}
	if os.Getenv(env) == "" {
		return wrong("environment variable %s is not set; export it with the token and start init again (%s names another)", env, flag)
	}
	return nil
}

// sure asks for a yes, which an empty answer is too.
func (q *asker) sure(prompt string) (bool, error) {
	if q.closed {
		return true, nil
	}
	answer, err := q.line("\n"+prompt+" [Y/n] ", "--yes")
	if err != nil {
		return false, err
	}
	if answer == "" || strings.HasPrefix(strings.ToLower(answer), "y") {
		return true, nil
	}
	q.say("Nothing was written.")
	return false, q.p.err
}
