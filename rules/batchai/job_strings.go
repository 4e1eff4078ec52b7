package batchai

import (
	"regexp"
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

// A command line that a program builds in steps (by an if, in a loop, as an
// argument of a function) is a value that is not known here. The new job takes it
// as it is; the variables of the old job that it names are put right where they
// stand, in the string literals that it is made of.

// jobReference matches a variable of a job, and the path below it.
var jobReference = regexp.MustCompile(`\$(\{{0,2})(AZ_BATCHAI_\w+)(\}{0,2})((?:/[\w.-]+)*)`)

// plainSpelling matches what means itself in every kind of literal, and before
// any use of it as a format.
var plainSpelling = regexp.MustCompile(`^[\w./:$-]*$`)

// unseen gives the literals of which the values in texts may be made that are
// not known here.
func (j *job) unseen(ts ...text) (out []ir.Expr) {
	var done []*origin
	for _, t := range ts {
		for _, c := range t {
			if !c.hole || slices.Contains(done, c.in) {
				continue
			}
			done = append(done, c.in)
			for _, x := range j.c.Literals(ir.Arg{Value: c.in.piece.Val, At: c.in.piece.At}) {
				if !slices.Contains(out, x) && strings.Contains(j.c.Text(x), "AZ_BATCHAI_") {
					out = append(out, x)
				}
			}
		}
	}
	return out
}

// spellAll puts the variables of the job right in the literals of its command
// line. A literal with one that has no counterpart stays as it is.
func (j *job) spellAll(literals []ir.Expr, shell bool) {
	for _, x := range literals {
		source := j.c.Text(x)
		j.elsewhere = j.elsewhere || shell && changesFolder.MatchString(source)
	}
	for _, x := range literals {
		source := j.c.Text(x)
		var made []ir.Spelling
		var names []string
		for _, m := range jobReference.FindAllStringSubmatchIndex(source, -1) {
			name, below := source[m[4]:m[5]], source[m[8]:m[9]]
			text, whole, ok := j.spelling(name, below, shell, x)
			end := m[1]
			if !whole {
				end = m[7]
			}
			next := end < len(source) && isNameByte(source[end], false)
			if braces := m[3] > m[2] || m[7] > m[6]; !ok || !plainSpelling.MatchString(text) || braces && next || next && isNameByte(text[len(text)-1], false) {
				made = nil
				break
			}
			names = append(names, "$"+name)
			made = append(made, ir.Spelling{Literal: x, Text: text,
				Part: ir.Span{Unit: x.Unit, Start: x.Start + m[0], End: x.Start + end}})
		}
		for i, s := range made {
			j.note("BAI631", ir.Review, x, "NAME", names[i], "PATH", s.Text)
		}
		j.spellings = append(j.spellings, made...)
	}
}

// spelling gives the new text for a variable in a command line, whole for one
// that takes the place of the path below it as well.
func (j *job) spelling(name, below string, shell bool, at ir.Expr) (text string, whole, ok bool) {
	v := j.variable(name)
	switch v.action {
	case toData:
		path := lit("$" + name)
		if name == jobMountRoot || name == clusterMountRoot {
			path, whole = lit("$"+name+below), true
		}
		p, found := j.locate(path)
		if !found {
			return "", false, false
		}
		if _, stored := j.storeOf(p.mount); !stored {
			return "", false, false
		}
		u, _ := j.use(p, at)
		if in := j.input(p.id); in != nil {
			in.passed = true
		}
		text = "$AZUREML_DATAREFERENCE_" + j.referenceOf(u).name
		if len(u.rest) > 0 {
			text += "/" + u.rest.show()
		}
		return text, whole, true
	case toOutput:
		o := j.output(strings.TrimPrefix(name, "AZ_BATCHAI_OUTPUT_"))
		if o == nil {
			return "", false, false
		}
		suffix, known := o.suffix.known()
		o.used = o.used || known
		o.made = o.made || known && shell
		if j.elsewhere {
			return "$" + runFolder + "/outputs/" + suffix, false, known
		}
		return "./outputs/" + suffix, false, known
	case toText:
		e := j.expand(lit("$"+name), at)
		text, ok = e.text().known()
		return text, false, ok && e.plain() && text != "$"+name
	case toDrop, toShell:
		if shell && v.shell != "" {
			j.note(v.code, v.verdict, at, "NAME", name)
		}
		return v.shell, false, shell && v.shell != ""
	}
	return "", false, false
}
