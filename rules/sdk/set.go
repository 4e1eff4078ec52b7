package sdk

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strconv"
	"strings"
)

//go:embed tables/*.json
var embedded embed.FS

// A Package is a distribution with all the versions that are known.
type Package struct {
	Name     string
	Roots    []string // dotted prefixes that belong to it
	Versions []string // newest first, pre-releases last
}

// A Set answers questions about all known SDKs. It is safe for concurrent use.
type Set struct {
	tables   []*table // by package name, then newest first
	packages []Package
	symbols  cache[string, *Symbol] // by name, canonical or not
	members  cache[memberKey, *Symbol]
	lineages cache[string, []string]
}

// memberKey names a member of a class.
type memberKey struct {
	class *Symbol
	name  string
}

// Load returns the set of the embedded tables. It reads their heads only; the rest is read when it is asked for.
func Load() (*Set, error) { return load(embedded) }

func load(fsys fs.FS) (*Set, error) {
	files, err := fs.Glob(fsys, "tables/*.json")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no tables: run scripts/sdk/extract.py")
	}
	s := &Set{}
	for _, file := range files {
		t, err := openTable(fsys, file)
		if err != nil {
			return nil, err
		}
		s.tables = append(s.tables, t)
	}
	s.index()
	return s, nil
}

// index orders the tables and lists their packages.
func (s *Set) index() {
	slices.SortStableFunc(s.tables, func(a, b *table) int {
		if c := cmp.Compare(a.Package, b.Package); c != 0 {
			return c
		}
		return compareVersions(b.Version, a.Version)
	})
	for _, t := range s.tables {
		last := len(s.packages) - 1
		if last < 0 || s.packages[last].Name != t.Package {
			s.packages = append(s.packages, Package{Name: t.Package})
			last++
		}
		p := &s.packages[last]
		p.Versions = append(p.Versions, t.Version)
		for _, r := range t.Roots {
			if !slices.Contains(p.Roots, r) {
				p.Roots = append(p.Roots, r)
			}
		}
	}
}

// Packages returns the known packages, by name.
func (s *Set) Packages() []Package { return s.packages }

// HasPrefix reports whether a dotted name lies in a known SDK. It says nothing about whether the name exists there.
func (s *Set) HasPrefix(qname string) bool {
	for i := range s.packages {
		for _, r := range s.packages[i].Roots {
			if below(qname, r) {
				return true
			}
		}
	}
	return false
}

// Canonical returns the canonical name of a symbol, following aliases, aliases of what encloses it, and inheritance.
func (s *Set) Canonical(qname string) (string, bool) {
	sym, ok := s.Symbol(qname)
	if !ok {
		return "", false
	}
	return sym.Name, true
}

// Symbol looks a symbol up by its canonical name, by an alias ("azure.mgmt.batchai.models.cluster.Cluster"), or as a
// member of a class that has it or inherits it ("azure.mgmt.batchai.models.Cluster.allocation_state").
func (s *Set) Symbol(qname string) (*Symbol, bool) {
	sym := s.lookup(qname, 0)
	return sym, sym != nil
}

// lookup keeps what resolve finds, so that there is one *Symbol for each canonical name.
func (s *Set) lookup(qname string, depth int) *Symbol {
	if sym, ok := s.symbols.load(qname); ok {
		return sym
	}
	sym := s.resolve(qname, depth)
	if sym == nil {
		return nil
	}
	return s.symbols.keep(strings.Clone(qname), sym) // which may be part of a program's text
}

// maxDepth bounds chains of aliases and of base classes; the longest real ones have 3 and 5 links.
const maxDepth = 16

