package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"pyxlate/rules/ir"
)

// reader decodes one YAML file into rules, strictly: a key that nothing takes is
// an error with its place and the nearest key that exists.
type reader struct {
	file string
	errs *Errors
	at   map[spot]*Error
}

// spot is a key of a decoded thing: where validation finds its place again.
type spot struct {
	of  any
	key string
}

// keys say what to do with each key of a mapping.
type keys map[string]func(ast.Node)

func (r *reader) errorf(n ast.Node, format string, args ...any) {
	e := r.place(n)
	e.Text = fmt.Sprintf(format, args...)
	*r.errs = append(*r.errs, e)
}

// place is an error without text at a node.
func (r *reader) place(n ast.Node) *Error {
	e := &Error{File: r.file}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Col = t.Position.Line, t.Position.Column
	}
	return e
}

// entries lists the key-value pairs of a mapping in order.
func (r *reader) entries(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return nil
	}
	r.errorf(n, "expected a mapping")
	return nil
}

// mapping hands each value of a mapping to its key's function, and remembers
// where the keys of a thing stand.
func (r *reader) mapping(of any, n ast.Node, ks keys) {
	for _, kv := range r.entries(n) {
		name := r.key(kv)
		if of != nil {
			r.at[spot{of, name}] = r.place(kv.Key)
		}
		if f, ok := ks[name]; ok {
			f(kv.Value)
			continue
		}
		known := make([]string, 0, len(ks))
		for k := range ks {
			known = append(known, k)
		}
		r.errorf(kv.Key, "unknown key %q%s", name, suggest(name, known))
	}
}

func (r *reader) key(kv *ast.MappingValueNode) string {
	if s, ok := kv.Key.(*ast.StringNode); ok {
		return s.Value
	}
	return kv.Key.GetToken().Value
}

// str reads a scalar as text; numbers and booleans as they are written.
func (r *reader) str(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value
	case *ast.NullNode:
		return ""
	}
	r.errorf(n, "expected text")
	return ""
}

func (r *reader) boolean(n ast.Node) bool {
	if b, ok := n.(*ast.BoolNode); ok {
		return b.Value
	}
	r.errorf(n, "expected true or false")
	return false
}

// list reads a sequence of texts, or one text as a list of one.
func (r *reader) list(n ast.Node) []string {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return []string{r.str(n)}
	}
	out := make([]string, 0, len(s.Values))
	for _, v := range s.Values {
		out = append(out, r.str(v))
	}
	return out
}

func (r *reader) sequence(n ast.Node) []ast.Node {
	if s, ok := n.(*ast.SequenceNode); ok {
		return s.Values
	}
	r.errorf(n, "expected a list")
	return nil
}

// texts reads a mapping of texts.
func (r *reader) texts(n ast.Node) map[string]string {
	out := map[string]string{}
	for _, kv := range r.entries(n) {
		out[r.key(kv)] = r.str(kv.Value)
	}
	return out
}

// lists reads a mapping of lists of texts.
func (r *reader) lists(n ast.Node) map[string][]string {
	out := map[string][]string{}
	for _, kv := range r.entries(n) {
		out[r.key(kv)] = r.list(kv.Value)
	}
	return out
}

var verdicts = []string{"migrated", "review", "manual"}

func (r *reader) verdict(n ast.Node) ir.Verdict {
	s := r.str(n)
	if i := slices.Index(verdicts, s); i >= 0 {
		return ir.Verdict(i)
	}
	r.errorf(n, "unknown verdict %q%s", s, suggest(s, verdicts))
	return ir.Manual
}

