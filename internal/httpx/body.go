package httpx

import (
	"errors"
	"io"
)

// ErrTooLarge says that an answer is longer than anything we expect.
var ErrTooLarge = errors.New("the answer is longer than 64 MB")

// boundedBody ends with ErrTooLarge instead of filling the memory.
type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return b.pastTheEnd()
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}

// pastTheEnd tells a body that ends exactly at the limit from a longer one.
func (b *boundedBody) pastTheEnd() (int, error) {
	var one [1]byte
	n, err := b.ReadCloser.Read(one[:])
	if n > 0 {
		return 0, ErrTooLarge
	}
	return 0, err
}
