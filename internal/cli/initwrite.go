package cli

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tandem/internal/web/firsthour"
)

// write writes the files, and the tokens that were pasted.
func (t *tour) write(r *http.Request) (string, error) {
	i := t.next()
	i.dir = filepath.Clean(typed(r, "dir"))
	if err := i.vacant(); err != nil {
		return "", err
	}
	written, undo, err := t.keepSecrets(i)
	if err != nil {
		return "", err
	}
	files := i.files()
	if err := i.finish(files); err != nil {
		return "", errors.Join(err, undo())
	}
	t.done = firsthour.Done{Files: filesData(files), Folder: i.folder(), Secrets: written, Teams: i.teams(), Service: map[bool]string{false: "Jira", true: "GitHub"}[i.alone]}
	if i.dir != "." {
		t.done.Go = "cd " + i.dir
	}
	t.reached = 4
	return "/done", nil
}

// keepSecrets moves pasted tokens to files that only their owner reads. The
// returned function takes them away again.
func (t *tour) keepSecrets(i *initiation) (names []string, undo func() error, err error) {
	var done []string
	undo = func() (err error) {
		for _, path := range done {
			err = errors.Join(err, os.Remove(path))
		}
		return err
	}
	for _, s := range []struct {
		name string
		file *string
	}{{jiraName, &i.tokenFile}, {githubName, &i.githubTokenTo}} {
		if !t.ours(*s.file) {
			continue
		}
		token, err := os.ReadFile(*s.file)
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("keep the token: %w", err), undo())
		}
		path := filepath.Join(i.dir, "secrets", s.name)
		err = keepSecret(path, token)
		if errors.Is(err, os.ErrExist) {
			err = wrong("%s is there already, and init overwrites nothing; name another folder, or move it away", path)
		}
		if err != nil {
			return nil, nil, errors.Join(err, undo())
		}
		done, *s.file = append(done, path), path
		names = append(names, "secrets/"+s.name)
	}
	return names, undo, nil
}

func keepSecret(path string, token []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	// Git never takes a token along.
	if ignore, err := os.OpenFile(filepath.Join(filepath.Dir(path), ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		_, err = ignore.WriteString("*\n")
		if err := errors.Join(err, ignore.Close()); err != nil {
			return fmt.Errorf("keep the token: %w", err)
		}
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	_, err = out.Write(token)
	return errors.Join(err, out.Close())
}

// teams are those of the rules that are written.
func (i *initiation) teams() []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range i.found.Places {
		name := p.Key
		if i.alone {
			name, _, _ = strings.Cut(name, "/")
		}
		if name = strings.ToLower(name); !seen[name] {
			names, seen[name] = append(names, name), true
		}
	}
	return names
}

func (t *tour) previewData(r *http.Request) any {
	p := t.preview
	p.Folder = t.i.dir
	if r.Method == http.MethodPost {
		p.Folder = typed(r, "dir")
	}
	if t.ours(t.i.tokenFile) {
		p.Secrets = append(p.Secrets, "secrets/"+jiraName)
	}
	if t.ours(t.i.githubTokenTo) {
		p.Secrets = append(p.Secrets, "secrets/"+githubName)
	}
	// The files as they will stand there: tokens lie in the folder by then.
	i := t.next()
	i.dir = filepath.Clean(p.Folder)
	for _, file := range []*string{&i.tokenFile, &i.githubTokenTo} {
		if t.ours(*file) {
			name := map[bool]string{true: jiraName, false: githubName}[file == &i.tokenFile]
			*file = filepath.Join(i.dir, "secrets", name)
		}
	}
	p.Files = filesData(i.files())
	if i.vacant() == nil {
		return p
	}
	p.Taken = "Files of Tandem are in this folder already."
	for n := range p.Files {
		if old, err := os.ReadFile(filepath.Join(i.dir, filepath.FromSlash(p.Files[n].Name))); err == nil {
			p.Files[n].Differs = differs(string(old), p.Files[n].Body)
		}
	}
	return p
}

func (t *tour) doneData(*http.Request) any { return t.done }

// mostCompared bounds the lines that are compared.
const mostCompared = 2000

// differs compares two texts by their lines: what goes, what comes, and what
// both have.
func differs(old, fresh string) []firsthour.DiffLine {
	a, b := strings.Split(strings.TrimRight(old, "\n"), "\n"), strings.Split(strings.TrimRight(fresh, "\n"), "\n")
	a, b = a[:min(len(a), mostCompared)], b[:min(len(b), mostCompared)]
	common := make([][]int, len(a)+1) // of the rests of both
	for x := range common {
		common[x] = make([]int, len(b)+1)
	}
	for x := range slices.Backward(a) {
		for y := len(b) - 1; y >= 0; y-- {
			if a[x] == b[y] {
				common[x][y] = common[x+1][y+1] + 1
			} else {
				common[x][y] = max(common[x+1][y], common[x][y+1])
			}
		}
	}
	var lines []firsthour.DiffLine
	for x, y := 0, 0; x < len(a) || y < len(b); {
		switch {
		case x < len(a) && y < len(b) && a[x] == b[y]:
			lines = append(lines, firsthour.DiffLine{Text: a[x]})
			x, y = x+1, y+1
		case y == len(b) || x < len(a) && common[x+1][y] >= common[x][y+1]:
			lines = append(lines, firsthour.DiffLine{Mark: "-", Text: a[x]})
			x++
		default:
			lines = append(lines, firsthour.DiffLine{Mark: "+", Text: b[y]})
			y++
		}
	}
	return lines
}
