package rewrite

import (
	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// This file keeps apart what a program always gives and what it gives on a
// condition only: credentials=Credentials(user, os.environ['PASSWORD']) if user
// else None. What is read of such a part may be written only under the same
// condition, in a place where None stands for what is not given.

// optionalPart is a part of a record that may be None as well.
type optionalPart struct {
	name   string // the field
	region ir.Expr
	cond   ir.Expr // zero where no expression tells whether the part is given
	not    bool    // it is given where the condition does not hold
}

// optionalParts finds the parts of the record at hand that are given on a
// condition.
func (c *context) optionalParts() []*optionalPart {
	if c.optional == nil {
		c.optional = []*optionalPart{}
		if o := c.Object(); o != nil && c.use.Kind == ir.MakeUse {
			c.addOptional(o, 0)
		}
	}
	return c.optional
}

func (c *context) addOptional(o *ir.Object, depth int) {
	if depth > 6 {
		return
	}
	for _, name := range o.Order {
		a := o.Fields[name]
		part, ok := single(a.Value).(*ir.Object)
		if !ok || part.Made == nil || !c.e.vanishes(part.Made.At) {
			continue
		}
		if _, joined := a.Value.(*ir.Join); joined {
			p := &optionalPart{name: name, region: part.Made.At}
			p.cond, p.not = c.e.conditionOf(part.Made.At)
			c.optional = append(c.optional, p)
		}
		c.addOptional(part, depth+1)
	}
}

// conditionOf gives the condition under which an expression is evaluated: that
// of the conditional expression whose other branch is None, or of the if
// statement without other branches whose block it stands in.
func (e *engine) conditionOf(x ir.Expr) (cond ir.Expr, not bool) {
	stmt := e.node(e.p.Stmt(x))
	n := e.node(x)
	for p := n.Parent(); !p.IsZero() && n.ID() != stmt.ID(); n, p = p, p.Parent() {
		if !p.Is(grammar.KindConditionalExpression) {
			continue
		}
		first, test, last := p.FirstChild(), p.FirstChild().NextSibling(), p.LastChild()
		switch {
		case first.ID() == n.ID() && last.Is(grammar.KindNone):
			return e.expr(x.Unit, test), false
		case last.ID() == n.ID() && first.Is(grammar.KindNone):
			return e.expr(x.Unit, test), true
		}
		return ir.Expr{}, false
	}
	block := stmt.Parent()
	p := block.Parent()
	if p.Is(grammar.KindIfStatement) && p.Child(grammar.FieldConsequence).ID() == block.ID() && p.Child(grammar.FieldAlternative).IsZero() {
		return e.expr(x.Unit, p.Child(grammar.FieldCondition)), false
	}
	return ir.Expr{}, false
}

// guard notes that an expression of the user's belongs to a part that is given
// on a condition. It fails where the answer would evaluate it in any case.
func (e *engine) guard(c *context, x ir.Expr) bool {
	if x.IsZero() {
		return true
	}
	for _, p := range c.optionalParts() {
		if !p.region.Contains(x.Span) || p.region.Contains(c.use.At.Span) {
			continue
		}
		if c.guards == nil || p.cond.IsZero() || !e.p.Pure(p.cond) || !e.p.Pure(x) || len(*c.guards) > 0 && (*c.guards)[0] != p {
			c.failed = p.name + " is set on a condition, or in several places"
			return false
		}
		if len(*c.guards) == 0 {
			*c.guards = append(*c.guards, p)
		}
	}
	return true
}

// guarded resolves a term in a place where None stands for what is not given:
// `term if condition else None` where the term belongs to a part of which the
// given expression is one, or reads something of such a part.
func (e *engine) guarded(c *context, t ir.Term, given ir.Expr) (ir.Term, bool) {
	if len(c.optionalParts()) == 0 {
		return e.resolve(c, t)
	}
	saved := c.guards
	defer func() { c.guards = saved }()
	c.guards = &[]*optionalPart{}
	if !e.guard(c, given) {
		return nil, false
	}
	out, ok := e.resolve(c, t)
	if !ok || len(*c.guards) == 0 {
		return out, ok
	}
	p := (*c.guards)[0]
	c.guards = nil
	cond, ok := e.spell(c, ir.Arg{Value: e.p.Value(p.cond), At: p.cond})
	if !ok {
		return nil, false
	}
	if p.not {
		return &mixed{parts: []part{{text: "None if "}, {term: cond}, {text: " else "}, {term: out}}}, true
	}
	return &mixed{parts: []part{{term: out}, {text: " if "}, {term: cond}, {text: " else None"}}}, true
}

// takesNone reports whether None stands for an argument of the new SDK that is
// not given.
func (e *engine) takesNone(fn ir.Term, param string) bool {
	n, ok := fn.(*ir.Name)
	if !ok || param == "" || !hasPrefix(n.Path, e.migration.Modules) {
		return false
	}
	sym, ok := e.tables.Symbol(n.Path)
	if !ok {
		return false
	}
	p := sym.Newest().Param(param)
	return p != nil && p.Default == "None"
}
