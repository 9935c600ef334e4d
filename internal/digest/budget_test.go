package digest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/internal/digest"
)

// doubling are templates each of which calls the one before twice.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString(`{{define "t0"}}{{end}}`)
	for i := range n {
		fmt.Fprintf(&b, `{{define "t%d"}}{{template "t%d" .}}{{template "t%d" .}}{{end}}`, i+1, i, i)
	}
	fmt.Fprintf(&b, `{{template "t%d" .}}`, n)
	return b.String()
}

// A template is tried when the settings are read: whatever it does, it neither
// holds that up nor fills the memory.
func TestATemplateThatWouldRunLongIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	nested := func(over string, deep int) string {
		return "x\n" + strings.Repeat("{{range "+over+"}}", deep) + strings.Repeat("{{end}}", deep)
	}
	const steps, size = "the template takes too many steps", "the template makes a text too long"
	for name, c := range map[string]struct{ text, want string }{
		"a number":                    {"x\n{{range 1000000000}}{{end}}", "2:9 " + steps},
		"a number with a name":        {"{{range $n := 1000000000}}{{if $n}}{{end}}{{end}}", steps},
		"a number that has nothing":   {nested("1000000", 3), steps},
		"how many wait":               {nested("$.WaitAll", 12), steps},
		"within what is told":         {nested("$.Late", 12), steps},
		"words of a list":             {"{{range 100000000}}{{if eq $.Day \"\"}}x{{end}}{{end}}", steps},
		"going on":                    {"{{range 100000000}}{{continue}}{{end}}", steps},
		"templates that double":       {doubling(60), steps},
		"a text that doubles":         {`{{$x := "xxxxxxxx"}}{{range 60}}{{$x = print $x $x}}{{end}}`, "1:40 " + size},
		"a text that doubles by %s":   {`{{$x := "xxxxxxxx"}}{{range 60}}{{$x = printf "%[1]s%[1]s" $x}}{{end}}`, size},
		"a text that grows":           {`{{$x := "xxxxxxxx"}}{{range 9000}}{{$x = plural 1 $x $x}}{{end}}`, steps},
		"a wide number":               {`{{$x := printf "%1000000d" 1}}`, "1:9 " + size},
		"a wide number, by its width": {`{{$x := printf "%*d" 1000000 1}}`, size},
		"a number of many places":     {`{{$x := printf "%.999999f" 1.0}}`, size},
		"wide numbers":                {`{{$x := printf "` + strings.Repeat("%900d", 6000) + `" 1}}`, size},
		"everything, often":           {"{{$x := print " + strings.Repeat(". ", 12000) + "}}", size},
		"texts that are long each":    {`{{$x := "` + strings.Repeat("<", 3000) + `"}}{{range 1000000}}{{$y := html $x}}{{end}}`, steps},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			made, mistakes := digest.Parse(c.text)
			if made != nil || len(mistakes) == 0 {
				t.Fatal("it was taken")
			}
			got := fmt.Sprintf("%d:%d %s; %s", mistakes[0].Line, mistakes[0].Col, mistakes[0].What, mistakes[0].Remedy)
			if took := time.Since(began); !strings.Contains(got, c.want) || took > time.Minute { // under the race detector on a busy machine
				t.Errorf("after %s: %s, want %s", took, got, c.want)
			}
		})
	}
}

func TestWhatTemplatesDoOrdinarilyIsTaken(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"each with each":    "{{range .Late}}{{range $.Moved}}{{range $.Waits}}{{.Ref}}{{end}}{{end}}{{end}}",
		"tables":            `{{range $i, $d := .Late}}{{printf "%3d. %-20s|%q" $i $d.Ref $d.Title}}{{end}}`,
		"as many as so":     "{{range 20}}={{end}}",
		"escapes":           "{{range .Late}}{{html .Title}} {{js .Title}} {{urlquery .Title}} {{println .Title}}{{end}}",
		"parts of its own":  `{{define "one"}}- {{.Ref}}{{"\n"}}{{end}}{{range .Late}}{{template "one" .}}{{end}}`,
		"a part in place":   `{{block "head" .}}# {{.Role}}{{end}}`,
		"until enough":      `{{range .Late}}{{if .Due}}{{break}}{{else}}{{continue}}{{end}}{{end}}`,
		"texts put as ones": `{{$all := ""}}{{range .Late}}{{$all = print $all .Ref " "}}{{end}}{{$all}}`,
		"an amount":         `{{printf "%05.1f%%" 12.3}}`,
	} {
		if made, mistakes := digest.Parse(text); made == nil {
			t.Errorf("%s: %v", name, mistakes)
		}
	}
}
