package config

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Hash names the text of documents, such as settings and rules: the same text
// in the same order has the same hash, wherever the files lie.
func Hash(documents ...*Document) string {
	sum := sha256.New()
	for _, d := range documents {
		if d == nil {
			continue
		}
		for _, s := range d.sources {
			length := binary.BigEndian.AppendUint64(nil, uint64(len(s.Body)))
			sum.Write(length)
			sum.Write(s.Body)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
