package meaning

import (
	"bytes"

	"pyxlate/grammar"
)

// alternatives finds the fences of a Markdown file that are not part of its
// program: samples of the target SDK, what builds on them, and what does not
// parse. It gives their indices.
func (p *Program) alternatives(f *File) map[int]bool {
	type fence struct {
		bound map[string]bool
		free  map[string]bool
	}
	skip := map[int]bool{}
	fences := make([]fence, len(f.Units))
	for i, s := range f.Units {
		if s.Tree == nil {
			continue
		}
		if len(s.Tree.Errors()) > 0 {
			skip[i] = true
			if p.mentionsSource(s.Text) {
				for _, e := range s.Tree.Errors() {
					p.errors = append(p.errors, SyntaxError{s.ID, e.Start, e.End, e.Message})
				}
			}
			continue
		}
		// The fence alone, as a module of its own.
		q := &Program{byDef: p.byDef, byClass: p.byClass}
		q.byDef, q.byClass = newMaps()
		m := &module{File: &File{}}
		u := &unit{Source: s, m: m, root: s.Tree.Root(), defAt: newByNode[*Def](placesOf(s.Tree).names), scope: map[int32]*Scope{}}
		m.units = []*unit{u}
		q.buildScopes(m)
		x := fence{bound: map[string]bool{}, free: map[string]bool{}}
		for name, v := range m.scope.vars {
			x.bound[name] = len(v.defs) > 0
		}
		m.scope.freeReads(x.free)
		fences[i] = x
		m.eachImport(func(n grammar.Node, module, member string, at grammar.Node) {
			if below(module, p.cfg.Targets) || below(module+"."+member, p.cfg.Targets) {
				skip[i] = true
			}
		})
	}
	for changed := true; changed; {
		changed = false
		in, out := map[string]bool{}, map[string]bool{}
		for i, x := range fences {
			for name, ok := range x.bound {
				if !ok {
					continue
				}
				if skip[i] {
					out[name] = true
				} else {
					in[name] = true
				}
			}
		}
		for i, x := range fences {
			if skip[i] {
				continue
			}
			for name := range x.free {
				if out[name] && !in[name] {
					skip[i], changed = true, true
					break
				}
			}
			if changed {
				break
			}
		}
	}
	return skip
}

// freeReads adds the names that a module reads, in any scope, and does not bind.
func (s *Scope) freeReads(out map[string]bool) {
	for name := range s.reads {
		if v := s.find(name); (v == nil || len(v.defs) == 0) && !builtins[name] {
			out[name] = true
		}
	}
	for _, k := range s.kids {
		k.freeReads(out)
	}
}

// mentionsSource reports whether a text has a word of the source SDKs.
func (p *Program) mentionsSource(text []byte) bool {
	for _, s := range p.cfg.Sources {
		if bytes.Contains(text, []byte(last(s))) {
			return true
		}
	}
	for _, e := range p.cfg.EnvNames {
		if bytes.Contains(text, []byte(e)) {
			return true
		}
	}
	return false
}
