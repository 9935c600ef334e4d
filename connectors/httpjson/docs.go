package httpjson

const doc = "Reads any service that answers JSON. A stream is one list: a request, how to page, how to ask for\n" +
	"changes, and where each field of the model stands. It only reads.\n" + `
**Auth**, one of: bearer: SECRET; basic: {user, password}; header, query or body: {name, value, prefix};
oauth2: {token_url, client_id, client_secret, scopes}; jwt: {key, scopes} for the key file of a service account.
A SECRET is {env: NAME} or {file: PATH}. Credentials go to the host of url only.

**Placeholders** in path, query, headers and body: {since}, {until}, {cursor}, {offset}, {page}, {limit}, {last},
{key}, {parent}, {parent.PATH}, {base} (url), {connector} (its name) and every param. A parameter that is nothing but a placeholder is left out while it
has no value ({name?} may never have one), and keeps its type: limit: '{limit}' in a body is a number. {name|sql} quotes for SQL, {name|json} is JSON as text.

**Paging** (page.kind): none; cursor (next: its path in the answer); next_url (next:, on the same host); offset;
page (first:); last_item (item: path in a record, sent as {last}); sort_key (item:, sent as {key}, for services that
only filter). more:, end: and total: are paths that tell whether there is more; short: true says that a page that is
not full is the last. keep: true goes on at the last cursor next time.

**Changes** (since): format rfc3339, rfc3339_ms, rfc3339_us, epoch_s, epoch_ms, epoch_us, date, datetime, yyyymmdd,
yyyymmddthh; first: how far back the first read goes; overlap: what is read again, for clocks that differ and records
that come late; window: 1d walks in steps up to now; delay: how long data takes to be there; newest_first: stops at
what was read before; sweep: 1d reads everything anew once a day, for lists that do not tell of changes.

**Answers**: records: is the path of the list; columns: names the cells of rows; unfold: turns nested mappings into
records; matrix: reads tables of numbers; parse: reads texts that are JSON; format: jsonl reads lines. Gzip and zip
are recognised. empty_on: [404] is for services that say so where there is no data.

**Paths**: a.b.c, list[0], list[*].name, list[?key=value].name, ["any key"], . for the value itself; @parent.a and
@record.a for what surrounds it, @join for the list of join:, @param.a for a param.

**Fields**: a path, or {path, paths, value, text, hash} with map, else, times, time, zone, split, prefix, html, number, lower,
lookup: {in, by, take}. *feedback* needs id and at; *insights* id, title and at; *metrics* name and day; *items* id
and title, and every further name becomes a native field. person_keys.email, account_keys.domain and attributes.plan
name keys of their own. Without an id in the source: id: {hash: [user, time, text]}.

**Parents** (for_each): lists parents first, then reads the stream for each: request, page, records, id; changed: a
path that tells whether to read a parent again; values: a param with the list; detail: a request for each. max bounds it.

**Limits**: rate: {requests, per}; Retry-After is obeyed; max_mb bounds what an answer may unpack to.

**Rights**: a key that may read. **Where the plan has no API**: export a file and read it with kind drop.

The presets (posthog, amplitude, mixpanel, ga4, pendo, productboard, canny, fider, intercom, zendesk, typeform) are
such entries: tandem connectors KIND --yaml prints one to start from.
`