func (s *Set) resolve(qname string, depth int) *Symbol {
	if depth > maxDepth || qname == "" {
		return nil
	}
	var covering []*table
	for _, t := range s.tables {
		if t.covers(qname) {
			covering = append(covering, t)
		}
	}
	if len(covering) == 0 {
		return nil
	}
	sym := &Symbol{Name: qname}
	var read []byte // what the last of the versions was read from
	for _, t := range covering {
		line := t.symbol(qname)
		if line == nil {
			continue
		}
		var v Variant
		if bytes.Equal(line, read) {
			v = sym.Versions[len(sym.Versions)-1] // most versions change little
		} else if err := json.Unmarshal(line, &v); err != nil {
			panic(fmt.Sprintf("%s: %s: %v", t.file, qname, err)) // the tables are part of this program
		}
		v.Package, v.Version = t.Package, t.Version
		sym.Versions, read = append(sym.Versions, v), line
	}
	if len(sym.Versions) > 0 {
		sym.Kind = sym.Versions[0].Kind
		for i := range sym.Versions {
			switch v := &sym.Versions[i]; v.Kind {
			case Class, Function, Method:
				sym.callable = append(sym.callable, v)
			}
		}
		return sym
	}
	for _, t := range covering {
		if to, ok := t.alias(qname); ok {
			return s.lookup(to, depth+1)
		}
	}
	dot := strings.LastIndexByte(qname, '.')
	if dot < 0 {
		return nil
	}
	owner, ok := s.Symbol(qname[:dot])
	if !ok {
		return nil
	}
	switch owner.Kind {
	case Class:
		return s.member(owner, qname[dot+1:], depth+1)
	case Module:
		if owner.Name != qname[:dot] {
			return s.lookup(owner.Name+qname[dot:], depth+1)
		}
	}
	return nil
}

func (s *Set) member(class *Symbol, name string, depth int) *Symbol {
	if depth > maxDepth {
		return nil
	}
	own := class.Name + "." + name
	for _, t := range s.tables {
		if t.covers(own) && t.symbol(own) != nil {
			sym, _ := s.Symbol(own)
			return sym
		}
	}
	for _, base := range bases(class) {
		if b, ok := s.Symbol(base); ok && b.Kind == Class {
			if sym := s.member(b, name, depth+1); sym != nil {
				return sym
			}
		}
	}
	return nil
}

// bases returns the base classes of all versions, the newest version's first.
func bases(class *Symbol) []string {
	var out []string
	for i := range class.Versions {
		for _, b := range class.Versions[i].Bases {
			if !slices.Contains(out, b) {
				out = append(out, b)
			}
		}
	}
	return out
}

// Member looks up a method, attribute, enum member or nested class of a class, following its bases.
func (s *Set) Member(class, name string) (*Symbol, bool) {
	c, ok := s.Symbol(class)
	if !ok || c.Kind != Class {
		return nil, false
	}
	key := memberKey{c, name}
	sym, ok := s.members.load(key)
	if !ok {
		key.name = strings.Clone(name)
		sym = s.members.keep(key, s.member(c, name, 0))
	}
	return sym, sym != nil
}

// futureClass is the class behind the generic type Future: what its instances can do.
const futureClass = "concurrent.futures.Future"

// MemberOf looks up a member of a value of type t and returns, besides the symbol, the type of the attribute or of
// what the method returns, with the arguments of a generic type put in: result of poller[Cluster] returns Cluster.
// For a union it is the member of the first alternative that has it. What is behind the generic types of SDKs (poller,
// paged, raw) packs declare: see [Conventions.MemberOf].
func (s *Set) MemberOf(t Type, name string) (*Symbol, Type, bool) {
	for _, alt := range t.Alternatives() {
		if alt.Name == ModuleOf {
			if sym, ok := s.Symbol(alt.Arg(0).Name + "." + name); ok {
				return sym, resultOf(sym), true
			}
			continue
		}
		class := alt.Name
		if class == Future {
			class = futureClass
		}
		if sym, ok := s.Member(class, name); ok {
			return sym, substitute(resultOf(sym), alt.Arg(0)), true
		}
	}
	return nil, Type{}, false
}

// IsTypedDict reports whether a class is a typing.TypedDict: a dict whose keys are declared like attributes.
func (s *Set) IsTypedDict(class string) bool {
	c, ok := s.Symbol(class)
	return ok && c.Kind == Class && slices.Contains(bases(c), "typing.TypedDict")
}

