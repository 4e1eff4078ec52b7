package document

import (
	"bytes"
	"errors"

	"pyxlate/grammar"
	"pyxlate/translator/edit"
)

func (d *Document) openScript() error {
	text, encoding, err := grammar.Decode(d.raw)
	if err != nil {
		reason := &Error{Path: d.Path, Reason: err.Error()}
		if e, ok := errors.AsType[*grammar.DecodeError](err); ok {
			reason.Line, reason.Column, reason.Reason = e.Line, e.Col, e.Message+"; declare the file's encoding in a coding comment, or save it as UTF-8"
		}
		return reason
	}
	if i := bytes.IndexByte(d.raw, 0); i >= 0 {
		line, column := locate(d.raw, i)
		return &Error{Path: d.Path, Line: line, Column: column, Reason: "a NUL byte is not part of a program; take the file from its history"}
	}
	d.addUnit(0, text, &scriptLayout{encoding: encoding, rawLength: len(d.raw)})
	return nil
}

// A scriptLayout is a whole file in its encoding.
type scriptLayout struct {
	encoding  grammar.Encoding
	rawLength int
}

func (l *scriptLayout) span() (start, end int) { return l.encoding.Offset(0), l.rawLength }

func (l *scriptLayout) origin(_ []byte, line int) (docLine, before int) { return line + 1, 0 }

func (l *scriptLayout) rewrite(raw, source []byte, edits []edit.Edit) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(edit.Size(edits, len(raw)))
	var failed error
	edit.Splice(edits, len(source),
		func(start, end int) { out.Write(raw[l.encoding.Offset(start):l.encoding.Offset(end)]) },
		func(e edit.Edit) {
			text, err := l.encoding.Encode(edit.Localize(e.New, source, e.Start))
			if err != nil && failed == nil {
				failed = err
			}
			out.Write(text)
		})
	return out.Bytes(), failed
}
