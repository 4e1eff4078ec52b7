package rulecases

import (
	"fmt"
	"iter"
	"strings"

	"pyxlate/grammar"
	"pyxlate/translator/edit"
)

// expressions are what Python has for an expression, around or in place of
// another one, which stands at the sign §.
var expressions = []string{
	"(§)", "(kept := §)", "(yield)", "(yield §)", "(yield from §)", "(await §)", "await step(§)",
	"lambda: §", "lambda x=§: x", "lambda *args, **kwargs: (args, kwargs, §)", "(lambda: §)()",
	"*§", "**§", "*[§]", "**{'key': §}",
	"[x for x in §]", "[§ for x in names]", "{x: § for x in names}", "{x for x in names if §}", "(x for x in [§])", "[x async for x in §]",
	"[y for x in names for y in [§]]", "[x for x in (§) if (y := x)]",
	"§ if flag else None", "None if flag else §", "§ if §  else §", "§ if (kept := flag) else other", "x if § else y",
	"§ or None", "None or §", "§ and other", "not §", "§ or (other and §)",
	"f'{§}'", "f'{§!r:>{width}}'", "f\"{f'{§}'}\"", "rf'''{§}'''", "'%s' % §", "'{}'.format(§)", "'a' 'b'", "b'a'", "u'a'", "1j", "...",
	"[§]", "[*§]", "{§}", "{'key': §}", "{**§}", "(§, )", "(§, *others)", "[§][0]", "{'key': §}['key']", "§[0]", "§[1:]", "§[::2]", "§[..., 1:2]", "others[§:§]",
	"-§", "~§", "§ + §", "§ < 1 < 2", "§ is not None", "§ in others", "§ @ other",
	"str(§).upper", "§()", "str(§).join(§)", "step(§)(§)", "step(*§, key=§, **others)", "type(§)", "print", "__name__", "globals()['x']", "getattr(§, 'x', None)",
	"`§`", "§ <> None",
}

// statements are what Python has for statements with an expression in them.
var statements = []string{
	"assert §", "assert flag, §", "del §", "del other[§], kept", "with § as kept:\n    pass", "with open('log') as log, § as kept: pass",
	"async def main():\n    async with § as kept:\n        pass\n    async for x in §:\n        await §",
	"match §:\n    case None:\n        pass\n    case kept:\n        print(kept)", "match other:\n    case 'x' if §:\n        pass",
	"@decorate(§)\ndef f():\n    pass", "@decorate(§)\nclass C:\n    pass", "def f(x=§, *, y=§):\n    return x", "def f(x: §) -> §:\n    pass", "x: § = 1", "x: int = §",
	"class C(§):\n    pass", "class C(Base, metaclass=§):\n    x = §", "def f():\n    global kept\n    kept = §", "def f():\n    kept = None\n    def g():\n        nonlocal kept\n        kept = §\n    g()",
	"def f():\n    yield §\n    x = yield §\n    yield from §\n    return §", "raise § from §", "raise Error(§)", "for x in §:\n    pass\nelse:\n    §", "for other[§] in names:\n    pass",
	"while §:\n    break", "while flag:\n    §\nelse:\n    §", "if §: pass\nelif §: §\nelse: §", "if (kept := §):\n    print(kept)", "try:\n    §\nexcept § as error:\n    §\nelse:\n    §\nfinally:\n    §",
	"x = y = §", "x, *y = §", "(x, y) = [z, *_] = §, §", "x[§] = §", "x.y = §", "x += §", "x[§] += §", "§; §; x = §", "if flag: §; x = §", "lambda: §", "(lambda x: §)(§)",
	"print(§, file=log)", "print §", "print >> log, §", "exec '§' in {}", "exec(§)", "eval('§')", "[x for x in § if x]", "{**§, 'key': §}", "f'{§}'", "§, §", "(§)", "await §", "type X = §", "x = §  ; \\\ny = §",
}

// constructs yields the program with an argument of a call of the source SDKs in
// other expressions, and with such a call in other statements.
func (p *Program) constructs() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		value := 0
		for id := range p.tree.Len() {
			n := p.tree.Node(int32(id))
			if !n.Is(grammar.KindCall) {
				continue
			}
			call := p.prog.CallAt(p.prog.Expr(p.unit.ID, n))
			if call == nil || !p.under(call.Symbol) {
				continue
			}
			for _, a := range args(n.Child(grammar.FieldArguments)) {
				value++
				for i, form := range expressions {
					at := a.value
					if strings.HasPrefix(form, "*") {
						at = a.node // in place of the keyword, too
					}
					text := strings.ReplaceAll(form, "§", a.value.Text())
					c := Case{Name: fmt.Sprintf("constructs/expression/%d/%d", value, i+1), Text: p.with([]edit.Edit{{Start: at.Start(), End: at.End(), New: text}})}
					if !yield(c) {
						return
					}
				}
			}
			s := n.Statement()
			whole := s
			if s.Is(grammar.KindExpressionStatement) {
				whole = s.FirstChild()
			}
			if whole.Is(grammar.KindAssignment) {
				whole = whole.Child(grammar.FieldRight)
			}
			if whole.IsZero() || !whole.Contains(n) || strings.Contains(whole.Text(), "\n") || !s.Is(grammar.KindExpressionStatement) {
				continue
			}
			indent := p.indent(s.Start())
			for i, form := range statements {
				text := strings.ReplaceAll(strings.ReplaceAll(form, "§", whole.Text()), "\n", "\n"+indent)
				c := Case{Name: fmt.Sprintf("constructs/statement/%d/%d", value, i+1), Text: p.with([]edit.Edit{{Start: s.Start(), End: s.End(), New: text}})}
				if !yield(c) {
					return
				}
			}
		}
	}
}