// ItemOf looks up what a value of type t has under a constant key, where t is a typing.TypedDict.
func (s *Set) ItemOf(t Type, key string) (Type, bool) {
	if !s.IsTypedDict(t.Name) {
		return Type{}, false
	}
	_, item, ok := s.MemberOf(t, key)
	return item, ok
}

// resultOf is the type of reading an attribute or of calling anything else.
func resultOf(sym *Symbol) Type {
	switch v := sym.Newest(); sym.Kind {
	case Class:
		if v.Returns.IsZero() {
			return Type{Name: sym.Name}
		}
		return v.Returns
	case EnumMember:
		return Type{Name: sym.Owner()}
	case Function, Method:
		return v.Returns
	default:
		return v.Type
	}
}

// TypeParameter stands in a table for the argument of the generic type that a method belongs to.
const TypeParameter = "T"

func substitute(t, arg Type) Type {
	if t.Name == TypeParameter {
		return arg
	}
	if len(t.Args) == 0 {
		return t
	}
	out := Type{Name: t.Name, Args: make([]Type, len(t.Args))}
	for i, a := range t.Args {
		out.Args[i] = substitute(a, arg)
	}
	return out
}

// Members returns the symbols that a class itself defines in any version, by name; inherited ones are not among them.
func (s *Set) Members(class string) []*Symbol {
	c, ok := s.Symbol(class)
	if !ok {
		return nil
	}
	prefix := c.Name + "."
	var names []string
	for _, t := range s.tables {
		if !t.covers(c.Name) || t.load() != nil {
			continue
		}
		for i := t.symbols.search(prefix); i < t.symbols.len(); i++ {
			name := string(t.symbols.name(i))
			rest, ok := strings.CutPrefix(name, prefix)
			if !ok {
				break
			}
			if !strings.Contains(rest, ".") {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return s.all(slices.Compact(names))
}

// Symbols iterates over all symbols that any version of a package has, by name.
func (s *Set) Symbols(pkg string) iter.Seq[*Symbol] {
	var names []string
	for _, t := range s.tables {
		if t.Package == pkg && t.load() == nil {
			for i := range t.symbols.len() {
				names = append(names, string(t.symbols.name(i)))
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return func(yield func(*Symbol) bool) {
		for _, name := range names {
			if sym, ok := s.Symbol(name); ok && !yield(sym) {
				return
			}
		}
	}
}

// Aliases iterates over all other names of a package's symbols, and the canonical name of each.
func (s *Set) Aliases(pkg string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, t := range s.tables {
			if t.Package != pkg || t.load() != nil {
				continue
			}
			for i := range t.aliases.len() {
				name := string(t.aliases.name(i))
				to, _ := t.alias(name)
				if !yield(name, to) {
					return
				}
			}
		}
	}
}

// Modules iterates over the names of a package's modules, in order.
func (s *Set) Modules(pkg string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for sym := range s.Symbols(pkg) {
			if sym.Kind == Module && !yield(sym.Name) {
				return
			}
		}
	}
}

func (s *Set) all(names []string) []*Symbol {
	out := make([]*Symbol, 0, len(names))
	for _, name := range names {
		if sym, ok := s.Symbol(name); ok {
			out = append(out, sym)
		}
	}
	return out
}

// compareVersions orders versions as pip prefers them: a pre-release ("7.0.0b1") comes before every release, releases
// and post-releases by their numbers.
func compareVersions(a, b string) int {
	pa, na := version(a)
	pb, nb := version(b)
	if pa != pb {
		if pa {
			return -1
		}
		return 1
	}
	return slices.Compare(na, nb)
}

// version splits a version into its numbers; ".post4" counts as one more number.
func version(v string) (pre bool, numbers []int) {
	for _, part := range strings.Split(v, ".") {
		part = strings.TrimPrefix(part, "post")
		n := len(part)
		for i, c := range part {
			if c < '0' || c > '9' {
				n, pre = i, true
				break
			}
		}
		x, _ := strconv.Atoi(part[:n])
		numbers = append(numbers, x)
	}
	return pre, numbers
}
