package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
)

// MaxRow is the longest row in bytes. A longer one is set aside.
const MaxRow = 1 << 20

// ErrLongRow comes with the place of a row that is too long; reading can go on.
var ErrLongRow = errors.New("the row is longer than 1 MB")

// Mark is a place between two rows of a file.
type Mark struct {
	// Offset is in bytes from the start, Line the number of the line there.
	Offset int64 `json:"offset,omitempty"`
	Line   int   `json:"line,omitempty"`
	// Sum is the checksum of everything before Offset: it tells a file that
	// grew from one that changed. It guards against accidents, not attackers.
	Sum uint64 `json:"sum,string,omitempty"`
}

// Line is one line of a file with its end.
type Line struct {
	Text []byte
	At   Mark // where it starts
	End  Mark // where the next one starts
	// Whole tells that the line has its line break: it is written to its end.
	Whole bool
	// Long tells that the line is too long and its text was dropped.
	Long bool
}

// Lines reads a file line by line and knows where it stands.
type Lines struct {
	from  *bufio.Reader
	here  Mark
	table *crc64.Table
	back  []Line // lines that were given back, first one next
}

// NewLines reads on from a mark, where r stands.
func NewLines(r io.Reader, from Mark) *Lines {
	from.Line = max(from.Line, 1)
	return &Lines{from: bufio.NewReaderSize(r, 64<<10), here: from, table: crc64.MakeTable(crc64.ECMA)}
}

// Here is the place behind what was read from r.
func (l *Lines) Here() Mark { return l.here }

// Next returns the next line, io.EOF after the last. ErrLongRow comes with
// the place of the line; reading can go on.
func (l *Lines) Next() (Line, error) {
	if len(l.back) > 0 {
		next := l.back[0]
		l.back = l.back[1:]
		if next.Long {
			return next, ErrLongRow
		}
		return next, nil
	}
	found := Line{At: l.here}
	for {
		part, err := l.from.ReadSlice('\n')
		l.here.Offset += int64(len(part))
		l.here.Sum = crc64.Update(l.here.Sum, l.table, part)
		if found.Long = found.Long || len(found.Text)+len(part) > MaxRow; found.Long {
			found.Text = nil
		}
		if !found.Long {
			found.Text = append(found.Text, part...)
		}
		found.Whole = bytes.HasSuffix(part, []byte{'\n'})
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if found.Whole {
			l.here.Line++
		}
		found.End = l.here
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return found, err
		case found.Long:
			return found, ErrLongRow
		case found.At.Offset == found.End.Offset:
			return found, io.EOF
		}
		return found, nil
	}
}

func (l *Lines) skipTo(m Mark) error {
	for l.here.Offset < m.Offset && len(l.back) == 0 {
		n, err := l.from.Discard(int(min(m.Offset-l.here.Offset, 1<<30)))
		l.here.Offset += int64(n)
		if err != nil {
			return err
		}
	}
	if l.here.Offset != m.Offset {
		return fmt.Errorf("byte %d lies before byte %d, which was read", m.Offset, l.here.Offset)
	}
	l.here = m
	return nil
}

// GiveBack makes lines the next ones again.
func (l *Lines) GiveBack(again []Line) { l.back = append(again, l.back...) }

// TrimBreak takes the line break off.
func TrimBreak(text []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte{'\n'}), []byte{'\r'})
}

// atEnd reports that nothing but the rest of an open cell follows: it reads on
// to see whether another line ends behind it.
func (l *Lines) atEnd() bool {
	if len(l.back) == 0 {
		_, err := l.from.Peek(1)
		return err != nil
	}
	return !l.back[len(l.back)-1].Whole
}
