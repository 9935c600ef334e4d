package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tandem/config"
)

// installs reads a file of the repository.
func installs(t *testing.T, path ...string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// variables are those of the environment that Tandem reads.
func variables() []string {
	names := []string{"PGPASSFILE"} // of PostgreSQL's clients
	for _, o := range config.Options() {
		names = append(names, o.Env)
	}
	return names
}

func TestTheImageIsBuiltWithTheGoOfTheModule(t *testing.T) {
	t.Parallel()
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(installs(t, "go.mod"))[1]
	image := installs(t, "Dockerfile")
	if !strings.Contains(image, " golang:"+version+" AS build") {
		t.Errorf("the image is not built with golang:%s", version)
	}
	for _, want := range []string{"FROM scratch", "USER 65532:65532", "CGO_ENABLED=0"} {
		if !strings.Contains(image, want) {
			t.Errorf("the Dockerfile lacks %q", want)
		}
	}
}

func TestComposeSetsOnlyWhatTandemReads(t *testing.T) {
	t.Parallel()
	var file struct {
		Services map[string]struct {
			Environment map[string]string `yaml:"environment"`
			ReadOnly    bool              `yaml:"read_only"`
			CapDrop     []string          `yaml:"cap_drop"`
			Ports       []string          `yaml:"ports"`
		} `yaml:"services"`
	}
	if err := yaml.Unmarshal([]byte(installs(t, "deploy", "compose", "compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	tandem := file.Services["tandem"]
	for name := range tandem.Environment {
		if !slices.Contains(variables(), name) {
			t.Errorf("Tandem does not read %s", name)
		}
	}
	if !tandem.ReadOnly || !slices.Equal(tandem.CapDrop, []string{"ALL"}) || !slices.Equal(tandem.Ports, []string{"127.0.0.1:8080:8080"}) {
		t.Errorf("the container is not as closed as it could be: %+v", tandem)
	}
}

func TestTheUnitIsSoundAndClosed(t *testing.T) {
	t.Parallel()
	unit := installs(t, "deploy", "systemd", "tandem.service")
	for _, set := range regexp.MustCompile(`(?m)^Environment=(\w+)=`).FindAllStringSubmatch(unit, -1) {
		if !slices.Contains(variables(), set[1]) {
			t.Errorf("Tandem does not read %s", set[1])
		}
	}
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not there to judge the unit; install Debian's package systemd")
	}
	path := filepath.Join(t.TempDir(), "tandem.service")
	if err := os.WriteFile(path, []byte(strings.Replace(unit, "/usr/bin/tandem", "/bin/true", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify", path}, {"security", "--offline=true", "--threshold=20", path}} { // 2.0 of 10, where 10 is open
		if said, err := exec.CommandContext(t.Context(), "systemd-analyze", args...).CombinedOutput(); err != nil {
			t.Errorf("systemd-analyze %v: %v\n%s", args, err, said)
		}
	}
}
