package config

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

func setListen(s *Settings, text string) error {
	if err := checkAddress(text); err != nil {
		return err
	}
	s.Listen = text
	return nil
}

// checkAddress accepts host:port, where the host may be left out.
func checkAddress(text string) error {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%q is no address; write host:port, such as 127.0.0.1:8080", text)
	}
	return nil
}

// setStore accepts a place for the store. Its text is never repeated: it may
// hold a password.
func setStore(s *Settings, text string) error {
	path, isFile := strings.CutPrefix(text, "sqlite:")
	_, isServer := postgres(text)
	switch {
	case isFile && path == "":
		return fmt.Errorf("the store has no file name; write sqlite:tandem.db")
	case !isFile && !isServer:
		return fmt.Errorf("this is no store; write sqlite:PATH or postgres://HOST/DATABASE")
	}
	s.Store = text
	return nil
}

// postgres returns the address of a PostgreSQL store.
func postgres(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	return u, err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
}

// holdsPassword reports whether a store's address has a password in it.
func holdsPassword(store string) bool {
	u, ok := postgres(store)
	if !ok {
		return false
	}
	_, inUser := u.User.Password()
	return inUser || u.Query().Has("password") || u.Query().Has("sslpassword")
}

// checkPublicURL accepts the address under which services reach Tandem.
func checkPublicURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return fmt.Errorf("public_url is no web address; write https://HOST, without a user")
	}
	return nil
}
