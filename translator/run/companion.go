package run

import (
	"path/filepath"
	"strings"

	"pyxlate/translator/files"
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
	text, err := files.Read(filepath.Join(filepath.Dir(document), filepath.FromSlash(path)), companionLimit)
	return string(text), err == nil
}
