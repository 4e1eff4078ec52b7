//go:build unix

package run

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// lockFile takes the lock of an open file, which closing it gives back. It
// waits for it, or fails at once.
func lockFile(f *os.File, wait bool) error {
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		if err := syscall.Flock(int(f.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}

// keepOwner gives f the owner and the group of another file.
func keepOwner(f *os.File, like fs.FileInfo) error {
	want, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if have, ok := info.Sys().(*syscall.Stat_t); ok && have.Uid == want.Uid && have.Gid == want.Gid {
		return nil
	}
	if err := f.Chown(int(want.Uid), int(want.Gid)); err != nil {
		return fmt.Errorf("its owner (%d:%d) cannot be kept; run as that user", want.Uid, want.Gid)
	}
	return nil
}

// plainFile is an open file without what os.File adds for files that can block:
// two system calls for each of thousands of files.
type plainFile struct {
	path string
	fd   int
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
