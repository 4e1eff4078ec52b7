package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"path/filepath"
	"strings"
)

// Version is the version of the JSON form. A field may be added under the same
// version; one that goes or changes its meaning makes a new one.
const Version = 2

type jsonReport struct {
	Version int         `json:"version"`
	Pyxlate string      `json:"pyxlate"`
	To      string      `json:"to"`
	Packs   []string    `json:"packs"`
	Summary jsonSummary `json:"summary"`
	// Elsewhere are sources of other packs that files use.
	Elsewhere []jsonElsewhere `json:"elsewhere,omitempty"`
	Files     []jsonFile      `json:"files"`
}

type jsonElsewhere struct {
	Pack  string `json:"pack"`
	To    string `json:"to"`
	Files int    `json:"files"`
}

type jsonSummary struct {
	Files    int `json:"files"`
	Changed  int `json:"changed"`
	Failed   int `json:"failed"`
	Uses     int `json:"uses"`
	Migrated int `json:"migrated"`
	Review   int `json:"review"`
	Manual   int `json:"manual"`
	Ignored  int `json:"ignored,omitempty"`
	Unread   int `json:"unread,omitempty"`
}

type jsonFile struct {
	Path     string        `json:"path"`
	Kind     string        `json:"kind"`
	Changed  bool          `json:"changed"`
	Error    *string       `json:"error"`
	Uses     []jsonUse     `json:"uses"`
	Ignored  int           `json:"ignored,omitempty"`
	Warnings []jsonWarning `json:"warnings,omitempty"`
	Hints    []jsonWarning `json:"hints,omitempty"`
}

type jsonWarning struct {
	Cell    int    `json:"cell,omitempty"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

type jsonUse struct {
	Code      string  `json:"code"`
	Verdict   Verdict `json:"verdict"`
	Symbol    string  `json:"symbol"`
	Cell      int     `json:"cell,omitempty"`
	Line      int     `json:"line"`
	Column    int     `json:"column"`
	EndLine   int     `json:"end_line"`
	EndColumn int     `json:"end_column"`
	Message   string  `json:"message"`
}

// JSON prints the report for other programs. Paths have forward slashes on
// every system.
func JSON(w io.Writer, r *Report) error {
	c := r.Count()
	out := jsonReport{
		Version: Version, Pyxlate: r.Tool, To: r.To, Packs: r.Packs,
		Summary: jsonSummary{c.Files, c.Changed, c.Failed, c.Uses, c.Migrated, c.Review, c.Left, c.Ignored, c.Unread},
		Files:   []jsonFile{},
	}
	for _, e := range r.Elsewhere {
		out.Elsewhere = append(out.Elsewhere, jsonElsewhere{e.Pack, e.To, e.Files})
	}
	return writeJSON(w, out, 1, func(yield func(any) bool) {
		for i := range r.Files {
			if !yield(jsonFileOf(&r.Files[i])) {
				return
			}
		}
	})
}

func jsonFileOf(f *File) jsonFile {
	file := jsonFile{Path: filepath.ToSlash(f.Path), Kind: f.Kind.String(), Changed: f.Changed, Uses: []jsonUse{}, Ignored: f.Ignored}
	for _, x := range f.Warnings {
		file.Warnings = append(file.Warnings, jsonWarning(x))
	}
	for _, x := range f.Hints {
		file.Hints = append(file.Hints, jsonWarning(x))
	}
	if f.Err != nil {
		text := f.Err.Error()
		file.Error = &text
	}
	for _, x := range f.Findings {
		file.Uses = append(file.Uses, jsonUse{
			x.Code, x.Verdict, x.Symbol, x.Cell, x.Line, x.Column, x.EndLine, x.EndColumn, x.Message,
		})
	}
	return file
}

// jsonIndent is what each level of a report's JSON is indented by.
const jsonIndent = "  "

// writeJSON prints a value whose last list is empty with the items in that
// list, one after the other so that never all are in memory. depth is how many
// lists and objects are open before it.
func writeJSON(w io.Writer, v any, depth int, items iter.Seq[any]) error {
	print := func(v any, prefix string) ([]byte, error) {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent(prefix, jsonIndent)
		err := enc.Encode(v)
		return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
	}
	whole, err := print(v, "")
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	end := bytes.LastIndexByte(whole, '[') + 1
	out.Write(whole[:end])
	line := "\n" + strings.Repeat(jsonIndent, depth+1)
	between := line
	for item := range items {
		text, err := print(item, line[1:])
		if err != nil {
			return err
		}
		out.WriteString(between)
		out.Write(text)
		between = "," + line
	}
	if between != line {
		out.WriteString(line[:len(line)-len(jsonIndent)])
	}
	out.Write(whole[end:])
	out.WriteString("\n")
	return out.Flush()
}
