package sdk

import (
	"slices"
	"strings"
)

// Conventions say how SDKs do what every SDK does in a way of its own: waiting
// for operations, going through pages, giving raw responses, reaching the
// operations of a client, building records. Tables do not tell; packs declare
// it. Every list of methods and attributes may be empty.
type Conventions struct {
	Pollers []*Polling
	Pagers  []*Paging
	Cursors []*Cursor
	Raw     []*RawResponse
	Clients []*Client
	// Records are classes whose instances are built field by field, not only by
	// their constructor but by every function that is declared to return one; an
	// entry that ends in a dot stands for all classes that begin like it.
	Records []string
}

// Polling says how programs wait for operations: what the classes of pollers, and
// those derived from them, offer. The generic type "poller" of the tables stands
// for all of these classes.
type Polling struct {
	Classes []string
	Result  []string // methods that wait and give what the operation makes
	Wait    []string // methods that wait and give nothing
	Done    []string // what tells whether the operation is done
	Status  []string // what tells how far it is, as text
	// Annotations are names by which stub files may call such a class of whatever
	// module.
	Annotations []string
}

// Paging says how programs go through listings that come in pages and are
// iterated over: what the classes of pagers, and those derived from them, offer.
// The generic type "paged" of the tables stands for all of these classes.
type Paging struct {
	Classes []string
	Next    []string // methods that give the next element
	Page    []string // methods and attributes that give the elements of a page
	// Annotations are as in Polling.
	Annotations []string
}

// A Cursor says how programs go through listings page by page by hand: a call
// gives a page, and the next call takes the token that the page has.
type Cursor struct {
	Classes   []string // of pages
	Items     []string // attributes and methods that give the elements of a page
	Token     []string // those that give the token of the page that follows
	Parameter []string // of the calls, which take the token
}

// A RawResponse says how programs ask a call for the response instead of what is
// read from it. The generic type "raw" stands for its class.
type RawResponse struct {
	Classes   []string
	Parameter string   // of the calls
	Value     string   // by which they are asked, as Python source
	Output    []string // attributes that hold what the call gives otherwise
	// Poller: of a call that gives a poller it is the poller. Else it is what the
	// poller yields.
	Poller bool
}

// A Client is a class through which programs reach a service. Its operations are
// methods of its own, or of what its attributes hold (groups); which of the two,
// the tables tell.
type Client struct {
	Classes []string
	// Operations are names of methods of one word that tell the client where
	// nothing else says what an object is. Names of several words tell it by
	// themselves.
	Operations []string
}

// Generic gives the generic type that a class is declared to be one of (Poller,
// Paged, Raw); any other type is its own.
func (c *Conventions) Generic(s *Set, typ string) string {
	if !strings.Contains(typ, ".") {
		return typ
	}
	for _, class := range s.Lineage(typ) {
		switch {
		case slices.ContainsFunc(c.Pollers, func(p *Polling) bool { return slices.Contains(p.Classes, class) }):
			return Poller
		case slices.ContainsFunc(c.Pagers, func(p *Paging) bool { return slices.Contains(p.Classes, class) }):
			return Paged
		case slices.ContainsFunc(c.Raw, func(r *RawResponse) bool { return slices.Contains(r.Classes, class) }):
			return Raw
		}
	}
	return typ
}

// Classes lists the classes behind a type: those of a generic one, in the order
// of their declaration; any other type is its own.
func (c *Conventions) Classes(typ string) []string {
	var out []string
	switch typ {
	case Poller:
		for _, p := range c.Pollers {
			out = append(out, p.Classes...)
		}
	case Paged:
		for _, p := range c.Pagers {
			out = append(out, p.Classes...)
		}
	case Raw:
		for _, r := range c.Raw {
			out = append(out, r.Classes...)
		}
	default:
		return []string{typ}
	}
	return out
}

// MemberOf is as [Set.MemberOf], for the classes behind the generic types as well.
func (c *Conventions) MemberOf(s *Set, t Type, name string) (*Symbol, Type, bool) {
	for _, alt := range t.Alternatives() {
		switch alt.Name {
		case Poller, Paged, Raw:
		default:
			if sym, result, ok := s.MemberOf(alt, name); ok {
				return sym, result, true
			}
			continue
		}
		for _, class := range c.Classes(alt.Name) {
			if sym, result, ok := s.MemberOf(Type{Name: class, Args: alt.Args}, name); ok {
				return sym, result, true
			}
		}
	}
	return nil, Type{}, false
}

// Waits reports whether a member of a poller waits for it; gives: and gives what
// the operation makes.
func (c *Conventions) Waits(s *Set, typ, name string) (waits, gives bool) {
	for _, p := range c.Pollers {
		if !isOne(s, typ, Poller, p.Classes) {
			continue
		}
		if slices.Contains(p.Result, name) {
			return true, true
		}
		waits = waits || slices.Contains(p.Wait, name)
	}
	return waits, false
}

// Asks gives the type of what a member of a poller tells of the operation, where
// it tells whether it is done or how far it is.
func (c *Conventions) Asks(s *Set, typ, name string) (Type, bool) {
	for _, p := range c.Pollers {
		switch {
		case !isOne(s, typ, Poller, p.Classes):
		case slices.Contains(p.Done, name):
			return Type{Name: "bool"}, true
		case slices.Contains(p.Status, name):
			return Type{Name: "str"}, true
		}
	}
	return Type{}, false
}

// Steps reports whether a member of a pager gives its next element, or the
// elements of a page.
func (c *Conventions) Steps(s *Set, typ, name string) (next, page bool) {
	for _, p := range c.Pagers {
		if isOne(s, typ, Paged, p.Classes) {
			next = next || slices.Contains(p.Next, name)
			page = page || slices.Contains(p.Page, name)
		}
	}
	return next, page
}

