package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Auto is the encoding of files that say themselves how they are written, or
// are UTF-8 but for a few cells of an old program.
const Auto = "auto"

// charmaps are the single-byte encodings by their usual names. All of them have
// ASCII in their lower half, so that cells can be told apart before their text
// is read.
func charmaps() map[string]*charmap.Charmap {
	return map[string]*charmap.Charmap{
		"windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251, "windows-1252": charmap.Windows1252,
		"windows-1253": charmap.Windows1253, "windows-1254": charmap.Windows1254, "windows-1257": charmap.Windows1257,
		"iso-8859-1": charmap.Windows1252, // as browsers do: nobody means the control characters
		"iso-8859-2": charmap.ISO8859_2, "iso-8859-15": charmap.ISO8859_15, "macintosh": charmap.Macintosh,
	}
}

// Encodings are the names that may be declared.
func Encodings() []string {
	return append([]string{Auto, "utf-8", "utf-16le", "utf-16be"}, slices.Sorted(maps.Keys(charmaps()))...)
}

// Texts reads the texts of cells. Its zero value takes everything as UTF-8.
type Texts struct {
	chars *charmap.Charmap
	// declared: every byte is of the encoding. Else only a cell that is not
	// UTF-8 is.
	declared bool
	// Foreign counts the cells that were not UTF-8 although nothing else was
	// declared: they were read as Windows-1252.
	Foreign int
}

// cell is the text of a cell; it is always UTF-8.
func (t *Texts) cell(raw string) string {
	if t.chars == nil || !t.declared && utf8.ValidString(raw) {
		return strings.ToValidUTF8(raw, "\uFFFD")
	}
	if !t.declared {
		t.Foreign++
	}
	var b strings.Builder
	for i := range len(raw) {
		b.WriteRune(t.chars.DecodeByte(raw[i]))
	}
	return b.String()
}

// peeked is how much of a file is looked at before it is read.
const peeked = 64 << 10

// decode finds out how a table is written, by its byte order mark, by what was
// declared, or by its first bytes. What it returns is UTF-8, or single bytes
// that the Texts read.
func decode(r io.Reader, declared string) (*bufio.Reader, *Texts, error) {
	in := bufio.NewReaderSize(r, peeked)
	start, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	wide := func(e unicode.Endianness) (*bufio.Reader, *Texts, error) {
		d := unicode.UTF16(e, unicode.UseBOM).NewDecoder()
		return bufio.NewReaderSize(d.Reader(in), peeked), &Texts{}, nil
	}
	switch {
	case bytes.HasPrefix(start, []byte("\uFEFF")):
		_, err := in.Discard(len("\uFEFF"))
		return in, &Texts{chars: charmap.Windows1252}, err
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}), declared == "utf-16le", likelyWide(start, 1):
		return wide(unicode.LittleEndian)
	case bytes.HasPrefix(start, []byte{0xFE, 0xFF}), declared == "utf-16be", likelyWide(start, 0):
		return wide(unicode.BigEndian)
	}
	if chars, ok := charmaps()[declared]; ok {
		return in, &Texts{chars: chars, declared: true}, nil
	}
	return in, &Texts{chars: charmap.Windows1252}, nil
}

// likelyWide reports UTF-16 without a byte order mark: most characters of a
// header have a zero byte on the same side and none on the other.
func likelyWide(start []byte, zeroAt int) bool {
	pairs, zeros := len(start)/2, 0
	for i := range pairs {
		if start[2*i+1-zeroAt] == 0 {
			return false
		}
		if start[2*i+zeroAt] == 0 {
			zeros++
		}
	}
	return pairs >= 4 && zeros*2 > pairs
}