// pack reads pack.yaml.
func (r *reader) pack(n ast.Node, p *Pack) {
	r.mapping(p, n, keys{
		"id":        func(v ast.Node) { p.ID = r.str(v) },
		"source":    func(v ast.Node) { p.Source = r.str(v) },
		"family":    func(v ast.Node) { p.Family = r.str(v) },
		"ended":     func(v ast.Node) { p.Ended = r.str(v) },
		"primary":   func(v ast.Node) { p.Primary = r.list(v) },
		"auxiliary": func(v ast.Node) { p.Auxiliary = r.list(v) },
		"env":       func(v ast.Node) { p.Env = r.list(v) },
		"targets": func(v ast.Node) {
			for _, kv := range r.entries(v) {
				p.Targets = append(p.Targets, r.target(kv))
			}
		},
		"lines": func(v ast.Node) {
			for _, line := range r.sequence(v) {
				p.Lines = append(p.Lines, r.list(line))
			}
		},
		"samples": func(v ast.Node) {
			for _, kv := range r.entries(v) {
				s := Sample{}
				r.mapping(nil, kv.Value, keys{"marks": func(v ast.Node) { s.Marks = r.list(v) }})
				p.Samples[r.key(kv)] = s
			}
		},
		"pure":         func(v ast.Node) { p.Pure = r.list(v) },
		"drops":        func(v ast.Node) { p.Drops = r.texts(v) },
		"factories":    func(v ast.Node) { p.Factories = r.texts(v) },
		"path_appends": func(v ast.Node) { p.PathAppends = r.list(v) },
		"pollers":      func(v ast.Node) { r.pollers(v, &p.Conventions) },
		"pagers":       func(v ast.Node) { r.pagers(v, &p.Conventions) },
		"cursors":      func(v ast.Node) { r.cursors(v, &p.Conventions) },
		"raw":          func(v ast.Node) { r.raw(v, &p.Conventions) },
		"clients":      func(v ast.Node) { r.clients(v, &p.Conventions) },
		"records":      func(v ast.Node) { p.Conventions.Records = r.list(v) },
		"neighbours": func(v ast.Node) {
			for _, item := range r.sequence(v) {
				n := Neighbour{}
				r.mapping(nil, item, keys{
					"reads": func(v ast.Node) { n.Reads = r.list(v) },
					"gives": func(v ast.Node) { n.Gives = r.list(v) },
				})
				p.Neighbours = append(p.Neighbours, n)
			}
		},
		"options": func(v ast.Node) {
			for _, kv := range r.entries(v) {
				p.Options = append(p.Options, r.setting(kv))
			}
		},
		"codes":   func(v ast.Node) { p.Codes = r.texts(v) },
		"retired": func(v ast.Node) { p.Retired = r.list(v) },
	})
}

// target reads what pack.yaml says of one target.
func (r *reader) target(kv *ast.MappingValueNode) *Target {
	t := &Target{ID: r.key(kv), Requirements: map[string][]string{}, Resources: map[string]*Resource{}, Notes: map[string]NoteText{}}
	r.at[spot{t, ""}] = r.place(kv.Key)
	r.mapping(t, kv.Value, keys{
		"name":         func(v ast.Node) { t.Name = r.str(v) },
		"complete":     func(v ast.Node) { t.Complete = r.boolean(v) },
		"modules":      func(v ast.Node) { t.Modules = r.list(v) },
		"libraries":    func(v ast.Node) { t.Libraries = r.list(v) },
		"requirements": func(v ast.Node) { t.Requirements = r.lists(v) },
	})
	return t
}

// setting reads an option: its values, or a mapping that says more.
func (r *reader) setting(kv *ast.MappingValueNode) Setting {
	s := Setting{Name: r.key(kv)}
	if _, ok := kv.Value.(*ast.SequenceNode); ok {
		s.Values = r.list(kv.Value)
	} else {
		r.mapping(nil, kv.Value, keys{
			"values": func(v ast.Node) { s.Values = r.list(v) },
			"help":   func(v ast.Node) { s.Help = r.str(v) },
			"flag":   func(v ast.Node) { s.Flag = r.boolean(v) },
		})
	}
	if len(s.Values) == 0 {
		r.errorf(kv.Key, "option %s has no values", s.Name)
		s.Values = []string{""}
	}
	return s
}

// notes reads notes.yaml: texts by code.
func (r *reader) notes(n ast.Node, catalogue map[string]NoteText) {
	for _, kv := range r.entries(n) {
		note := NoteText{Code: r.key(kv)}
		r.mapping(nil, kv.Value, keys{
			"verdict": func(v ast.Node) { note.Verdict = r.verdict(v) },
			"text":    func(v ast.Node) { note.Text = strings.TrimSpace(r.str(v)) },
		})
		if note.Text == "" {
			r.errorf(kv.Key, "note %s has no text", note.Code)
		}
		if _, twice := catalogue[note.Code]; twice {
			r.errorf(kv.Key, "note %s is given twice", note.Code)
		}
		catalogue[note.Code] = note
	}
}

