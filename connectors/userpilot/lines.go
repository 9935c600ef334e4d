package userpilot

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

const (
	// maxPart is the most that a part may hold when it is unpacked.
	maxPart = 1 << 30
	// maxLine is the longest line that is an event.
	maxLine = 4 << 20
	// maxRejects is how many lines of a part are told one by one.
	maxRejects = 20
)

// lines reads the events of a part.
type lines struct {
	connector, part string
	take            func(event)

	number, bad, good int
	rejects           []work.Reject
}

// read reads gzip or plain text, line by line.
func (l *lines) read(r io.Reader) error {
	packed := bufio.NewReader(r)
	head, err := packed.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return cutOff(err)
	}
	content := io.Reader(packed)
	switch {
	case bytes.Equal(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(packed)
		if err != nil {
			return cutOff(err)
		}
		content = z
	case bytes.HasPrefix(head, []byte("<")):
		return fmt.Errorf("%w: a web page stands where a part belongs; is a proxy in between?", errForm)
	}
	return l.each(bufio.NewReaderSize(&bounded{content, maxPart}, 256<<10))
}

// each takes every line. Text without any event is no part of an export.
func (l *lines) each(r *bufio.Reader) error {
	for {
		line, long, err := nextLine(r)
		if len(line) > 0 || long {
			l.line(line, long)
		}
		switch {
		case errors.Is(err, io.EOF) && l.bad > 0 && l.good == 0:
			return fmt.Errorf("%w: none of its %d lines is an event", errForm, l.bad)
		case errors.Is(err, io.EOF):
			l.summary()
			return nil
		case errors.Is(err, errBulky):
			return err
		case err != nil:
			return cutOff(err)
		}
	}
}

func cutOff(err error) error {
	if errors.Is(err, httpx.ErrTooLarge) {
		return errBulky
	}
	return fmt.Errorf("%w: %w", httpx.ErrCutOff, err)
}

// nextLine reads a line without its end. One that is too long is skipped.
func nextLine(r *bufio.Reader) (line []byte, long bool, err error) {
	for {
		piece, err := r.ReadSlice('\n')
		if !long {
			line = append(line, piece...)
		}
		if len(line) > maxLine {
			line, long = nil, true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSpace(line), long, err
		}
	}
}

func (l *lines) line(line []byte, long bool) {
	l.number++
	cause := "the line is longer than 4 MB"
	if !long {
		e, err := eventOf(line)
		if err == nil {
			l.good++
			l.take(e)
			return
		}
		cause = err.Error()
	}
	if l.bad++; l.bad <= maxRejects {
		l.rejects = append(l.rejects, work.Reject{Connector: l.connector, Where: fmt.Sprintf("%s:%d", l.part, l.number), Cause: cause, Remedy: "report it: Userpilot changed the form of its export"})
	}
}

// summary tells of the lines that were not told one by one.
func (l *lines) summary() {
	if more := l.bad - maxRejects; more > 0 {
		l.rejects = append(l.rejects, work.Reject{Connector: l.connector, Where: l.part, Cause: fmt.Sprintf("%d more lines are no events", more), Remedy: "see the lines that are told one by one"})
	}
}

// bounded ends with errBulky instead of unpacking for ever.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errBulky
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
