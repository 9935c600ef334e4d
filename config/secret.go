package config

import (
	"strings"

	"tandem/internal/secret"
)

// secretForm is how a secret is written.
const secretForm = "write {env: NAME} or {file: PATH}"

// secret decodes {env: NAME} or {file: PATH}. Whatever else stands there may be
// the secret itself, so no message repeats any of it (promise S11).
func (d *decoder) secret(n *node, p place, into *secret.Secret) {
	switch {
	case n.null && n.tag == "":
		d.report(n, p, p.label+" has no value", secretForm)
		return
	case n.kind != mapping:
		d.report(n, p, p.label+" must not stand in the file", secretForm)
		return
	case n.tag != "" || len(n.keys) == 0:
		d.report(n, p, p.label+" names no source", secretForm)
		return
	case len(n.keys) > 1:
		d.report(n.keys[1], p, p.label+" must have one key, env or file", secretForm)
		return
	}
	key, value := n.keys[0], n.values[0]
	switch {
	case key.text != "env" && key.text != "file":
		d.report(key, p, p.label+" has a key that is neither env nor file", secretForm)
	case value.refusal != nil:
		d.report(value, p.key(key.text), value.refusal.What, value.refusal.Remedy)
	case value.tag != "" || value.null || value.kind != scalar || value.text == "":
		d.report(value, p.key(key.text), p.label+" names no source", secretForm)
	case key.text == "file":
		into.File = value.text
	case !variable(value.text):
		d.report(value, p.key(key.text), "env of "+p.label+" is no name of an environment variable",
			"write the bare name, of letters, digits and _, without $; never the secret itself")
	default:
		into.Env = value.text
	}
}

// variable matches the name of an environment variable.
func variable(text string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
	return strings.Contains(letters, text[:1]) && strings.Trim(text, letters+"0123456789") == ""
}
