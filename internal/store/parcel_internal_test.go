package store

import (
	"errors"
	"path/filepath"
	"testing"

	"tandem/connectors"
)

func TestAFullMailboxTellsSendersToTryAgain(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"), "acme", Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	_, err = s.writer.ExecContext(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO parcel (connector, id, event, at, body) SELECT 'forms', i, '', 0, x'7b7d' FROM n`, maxParcels)
	if err != nil {
		t.Fatal(err)
	}
	more := connectors.Parcel{ID: "one more", Body: []byte("{}")}
	if fresh, err := s.SaveParcel(t.Context(), "forms", more); fresh || !errors.Is(err, ErrMailboxFull) {
		t.Errorf("a full mailbox: fresh %v, %v", fresh, err)
	}
	if fresh, err := s.SaveParcel(t.Context(), "others", more); !fresh || err != nil {
		t.Errorf("the mailbox of another connector: fresh %v, %v", fresh, err)
	}
	if _, err := s.writer.ExecContext(t.Context(), "DELETE FROM parcel WHERE id = '1'"); err != nil {
		t.Fatal(err)
	}
	if fresh, err := s.SaveParcel(t.Context(), "forms", more); !fresh || err != nil {
		t.Errorf("what was refused is taken for a repeat: fresh %v, %v", fresh, err)
	}
}
