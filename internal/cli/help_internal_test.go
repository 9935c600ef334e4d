package cli

import (
	"bytes"
	"strings"
	"testing"
)

func TestHelpListsEveryCommandInAGroup(t *testing.T) {
	t.Parallel()
	for _, command := range newRoot(Streams{}, "v9").Commands() {
		if command.GroupID == "" && command.Name() != "version" {
			t.Errorf("%s stands in no group", command.Name())
		}
		if command.Short == "" {
			t.Errorf("%s does not say what it does", command.Name())
		}
	}
}

func TestVersionIsPrintedAlikeByCommandAndFlag(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"version"}, {"--version"}} {
		var out bytes.Buffer
		if code := Main(t.Context(), Streams{In: strings.NewReader(""), Out: &out, Err: &out}, "v9", args); code != 0 || out.String() != "tandem version v9\n" {
			t.Errorf("%v: %d %q", args, code, out.String())
		}
	}
}
