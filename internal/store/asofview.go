package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/engine"
)

// viewsOf are views of the connection's own, which take the place of the
// tables: each shows what its table held when the run looked.
func viewsOf(run engine.Run, b *base) []string {
	past := strconv.FormatInt(run.Seen.Past, 10)
	view := func(table, keys, columns string) string {
		return b.viewOf(table, past, strings.Split(keys, " "), strings.Split(columns, " "))
	}
	ledger := view("ledger", "connector id path element", "value written pending before at reach")
	identity := view("identity", "connector id", "item")
	placement := view("placement", "item", "place tier tier_since horizon horizon_since route route_since ranked score")
	if run.Seq == 1 { // before the first run ever there was nothing
		ledger, identity, placement = b.emptyView("ledger"), b.emptyView("identity"), b.emptyView("placement")
	}
	const was = "CASE WHEN o.key IS NULL THEN "
	return []string{
		ledger, identity, placement,
		view("released", "connector id field", "by at seq have"),
		view("rejected", "connector id field edits", "by because at until inputs"),
		view("override", "num", "connector id key kind value by reason at until ended ended_by ending"),
		view("undone", "connector id path element", "field value by run at seq"),
		view("displaced", "connector id path", "key field value wrote by at written back failed"),
		view("retired", "kind name", "by at"),
		view("evidence_day", "target account person method kind day", "count score_count score_sum promoters detractors value audience segment"),
		view("party", "kind key", "name led"),
		view("insight_link", "connector id target goal", "kind day audience mute"),
		view("usage_day", "connector name day", "amount users accounts audience"),
		"CREATE TEMP VIEW journal AS SELECT * FROM " + b.real("journal") + " WHERE begun <= " + strconv.FormatInt(run.At.UnixMicro(), 10),
		"CREATE TEMP VIEW record AS " + b.oldOf("record", past) + "SELECT v.connector, v.id, v.seq, v.version, v.hash, 1 AS moved, " +
			was + "r.gone ELSE " + element("o.row", 0, "gone") + " END AS gone, " +
			was + "r.former ELSE " + element("o.row", 1, "former") + " END AS former, " +
			was + "r.key ELSE " + element("o.row", 2, "key") + " END AS key FROM " + b.real("record_version") + " v JOIN " + b.real("record") +
			" r ON r.connector = v.connector AND r.id = v.id LEFT JOIN old o ON o.key = " + b.list("v.connector", "v.id") +
			" WHERE v.seq IN (SELECT max(seq) FROM " + b.real("record_version") + " WHERE seq <= " + strconv.FormatInt(run.DataSeq, 10) + " GROUP BY connector, id)",
		"CREATE TEMP VIEW dead_letter AS " + b.oldOf("dead_letter", past) + "SELECT d.num, d.what, d.connector, d.id, d.item, " +
			was + "d.cause ELSE " + element("o.row", 0, "cause") + " END AS cause, " +
			was + "d.ended ELSE " + element("o.row", 1, "ended") + " END AS ended FROM " + b.real("dead_letter") +
			" d LEFT JOIN old o ON o.key = " + b.list("d.num") + " WHERE o.key IS NULL OR o.row IS NOT NULL",
		"CREATE TEMP VIEW stream AS " + b.oldOf("stream", past) + "SELECT s.connector, s.stream, s.whole, " +
			was + "s.failure ELSE coalesce(" + element("o.row", 0, "failure") + ", '') END AS failure FROM " + b.real("stream") +
			" s LEFT JOIN old o ON o.key = " + b.list("s.connector", "s.stream"),
	}
}

// oldOf names the first change of each row of a table that came later.
func (b *base) oldOf(table, past string) string {
	from := b.real("past") + " WHERE kind = '" + table + "' AND num > " + past
	return "WITH old AS (SELECT key, row FROM " + b.real("past") + " WHERE num IN (SELECT min(num) FROM " + from + " GROUP BY key)) "
}

func (b *base) emptyView(table string) string {
	return "CREATE TEMP VIEW " + table + " AS SELECT * FROM " + b.real(table) + " WHERE 1 = 0"
}

// viewOf is a view of one table: rows that did not change since, and what past
// says of those that did.
func (b *base) viewOf(table, past string, keys, columns []string) string {
	var old []string
	for i, name := range keys {
		old = append(old, element("key", i, name)+" AS "+name)
	}
	for i, name := range columns {
		old = append(old, element("row", i, name)+" AS "+name)
	}
	return "CREATE TEMP VIEW " + table + " AS " + b.oldOf(table, past) +
		"SELECT " + strings.Join(slices.Concat(keys, columns), ", ") + " FROM " + b.real(table) +
		" WHERE " + b.list(keys...) + " NOT IN (SELECT key FROM old)" +
		" UNION ALL SELECT " + strings.Join(old, ", ") + " FROM old WHERE row IS NOT NULL"
}

// list is the JSON list that past keeps of columns.
func (b *base) list(columns ...string) string {
	return "CAST(" + b.array + "(" + strings.Join(columns, ", ") + ") AS text)"
}

// element is one value of a list that past keeps.
func element(list string, i int, column string) string {
	text := fmt.Sprintf("json_extract(%s, '$[%d]')", list, i)
	switch column {
	case "written", "pending", "at", "seq", "until", "run", "place", "tier_since", "day", "count", "score_count", "promoters", "detractors", "audience", "gone", "ended", "back", "led", "mute", "accounts", "num":
		return "CAST(" + text + " AS bigint)"
	case "score_sum", "amount", "users": // kept as text in SQLite, to the last digit
		return "CAST(" + text + " AS double precision)"
	case "segment", "route", "inputs": // rows of older versions have none
		return "coalesce(" + text + ", '')"
	case "horizon_since", "route_since": // nor these
		return "coalesce(CAST(" + text + " AS bigint), " + strconv.FormatInt(unversioned(), 10) + ")"
	case "ranked":
		return "coalesce(CAST(" + text + " AS bigint), 0)"
	case "reach": // last of its view: past does not keep it, and no decision reads it: only an undo of today
		return "CAST(0 AS bigint)"
	case "score": // no decision reads it
		return "CAST(0 AS double precision)"
	default:
		return text
	}
}
