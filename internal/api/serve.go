package api

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Address is where an API listens. With a certificate it speaks TLS.
type Address struct {
	Listen    string
	Cert, Key string
}

// The patience of the listener.
const (
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	writeTime  = time.Minute
	idleTime   = 2 * time.Minute
	stopTime   = 5 * time.Second
	maxHeaders = 32 << 10
)

// Open takes the address.
func (at Address) Open(ctx context.Context) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", at.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w; name a free address, such as 127.0.0.1:8081, in tandem.yaml or by --listen", err)
	}
	if at.Cert == "" {
		return listener, nil
	}
	certificate := func() (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(at.Cert, at.Key)
		return &pair, err
	}
	if _, err := certificate(); err != nil {
		return nil, errors.Join(fmt.Errorf("api.tls: %w; name a certificate and its key, both in PEM", err), listener.Close())
	}
	// Read at each handshake, so that a renewed one is seen.
	return tls.NewListener(listener, &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return certificate() },
	}), nil
}

// Serve answers until the returned function is called, which lets requests that
// began come to their end.
func Serve(ctx context.Context, listener net.Listener, h http.Handler, log *slog.Logger) (stop func()) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeaders, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the api is no longer served", "err", err)
		}
	}()
	return func() {
		// The context of the program has ended by now.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			_ = server.Close() // whoever is cut off asks again
		}
		<-ended
	}
}