// Output reports whether an attribute of a raw response holds what the call gives
// otherwise.
func (c *Conventions) Output(s *Set, typ, name string) bool {
	return slices.ContainsFunc(c.Raw, func(r *RawResponse) bool {
		return isOne(s, typ, Raw, r.Classes) && slices.Contains(r.Output, name)
	})
}

// Cursor gives what is declared of a class of pages, nil for any other type.
func (c *Conventions) Cursor(s *Set, typ string) *Cursor {
	for _, x := range c.Cursors {
		if isOne(s, typ, "", x.Classes) {
			return x
		}
	}
	return nil
}

// Items reports whether a member of a page gives its elements.
func (c *Conventions) Items(s *Set, typ, name string) bool {
	x := c.Cursor(s, typ)
	return x != nil && slices.Contains(x.Items, name)
}

// Inside gives the type of what an object of a declared class of pollers, pagers
// or pages holds: the argument of t, or else what its members are said to give.
// ok is false for any other type.
func (c *Conventions) Inside(s *Set, t Type) (inside Type, ok bool) {
	var one, list []string // members that give it, and that give a list of it
	switch x := c.Cursor(s, t.Name); {
	case x != nil:
		list = x.Items
	case c.Generic(s, t.Name) == Poller:
		for _, p := range c.Pollers {
			if isOne(s, t.Name, Poller, p.Classes) {
				one = append(one, p.Result...)
			}
		}
	case c.Generic(s, t.Name) == Paged:
		for _, p := range c.Pagers {
			if isOne(s, t.Name, Paged, p.Classes) {
				one, list = append(one, p.Next...), append(list, p.Page...)
			}
		}
	default:
		return Type{}, false
	}
	if len(t.Args) > 0 {
		return t.Args[0], true
	}
	for _, name := range list {
		if _, typ, found := s.MemberOf(t, name); found && !typ.Element().IsZero() {
			return typ.Element(), true
		}
	}
	for _, name := range one {
		if _, typ, found := s.MemberOf(t, name); found && !typ.IsZero() {
			return typ, true
		}
	}
	return Type{}, true
}

// Client gives what is declared of a class of clients, nil for any other class.
func (c *Conventions) Client(class string) *Client {
	for _, x := range c.Clients {
		if slices.Contains(x.Classes, class) {
			return x
		}
	}
	return nil
}

// Record reports whether a class is declared to be one of records.
func (c *Conventions) Record(class string) bool {
	return slices.ContainsFunc(c.Records, func(r string) bool {
		return class == r || strings.HasSuffix(r, ".") && strings.HasPrefix(class, r)
	})
}

// Annotated gives the generic type that a name in a stub file stands for: that of
// a declared class, by its whole name, by its last one where the stub does not
// say whose it is, or by one that is declared for annotations.
func (c *Conventions) Annotated(name string) (string, bool) {
	last := name[strings.LastIndexByte(name, '.')+1:]
	is := func(classes, others []string) bool {
		return slices.Contains(others, last) || slices.ContainsFunc(classes, func(class string) bool {
			return class == name || last == name && strings.HasSuffix(class, "."+name)
		})
	}
	for _, p := range c.Pollers {
		if is(p.Classes, p.Annotations) {
			return Poller, true
		}
	}
	for _, p := range c.Pagers {
		if is(p.Classes, p.Annotations) {
			return Paged, true
		}
	}
	return "", false
}

// Groups lists the attributes of a class of clients that hold operations, by
// name: those whose class has methods.
func (s *Set) Groups(client string) []*Symbol {
	var out []*Symbol
	for _, m := range s.Members(client) {
		if m.Kind == Attribute && s.HasOperations(m.Newest().Type.Name) {
			out = append(out, m)
		}
	}
	return out
}

// HasOperations reports whether a type is a class with methods for those who use
// it.
func (s *Set) HasOperations(class string) bool {
	return slices.ContainsFunc(s.Members(class), func(m *Symbol) bool { return m.Kind == Method && m.Last()[0] != '_' })
}

// Telling lists the methods of a class of clients that tell it where nothing else
// does: those whose names have several words, and those that are declared to.
func (s *Set) Telling(declared *Client, client string) []*Symbol {
	return slices.DeleteFunc(s.Members(client), func(m *Symbol) bool {
		name := m.Last()
		return m.Kind != Method || name[0] == '_' || !strings.Contains(name, "_") && !slices.Contains(declared.Operations, name)
	})
}

// isOne reports whether a type is the generic one or one of the classes, or is
// derived from one of them.
func isOne(s *Set, typ, generic string, classes []string) bool {
	if generic != "" && typ == generic {
		return true
	}
	if !strings.Contains(typ, ".") {
		return false
	}
	return slices.ContainsFunc(s.Lineage(typ), func(class string) bool { return slices.Contains(classes, class) })
}

// Lineage lists a class and all that it derives from, nearest first. A name that
// is no class is its own.
func (s *Set) Lineage(class string) []string {
	if known, ok := s.lineages.load(class); ok {
		return known
	}
	out := []string{class}
	if c, ok := s.Symbol(class); ok && c.Kind == Class {
		out[0] = c.Name
		for i := 0; i < len(out) && len(out) < 64; i++ {
			b, ok := s.Symbol(out[i])
			if !ok || b.Kind != Class {
				continue
			}
			for _, base := range bases(b) {
				if x, ok := s.Symbol(base); ok {
					base = x.Name
				}
				if !slices.Contains(out, base) {
					out = append(out, base)
				}
			}
		}
	}
	return s.lineages.keep(strings.Clone(class), out)
}
