package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Print returns what rows have in common that say the same: a hash of the
// words, without case, accents and signs, and of the score where there is one.
// It is empty where nothing was said in words: two clicks are two signals.
func Print(fb *work.Feedback) string {
	said := strings.Join(words(fb.Text), " ")
	if said == "" {
		return ""
	}
	if score, ok := readScore(fb); ok {
		said += "\x00" + strconv.FormatFloat(score, 'g', -1, 64)
	}
	sum := sha256.Sum256([]byte(said))
	return hex.EncodeToString(sum[:8])
}

// Speaker returns who is the same person, else the same account, for Print: a
// key of As. It is empty for nobody in particular: what two unnamed people say
// alike was said twice.
func Speaker(as *work.Feedback) string {
	switch {
	case as.Person != "":
		return "p " + as.Person
	case as.Account != "":
		return "a " + as.Account
	default:
		return ""
	}
}
