package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pyxlate/rules/sdk"
)

// validation finds what is wrong in a decoded pack.
type validation struct {
	pack     *Pack
	tables   *sdk.Set
	errs     *Errors
	at       map[spot]*Error
	template func(text string, statements bool) error
	brief    bool
	checked  map[*Rule]*sdk.Set // rules that are checked against other tables

	// The target that is looked at, and what leads there.
	target    *Target
	migration *Migration
	said      map[Error]bool // what is wrong for every target is said once
}

// holesOfTheEngine are holes that every template has.
var holesOfTheEngine = []string{"self", "target", "stem", "it"}

func (v *validation) errorf(of any, key, format string, args ...any) {
	e := Error{File: "pack.yaml"}
	for _, k := range []string{key, ""} {
		if p, ok := v.at[spot{of, k}]; ok {
			e = *p
			break
		}
	}
	e.Text = fmt.Sprintf(format, args...)
	if !v.said[e] {
		*v.errs = append(*v.errs, &e)
		v.said[e] = true
	}
}

func (v *validation) run() {
	p := v.pack
	v.said = map[Error]bool{}
	if len(p.Targets) == 0 {
		v.errorf(p, "", "the pack has no targets")
	}
	v.retired()
	v.conventions()
	for _, t := range p.Targets {
		var err error
		if v.migration, err = Select([]*Pack{p}, t.ID); err != nil {
			v.errorf(t, "", "%v", err)
			continue
		}
		v.target = t
		v.leadingTo(t)
	}
}

// leadingTo validates what leads to one target.
func (v *validation) leadingTo(t *Target) {
	p := v.pack
	for role, code := range p.Codes {
		if !slices.Contains(roles, role) && role != "syntax" {
			v.errorf(p, "codes", "there is no role %q%s", role, suggest(role, roles))
		}
		v.code(p, "codes", code, "role "+role)
	}
	for _, code := range p.Drops {
		v.code(p, "drops", code, "")
	}
	if len(t.Resources) > maxResources {
		v.errorf(p, "", "there are %d resources, more than %d", len(t.Resources), maxResources)
		return
	}
	made := map[string]int{}
	for _, kind := range slices.Sorted(maps.Keys(t.Resources)) {
		v.resource(t.Resources[kind])
		if chain := v.madeOf([]string{kind}, map[string]bool{}); chain != nil {
			v.errorf(t.Resources[kind], "make", "a resource cannot be made of itself: %s", strings.Join(chain, ", made of "))
		} else if v.made(kind, made) > maxMade {
			v.errorf(t.Resources[kind], "make", "it takes more than %d expressions to make this", maxMade)
		}
	}
	ids := map[string]*Rule{}
	examples := map[string]bool{}
	shown := v.migration.Rules
	if !t.Complete {
		shown = p.Rules // what is shown for another target will do until then
	}
	for _, r := range shown {
		if len(r.Examples) > 0 && r.Group != "" {
			examples[r.Group] = true
		}
	}
	for _, r := range v.migration.Rules {
		if len(*v.errs) > maxFaults { // to look for the nearest right name takes its time
			return
		}
		if r.ID == "" {
			v.errorf(r, "", "a rule needs an id")
		} else if other := ids[r.ID]; other != nil {
			v.errorf(r, "id", "id %s is taken by the rule at %s:%d%s", r.ID, other.File, other.Line, v.freeCode(r.ID))
		}
		ids[r.ID] = r
		if !v.brief && len(r.Examples) == 0 && !examples[r.Group] {
			v.errorf(r, "", "rule %s has no example", r.ID)
		}
		if _, ok := v.migration.Notes[r.ID]; !ok {
			v.errorf(r, "id", "code %s has no text: give the rule a why, or the catalogue a note", r.ID)
		}
		tables := v.tables
		if own := v.checked[r]; own != nil {
			v.tables = own
		}
		v.rule(r)
		v.tables = tables
	}
	v.order()
	if t.Complete && v.tables != nil {
		v.complete()
	}
}

// roles are those that a pack has codes for; "syntax" may be among them, too.
// Those of lists of requirements are for packs that say what becomes of such.
var roles = []string{
	"import", "carried", "unknown", "changed", "unbound", "unplaced", "needed", "record", "presumed", "early", "counterpart",
	"unevaluated", "uncalled", "requirement", "requirement_version", "requirement_manual",
}

