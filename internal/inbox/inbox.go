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
	// SaveParcel stores a delivery that is the data itself. It reports false
	// where the delivery came before.
	SaveParcel(ctx context.Context, connector string, p connectors.Parcel) (bool, error)
}

// Config is what an inbox is made of.
type Config struct {
	// Inboxes understand deliveries, by the connector's name. Those without a
	// secret are not among them.
	Inboxes map[string]connectors.Inbox
	// Mailboxes take deliveries that are the data themselves, by the connector's
	// name. A name is in one of both.
	Mailboxes map[string]connectors.Mailbox
	Store     Store
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
	keep, ok := h.keeper(name)
	if !ok {
		http.NotFound(w, r)
		return
	}
	status, err := h.deliver(w, r, keep)
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

// keeper proves, understands and stores a delivery. It reports whether there is
// something new to do.
type keeper func(ctx context.Context, header http.Header, body []byte) (event string, count int, fresh bool, err error)

func (h *handler) keeper(name string) (keeper, bool) {
	if in, ok := h.Inboxes[name]; ok {
		return func(ctx context.Context, header http.Header, body []byte) (string, int, bool, error) {
			hints, err := in.Verify(header, body)
			if err != nil || len(hints) == 0 {
				return "", 0, false, err
			}
			fresh, err := h.Store.SaveHints(ctx, name, hints[0].Delivery, hints)
			return hints[0].Event, len(hints), fresh, err
		}, true
	}
	box, ok := h.Mailboxes[name]
	return func(ctx context.Context, header http.Header, body []byte) (string, int, bool, error) {
		parcel, err := box.Accept(header, body)
		if err != nil {
			return "", 0, false, err
		}
		fresh, err := h.Store.SaveParcel(ctx, name, parcel)
		return parcel.Event, 1, fresh, err
	}, ok
}

// deliver takes a delivery to whoever keeps it.
func (h *handler) deliver(w http.ResponseWriter, r *http.Request, keep keeper) (status int, err error) {
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
	event, count, fresh, err := keep(r.Context(), r.Header, body)
	switch {
	case errors.Is(err, connectors.ErrUnverified):
		return http.StatusUnauthorized, err
	case errors.Is(err, connectors.ErrUnreadable):
		return http.StatusBadRequest, err
	case err != nil:
		return http.StatusServiceUnavailable, err
	case fresh:
		h.Log.Debug("announced", "connector", r.PathValue("connector"), "kind", event, "count", count)
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
