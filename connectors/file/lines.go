package file

import (
	"bufio"
	"bytes"
	"errors"
	"hash/crc64"
	"io"
)

// maxRow is the longest row in bytes. A longer one is set aside.
const maxRow = 1 << 20

var errLongRow = errors.New("the row is longer than 1 MB")

// mark is a place between two rows of a file.
type mark struct {
	// Offset is in bytes from the start, Line the number of the line there.
	Offset int64 `json:"offset,omitempty"`
	Line   int   `json:"line,omitempty"`
	// Sum is the checksum of everything before Offset: it tells a file that
	// grew from one that changed. It guards against accidents, not attackers.
	Sum uint64 `json:"sum,string,omitempty"`
}

// line is one line of a file with its end.
type line struct {
	text []byte
	at   mark // where it starts
	end  mark // where the next one starts
	// whole tells that the line has its line break: it is written to its end.
	whole bool
	// long tells that the line is too long and its text was dropped.
	long bool
}

// lines reads a file line by line and knows where it stands.
type lines struct {
	from  *bufio.Reader
	here  mark
	table *crc64.Table
	back  []line // lines that were given back, first one next
}

func newLines(r io.Reader, from mark) *lines {
	from.Line = max(from.Line, 1)
	return &lines{from: bufio.NewReaderSize(r, 64<<10), here: from, table: crc64.MakeTable(crc64.ECMA)}
}

// next returns the next line, io.EOF after the last. errLongRow comes with
// the place of the line; reading can go on.
func (l *lines) next() (line, error) {
	if len(l.back) > 0 {
		next := l.back[0]
		l.back = l.back[1:]
		if next.long {
			return next, errLongRow
		}
		return next, nil
	}
	found := line{at: l.here}
	for {
		part, err := l.from.ReadSlice('\n')
		l.here.Offset += int64(len(part))
		l.here.Sum = crc64.Update(l.here.Sum, l.table, part)
		if found.long = found.long || len(found.text)+len(part) > maxRow; found.long {
			found.text = nil
		}
		if !found.long {
			found.text = append(found.text, part...)
		}
		found.whole = bytes.HasSuffix(part, []byte{'\n'})
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if found.whole {
			l.here.Line++
		}
		found.end = l.here
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return found, err
		case found.long:
			return found, errLongRow
		case found.at.Offset == found.end.Offset:
			return found, io.EOF
		}
		return found, nil
	}
}

// giveBack makes lines the next ones again.
func (l *lines) giveBack(again []line) { l.back = append(again, l.back...) }

// trimBreak takes the line break off.
func trimBreak(text []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte{'\n'}), []byte{'\r'})
}

// trimMark takes the byte order mark off the first line and refuses files of
// other encodings.
func trimMark(first []byte) ([]byte, error) {
	if bytes.HasPrefix(first, []byte{0xFF, 0xFE}) || bytes.HasPrefix(first, []byte{0xFE, 0xFF}) {
		return nil, errors.New("the file is UTF-16; save it as UTF-8")
	}
	return bytes.TrimPrefix(first, []byte("\uFEFF")), nil
}