// complete checks that every symbol of the source has an answer, and every role a
// code.
func (v *validation) complete() {
	p := v.pack
	lists := slices.ContainsFunc(p.Targets, func(t *Target) bool { return len(t.Requirements) > 0 })
	for _, role := range roles {
		if p.Codes[role] == "" && (lists || !strings.HasPrefix(role, "requirement")) {
			v.errorf(p, "codes", "no code for the role %q", role)
		}
	}
	for _, pkg := range v.tables.Packages() {
		if !slices.ContainsFunc(pkg.Roots, func(root string) bool {
			return slices.ContainsFunc(p.Primary, func(m string) bool { return below(root, m) })
		}) {
			continue
		}
		for sym := range v.tables.Symbols(pkg.Name) {
			if sym.Kind == sdk.Module {
				continue // an import of it goes when nothing reads it
			}
			rs := v.migration.For(sym.Name)
			if len(rs) == 0 {
				v.errorf(v.target, "", "%s (%s) has no rule for target %s", sym.Name, sym.Kind, v.target.ID)
				continue
			}
			if slices.ContainsFunc(rs, func(r *Rule) bool { return !r.Manual }) {
				continue
			}
			code := rs[0].ID
			if len(rs[0].Notes) > 0 {
				code = rs[0].Notes[0]
			}
			if n, ok := v.migration.Note(code); !ok || n.Text == "" {
				v.errorf(rs[0], "id", "%s is left by hand without a reason", sym.Name)
			}
		}
	}
}

func (v *validation) code(of any, key, code, what string) {
	if code == "" {
		return
	}
	if _, ok := v.migration.Notes[code]; ok {
		return
	}
	for _, r := range v.migration.Rules {
		if r.ID == code {
			return
		}
	}
	if what != "" {
		what = " for " + what
	}
	v.errorf(of, key, "unknown note %q%s%s", code, what, suggest(code, slices.Collect(maps.Keys(v.migration.Notes))))
}

func (v *validation) resource(r *Resource) {
	for _, code := range slices.Concat(r.Notes, r.OptionNotes, r.MissingNotes) {
		v.code(r, "notes", code, "")
	}
	for hole, f := range r.Derive {
		if _, ok := v.pack.Derive[f]; !ok {
			v.errorf(r, "derive", "unknown function %q for %s%s", f, hole, suggest(f, slices.Collect(maps.Keys(v.pack.Derive))))
		}
	}
	for option := range r.ByOption {
		name, value, _ := strings.Cut(option, "=")
		if s, ok := v.pack.option(name); !ok || !slices.Contains(s.Values, value) {
			v.errorf(r, "by_option", "the pack has no option %s", option)
		}
	}
	for key, text := range map[string]string{"make": r.Make, "missing": r.Missing} {
		v.scan(r, key, text, false)
	}
	for _, text := range r.ByOption {
		v.scan(r, "by_option", text, false)
	}
	for _, class := range r.Holds {
		v.source(r, "holds", class)
	}
	for _, class := range r.Carriers {
		v.source(r, "carrier", class)
		for kind, other := range v.target.Resources {
			if other != r && slices.Contains(other.Carriers, class) {
				v.errorf(r, "carrier", "%s carries a %s already", class, kind)
			}
		}
	}
	for kind := range r.Back {
		if other := v.target.Resources[kind]; other == nil || len(other.Carriers) == 0 {
			v.errorf(r, "back", "there is no carried resource %q%s", kind, suggest(kind, slices.Collect(maps.Keys(v.target.Resources))))
		}
	}
	if r.Type != "" && v.tables != nil {
		if _, ok := v.tables.Symbol(r.Type); !ok {
			v.errorf(r, "type", "the target SDKs have no %s", r.Type)
		}
	}
}

// madeOf gives the way on which the last resource of a chain is made of the
// first, nil if there is none. Those seen before lead nowhere.
func (v *validation) madeOf(chain []string, seen map[string]bool) []string {
	r := v.target.Resources[chain[len(chain)-1]]
	for _, text := range append(slices.Collect(maps.Values(r.ByOption)), r.Make, r.Missing) {
		s, err := scan(text)
		if err != nil {
			continue
		}
		for _, h := range s.holes {
			head, _, _ := strings.Cut(h, ".")
			if head == chain[0] {
				return append(chain, head)
			}
			if v.target.Resources[head] == nil || seen[head] {
				continue
			}
			seen[head] = true
			if way := v.madeOf(append(slices.Clone(chain), head), seen); way != nil {
				return way
			}
		}
	}
	return nil
}

