package door

import (
	"net"
	"slices"
	"strings"
)

// AnswersTo refuses names that a page elsewhere gave to this machine: what
// listens on the loopback answers to its names and to hosts only.
func AnswersTo(host, listen string, hosts []string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	ip := net.ParseIP(name)
	if strings.EqualFold(name, "localhost") || ip != nil && ip.IsLoopback() {
		return true
	}
	if slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, name) }) {
		return true
	}
	return name != "" && (len(hosts) == 0 || ip != nil) && !loopback(listen)
}

func loopback(listen string) bool {
	host, _, _ := net.SplitHostPort(listen)
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
