// Package document reads the three kinds of file that hold Python (scripts,
// notebooks, Markdown with fences), and the lists and command lines that belong
// to it, into units of text, and writes edits of those units back.
//
// It owes its callers that every byte outside an edit is the byte that was
// there: encoding, newlines, the JSON of a notebook, the prose of a page. It
// knows nothing of what Python means, of rules or of writing files.
package document

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"pyxlate/translator/edit"
)

// Kind is the kind of a document.
type Kind int

const (
	Script       Kind = iota // Python source, one unit
	Notebook                 // a Jupyter notebook, one unit for each code cell
	Markdown                 // a page, one unit for each fence of Python
	Dependencies             // a list of required distributions, one unit of plain text
	Shell                    // a script of a shell or a Dockerfile, one unit of command lines
)

func (k Kind) String() string {
	return [...]string{"script", "notebook", "markdown", "dependencies", "shell"}[k]
}

// HoldsPython tells the kinds of documents that hold programs.
func (k Kind) HoldsPython() bool { return k == Script || k == Notebook || k == Markdown }

// KindOf tells the kind of a file by its name.
func KindOf(path string) (Kind, bool) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".py", ".pyw":
		return Script, true
	case ".ipynb":
		return Notebook, true
	case ".md", ".markdown":
		return Markdown, true
	case ".yml", ".yaml": // an environment of conda, or a pipeline that calls pip
		return Dependencies, true
	case ".txt", ".in", ".toml", ".cfg", ".ini":
		return Dependencies, isDependencies(path)
	case ".sh", ".bash", ".dockerfile":
		return Shell, true
	}
	switch name, _, _ := strings.Cut(strings.ToLower(filepath.Base(path)), "."); name {
	case "pipfile":
		return Dependencies, filepath.Ext(path) == ""
	case "dockerfile", "containerfile":
		return Shell, true
	}
	return 0, false
}

// KindOfText tells the kind of a file whose name has no ending by the
// interpreter that its first line names. 128 bytes of it are enough.
func KindOfText(head []byte) (Kind, bool) {
	m := shebang.FindSubmatch(head)
	switch {
	case m == nil:
		return 0, false
	case len(m[1]) > 0:
		return Script, true
	}
	return Shell, true
}

// shebang is a first line that hands the file to Python, or to a shell.
var shebang = regexp.MustCompile(`^#!\s*\S*/(?:env\s+(?:-S\s+)?)?(?:(python[0-9.]*|pypy[0-9.]*|ipython[0-9.]*)|(?:ba|da|k|z)?sh)(?:\s|$)`)

// A Document is one file as it was read. It does not change; it is safe for
// concurrent readers.
type Document struct {
	Path  string
	Kind  Kind
	Units []*Unit
	// Pages are the Markdown cells of a notebook that hold a fence, as text of
	// Markdown; their Cell counts as that of Units. An edit names one by its
	// index behind those of Units.
	Pages []*Unit
	// Unread are the blocks of a page that may show Python and are no units.
	Unread []Unread
	raw    []byte
}

// Unread is a block of a page that is no unit: without a language, or of an
// interactive session.
type Unread struct {
	At      Position // of its fence
	Session bool
	Text    []byte
}

// Unit gives the unit that an edit means by an index: one of Units, or behind
// them one of Pages; nil for any other.
func (d *Document) Unit(i int) *Unit {
	switch n := len(d.Units); {
	case i < 0 || i >= n+len(d.Pages):
		return nil
	case i < n:
		return d.Units[i]
	default:
		return d.Pages[i-n]
	}
}

// inOrder lists the indices of all units in the order of the raw bytes.
func (d *Document) inOrder() []int {
	all := make([]int, len(d.Units)+len(d.Pages))
	for i := range all {
		all[i] = i
	}
	if len(d.Pages) > 0 {
		start := func(i int) int { at, _ := d.Unit(i).layout.span(); return at }
		slices.SortStableFunc(all, func(a, b int) int { return start(a) - start(b) })
	}
	return all
}

// A Unit is one run of Python text of a document, or a shell script that a page
// shows.
type Unit struct {
	// Cell counts from 1 over all cells of a notebook, over all fences of a
	// page; 0 in a script.
	Cell int
	// Shell tells a fence of a page that is no Python but commands of a shell.
	Shell bool
	// Source is the text as the user wrote it, in UTF-8 and without a byte
	// order mark, line endings included. It must not be modified.
	Source []byte

	layout    layout
	lineIndex func() []int // byte offsets of the line starts, computed once
}

