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

// Compose shows a container the secret of a file as the file is: owner and mode
// that it is asked for are ignored (docker/compose issue 9648), so the lines at
// the head of compose.yaml make files that the image's user can read.
func TestComposeAsksForNoOwnerOfASecretThatItWouldNotGive(t *testing.T) {
	t.Parallel()
	text := installs(t, "deploy", "compose", "compose.yaml")
	var file struct {
		Services map[string]struct {
			Secrets []any `yaml:"secrets"`
		} `yaml:"services"`
		Secrets map[string]struct {
			File string `yaml:"file"`
		} `yaml:"secrets"`
	}
	if err := yaml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	for name, service := range file.Services {
		for _, secret := range service.Secrets {
			short, is := secret.(string)
			if !is {
				t.Errorf("%s: %v asks for more than Compose gives", name, secret)
				continue
			}
			if path := strings.TrimPrefix(file.Secrets[short].File, "./"); path == "" || !strings.Contains(text, "> "+path+" ") && !strings.Contains(text, "> "+path+"\n") {
				t.Errorf("%s: no line of the head writes the secret %s", name, short)
			}
		}
	}
	for _, want := range []string{"mkdir -m 700 secrets", "chmod 644 secrets/*"} {
		if !strings.Contains(text, want) {
			t.Errorf("the head lacks %q", want)
		}
	}
}

func TestReleasesShipWhatTheRepositoryOrAHookMakes(t *testing.T) {
	t.Parallel()
	var file struct {
		Before struct {
			Hooks []string `yaml:"hooks"`
		} `yaml:"before"`
		NFPMs []struct {
			Contents []struct {
				Src string `yaml:"src"`
			} `yaml:"contents"`
		} `yaml:"nfpms"`
	}
	if err := yaml.Unmarshal([]byte(installs(t, ".goreleaser.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(file.Before.Hooks, "make completions") {
		t.Error("a release makes no completions")
	}
	makefile := installs(t, "Makefile")
	for _, packages := range file.NFPMs {
		for _, content := range packages.Contents {
			_, err := os.Stat(filepath.Join("..", "..", content.Src))
			if made := strings.Contains(makefile, "> "+content.Src+"\n"); err != nil && !made {
				t.Errorf("nothing makes %s", content.Src)
			}
		}
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
