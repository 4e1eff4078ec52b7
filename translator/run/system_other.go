//go:build !unix

package run

import (
	"io/fs"
	"os"
)

const dontWait = 0

// lockFile takes no lock where the system has none of this sort; two runs at
// once may then meet between the last look at a file and its replacement.
func lockFile(f *os.File, wait bool) error { return nil }

// keepOwner has nothing to keep where files have no owner of this sort.
func keepOwner(f *os.File, like fs.FileInfo) error { return nil }