func (v *validation) rule(r *Rule) {
	p := v.pack
	if len(r.From) == 0 {
		v.errorf(r, "", "rule %s has no from", r.ID)
	}
	if n := outcomes(r); n != 1 {
		v.errorf(r, "", "rule %s needs exactly one of to, do, func, provides, fold, drop, keep, manual; it has %d", r.ID, n)
	}
	notes := r.Notes
	if r.Stays != "" {
		notes = append(slices.Clone(notes), r.Stays)
	}
	if r.Otherwise != "" {
		notes = append(slices.Clone(notes), r.Otherwise)
	}
	for _, code := range notes {
		v.code(r, "notes", code, "")
	}
	for param, code := range r.Drops {
		v.code(r, "drops", code, param)
	}
	if r.Func != "" {
		if _, ok := p.Funcs[r.Func]; !ok {
			v.errorf(r, "func", "unknown function %q%s", r.Func, suggest(r.Func, slices.Collect(maps.Keys(p.Funcs))))
		}
	}
	if r.Makes != "" && v.target.Resources[r.Makes] == nil {
		v.errorf(r, "makes", "unknown resource %q%s", r.Makes, suggest(r.Makes, slices.Collect(maps.Keys(v.target.Resources))))
	}
	used := map[string]bool{}
	var texts []*scanned
	for _, t := range []struct {
		key, text  string
		statements bool
	}{{"to", r.To, false}, {"do", r.Do, true}, {"wait", r.Wait, true}, {"poller", r.Poller, false}} {
		if s := v.scan(r, t.key, t.text, t.statements); s != nil {
			texts = append(texts, s)
		}
	}
	for _, text := range r.Provides {
		if s := v.scan(r, "provides", text, false); s != nil {
			texts = append(texts, s)
		}
	}
	for _, s := range texts {
		for _, h := range s.holes {
			head, _, _ := strings.Cut(h, ".")
			used[head] = true
			if res := v.target.Resources[head]; res != nil {
				v.consumedBy(res, used, map[*Resource]bool{})
			}
		}
	}
	if r.Makes != "" && v.target.Resources[r.Makes] != nil {
		v.consumedBy(v.target.Resources[r.Makes], used, map[*Resource]bool{})
	}
	for _, f := range r.Fields {
		key := "fields." + f.Path
		v.code(r, key, f.Note, "field "+f.Path)
		if f.Func != "" {
			if _, ok := p.Funcs[f.Func]; !ok {
				v.errorf(r, key, "unknown function %q%s", f.Func, suggest(f.Func, slices.Collect(maps.Keys(p.Funcs))))
			}
		}
		v.scan(r, key, f.Value, false)
	}
	if v.tables == nil {
		return
	}
	for _, from := range r.From {
		if v.isLine(from) || v.isEnv(from) {
			continue
		}
		sym := v.source(r, "from", from)
		if sym == nil {
			continue
		}
		v.fields(r, sym)
		v.provides(r, sym)
		if !strings.HasSuffix(from, "*") {
			v.parameters(r, sym, used, texts)
		}
	}
	if len(r.Fields) > 0 {
		v.targetFields(r)
	}
}

// provides checks that something carries what a rule provides for.
func (v *validation) provides(r *Rule, sym *sdk.Symbol) {
	class := ""
	switch sym.Kind {
	case sdk.Class:
		class = sym.Name
	case sdk.Function, sdk.Method:
		if made, ok := v.tables.Symbol(sym.Newest().Returns.Name); ok && made.Kind == sdk.Class {
			class = made.Name
		}
	}
	if r.Provides == nil || class == "" {
		return
	}
	for _, res := range v.target.Resources {
		if slices.Contains(res.Carriers, class) {
			return
		}
	}
	v.errorf(r, "provides", "no resource of target %s is carried by %s", v.target.ID, class)
}

