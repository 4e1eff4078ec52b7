//go:build unix

package run

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// dontWait has the opening of a pipe fail where nobody reads it.
const dontWait = syscall.O_NONBLOCK

// lockFile takes the lock of an open file, which closing it gives back. It
// waits for it, or fails at once. Some file systems have no locks; then it
// takes none.
func lockFile(f *os.File, wait bool) error {
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		switch err := syscall.Flock(int(f.Fd()), how); err {
		case syscall.EINTR:
		case syscall.ENOLCK, syscall.ENOSYS, syscall.EOPNOTSUPP:
			return nil
		default:
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
