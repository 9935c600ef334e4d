package drop

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
)

// disk is what a walk changes in the folder. All of it is moves inside the
// folder, and files of Tandem's own beside: nothing of a person is removed.
type disk interface {
	// Folder makes sure that a folder is there.
	Folder(path string) error
	Rename(from, to string) error
	// Write replaces a file of Tandem's own in one step.
	Write(path string, content []byte) error
	// Begin opens a file beside the path, under a name of its own that no walk
	// takes for a table: other nodes may write the same.
	Begin(path string) (*os.File, error)
	// Remove removes a file of Tandem's own that was not finished.
	Remove(path string) error
}

type realDisk struct{}

func (realDisk) Folder(path string) error     { return os.MkdirAll(path, 0o777) }
func (realDisk) Rename(from, to string) error { return os.Rename(from, to) }
func (realDisk) Remove(path string) error     { return os.Remove(path) }

func (realDisk) Begin(path string) (*os.File, error) {
	// Not os.CreateTemp: who reads the folder shall read these too.
	part := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text()+".part")
	return os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
}

func (d realDisk) Write(path string, content []byte) error {
	part, err := d.Begin(path)
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	if err := errors.Join(err, part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), path)
}
