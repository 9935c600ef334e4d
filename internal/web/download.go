package web

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/chart"
	"tandem/internal/view"
)

// download is a file of what a page shows: all of it, row by row, cut by the
// audience as the page is.
type download struct {
	path string
	// write sends it. What fails before the first byte is told as on pages.
	write func(*visit) error
}

func (w *Web) downloaded(d download) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		v, ok := w.visit(rw, r)
		if !ok {
			return
		}
		if err := d.write(v); err != nil {
			v.fail(err)
		}
	})
}

// attach says that a file follows.
func (v *visit) attach(name, kind string) {
	ending := name[strings.LastIndexByte(name, '.'):]
	name = strings.TrimSuffix(name, ending) + "-" + v.web.Now().UTC().Format(time.DateOnly) + ending
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="tandem-`+name+`"`)
	h.Set("Cache-Control", "no-store")
}

// columns are those of the order as a table.
const columns = "place,team_place,ref,refs,url,title,team,kind,status,score,score_low,score_high,priority,horizon,accountable,person,goal,theme,accounts,held,not_ready,restricted"

// atOnce is how many rows of a table are written together.
const atOnce = 500

// orderCSV sends the order as a table.
func (v *visit) orderCSV() error {
	f := v.filter()
	v.attach("order.csv", "text/csv; charset=utf-8")
	out := bufio.NewWriter(v.w)
	rows := [][]string{strings.Split(columns, ",")}
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		err := chart.WriteCSV(out, rows[0], rows[1:])
		rows = rows[:0]
		return err
	}
	err := v.see.EachItem(f.items(&v.who), func(i view.Item) error {
		if rows = append(rows, cells(&i)); len(rows) < atOnce {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err == nil {
		err = out.Flush()
	}
	return v.broken(err)
}

func cells(i *view.Item) []string {
	number := func(f *float64) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'f', 2, 64)
	}
	return []string{
		count(i.Place), count(i.TeamPlace), i.Ref, strings.Join(i.Refs, " "), i.URL, i.Title, i.Team, i.Kind, i.Status, number(i.Score), number(i.Low), number(i.High),
		i.Priority, i.Horizon, i.Accountable, i.Person, i.Goal, i.Theme, count(i.Accounts), count(i.Held), strings.Join(i.NotReady, "; "), i.Restricted,
	}
}

// count writes a number; nothing where it is 0.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// orderJSON sends the order as a list of objects, one on a line.
func (v *visit) orderJSON() error {
	f := v.filter()
	v.attach("order.json", "application/json")
	out := bufio.NewWriter(v.w)
	before := "["
	err := v.see.EachItem(f.items(&v.who), func(i view.Item) error {
		text, err := json.Marshal(i)
		if err == nil {
			_, err = io.WriteString(out, before+"\n")
		}
		if err == nil {
			_, err = out.Write(text)
		}
		before = ","
		return err
	})
	if err == nil && before == "[" {
		_, err = out.WriteString("[")
	}
	if err == nil {
		_, err = out.WriteString("\n]\n")
	}
	if err == nil {
		err = out.Flush()
	}
	return v.broken(err)
}

// broken ends a file that failed midway. The connection is cut, so that nobody
// takes the part for the whole.
func (v *visit) broken(err error) error {
	if err == nil {
		return nil
	}
	v.web.Log.Warn("a file was not sent to its end", "kind", v.Pattern, "role", v.who.Name, "err", err)
	panic(http.ErrAbortHandler)
}
