//go:build !unix

package files

import (
	"io/fs"
	"os"
)

type plainFile struct {
	*os.File
	owner Owner
}

// openPlain opens a file to read.
func openPlain(path string) (*plainFile, error) {
	f, err := os.Open(path)
	return &plainFile{File: f}, err
}

// stat gives the size in bytes, and whether it is a regular file.
func (f *plainFile) stat() (size int64, regular bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, false, err
	}
	return info.Size(), info.Mode().IsRegular(), nil
}

// OpenDirectory opens a directory, and nothing else.
func OpenDirectory(path string) (*os.File, error) { return os.Open(path) }

func ownerOf(fs.FileInfo) Owner { return Owner{} }
