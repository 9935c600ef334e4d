package drop

import (
	"os"
)

// disk is what a walk changes in the folder. All of it is moves inside the
// folder, and files of Tandem's own beside: nothing of a person is removed.
type disk interface {
	// Folder makes sure that a folder is there.
	Folder(path string) error
	Rename(from, to string) error
	// Write replaces a file of Tandem's own in one step.
	Write(path string, content []byte) error
	Create(path string) (*os.File, error)
	// Remove removes a file of Tandem's own that was not finished.
	Remove(path string) error
}

type realDisk struct{}

func (realDisk) Folder(path string) error             { return os.MkdirAll(path, 0o777) }
func (realDisk) Rename(from, to string) error         { return os.Rename(from, to) }
func (realDisk) Create(path string) (*os.File, error) { return os.Create(path) }
func (realDisk) Remove(path string) error             { return os.Remove(path) }

func (realDisk) Write(path string, content []byte) error {
	part := path + ".part"
	if err := os.WriteFile(part, content, 0o666); err != nil {
		return err
	}
	return os.Rename(part, path)
}
