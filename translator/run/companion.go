package run

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

// companionLimit is the size in bytes up to which a companion file is read.
const companionLimit = 4 << 20

// ReadCompanion reads a text file that a document names, such as a training
// script, by its path relative to the document's folder. Absolute paths,
// anything but regular files and files over companionLimit are not read.
func ReadCompanion(document, path string) (string, bool) {
	path = strings.ReplaceAll(path, `\`, "/")
	if path == "" || filepath.IsAbs(path) {
		return "", false
	}
	full := filepath.Join(filepath.Dir(document), filepath.FromSlash(path))
	info, err := os.Stat(full)
	if err != nil || !info.Mode().IsRegular() || info.Size() > companionLimit {
		return "", false
	}
	f, err := os.Open(full)
	if err != nil {
		return "", false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, companionLimit))
	if err != nil {
		return "", false
	}
	return string(text), true
}