// outcomes counts the ways in which a rule says what becomes of its symbol.
func outcomes(r *Rule) int {
	n := 0
	for _, b := range []bool{r.To != "", r.Do != "", r.Func != "", r.Provides != nil && r.Func == "", r.Fold, r.Drop, r.Keep, r.Manual} {
		if b {
			n++
		}
	}
	return n
}

// consumedBy marks the parameters that finding or making a resource reads.
func (v *validation) consumedBy(res *Resource, used map[string]bool, seen map[*Resource]bool) {
	if seen[res] {
		return
	}
	seen[res] = true
	for _, k := range res.Key {
		used[k] = true
	}
	for _, text := range []string{res.Make, res.Missing} {
		s, err := scan(text)
		if err != nil {
			continue
		}
		for _, h := range s.holes {
			if inner := v.target.Resources[h]; inner != nil && inner != res {
				v.consumedBy(inner, used, seen)
			} else {
				used[h] = true
			}
		}
	}
}

// isLine reports whether a symbol is one of the pack's command lines: it is called
// by the words that open it.
func (v *validation) isLine(from string) bool {
	return slices.ContainsFunc(v.pack.Lines, func(words []string) bool { return from == strings.Join(words, " ") })
}

func (v *validation) isEnv(from string) bool {
	return slices.ContainsFunc(v.pack.Env, func(e string) bool { return strings.HasPrefix(from, e) })
}

// source checks that a symbol of the source exists.
func (v *validation) source(of any, key, name string) *sdk.Symbol {
	if v.tables == nil {
		return nil
	}
	if cut, ok := strings.CutSuffix(name, ".*"); ok {
		name = cut
	}
	if cut, ok := strings.CutSuffix(name, "*"); ok {
		// A wildcard inside a name: what it begins with must exist.
		i := strings.LastIndexByte(cut, '.')
		if i < 0 {
			v.errorf(of, key, "%s names no module: put one before the *", name)
			return nil
		}
		name = cut[:i]
	}
	sym, ok := v.tables.Symbol(name)
	if !ok {
		v.errorf(of, key, "the source SDKs have no %s%s", name, suggest(name, v.siblings(name)))
		return nil
	}
	if sym.Name != name {
		v.errorf(of, key, "%s is called %s", name, sym.Name)
		return nil
	}
	return sym
}

// siblings lists the names next to one that does not exist.
func (v *validation) siblings(name string) []string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return nil
	}
	var out []string
	if owner, ok := v.tables.Symbol(name[:i]); ok && owner.Kind == sdk.Class {
		for _, m := range v.tables.Members(owner.Name) {
			out = append(out, m.Name)
		}
		return out
	}
	for _, pkg := range v.tables.Packages() {
		if !slices.ContainsFunc(pkg.Roots, func(r string) bool { return strings.HasPrefix(name, r) }) {
			continue
		}
		for sym := range v.tables.Symbols(pkg.Name) {
			if sym.Owner() == name[:i] {
				out = append(out, sym.Name)
			}
		}
		for alias := range v.tables.Aliases(pkg.Name) {
			if strings.HasPrefix(alias, name[:i+1]) && !strings.Contains(alias[i+1:], ".") {
				out = append(out, alias)
			}
		}
	}
	return out
}

// fields checks that each path of the field table leads to a field, in some
// version, of the record and of the records in it.
func (v *validation) fields(r *Rule, sym *sdk.Symbol) {
	for _, f := range r.Fields {
		class := sym.Name
		for i, name := range strings.Split(f.Path, ".") {
			member, types := v.field(class, name)
			if !member {
				v.errorf(r, "fields."+f.Path, "%s has no field %s%s", class, name, suggest(name, v.fieldNames(class)))
				break
			}
			if i == strings.Count(f.Path, ".") {
				break
			}
			if len(types) == 0 {
				v.errorf(r, "fields."+f.Path, "field %s of %s is no record", name, class)
				break
			}
			class = types[0]
		}
	}
}

// field looks a field up by attribute or constructor parameter, and lists the
// classes that it may hold.
func (v *validation) field(class, name string) (ok bool, classes []string) {
	add := func(t sdk.Type) {
		for _, alt := range t.Alternatives() {
			if s, isClass := v.tables.Symbol(alt.Name); isClass && s.Kind == sdk.Class && !s.Newest().Enum {
				classes = append(classes, s.Name)
			}
		}
	}
	if m, found := v.tables.Member(class, name); found {
		ok = true
		for i := range m.Versions {
			add(m.Versions[i].Type)
		}
	}
	if c, found := v.tables.Symbol(class); found {
		for i := range c.Versions {
			if p := c.Versions[i].Param(name); p != nil {
				ok = true
				add(p.Type)
			}
		}
	}
	return ok, classes
}

