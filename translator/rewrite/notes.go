package rewrite

import (
	"strings"

	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// noteOr gives the reason of a manual verdict: what the rule says to do, or its
// first note.
func (a *application) noteOr() ir.Note {
	if a.rule.Otherwise != "" {
		return ir.Note{Code: a.rule.Otherwise, Verdict: ir.Manual, Values: a.values()}
	}
	if len(a.rule.Notes) > 0 {
		return ir.Note{Code: a.rule.Notes[0], Verdict: ir.Manual, Values: a.values()}
	}
	return ir.Note{Code: a.rule.ID, Verdict: ir.Manual, Values: a.values()}
}

// ruleNote is a note that the rule itself names: it means what the catalogue
// says, but no worse than the rule's own verdict.
func (e *engine) ruleNote(a *application, code string) ir.Note {
	return ir.Note{Code: code, Verdict: min(a.rule.Verdict, e.migration.Notes[code].Verdict), Values: a.values()}
}

// note is a reason of the engine's own, by its role in Pack.Codes.
func (e *engine) note(p *rules.Pack, role, why string) ir.Note {
	return ir.Note{Code: p.Codes[role], Verdict: ir.Manual, Values: map[string]string{"NAME": why, "WHY": why, "text": why, "HOW": ""}}
}

// leaveUnanswered leaves a use to a person of which the target has no answer yet:
// as a rule would that says so.
func (e *engine) leaveUnanswered(u *ir.Use) {
	r := &rules.Rule{ID: rules.Unanswered, Manual: true, Verdict: ir.Manual, Pack: e.migration.Of(u.Symbol)}
	name := shortName(u.Symbol)
	if u.Kind == ir.LineUse {
		name = u.Symbol
	}
	n := ir.Note{Code: r.ID, Verdict: ir.Manual, Values: map[string]string{"NAME": "`" + name + "`", "TARGET": e.migration.Name}}
	if e.maskedLine(u) {
		e.leaveLine(u, n)
		return
	}
	a := &application{rule: r, use: u, stmt: e.p.Stmt(u.At)}
	a.ctx = e.context(r, u)
	e.leave(a, n)
}

// unplaced is the reason of a manual verdict where the rule's answer cannot be
// written; what the rule is about says how it may be done by hand.
func (e *engine) unplaced(a *application, why string) ir.Note {
	n := e.note(a.rule.Pack, "unplaced", why)
	if a.rule.Otherwise != "" {
		n.Values["HOW"] = e.noteText(a.noteOr())
	} else {
		n.Values["HOW"] = a.rule.Why
	}
	return n
}

// values fills the usual holes of a note's text.
func (a *application) values() map[string]string {
	name := a.use.Symbol
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if j := strings.LastIndexByte(name[:i], '.'); j >= 0 && a.use.Kind != ir.MakeUse {
			name = name[j+1:]
		} else {
			name = name[i+1:]
		}
	}
	return map[string]string{"NAME": name}
}

// noteText fills a note's text from the catalogue.
func (e *engine) noteText(n ir.Note) string {
	text, ok := e.migration.Notes[n.Code]
	out := text.Text
	if !ok {
		out = n.Values["text"]
		if out == "" {
			out = n.Code
		}
	}
	if _, ok := n.Values["HOW"]; !ok && e.migration.HasRole(n.Code, "unplaced") {
		out = strings.ReplaceAll(out, "{HOW}", "") // the pack's own
	}
	for k, v := range n.Values {
		out = strings.ReplaceAll(out, "{"+k+"}", oneLine(v))
	}
	return oneLine(strings.ReplaceAll(out, "``", "`''`")) // an empty text of the user's
}

// oneLine folds white space, so that a text fits a comment.
func oneLine(s string) string {
	if isOneLine(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// isOneLine tells whether nothing is to fold.
func isOneLine(s string) bool {
	space := true
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c >= 0x7f || c == ' ' && space:
			return false
		default:
			space = c == ' '
		}
	}
	return !space || s == ""
}
