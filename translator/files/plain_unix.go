//go:build unix

package files

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// plainFile is an open file without what os.File adds for files that can block:
// two system calls for each of thousands of files.
type plainFile struct {
	path  string
	fd    int
	owner Owner // once stat is called
}

// openPlain opens a file to read, without waiting for anybody.
func openPlain(path string) (*plainFile, error) {
	f := &plainFile{path: path}
	err := again(func() (err error) {
		f.fd, err = syscall.Open(path, syscall.O_RDONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
		return err
	})
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return f, nil
}

// stat gives the size in bytes, and whether it is a regular file.
func (f *plainFile) stat() (size int64, regular bool, err error) {
	var st syscall.Stat_t
	if err := again(func() error { return syscall.Fstat(f.fd, &st) }); err != nil {
		return 0, false, &os.PathError{Op: "stat", Path: f.path, Err: err}
	}
	f.owner = Owner{true, int(st.Uid)}
	return st.Size, st.Mode&syscall.S_IFMT == syscall.S_IFREG, nil
}

func (f *plainFile) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	err = again(func() (err error) {
		n, err = syscall.Read(f.fd, p[:min(len(p), 1<<30)])
		return err
	})
	if err != nil {
		return 0, &os.PathError{Op: "read", Path: f.path, Err: err}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (f *plainFile) Close() error { return syscall.Close(f.fd) }

// again calls do until no signal interrupts it.
func again(do func() error) error {
	for {
		if err := do(); err != syscall.EINTR {
			return err
		}
	}
}

// OpenDirectory opens a directory, and nothing else.
func OpenDirectory(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_DIRECTORY, 0)
}

func ownerOf(info fs.FileInfo) Owner {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Owner{}
	}
	return Owner{true, int(st.Uid)}
}