func (v *validation) fieldNames(class string) []string {
	var out []string
	for _, m := range v.tables.Members(class) {
		out = append(out, m.Last())
	}
	return out
}

// parameters checks the holes of the templates against the symbol's parameters,
// and that each parameter is used or dropped with a reason (Promise 5).
func (v *validation) parameters(r *Rule, sym *sdk.Symbol, used map[string]bool, texts []*scanned) {
	known := map[string]bool{}
	for i := range sym.Versions {
		for _, p := range sym.Versions[i].Params {
			if p.Kind != sdk.VarKw && p.Kind != sdk.VarPos {
				known[p.Name] = true
			}
		}
	}
	callable := sym.Kind == sdk.Function || sym.Kind == sdk.Method || sym.Kind == sdk.Class
	for _, s := range texts {
		for _, h := range s.holes {
			head, _, _ := strings.Cut(h, ".")
			if known[head] {
				v.path(r, sym, h)
				continue
			}
			if slices.Contains(holesOfTheEngine, head) || v.target.Resources[head] != nil {
				continue
			}
			if v.knownElsewhere(r, head) || v.provided(head) {
				continue
			}
			v.errorf(r, "to", "%s has no parameter %s for hole {%s}%s", sym.Name, head, h, suggest(head, slices.Collect(maps.Keys(known))))
		}
	}
	if r.Failed != "" {
		if _, ok := v.tables.Symbol(r.Failed); !ok {
			v.errorf(r, "failed", "the source SDKs have no %s", r.Failed)
		}
	}
	for param := range r.Where {
		head, _, _ := strings.Cut(param, ".")
		if !known[head] && !v.knownElsewhere(r, head) {
			v.errorf(r, "where", "%s has no parameter %s%s", sym.Name, head, suggest(head, slices.Collect(maps.Keys(known))))
		}
	}
	if !callable || r.Manual || r.Fold || r.Keep || r.Drop || r.Func != "" || len(r.Fields) > 0 {
		return
	}
	for i := range sym.Versions {
		for _, p := range sym.Versions[i].Params {
			if p.Transport || p.Kind == sdk.VarKw || p.Kind == sdk.VarPos || used[p.Name] || r.Where[p.Name] == "absent" {
				continue
			}
			if _, ok := r.Drops[p.Name]; ok {
				continue
			}
			if _, ok := v.pack.Drops[p.Name]; ok {
				continue
			}
			used[p.Name] = true // once
			v.errorf(r, "", "rule %s loses parameter %s of %s: use it, or name it in drops", r.ID, p.Name, sym.Name)
		}
	}
}

// path checks that a hole that leads into a parameter of a symbol leads to a field
// of the records that it takes, as far as the tables say which.
func (v *validation) path(r *Rule, sym *sdk.Symbol, hole string) {
	head, rest, more := strings.Cut(hole, ".")
	_, classes := v.field(sym.Name, head)
	for more {
		if len(classes) == 0 {
			return
		}
		head, rest, more = strings.Cut(rest, ".")
		var next, known []string
		found := false
		for _, class := range classes {
			ok, types := v.field(class, head)
			found, next, known = found || ok, append(next, types...), append(known, v.fieldNames(class)...)
		}
		if !found {
			v.errorf(r, "to", "%s has no field %s for hole {%s}%s", strings.Join(appendNew(nil, classes...), " or "), head, hole, suggest(head, known))
			return
		}
		classes = next
	}
}

// provided reports whether some rule gives the hole to a resource that is made
// later.
func (v *validation) provided(hole string) bool {
	return slices.ContainsFunc(v.migration.Rules, func(r *Rule) bool { return r.Provides[hole] != "" })
}

// knownElsewhere reports whether another symbol of the rule has the parameter.
func (v *validation) knownElsewhere(r *Rule, param string) bool {
	for _, from := range r.From {
		sym, ok := v.tables.Symbol(strings.TrimSuffix(from, ".*"))
		if !ok {
			continue
		}
		for i := range sym.Versions {
			if sym.Versions[i].Param(param) != nil {
				return true
			}
		}
	}
	return false
}

