package drop

const doc = `Reads files that people put into a folder: interviews, exports of survey tools, research findings, usage, items.
It is the route for tools without an API, and for plans without one.

**What a row is** (` + "`yields:`" + `): feedback (default), items, insights or metrics.

| yields | columns |
|---|---|
| feedback | id; number (of a response) or participant, unique in the study; at, text, method, kind, study, score, scale, person, email, user_id, account, account_id, account_name, domain, segment, value, area, url, tags, language, links, recording_url, recording_at, observer, consent, withdrawn, duplicate_of, audience, updated |
| items | id or key, title, body, kind, status, priority, labels, links, place, url, created, updated, and any further column |
| insights | id, title, text, kind (market, competitor, research), study, author, at, url, tags, goals, links, audience |
| metrics | name, day, count, users, account, unit |

One row of feedback is one person's answers. Columns that are questions become answers of that person; a score, a text
and a method (NPS, CSAT) follow from them. Missing is unknown, never 0. A row's audience may be stricter than the
connector's, never looser.

**Column file** (` + "`columns:`" + `): what headers mean. It may be left out for the names above and for exports of Hotjar.

    columns:
      Date Submitted: at
      User: {person: user_id}          # a key that joins a person with the same one in other tools
      Company ID: {account: account_id}
      Country: {attribute: country}
      Story points: {field: effort, kind: number}   # items
      Internal note: "-"               # left out
    questions:                         # one question in all its wordings and languages
      ease: {type: rating, scale: 1-7, headers: ['How easy was it?', 'Wie einfach war es?']}
      nps:  {type: nps, headers: ['How likely are you to recommend us?']}
      why:  ['Why?', 'Warum?']         # free text
    dates: {format: DD.MM.YYYY HH:mm, zone: Europe/Berlin}
    decimals: comma                    # or point
    encoding: windows-1252             # where the file does not say it
    skip: 2                            # lines before the header
    others: guess                      # unknown headers: guess, question, attribute, ignore, refuse
    rows: {language: de}               # what all rows have in common

Types of question: nps, csat, rating (with its scale), choice, yes_no, reaction, text. Case, line breaks and spaces of a
header do not matter. A file with nothing but ` + "`header: field`" + ` lines is read as ` + "`columns:`" + `.

A header that nobody knows is a question where it has a question mark or more than three words, else an attribute. It is
kept under its own wording, and a warning gives the line to add to the column file. With ` + "`others: refuse`" + ` the
whole file is set aside instead. When the column file or a setting changes, everything in done/ is read again by it.

**Formats**: .csv and .tsv with , ; tab or | between cells, .jsonl and .ndjson with one object a line; alone, or as .gz or
as .zip with one table inside, also where the pattern says *.csv. UTF-8, UTF-16 (with or without byte order mark), or a declared encoding; cells of another
encoding are read as Windows-1252 and counted in a warning. An archive that unpacks to more than 200 times its size
(and 10 MB), or to more than ` + "`largest_mb`" + `, is refused.

**Dates and numbers**: ISO dates and RFC 3339, or the formats of the column file (YYYY YY MMMM MMM MM M DD D HH H hh h mm
ss A Z). Times without an offset are of the zone, UTC without one. A date that may be two days (03/04/2026), a day that
does not exist and an hour that clocks were set forward over are refused with their line; of an hour that came twice the
first is meant. A number that may be two (1,234) is refused until ` + "`decimals:`" + ` says what it is.

**The folder**. A file counts as whole when size and time stay the same for ` + "`settle:`" + ` (2s) and it does not end in
the middle of a row; a half-written or empty one is waited for 10 minutes. Names that end in .tmp, .part, .crdownload or ~, or begin with a
dot, are passed over. Then the file moves, and nothing is ever removed:

| place | what |
|---|---|
| claimed/ | is being read; a crash is made good from here |
| done/ | was read; its name holds the first letters of its content's hash |
| quarantine/NAME | could not be read; NAME.why.txt says why and what to do |
| quarantine/NAME.rejected.csv | rows that could not be understood, with their line and reason; correct them and put this file into the folder |

The same content counts once, under any name. An edited export of the same study updates its rows and adds none: rows are
known by id; else, within their study, by number, participant and time, by exact time, or by person and day; else by what they hold. The study is that of the row, of a
JSON file beside the table (results.csv.json: {"study": "onboarding"}), of the settings, or the name of the file without
dates and copy numbers. ` + "`keep: true`" + `, or a folder that is read only, leaves files in place; what was read is then
remembered by its hash alone. Several nodes and several Tandems may share a folder.

**Interviews**: ` + "`method: interview`" + `, one row a participant and finding, with study, observer, recording_url and recording_at
(12:34; it becomes #t=754 in the link). **Consent**: a row that says no is never stored, and what an earlier export
gave of it is withdrawn. Where there is a column for it, or with ` + "`consent: required`" + `, a row without a yes is set aside by its line number alone.

**Personal data** is treated on its way into the store, as [privacy](../privacy.md) says; the name of an observer is attributes.observer.
The files stay as people wrote them, in done/ and quarantine/ too: keep them where such files may be, and when somebody
is to be forgotten, delete them or their rows there as well. Deleting files from done/ changes nothing that was stored.

**Rights**: the daemon must be able to read the folder, and to write in it for moving files.
`

const lyssnaDoc = `Lyssna, formerly UsabilityHub, has no public API or webhook that could be found; its MCP server is
interactive (a person consents in an editor) and unsuited for a daemon. The route is the CSV export:

1. On the results page of a test or study, set the filters, and export as CSV. Filters apply to the export; tags on
   short-text answers are exported, hit areas of click tests are not.
2. Put the file into the folder. One row is one participant and becomes one feedback of the method usability_test.

This is the connector [drop](drop.md) with what is known of these exports: a participant's number, country, device and the
like are understood, every other column is a question with its answer, and a column "QUESTION tags" gives tags. The
names of the columns were not seen by us: they are tolerated in any order, and a column file corrects what is understood
wrongly or joins the wordings of one question. Every setting of drop is a setting here.

The study is the name of the file without dates and copy numbers, or that of a JSON file beside it
(results.csv.json: {"study_id": "navigation-2026"}).

**Rights**: none at the tool; the daemon reads and writes in the folder.
`
