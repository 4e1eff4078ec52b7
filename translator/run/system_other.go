//go:build !unix

package run

import (
	"io/fs"
	"os"
)

// lockFile takes no lock where the system has none of this sort; two runs at
// once may then meet between the last look at a file and its replacement.
func lockFile(f *os.File, wait bool) error { return nil }

// keepOwner has nothing to keep where files have no owner of this sort.
func keepOwner(f *os.File, like fs.FileInfo) error { return nil }

type plainFile struct{ *os.File }

// openPlain opens a file to read.
func openPlain(path string) (*plainFile, error) {
	f, err := os.Open(path)
	return &plainFile{f}, err
}

// stat gives the size in bytes, and whether it is a regular file.
func (f *plainFile) stat() (size int64, regular bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, false, err
	}
	return info.Size(), info.Mode().IsRegular(), nil
}