// resources reads resources.yaml: the kinds of target object, by name.
func (r *reader) resources(n ast.Node, p *Pack, kinds map[string]*Resource) {
	for _, kv := range r.entries(n) {
		kind := r.key(kv)
		kinds[kind] = r.resource(kv.Value, kind)
		kinds[kind].Pack = p
	}
}

func (r *reader) resource(n ast.Node, kind string) *Resource {
	res := &Resource{Kind: kind}
	r.at[spot{res, ""}] = r.place(first(n))
	r.mapping(res, n, keys{
		"variable":      func(v ast.Node) { res.Variable = r.str(v) },
		"type":          func(v ast.Node) { res.Type = r.str(v) },
		"key":           func(v ast.Node) { res.Key = r.list(v) },
		"holds":         func(v ast.Node) { res.Holds = r.list(v) },
		"carrier":       func(v ast.Node) { res.Carriers = r.list(v) },
		"keeps_name":    func(v ast.Node) { res.KeepsName = r.boolean(v) },
		"make":          func(v ast.Node) { res.Make = r.str(v) },
		"by_option":     func(v ast.Node) { res.ByOption = r.texts(v) },
		"introduce":     func(v ast.Node) { res.Introduce = r.boolean(v) },
		"missing":       func(v ast.Node) { res.Missing = r.str(v) },
		"derive":        func(v ast.Node) { res.Derive = r.texts(v) },
		"notes":         func(v ast.Node) { res.Notes = r.list(v) },
		"option_notes":  func(v ast.Node) { res.OptionNotes = r.list(v) },
		"back":          func(v ast.Node) { res.Back = r.texts(v) },
		"named":         func(v ast.Node) { res.Named = r.str(v) },
		"missing_notes": func(v ast.Node) { res.MissingNotes = r.list(v) },
	})
	return res
}

// rules reads a file of rules for a target, "" for all of them.
func (r *reader) rules(n ast.Node, p *Pack, target string) {
	for _, item := range r.sequence(n) {
		rule := r.rule(item)
		rule.Pack, rule.Target = p, target
		p.Rules = append(p.Rules, rule)
	}
}

func (r *reader) rule(n ast.Node) *Rule {
	start := r.place(first(n))
	rule := &Rule{File: r.file, Line: start.Line}
	r.at[spot{rule, ""}] = start
	stated := false
	r.mapping(rule, n, keys{
		"id":         func(v ast.Node) { rule.ID = r.str(v) },
		"name":       func(v ast.Node) { rule.Name = r.str(v) },
		"group":      func(v ast.Node) { rule.Group = r.str(v) },
		"from":       func(v ast.Node) { rule.From = r.list(v) },
		"where":      func(v ast.Node) { rule.Where = r.texts(v) },
		"failed":     func(v ast.Node) { rule.Failed = r.str(v) },
		"to":         func(v ast.Node) { rule.To = strings.TrimSpace(r.str(v)) },
		"do":         func(v ast.Node) { rule.Do = r.str(v) },
		"func":       func(v ast.Node) { rule.Func = r.str(v) },
		"fields":     func(v ast.Node) { rule.Fields = r.fields(rule, v) },
		"values":     func(v ast.Node) { rule.Values = r.lists(v) },
		"fold":       func(v ast.Node) { rule.Fold = r.boolean(v) },
		"partly":     func(v ast.Node) { rule.Partly = r.boolean(v) },
		"mutable":    func(v ast.Node) { rule.Mutable = r.boolean(v) },
		"attributes": func(v ast.Node) { rule.Attributes = r.texts(v) },
		"needs":      func(v ast.Node) { rule.Needs = r.lists(v) },
		"drop":       func(v ast.Node) { rule.Drop = r.boolean(v) },
		"keep":       func(v ast.Node) { rule.Keep = r.boolean(v) },
		"stays":      func(v ast.Node) { rule.Stays = r.str(v) },
		"manual":     func(v ast.Node) { rule.Manual = r.boolean(v) },
		"otherwise":  func(v ast.Node) { rule.Otherwise = r.str(v) },
		"wait":       func(v ast.Node) { rule.Wait = strings.TrimSpace(r.str(v)) },
		"poller":     func(v ast.Node) { rule.Poller = r.str(v) },
		"makes":      func(v ast.Node) { rule.Makes = r.str(v) },
		"variable":   func(v ast.Node) { rule.Variable = r.str(v) },
		"provides":   func(v ast.Node) { rule.Provides = r.texts(v) },
		"drops":      func(v ast.Node) { rule.Drops = r.texts(v) },
		"verdict":    func(v ast.Node) { rule.Verdict, stated = r.verdict(v), true },
		"notes":      func(v ast.Node) { rule.Notes = r.list(v) },
		"why":        func(v ast.Node) { rule.Why = strings.TrimSpace(r.str(v)) },
		"source":     func(v ast.Node) { rule.Source = r.str(v) },
		"examples":   func(v ast.Node) { rule.Examples = r.examples(v) },
	})
	rule.verdictStated = stated
	return rule
}

