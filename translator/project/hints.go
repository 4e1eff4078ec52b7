package project

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/todo"
)

// A Hint is a place that speaks of the source SDK and is no use of it: nothing is
// done about it. Start and End are bytes of the unit's source.
type Hint struct {
	Unit       int // index in the document, 0-based; -1 for what is no unit
	Start, End int
	At         document.Position // of what is no unit
	Text       string
}

// hint lists what a document says of the source SDK without using it: comments
// that name it, and command lines that a page shows to its readers. What a page
// shows is no finding, and gets no mark.
func (r *Result) hint(m *rules.Migration) {
	shown := func(unit int) bool { return unit >= 0 && r.Doc.Units[unit].Shell }
	r.Findings = slices.DeleteFunc(r.Findings, func(f rewrite.Finding) bool {
		unit := r.unitOf(f.At.Unit)
		if f.Use == nil || f.Use.Kind != ir.LineUse || !shown(unit) {
			return false
		}
		if !f.Left {
			r.Hints = append(r.Hints, Hint{Unit: unit, Start: f.At.Start, End: f.At.End, Text: f.Message})
		}
		return true
	})
	r.Edits = slices.DeleteFunc(r.Edits, func(e edit.Edit) bool {
		return shown(e.Unit) && strings.HasPrefix(strings.TrimSpace(e.New), todo.Prefix)
	})
	r.hintUnread(m)
	if len(r.Findings) == 0 && !r.file.Trigger {
		return
	}
	spellings := map[string][][]byte{} // of the sources' names
	for _, p := range m.Packs {
		name := strings.ToLower(p.Source)
		spellings[p.Source] = [][]byte{[]byte(name), []byte(strings.ReplaceAll(name, " ", "")), []byte(strings.ReplaceAll(name, " ", "-"))}
	}
	for i, u := range r.file.Units {
		if u.Tree == nil || r.Doc.Units[i].Shell {
			continue
		}
		for id := range int32(u.Tree.Len()) {
			n := u.Tree.Node(id)
			if !n.Is(grammar.KindComment) || strings.HasPrefix(n.Text(), todo.Prefix) {
				continue
			}
			text := bytes.ToLower([]byte(n.Text()))
			for _, p := range m.Packs {
				if holdsAny(text, spellings[p.Source]) {
					r.Hints = append(r.Hints, Hint{Unit: i, Start: n.Start(), End: n.End(), Text: "This comment names " + p.Source + "; it stays as it is."})
					break
				}
			}
		}
	}
}

// hintUnread tells of the blocks of a page that use the source SDK, or seem to,
// and are not translated.
func (r *Result) hintUnread(m *rules.Migration) {
	for _, b := range r.Doc.Unread {
		if !holdsAny(b.Text, Triggers(m)) {
			continue
		}
		why := "its fence names no language; name it python to have it translated"
		if b.Session {
			why = "it is an interactive session"
		}
		r.Hints = append(r.Hints, Hint{Unit: -1, At: b.At, Text: fmt.Sprintf("This block names %s and stays as it is: %s.", m.Source, why)})
	}
}
