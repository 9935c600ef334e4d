package httpjson

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"

	"tandem/internal/httpx"
)

// readBody reads a good answer; everything else is an error. Web pages are
// recognised with any status.
func readBody(resp *http.Response) ([]byte, error) {
	switch resp.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusNonAuthoritativeInfo:
	default:
		return nil, httpx.FromResponse(resp)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	switch {
	case errors.Is(err, httpx.ErrTooLarge):
		return nil, fmt.Errorf("%s: %w; ask for less at once: since.window or page.size", httpx.Place(resp.Request), err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %w", httpx.Place(resp.Request), httpx.ErrCutOff, err)
	}
	if start := bytes.TrimSpace(raw[:min(len(raw), 512)]); len(start) > 0 && start[0] == '<' {
		resp.Body = io.NopCloser(bytes.NewReader(raw))
		return nil, httpx.FromResponse(resp)
	}
	return raw, nil
}

// errBomb says that an answer is larger than the settings allow.
var errBomb = errors.New("the answer unpacks to more than max_mb allows; it may be a zip bomb; if it is right, raise max_mb or ask for less at once")

// bounded ends with errBomb behind so many bytes. All parts of one answer
// share what is left.
type bounded struct {
	from io.Reader
	left *int64
}

func (b bounded) Read(p []byte) (int, error) {
	if *b.left <= 0 {
		return 0, errBomb
	}
	if int64(len(p)) > *b.left {
		p = p[:*b.left]
	}
	n, err := b.from.Read(p)
	*b.left -= int64(n)
	return n, err
}

const (
	maxMembers = 10000
	longestRow = 4 << 20
	maxNesting = 2 // zip of gzip
)

// unpacked yields the plain parts of an answer: itself, or what a gzip or zip
// holds. What is packed is known by its first bytes.
func unpacked(raw []byte, most int64) iter.Seq2[io.Reader, error] {
	return func(yield func(io.Reader, error) bool) {
		left := most
		parts(bytes.NewReader(raw), raw, &left, maxNesting, yield)
	}
}

// parts returns false when the reader of the parts wants no more.
func parts(r io.Reader, raw []byte, left *int64, depth int, yield func(io.Reader, error) bool) bool {
	head := bufio.NewReader(r)
	magic, _ := head.Peek(4) // short parts are plain
	switch {
	case depth > 0 && len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		z, err := gzip.NewReader(head)
		if err != nil {
			return yield(nil, fmt.Errorf("unpack the answer: %w", err))
		}
		return parts(bounded{z, left}, nil, left, depth-1, yield)
	case depth > 0 && raw != nil && (bytes.Equal(magic, []byte("PK\x03\x04")) || bytes.Equal(magic, []byte("PK\x05\x06"))):
		return members(raw, left, depth, yield)
	default:
		return yield(bounded{head, left}, nil)
	}
}

func members(raw []byte, left *int64, depth int, yield func(io.Reader, error) bool) bool {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return yield(nil, fmt.Errorf("unpack the answer: %w", err))
	}
	if len(z.File) > maxMembers {
		return yield(nil, errBomb)
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return yield(nil, fmt.Errorf("unpack the answer: %w", err))
		}
		more := parts(bounded{r, left}, nil, left, depth-1, yield)
		_ = r.Close() // only read
		if !more {
			return false
		}
	}
	return true
}

// rootOf decodes an answer that is one JSON value.
func rootOf(raw []byte, most int64) (any, error) {
	var all []byte
	for part, err := range unpacked(raw, most) {
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(part)
		if err != nil {
			return nil, fmt.Errorf("unpack the answer: %w", err)
		}
		all = append(all, b...)
	}
	if len(bytes.TrimSpace(all)) == 0 {
		return nil, fmt.Errorf("%w: it is empty", httpx.ErrCutOff)
	}
	root, err := decodeJSON(all)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("%w after %d bytes", httpx.ErrCutOff, len(all))
	}
	if err != nil {
		return nil, &shapeError{"the answer is no JSON; check the address"}
	}
	return root, nil
}

// linesOf yields the records of an answer of JSON lines. One bad line is a row
// with a fault; a broken archive is an error.
func (e *endpoint) linesOf(raw []byte, most int64) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		n := 0
		for part, err := range unpacked(raw, most) {
			if err != nil {
				yield(row{}, err)
				return
			}
			lines := bufio.NewScanner(part)
			lines.Buffer(nil, longestRow)
			for lines.Scan() {
				n++
				line := bytes.TrimSpace(lines.Bytes())
				if len(line) == 0 {
					continue
				}
				if n == 1 && saysError(line) {
					yield(row{}, &shapeError{"the answer is an error instead of lines of records: " + excerpt(string(line), 200)})
					return
				}
				if !yield(e.line(line, n), nil) {
					return
				}
			}
			if err := lines.Err(); err != nil {
				yield(row{}, fmt.Errorf("read lines: %w", err))
				return
			}
		}
	}
}

func (e *endpoint) line(text []byte, n int) row {
	where := "line " + strconv.Itoa(n)
	v, err := decodeJSON(text)
	if err != nil {
		return row{value: string(text), where: where, fault: "the line is no JSON"}
	}
	return e.prepared(v, nil, where)
}

// saysError recognises what services answer instead of lines.
func saysError(line []byte) bool {
	v, err := decodeJSON(line)
	m, isMap := v.(map[string]any)
	if err != nil || !isMap || len(m) == 0 {
		return false
	}
	for key := range m {
		switch key {
		case "error", "errors", "message", "status", "code", "detail", "request":
		default:
			return false
		}
	}
	return true
}