// targetFields checks the right side of a field table: each parameter exists.
func (v *validation) targetFields(r *Rule) {
	sym, ok := v.tables.Symbol(r.To)
	if !ok {
		return // scan has said so
	}
	var names []string
	for _, p := range sym.Newest().Params {
		names = append(names, p.Name)
	}
	for _, f := range r.Fields {
		for _, to := range f.To {
			if !slices.Contains(names, to) {
				v.errorf(r, "fields."+f.Path, "%s has no parameter %s%s", r.To, to, suggest(to, names))
			}
		}
	}
}

// scan checks one template: its syntax, and that its target symbols and calls
// exist and bind.
func (v *validation) scan(of any, key, text string, statements bool) *scanned {
	if text == "" {
		return nil
	}
	s, err := scan(text)
	if err == nil && v.template != nil {
		err = v.template(text, statements)
	}
	if err != nil {
		v.errorf(of, key, "template does not parse: %v", err)
		return nil
	}
	if v.tables == nil {
		return s
	}
	for _, name := range s.names {
		v.targetSymbol(of, key, name)
	}
	for _, c := range s.calls {
		v.call(of, key, c)
	}
	for _, rd := range s.reads {
		if class := v.holeType(of, rd.hole); class != "" {
			if _, ok := v.tables.Member(class, rd.name); !ok {
				v.errorf(of, key, "%s has no %s%s", class, rd.name, suggest(rd.name, v.fieldNames(class)))
			}
		}
	}
	return s
}

// isTarget reports whether a dotted name lies in the target SDK.
func (v *validation) isTarget(name string) bool {
	return slices.ContainsFunc(v.target.Modules, func(m string) bool { return below(name, m) })
}

// targetSymbol looks a symbol of the target SDK up; it must be there. A template
// cannot name the SDK of another target.
func (v *validation) targetSymbol(of any, key, name string) *sdk.Symbol {
	if !v.isTarget(name) {
		for _, t := range v.pack.Targets {
			if slices.ContainsFunc(t.Modules, func(m string) bool { return below(name, m) }) {
				v.errorf(of, key, "%s is of target %s, and this holds for %s too: put it into the folder %s/", name, t.ID, v.target.ID, t.ID)
			}
		}
		return nil
	}
	sym, ok := v.tables.Symbol(name)
	if !ok {
		v.errorf(of, key, "the target SDKs have no %s%s", name, suggest(name, v.siblings(name)))
		return nil
	}
	return sym
}

// call checks that a call in a template binds. Keywords are taken as given.
func (v *validation) call(of any, key string, c scannedCall) {
	var sym *sdk.Symbol
	if c.hole == "" {
		sym = v.targetSymbol(of, key, c.name)
	} else if class := v.holeType(of, c.hole); class != "" {
		m, ok := v.tables.Member(class, c.name)
		if !ok {
			v.errorf(of, key, "%s has no %s%s", class, c.name, suggest(c.name, v.fieldNames(class)))
			return
		}
		sym = m
	}
	if sym == nil {
		return
	}
	keywords := slices.Clone(c.keywords)
	slices.Sort(keywords)
	_, err := v.tables.Bind(sym, sdk.Args{Pos: c.pos, Keywords: slices.Compact(keywords), HasStar: c.star, HasStarStar: c.starStar})
	if err != nil {
		v.errorf(of, key, "%v", err)
	}
}

// holeType is the class of the target object that a hole stands for, or "".
func (v *validation) holeType(of any, hole string) string {
	if hole == "target" {
		if r, ok := of.(*Rule); ok && r.Makes != "" && v.target.Resources[r.Makes] != nil {
			return v.target.Resources[r.Makes].Type
		}
	}
	if hole == "self" {
		// The receiver of a member of a class that a resource holds.
		if r, ok := of.(*Rule); ok && len(r.From) > 0 {
			for _, res := range v.target.Resources {
				for _, h := range res.Holds {
					if strings.HasPrefix(r.From[0], h+".") {
						return res.Type
					}
				}
			}
		}
	}
	if res := v.target.Resources[hole]; res != nil {
		return res.Type
	}
	return ""
}
