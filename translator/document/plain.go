package document

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"

	"pyxlate/translator/edit"
)

// dependencyFiles are the names, in lower case, of files that list required
// distributions, where their ending does not tell.
var dependencyFiles = regexp.MustCompile(`^(?:(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in)|pyproject\.toml|setup\.cfg|tox\.ini)$`)

// isDependencies tells a list of requirements by its name.
func isDependencies(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	if dependencyFiles.MatchString(name) {
		return true
	}
	return filepath.Ext(name) == ".txt" && strings.EqualFold(filepath.Base(filepath.Dir(path)), "requirements")
}

// openPlain reads a text of UTF-8 as one unit; that of the kind Shell is one of
// command lines.
func (d *Document) openPlain() error {
	if err := requireUTF8(d.Path, d.raw); err != nil {
		return err
	}
	start := 0
	if bytes.HasPrefix(d.raw, byteOrderMark) {
		start = len(byteOrderMark)
	}
	d.addUnit(0, d.raw[start:], &plainLayout{start, len(d.raw)})
	d.Units[0].Shell = d.Kind == Shell
	return nil
}

// A plainLayout is a whole file without its byte order mark.
type plainLayout struct{ start, end int }

func (l *plainLayout) span() (start, end int) { return l.start, l.end }

func (l *plainLayout) origin(_ []byte, line int) (docLine, before int) { return line + 1, 0 }

func (l *plainLayout) rewrite(_, source []byte, edits []edit.Edit) ([]byte, error) {
	return edit.Apply(source, edits)
}
