package drop

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tandem/internal/table"
	"tandem/internal/work"
)

// identify gives a row the id by which a later export finds it again:
//
//	id or key                            as they stand; unique in the folder
//	number, participant, or exact time   within the study
//	person and day                       within the study
//	nothing of these                     the content of the row
//
// Who it was is part of it only where nothing else is: ids are no pseudonyms.
// Answers are no part of an identity that has anything else, so that an edited
// answer changes a row and adds none. Two rows of one table with one identity
// are two signals, unless they have an id.
func (b *builder) identify(c *cells, row table.Row, f work.Feedback) work.Ref {
	id, key := c.text("id"), c.text("key")
	if id == "" {
		id = key
	}
	if id != "" {
		return work.NewRef(b.connector, id, key)
	}
	number, person := cmp.Or(c.text("number"), c.text("participant")), c.text("person")
	for _, name := range sorted(c.persons) {
		person += "\x00" + c.persons[name]
	}
	exact := !f.At.IsZero() && !f.At.Equal(b.file.dates.Midnight(f.At))
	parts := []string{"who", f.Study, c.text("number"), c.text("participant"), f.At.Format(time.RFC3339), c.text("recording_at")}
	switch {
	case number != "" || exact:
	case person != "" && !f.At.IsZero():
		parts = append(parts, person)
	default:
		parts = []string{"what", f.Study}
		for i := range row.Cells {
			parts = append(parts, row.Header[i], table.Text(row.Cells[i]))
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	id = "row-" + hex.EncodeToString(sum[:8])
	if n := b.again(id); n > 1 {
		id += "-" + strconv.Itoa(n)
	}
	if number != "" {
		key = f.Study + "/" + number
	}
	return work.NewRef(b.connector, id, key)
}

// again counts how often an identity stood in this table. It keeps some 20
// bytes a row that has no id.
func (b *builder) again(id string) int {
	h := fnv.New64a()
	_, _ = io.WriteString(h, id) // never fails
	b.seen[h.Sum64()]++
	return int(b.seen[h.Sum64()])
}

// studyOf is the name of a study in the name of a file, without dates, copy
// numbers and the words that tools add: "NPS Oct 2026-10-31 (2).csv" is of the
// study "nps_oct".
func studyOf(name string) string {
	for ext := filepath.Ext(name); ext != "" && readable("x"+ext); ext = filepath.Ext(name) {
		name = strings.TrimSuffix(name, ext)
	}
	for before := ""; before != name; {
		before = name
		name = denoised(name)
	}
	return slug(name)
}

func denoised(name string) string {
	for _, noise := range []string{
		`\.[0-9a-f]{12}$`, `\.rejected$`, `[ _-]*\(\d+\)$`, `(?i)[ _-]+(copy|kopie)( \d+)?$`, `[ _.-]*\d{4}[-_.]?\d{2}[-_.]?\d{2}([T _-]+\d{2}[-_:.h]?\d{2}([-_:.]?\d{2})?)?Z?$`, `(?i)[ _-]+(export|results|responses)$`,
	} {
		if shorter := regexp.MustCompile(noise).ReplaceAllString(name, ""); shorter != "" {
			name = shorter
		}
	}
	return name
}
