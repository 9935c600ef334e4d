package chaos_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// wire carries what the processes of a life and the server of its store say to
// each other, and breaks where it is told to. It is outside of the bubble.
//
//	process ── messages until one that wants an answer ──> server
//	        <── answers ──────────────────────────────────
//
// A connection that breaks is over at the server before the process hears of
// it, so that the same follows each time.
type wire struct {
	server string // its socket
	mu     sync.Mutex
	cut    *cut
	refuse int // so many new connections are refused
	news   news
	lines  map[*line]bool
}

// news is what happened since it was asked last.
type news struct {
	struck []string
	kept   bool // a transaction was stored whose answer was lost
	undone bool // a transaction was undone at its end, and none stored since
	killed bool // whoever was connected is dead, until the wire rests
}

// cut is where a connection breaks.
type cut struct {
	left    int  // counts the questions
	commits bool // only those that end a transaction
	after   bool // the server does what it is asked to, and its answer is lost
	said    bool // the server says that it ends
	refuse  int  // so many connections are refused after that
	kills   bool // the process that was connected is dead
	all     bool // all connections break: the server starts anew
}

// String names the fault.
func (c *cut) String() string {
	what := map[bool]string{false: "connection to the database broke", true: "connection to the database broke before the answer"}[c.after]
	switch {
	case c.kills:
		what = map[bool]string{false: "process killed while it asked the database", true: "process killed before the answer of the database"}[c.after]
	case c.all:
		what = map[bool]string{false: "the database started anew", true: "the database started anew before its answer"}[c.after]
	case c.said:
		what = "the database ended the connection"
	}
	return what
}

// strung returns a wire to a server, and the folder of its end.
func strung(t *testing.T, folder, server string) *wire {
	t.Helper()
	w := &wire{server: filepath.Join(server, socket), lines: map[*line]bool{}}
	err := os.Mkdir(folder, 0o700)
	if err == nil {
		err = os.Chmod(folder, 0o777) //nolint:gosec // the server's user removes it where the test is killed
	}
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(folder, socket))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // nobody is connected any more
		_ = listener.Close()
		_ = os.Remove(folder) // otherwise it goes with the server
	})
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go w.carry(client.(*net.UnixConn)) //nolint:forcetypeassert // it is such a socket
		}
	}()
	return w
}

// socket is the name of the server's socket in its folder.
const socket = ".s.PGSQL.5432"

// arm lets a connection break.
func (w *wire) arm(c *cut) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = c
}

// rest lets no more connections break.
func (w *wire) rest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut, w.refuse, w.news.killed = nil, 0, false
}

// hear returns the news.
func (w *wire) hear() news {
	w.mu.Lock()
	defer w.mu.Unlock()
	heard := w.news
	w.news = news{killed: heard.killed}
	return heard
}

// refuses reports whether a new connection is refused.
func (w *wire) refuses() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse == 0 {
		return false
	}
	w.refuse--
	if !w.news.killed {
		w.news.struck = append(w.news.struck, "connection refused by the database")
	}
	return true
}

// ping is what the driver asks a connection that nobody used for a second. It
// counts for nothing: waits are spread by chance.
const ping = "-- ping"

// strikes reports whether the connection breaks at a question.
func (w *wire) strikes(text string) *cut {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.cut
	commits := strings.EqualFold(text, "commit")
	if c != nil && (commits || !c.commits) && text != ping {
		c.left--
	}
	if c == nil || c.left > 0 {
		w.news.undone = w.news.undone && !commits
		return nil
	}
	w.cut, w.refuse = nil, c.refuse
	w.news.struck = append(w.news.struck, c.String())
	w.news.kept, w.news.undone = w.news.kept || commits && c.after, commits && !c.after
	if w.news.killed = c.kills; c.kills {
		w.refuse = math.MaxInt // the dead connect to nothing
	}
	return c
}

