package inbox

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"tandem/connectors"
)

const (
	// MaxBody is the largest body that is taken: services drop larger ones
	// themselves.
	MaxBody = 25 << 20
	// Readers is how many bodies are read at a time; each may be in memory as a
	// whole.
	Readers = 4
	// small is a body of which many are read at a time: whoever sends large
	// ones slowly, without being able to sign any, does not keep out those that
	// tell of an issue.
	small        = 256 << 10
	smallReaders = 256
)

// Store keeps hints.
type Store interface {
	// SaveHints stores the hints of one delivery, in one transaction. It reports
	// false where the delivery came before.
	SaveHints(ctx context.Context, connector, delivery string, hints []connectors.Hint) (bool, error)
}

// Config is what an inbox is made of.
type Config struct {
	// Inboxes understand deliveries, by the connector's name. Those without a
	// secret are not among them.
	Inboxes map[string]connectors.Inbox
	Store   Store
	// Wake is called when there is something to read.
	Wake func()
	Log  *slog.Logger
	// MaxBody is the largest body in bytes; 0 is MaxBody.
	MaxBody int64
}

// handler takes deliveries.
type handler struct {
	Config

	turns, smallTurns chan struct{}
}

// Path is where the deliveries of a connector go.
func Path(connector string) string { return "/hooks/" + connector }

// Handler returns what answers at Path.
func Handler(c Config) http.Handler {
	if c.MaxBody == 0 {
		c.MaxBody = MaxBody
	}
	h := &handler{c, make(chan struct{}, Readers), make(chan struct{}, smallReaders)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+Path("{connector}"), h.take)
	return mux
}

// take answers one delivery.
func (h *handler) take(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("connector")
	in, ok := h.Inboxes[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	status, err := h.deliver(w, r, name, in)
	log := h.Log.With("connector", name)
	switch {
	case err == nil:
		w.WriteHeader(status)
		return
	case status == http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "30")
		log.Warn("a delivery could not be taken; the service tries again", "err", err)
	default:
		log.Warn("a delivery was refused", "err", err)
	}
	http.Error(w, http.StatusText(status), status) // the cause is nobody's business outside
}

// deliver proves, understands and stores a delivery.
func (h *handler) deliver(w http.ResponseWriter, r *http.Request, name string, in connectors.Inbox) (status int, err error) {
	if r.ContentLength > h.MaxBody {
		return http.StatusRequestEntityTooLarge, &http.MaxBytesError{Limit: h.MaxBody}
	}
	turns := h.turns
	if r.ContentLength >= 0 && r.ContentLength <= small {
		turns = h.smallTurns
	}
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	default:
		return http.StatusServiceUnavailable, errBusy
	}
	body, status, err := h.body(w, r)
	if err != nil {
		return status, err
	}
	hints, err := in.Verify(r.Header, body)
	switch {
	case errors.Is(err, connectors.ErrUnverified):
		return http.StatusUnauthorized, err
	case errors.Is(err, connectors.ErrUnreadable):
		return http.StatusBadRequest, err
	case err != nil:
		return http.StatusServiceUnavailable, err
	case len(hints) == 0:
		return http.StatusOK, nil // nothing to read
	}
	fresh, err := h.Store.SaveHints(r.Context(), name, hints[0].Delivery, hints)
	if err != nil {
		return http.StatusServiceUnavailable, err
	}
	if fresh {
		h.Log.Debug("announced", "connector", name, "kind", hints[0].Event, "count", len(hints))
		h.Wake()
	}
	return http.StatusOK, nil
}

// errBusy says that too many deliveries are being taken.
var errBusy = errors.New("too many deliveries at a time")

// body reads the body, if it is small enough.
func (h *handler) body(w http.ResponseWriter, r *http.Request) (body []byte, status int, err error) {
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, h.MaxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, http.StatusRequestEntityTooLarge, err
	}
	return body, http.StatusBadRequest, err
}
