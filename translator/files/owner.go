package files

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// An Owner is the user to whom something on the disk belongs. The zero Owner is
// not known.
type Owner struct {
	known bool
	id    int
}

func (o Owner) String() string { return fmt.Sprintf("user %d", o.id) }

// Foreign tells of an owner who is neither the user of this process nor the
// administrator; for the latter who calls with sudo, nor the user who does. It
// is false where the system has no owners of this sort.
func (o Owner) Foreign() bool {
	me := os.Geteuid()
	if !o.known || o.id == me || o.id == 0 {
		return false
	}
	caller, err := strconv.Atoi(os.Getenv("SUDO_UID"))
	return me != 0 || err != nil || caller != o.id
}

// Or gives the other one if this one is not foreign.
func (o Owner) Or(other Owner) Owner {
	if o.Foreign() {
		return o
	}
	return other
}

// OwnerOf gives the owner of a file or directory, of a link that of its target.
func OwnerOf(path string) Owner {
	info, err := os.Stat(path)
	if err != nil {
		return Owner{}
	}
	return ownerOf(info)
}

// Repository gives the root of the git repository that holds dir, or "".
func Repository(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
