package main

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"tandem/config"
)

// optionTable lists the settings that the environment and flags can overrule.
func optionTable() (string, error) {
	t := newTable("key", "environment", "flag", "default", "what")
	for _, o := range config.Options() {
		t.row(code(o.Key), code(o.Env), code("--"+o.Flag), code(o.Default), o.Usage)
	}
	return t.String(), nil
}

// settingTable lists the keys of tandem.yaml that are no options.
func settingTable() (string, error) {
	said := settingMeanings()
	option := map[string]bool{}
	for _, o := range config.Options() {
		option[o.Key] = true
	}
	t := newTable("key", "default", "what")
	for _, s := range settingsOf(reflect.ValueOf(config.Defaults()), "") {
		if option[s.key] {
			continue
		}
		meaning, ok := said[s.key]
		if !ok {
			return "", fmt.Errorf("nobody says what %s is; add it to settingMeanings", s.key)
		}
		delete(said, s.key)
		t.row(code(s.key), code(s.value), meaning)
	}
	if len(said) > 0 {
		return "", fmt.Errorf("there are no settings %s", slices.Sorted(maps.Keys(said)))
	}
	return t.String(), nil
}

// setting is one key of tandem.yaml with its default.
type setting struct{ key, value string }

// settingsOf lists the keys of a struct in its order.
func settingsOf(v reflect.Value, prefix string) []setting {
	var all []setting
	for field, value := range v.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name == "" {
			continue
		}
		if value.Kind() == reflect.Struct {
			all = append(all, settingsOf(value, prefix+name+".")...)
			continue
		}
		all = append(all, setting{prefix + name, shown(value)})
	}
	return all
}

// shown spells a default as YAML would.
func shown(v reflect.Value) string {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return ""
	}
	if m, ok := reflect.TypeAssert[encoding.TextMarshaler](v); ok {
		if text, err := m.MarshalText(); err == nil {
			return string(text)
		}
	}
	if v.Kind() == reflect.Slice {
		return strings.Trim(fmt.Sprint(v.Interface()), "[]")
	}
	return fmt.Sprint(v.Interface())
}

// settingMeanings says what each key is.
func settingMeanings() map[string]string {
	return map[string]string{
		"instance":                    "name of this Tandem, which must be given; a store belongs to one instance",
		"webhooks.listen":             "address where webhooks of services are taken, host:port; off without it",
		"webhooks.public_url":         "the same as services see it, through whatever stands in front; only shown",
		"webhooks.tls.cert":           "certificate in PEM; without it a proxy in front should speak TLS",
		"webhooks.tls.key":            "its key in PEM",
		"api.tokens":                  "who may use the [API](api.md): each with `name`, `token`, `role` and `audience`; it is off without any",
		"api.tls.cert":                "certificate in PEM for `listen`; without it a proxy in front should speak TLS",
		"api.tls.key":                 "its key in PEM",
		"api.insecure":                "whether `listen` may be an address that other machines reach, without TLS",
		"api.hosts":                   "names that a proxy in front answers to, beside localhost",
		"web.public_url":              "address of the pages as browsers see it, such as `https://tandem.acme.example`: the root of a name; needed for sign-in at an issuer, and for links",
		"web.token.env":               "variable that holds the token of a single admin who sees everything, at least 32 characters; for a laptop",
		"web.token.file":              "file that holds it",
		"web.oidc.issuer":             "OIDC issuer that people [sign in](operations.md#sign-in) at, as it calls itself; it sends them back to `/signin/back`",
		"web.oidc.client_id":          "what the issuer calls Tandem",
		"web.oidc.client_secret.env":  "variable that holds the secret for the issuer",
		"web.oidc.client_secret.file": "file that holds it",
		"web.oidc.groups":             "claim of the issuer that lists the groups of a person",
		"web.oidc.sign_out":           "whether whoever signs out is offered to [sign out at the issuer](operations.md#sign-in) too, where it announces that; it sends them back to `/signin/ended`",
		"web.oidc.grants":             "what groups may do and see: each with `group` (or `everyone: true`), `role` and `audience`; all that fit count, the highest role and the widest audience",
		"web.roadmap":                 "read-only pages without sign-in, each at its own link: `name`, `token`, `audience` (public or internal) and `teams`, which the rules must have",
		"rules":                       "patterns of rule files, from the folder of the settings file",
		"brake.edits":                 "edits of 24 hours beyond which all wait for a person; 0 holds every edit",
		"quiet.from":                  "when quiet hours begin, every day: nothing is written until `to`",
		"quiet.to":                    "when they end, on the next day where it is earlier than `from`",
		"quiet.days":                  "days of the week that are quiet as a whole",
		"freeze":                      "runs of days in which nothing is written and nobody overrides it",
		"privacy.key.env":             "variable that holds the key of [pseudonyms](privacy.md); without a key one is made at the first start and kept in the store",
		"privacy.key.file":            "file that holds it",
		"brake.share":                 "the same as a share of all items, and at least 20 edits; the smaller of both counts",
		"digests":                     "notices that are sent at a time of the day, each with `name`, `role`, `team`, `at`, `on`, `zone`, `audience`, `to`, `template` and `always`: see [digests](digests.md)",
		"mail.host":                   "mail server that digests are sent by",
		"mail.port":                   "its port; 465 speaks TLS from the beginning",
		"mail.from":                   "address that they come from",
		"mail.user":                   "user at the mail server, where it asks for one",
		"mail.password.env":           "variable that holds the password",
		"mail.password.file":          "file that holds it",
		"mail.tls":                    "`starttls`, `implicit` (from the beginning), or `none` for a server on this machine; what the port means where it is empty",
	}
}
