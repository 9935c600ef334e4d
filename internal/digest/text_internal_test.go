package digest

import (
	"fmt"
	"os"
	"testing"
)

func TestScratch(t *testing.T) {
	for _, c := range samples() {
		text, err := Shipped().Text(&c)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(text.String())
		a, _ := slack(&text)
		b, _ := teams(&text)
		h, _ := letter(&text)
		fmt.Println(string(a), "\n", string(b), "\n", h)
	}
	for _, s := range []string{"{{.Movd}}", "{{if .Empty}}{{range .Late}}{{.Titel}}{{end}}{{end}}", "{{.Link", "{{nope 3}}", "{{range .Late}}{{.From}}{{end}}"} {
		_, m := Parse(s)
		fmt.Println(m)
	}
	_ = os.Stdout
}