// carry serves one connection.
func (w *wire) carry(client *net.UnixConn) {
	defer func() { _ = client.Close() }()
	from := bufio.NewReaderSize(client, 1<<16)
	first, err := message(from, 0)                        // whoever is heard out sees an end, and no reset
	if err != nil || !cancels(first[4:]) && w.refuses() { // the driver cancels in its own time
		return
	}
	conn, err := net.Dial("unix", w.server)
	if err != nil {
		return
	}
	server := conn.(*net.UnixConn) //nolint:forcetypeassert // it is such a socket
	defer func() { _ = server.Close() }()
	l := &line{client: client, server: server, over: make(chan struct{})}
	w.know(l, true)
	defer w.know(l, false)
	go func() {
		defer close(l.over)
		l.answers()
	}()
	if _, err = server.Write(first); err == nil {
		l.questions(w, from)
	}
	_ = server.CloseWrite() // the server undoes what was not stored
	<-l.over
}

// know notes which connections there are.
func (w *wire) know(l *line, there bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lines[l] = there; !there {
		delete(w.lines, l)
	}
}

// others are all connections but one.
func (w *wire) others(one *line) (others []*line) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for l := range w.lines {
		if l != one {
			others = append(others, l)
		}
	}
	return others
}

// cancels reports whether the first message of a connection asks the server to
// break off what another one wants.
func cancels(body []byte) bool {
	return len(body) >= 4 && binary.BigEndian.Uint32(body) == 80877102
}

// line is one connection.
type line struct {
	client, server *net.UnixConn
	over           chan struct{} // closed when the process has heard all
	mu             sync.Mutex
	cut            *cut
	with           []*line
}

// breaks ends the connection; the process hears of it when the others are over
// too that break with it.
func (l *line) breaks(c *cut, others ...*line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut, l.with = c, others
}

func (l *line) struck() (c *cut, with []*line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cut, l.with
}

// questions brings what the process says to the server.
func (l *line) questions(w *wire, from *bufio.Reader) {
	var waiting []byte
	for {
		m, err := message(from, 1)
		if err != nil {
			return
		}
		waiting = append(waiting, m...)
		if !slices.Contains([]byte("QSXHp"), m[0]) { // no answer is wanted yet
			continue
		}
		text := ""
		if m[0] == 'Q' {
			text = strings.TrimRight(string(m[5:]), "\x00")
		}
		if c := w.strikes(text); c != nil && m[0] != 'X' {
			var fell []*line
			if c.all {
				fell = w.others(l)
			}
			for _, other := range fell {
				other.breaks(c)
				_ = other.server.CloseWrite()
			}
			l.breaks(c, fell...)
			if !c.after {
				return
			}
		}
		if _, err := l.server.Write(waiting); err != nil {
			return
		}
		waiting = waiting[:0]
	}
}

// ended is what a server says that ends a connection.
const ended = "SFATAL\x00VFATAL\x00C57P01\x00Mterminating connection due to administrator command\x00\x00"

// answers brings what the server says to the process.
func (l *line) answers() {
	from, to := bufio.NewReaderSize(l.server, 1<<16), bufio.NewWriterSize(l.client, 1<<16)
	for {
		m, err := message(from, 1)
		c, with := l.struck()
		if err != nil {
			for _, other := range with {
				<-other.over
			}
			if c != nil && c.said {
				_, _ = to.Write(binary.BigEndian.AppendUint32([]byte{'E'}, uint32(4+len(ended))))
				_, _ = to.WriteString(ended)
			}
			_ = to.Flush()
			_ = l.client.Close() // its questions end too
			return
		}
		switch {
		case c == nil:
			_, _ = to.Write(m)
			if from.Buffered() == 0 {
				_ = to.Flush() // who hears nothing any more hangs up
			}
		case m[0] == 'Z':
			_ = l.server.CloseWrite()
		}
	}
}

// message reads one message, whose kind takes some bytes.
func message(from *bufio.Reader, kind int) ([]byte, error) {
	head := make([]byte, kind+4)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint32(head[kind:])) - 4
	if size < 0 {
		return nil, errors.New("no message of PostgreSQL")
	}
	m := slices.Grow(head, size)[:len(head)+size]
	_, err := io.ReadFull(from, m[len(head):])
	return m, err
}