// A layout knows where the text of one unit lies in the raw bytes.
type layout interface {
	// span gives the raw bytes [start, end) that the unit may change.
	span() (start, end int)
	// rewrite returns the raw bytes that take the place of the span when the
	// edits are made; they are sorted, checked and not empty.
	rewrite(raw, source []byte, edits []edit.Edit) ([]byte, error)
	// origin gives for a line of the unit (0-based) the line of the document
	// it is reported at (1-based) and the characters before its text.
	origin(raw []byte, line int) (docLine, before int)
}

// Position is a place for people: all counts from 1, columns in characters.
// Lines count from the start of the cell in notebooks, from the start of the
// file in scripts and pages. Cell is 0 in scripts.
type Position struct{ Cell, Line, Column int }

// Error says where a document cannot be read or changed, and why. Cell, Line
// and Column are 0 where they are not known.
type Error struct {
	Path               string
	Cell, Line, Column int
	Reason             string
}

func (e *Error) Error() string {
	switch {
	case e.Cell > 0 && e.Line > 0:
		return fmt.Sprintf("%s:cell %d:line %d: %s", e.Path, e.Cell, e.Line, e.Reason)
	case e.Cell > 0:
		return fmt.Sprintf("%s:cell %d: %s", e.Path, e.Cell, e.Reason)
	case e.Line > 0:
		return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Reason)
	}
	return e.Path + ": " + e.Reason
}

// Open reads raw as a document of the kind that the name of the path tells.
// raw belongs to the document from then on. The error is an *Error.
func Open(path string, raw []byte) (*Document, error) {
	kind, ok := KindOf(path)
	if !ok {
		return nil, &Error{Path: path, Reason: "not a kind of file that can be translated; name a .py, .ipynb or .md file"}
	}
	return OpenAs(kind, path, raw)
}

