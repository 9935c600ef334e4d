package httpx

import (
	"net"
	"net/url"
)

// BadAddress says what is wrong with the address of a service that gets
// credentials, without repeating it; empty where nothing is. Without TLS only
// this machine is reached.
func BadAddress(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "the address is no URL of a service"
	case u.User != nil:
		return "the address holds credentials"
	case u.RawQuery != "" || u.Fragment != "":
		return "the address has a query or fragment"
	case u.Scheme == "http" && !Loopback(u):
		return "http would send the credentials in the clear; write https"
	default:
		return ""
	}
}

// Loopback reports whether an address is of this machine.
func Loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