// first gives the node at which a mapping begins.
func first(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return n.Values[0].Key
		}
	case *ast.MappingValueNode:
		return n.Key
	}
	return n
}

// fields reads a field table. A path stands beside a parameter, a list of them,
// one line ({to: x, note: N}), or a list of lines that are tried in order.
func (r *reader) fields(rule *Rule, n ast.Node) []Field {
	var out []Field
	for _, kv := range r.entries(n) {
		path := r.key(kv)
		r.at[spot{rule, "fields." + path}] = r.place(kv.Key)
		switch v := kv.Value.(type) {
		case *ast.MappingNode, *ast.MappingValueNode:
			out = append(out, r.field(path, kv.Value))
		case *ast.SequenceNode:
			if len(v.Values) > 0 {
				if _, text := v.Values[0].(*ast.StringNode); !text {
					for _, line := range v.Values {
						out = append(out, r.field(path, line))
					}
					continue
				}
			}
			out = append(out, Field{Path: path, To: r.list(v)})
		default:
			out = append(out, Field{Path: path, To: r.list(kv.Value)})
		}
	}
	return out
}

// field reads one line of a field table. A note means review unless a verdict
// says otherwise.
func (r *reader) field(path string, n ast.Node) Field {
	f := Field{Path: path}
	stated := false
	r.mapping(nil, n, keys{
		"to":      func(v ast.Node) { f.To = r.list(v) },
		"value":   func(v ast.Node) { f.Value = r.str(v) },
		"when":    func(v ast.Node) { f.When = r.str(v) },
		"func":    func(v ast.Node) { f.Func = r.str(v) },
		"absent":  func(v ast.Node) { f.Absent = r.boolean(v) },
		"also":    func(v ast.Node) { f.Also = r.boolean(v) },
		"note":    func(v ast.Node) { f.Note = r.str(v) },
		"drop":    func(v ast.Node) { f.Drop, f.Note = true, r.str(v) },
		"manual":  func(v ast.Node) { f.Manual, f.Note = true, r.str(v) },
		"verdict": func(v ast.Node) { f.Verdict, stated = r.verdict(v), true },
	})
	switch {
	case f.Manual:
		f.Verdict = ir.Manual
	case !stated && f.Note != "":
		f.Verdict = ir.Review
	}
	if !f.Drop && !f.Manual && len(f.To) == 0 && f.Func == "" {
		r.errorf(n, "field %s goes nowhere: give to, func, drop or manual", path)
	}
	return f
}

func (r *reader) examples(n ast.Node) []Example {
	var out []Example
	for _, item := range r.sequence(n) {
		var e Example
		r.mapping(nil, item, keys{
			"before":  func(v ast.Node) { e.Before = r.str(v) },
			"after":   func(v ast.Node) { e.After = r.str(v) },
			"same":    func(v ast.Node) { e.Same = r.boolean(v) },
			"options": func(v ast.Node) { e.Options = r.texts(v) },
			"why":     func(v ast.Node) { e.Why = strings.TrimSpace(r.str(v)) },
		})
		if e.Before == "" || (e.After == "") != e.Same {
			r.errorf(item, "an example needs before, and either after or same: true")
		}
		out = append(out, e)
	}
	return out
}