// OpenAs reads raw as a document of the given kind whatever its path says.
func OpenAs(kind Kind, path string, raw []byte) (*Document, error) {
	d := &Document{Path: path, Kind: kind, raw: raw}
	if bytes.HasPrefix(raw, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(raw, []byte("\x00\x00\xfe\xff")) {
		return nil, &Error{Path: path, Line: 1, Column: 1, Reason: "the file is UTF-32; save it as UTF-8"}
	}
	if IsUTF16(raw) {
		return nil, &Error{Path: path, Line: 1, Column: 1, Reason: "the file is UTF-16; save it as UTF-8"}
	}
	var err error
	switch kind {
	case Script:
		err = d.openScript()
	case Notebook:
		err = d.openNotebook()
	case Markdown:
		err = d.openMarkdown()
	case Dependencies, Shell:
		err = d.openPlain()
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// IsUTF16 tells a text in UTF-16 by its byte order mark: some editors and shells
// write such files, no document can be one.
func IsUTF16(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff"))
}

// Raw returns the bytes that the document was read from. They must not be
// modified.
func (d *Document) Raw() []byte { return d.raw }

func (d *Document) addUnit(cell int, source []byte, l layout) {
	d.Units = append(d.Units, newUnit(cell, source, l))
}

func newUnit(cell int, source []byte, l layout) *Unit {
	u := &Unit{Cell: cell, Source: source, layout: l}
	u.lineIndex = sync.OnceValue(func() []int { return lineStarts(source) })
	return u
}

// Apply returns the bytes of the document with the edits made. An edit that
// overlaps another, that the encoding of the file cannot hold, or after which
// the document would not hold the same units any more, is an error, and then
// nil is returned; of a document that becomes empty it is not nil.
func (d *Document) Apply(edits []edit.Edit) ([]byte, error) {
	if len(edits) == 0 {
		return d.raw, nil
	}
	edits = d.localize(edits)
	sorted := edit.Sort(edits)
	err := edit.Check(sorted, func(unit int) int {
		u := d.Unit(unit)
		if u == nil {
			return -1
		}
		return len(u.Source)
	})
	if err != nil {
		return nil, &Error{Path: d.Path, Reason: err.Error()}
	}

	out := bytes.NewBuffer(make([]byte, 0, edit.Size(sorted, len(d.raw))))
	at := 0
	byUnit := map[int][]edit.Edit{}
	for _, e := range sorted {
		byUnit[e.Unit] = append(byUnit[e.Unit], e)
	}
	for _, i := range d.inOrder() {
		u, own := d.Unit(i), byUnit[i]
		if len(own) == 0 {
			continue
		}
		text, err := u.layout.rewrite(d.raw, u.Source, own)
		if err != nil {
			return nil, d.errorAt(i, own[0].Start, err.Error())
		}
		start, end := u.layout.span()
		out.Write(d.raw[at:start])
		out.Write(text)
		at = end
	}
	out.Write(d.raw[at:])
	if err := d.verify(out.Bytes(), edits); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// localize writes the newlines of edits in units that have none as the units
// before or behind them write theirs.
func (d *Document) localize(edits []edit.Edit) []edit.Edit {
	newline := ""
	for _, i := range d.inOrder() {
		if newline = edit.NewlineAt(d.Unit(i).Source, 0); newline != "" {
			break
		}
	}
	if newline != "\r\n" && newline != "\r" {
		return edits
	}
	out := slices.Clone(edits)
	for i := range out {
		if u := d.Unit(out[i].Unit); u != nil && edit.NewlineAt(u.Source, 0) == "" {
			out[i].New = strings.ReplaceAll(strings.ReplaceAll(out[i].New, "\r\n", "\n"), "\n", newline)
		}
	}
	return out
}

// verify reads the result again and compares each unit with the edits made on
// its text alone. What it catches: a fence closed by new text, a coding cookie
// moved out of the first two lines, a mistake in a layout.
func (d *Document) verify(result []byte, edits []edit.Edit) error {
	after, err := OpenAs(d.Kind, d.Path, result)
	if err != nil {
		return &Error{Path: d.Path, Reason: "the edits would leave a file that cannot be read: " + err.Error()}
	}
	if len(after.Units) != len(d.Units) || len(after.Pages) != len(d.Pages) {
		return &Error{Path: d.Path, Reason: fmt.Sprintf("the edits would leave %d units of code where there were %d", len(after.Units), len(d.Units))}
	}
	for _, i := range d.inOrder() {
		u := d.Unit(i)
		var own []edit.Edit
		for _, e := range edits {
			if e.Unit == i {
				own = append(own, e)
			}
		}
		want := u.Source
		if len(own) > 0 {
			if want, err = edit.Apply(u.Source, own); err != nil {
				return &Error{Path: d.Path, Reason: err.Error()}
			}
		}
		if !bytes.Equal(want, after.Unit(i).Source) {
			return d.errorAt(i, 0, "the edits cannot be written into this file without changing other text")
		}
	}
	return nil
}

func (d *Document) errorAt(unit, offset int, reason string) *Error {
	p := d.Position(unit, offset)
	e := &Error{Path: d.Path, Line: p.Line, Column: p.Column, Reason: reason}
	if d.Kind == Notebook {
		e.Cell = p.Cell
	}
	return e
}

// Position tells the place of a byte offset of a unit's source.
func (d *Document) Position(unit, offset int) Position {
	u := d.Unit(unit)
	offset = min(max(offset, 0), len(u.Source))
	starts := u.lineIndex()
	line, found := slices.BinarySearch(starts, offset)
	if !found {
		line--
	}
	docLine, before := u.layout.origin(d.raw, line)
	return Position{
		Cell:   u.Cell,
		Line:   docLine,
		Column: 1 + before + utf8.RuneCount(u.Source[starts[line]:offset]),
	}
}

// lineStarts returns the byte offsets at which Python's lines start: after \n,
// \r\n or \r. The first is 0.
func lineStarts(text []byte) []int {
	starts := make([]int, 1, 1+bytes.Count(text, []byte{'\n'}))
	for i, c := range text {
		if c == '\n' || c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// locate gives the line and column (from 1, in characters) of a byte offset
// of raw text, for errors.
func locate(text []byte, offset int) (line, column int) {
	offset = min(max(offset, 0), len(text))
	starts := lineStarts(text[:offset])
	start := starts[len(starts)-1]
	return len(starts), 1 + utf8.RuneCount(text[start:offset])
}

// requireUTF8 reports the first byte of text that is not UTF-8.
func requireUTF8(path string, text []byte) error {
	if utf8.Valid(text) {
		return nil
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			line, column := locate(text, i)
			return &Error{Path: path, Line: line, Column: column, Reason: fmt.Sprintf("byte 0x%02x is not UTF-8; save the file as UTF-8", text[i])}
		}
		i += n
	}
	return nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")
