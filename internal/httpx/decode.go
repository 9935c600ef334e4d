package httpx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// ErrCutOff says that an answer began well and ended too early. Nothing of it
// is to be used: half a page is not a small page.
var ErrCutOff = errors.New("the answer was cut off")

// ReadJSON reads a 2xx answer into a value and closes its body. Everything
// else is an error: a *StatusError for other statuses and web pages, ErrCutOff
// for half an answer. Nothing is read into nil.
func ReadJSON(resp *http.Response, into any) error {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return FromResponse(resp)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	switch {
	case errors.Is(err, ErrTooLarge):
		return fmt.Errorf("%s: %w", Place(resp.Request), err)
	case err != nil:
		return fmt.Errorf("%s: %w: %w", Place(resp.Request), ErrCutOff, err)
	case looksLikePage(resp.Header, raw):
		resp.Body = rejoined{bytes.NewReader(raw), resp.Body}
		return FromResponse(resp)
	case into == nil:
		return nil
	case len(bytes.TrimSpace(raw)) == 0:
		return fmt.Errorf("%s: %w: it is empty", Place(resp.Request), ErrCutOff)
	}
	err = json.Unmarshal(raw, into)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && syntax.Offset >= int64(len(bytes.TrimRight(raw, " \r\n\t"))) {
		return fmt.Errorf("%s: %w after %d bytes", Place(resp.Request), ErrCutOff, len(raw))
	}
	if err != nil {
		return fmt.Errorf("%s: read JSON: %w", Place(resp.Request), err)
	}
	return nil
}
