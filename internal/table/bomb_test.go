package table_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/table"
)

// An archive may lie about its sizes: what counts is what comes out.
func TestWhatUnpacksToMoreThanIsAllowedEnds(t *testing.T) {
	t.Parallel()
	const size = 12 << 20
	zeros := make([]byte, size)
	var gz bytes.Buffer
	g := gzip.NewWriter(&gz)
	_, _ = g.Write(zeros)
	_ = g.Close()
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	f, err := z.Create("a.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.Write(zeros)
	_ = z.Close()
	lying := bytes.Clone(zipped.Bytes())
	told := binary.LittleEndian.AppendUint32(nil, size)
	if i := bytes.LastIndex(lying, told); i < 0 {
		t.Fatal("the size is not told")
	} else {
		copy(lying[i:], []byte{100, 0, 0, 0})
	}
	for name, content := range map[string][]byte{"a.csv.gz": gz.Bytes(), "a.zip": zipped.Bytes(), "lying.zip": lying} {
		for _, most := range []int64{1 << 20, 1 << 30} {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			n := int64(0)
			in, err := table.Open(path, most)
			if err == nil {
				n, err = io.Copy(io.Discard, in)
				_ = in.Close()
			}
			if err == nil || name != "lying.zip" && !errors.Is(err, table.ErrBomb) || n > min(most, 10<<20) {
				t.Errorf("%s with %d allowed: %d bytes came out, %v", name, most, n, err)
			}
		}
	}
}

func TestARowWithNULBytesIsSetAsideAndTheOthersAreNot(t *testing.T) {
	t.Parallel()
	for _, as := range []struct {
		format  table.Format
		content string
	}{
		{table.CSV, "id,text\n1,a\n2,b\x00c\n3,d\n"},
		{table.JSONL, "{\"id\":1}\n{\"id\":2\x00}\n{\"id\":3}\n"},
	} {
		got, err := read(as.content, as.format, table.Options{})
		if err != nil || len(got) != 3 || !strings.Contains(got[1], "NUL") || strings.Contains(got[0]+got[2], "!") {
			t.Errorf("%q, %v", got, err)
		}
	}
}
