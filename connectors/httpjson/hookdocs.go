package httpjson

import (
	"fmt"
	"strings"
)

// hookDoc is what is said of kind webhook, and of each preset.
func hookDoc() string {
	var b strings.Builder
	b.WriteString(hookText)
	for _, name := range HookPresets() {
		p := hookPresets()[name]
		fmt.Fprintf(&b, "- `%s`: %s. Tested against %s.\n", name, strings.TrimSpace(p.Doc), strings.TrimSpace(p.Tested))
	}
	return b.String()
}

const hookText = "Takes deliveries at `/hooks/NAME`, where NAME is the connector's. A delivery is proved, stored whole and only then\n" +
	"answered; it is read right after, and once. Nobody is asked for anything, so there is nothing to poll, and `every:` means nothing.\n" + `
It needs an address: webhooks: {listen: ":8443", public_url: https://hooks.acme.example}, with a certificate (tls:) or a
proxy in front. tandem status shows under *deliveries* when the last one came.

**Who sends** (verify): preset: canny, github, hotjar, intercom, segment, typeform or zendesk; or kind: hmac_sha256 or
hmac_sha1 with header, encoding (hex, base64), prefix, element, signs (body, timestamp_body, timestamp_dot_body,
body_or_first, nonce), timestamp: {header, element, unit}, window (5m) and skew (1m); or kind: token (header or field)
or basic (user). The secret is {env: NAME} or {file: PATH}. What is not signed so is answered 401, what is older than the
window too, what is no JSON 400, what is larger than 25 MB 413.

**What is not signed**: token and basic prove who sends, and a signed nonce (Canny) that somebody has the key; nothing
vouches for the body. They are refused by tandem check unless trust: weak says that this is accepted. Then whoever
sees the word once can write any feedback, so the audience must not be public. Better, where the tool has an API: a
connector that asks. Of a batch (Segment) only the first event is signed; the others are set aside, unless trust: weak.

**Repeats** (delivery): id is the path of the delivery's id in the body, header names one of the request; without both
the same body is the same delivery. Prefer the path: headers are seldom signed. event is the path of what happened, for the log.

**What it holds**: yields, records (one record or a list, the body itself by default; {paths: [batch, .]} tries several),
fields, answers, only, skip, also and parse, as for [kind http](http.md): the same paths, times, maps and lookups.
@parent is the whole body, @record the record around an answer, @param a param. *feedback* needs id and at, *insights* id,
title and at, *metrics* name and day, *items* id and title.

**Edits**: a record with the id of an earlier one takes its place if its version is newer. Without the field version the
moment of arrival counts. Usage of the same name, account and day takes the place of what was told before: send sums, not single events.

**What cannot be understood** is set aside with its cause, and its delivery is kept for 30 days: mend the mapping, and it is
read again by itself. Until then the delivery stands in the store as it came, personal data included; it is encrypted
only if the disk is.

**Presets** (preset: NAME fills in what the settings leave out; a field that you write takes the place of the preset's):

`
