package report

import (
	"encoding/json"
	"io"
	"path/filepath"
)

// Version is the version of the JSON form. A field may be added under the same
// version; one that goes or changes its meaning makes a new one.
const Version = 1

type jsonReport struct {
	Version int         `json:"version"`
	Pyxlate string      `json:"pyxlate"`
	Pack    string      `json:"pack"`
	To      string      `json:"to"`
	Summary jsonSummary `json:"summary"`
	Files   []jsonFile  `json:"files"`
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
		Version: Version, Pyxlate: r.Tool, Pack: r.Pack, To: r.To,
		Summary: jsonSummary{c.Files, c.Changed, c.Failed, c.Uses, c.Migrated, c.Review, c.Left, c.Ignored, c.Unread},
		Files:   []jsonFile{},
	}
	for _, f := range r.Files {
		file := jsonFile{Path: filepath.ToSlash(f.Path), Kind: f.Kind.String(), Changed: f.Changed, Uses: []jsonUse{}, Ignored: f.Ignored}
		for _, x := range f.Warnings {
			file.Warnings = append(file.Warnings, jsonWarning(x))
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
		out.Files = append(out.Files, file)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
