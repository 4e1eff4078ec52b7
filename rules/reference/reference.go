// Package reference writes the rules of packs out for people and for programs: as
// a table, as the explanation of one code or symbol, as JSON and as a page of
// Markdown.
//
// It owes that all of them say the same, from the packs and nothing else. It
// knows no SDK and not how rules are carried out.
package reference

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"

	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// An Entry explains one code. A code is that of a rule, of a note that rules
// give, or of both. What it means for two targets may be two entries.
type Entry struct {
	Code    string   `json:"code"`
	Pack    string   `json:"pack,omitempty"`
	Targets []string `json:"targets,omitempty"` // for which it holds
	Name    string   `json:"name,omitempty"`    // of the rule
	Verdict string   `json:"verdict"`
	What    string   `json:"what,omitempty"`    // what it says in a report
	Why     string   `json:"why,omitempty"`     // what the rule says for itself, where that is something else
	From    []string `json:"from,omitempty"`    // symbols of the source SDK
	When    string   `json:"when,omitempty"`    // for which uses of them; "" for every one
	Becomes string   `json:"becomes,omitempty"` // template, or in words
	// Notes are further codes that the rule's findings can have, GivenBy the
	// rules that give this code.
	Notes    []string  `json:"notes,omitempty"`
	GivenBy  []string  `json:"given_by,omitempty"`
	Source   string    `json:"source,omitempty"` // where the fact is from
	File     string    `json:"file,omitempty"`
	Line     int       `json:"line,omitempty"`
	Examples []Example `json:"examples,omitempty"`
	// ExamplesOf is the rule that the examples belong to, where it is another
	// rule of the same group.
	ExamplesOf string `json:"examples_of,omitempty"`
}

// An Example is a program before and after.
type Example struct {
	Before string `json:"before"`
	After  string `json:"after"` // the same as Before where nothing changes
	Why    string `json:"why,omitempty"`
	// Options are those that are chosen in it.
	Options map[string]string `json:"options,omitempty"`
}

// chosen is what to run an example with: "--set NAME=VALUE", or nothing.
func (x Example) chosen() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(x.Options)) {
		all = append(all, "--set "+name+"="+x.Options[name])
	}
	return strings.Join(all, " ")
}

// Entries lists the codes of packs, in their order, for one target, or for "" all
// of them. What is the same for several targets is one entry.
func Entries(packs []*rules.Pack, target string) []Entry {
	var all []Entry
	for _, id := range rules.Targets(packs) {
		if target != "" && target != id {
			continue
		}
		m, err := rules.Select(packs, id)
		if err != nil {
			continue // what is loaded is valid; a test of the packs says so
		}
		for _, p := range m.Packs {
			own, err := rules.Select([]*rules.Pack{p}, id)
			if err != nil {
				continue
			}
			for _, e := range entries(own) {
				e.Pack = p.ID
				if i := slices.IndexFunc(all, func(have Entry) bool { return same(have, e) }); i >= 0 {
					all[i].Targets = append(all[i].Targets, id)
					continue
				}
				e.Targets = []string{id}
				all = append(all, e)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

// same reports whether two entries say the same, each of its targets.
func same(a, b Entry) bool {
	a.Targets, b.Targets = nil, nil
	if a.Code == rules.Unanswered && b.Code == a.Code {
		return true // the engine's own, whatever the pack
	}
	return reflect.DeepEqual(a, b)
}

// entries lists the codes of a migration, in their order.
func entries(m *rules.Migration) []Entry {
	shared := map[string]*rules.Rule{}
	for _, r := range m.Rules {
		if r.Group != "" && len(r.Examples) > 0 && shared[r.Group] == nil {
			shared[r.Group] = r
		}
	}
	byCode := map[string]*Entry{}
	entry := func(code string) *Entry {
		if byCode[code] == nil {
			byCode[code] = &Entry{Code: code}
		}
		return byCode[code]
	}
	for code, n := range m.Notes {
		e := entry(code)
		e.What, e.Verdict = n.Text, verdict(n.Verdict)
	}
	for _, r := range m.Rules {
		e := entry(r.ID)
		e.Name, e.From, e.Source, e.When, e.Becomes = r.Name, r.From, r.Source, when(r), becomes(r)
		e.File, e.Line = r.File, r.Line
		e.Verdict = verdict(r.Verdict)
		if e.What == "" {
			e.What = r.Why
		} else if r.Why != e.What {
			e.Why = r.Why
		}
		own := r.Examples
		if other := shared[r.Group]; len(own) == 0 && other != nil {
			own, e.ExamplesOf = other.Examples, other.ID
		}
		for _, x := range own {
			after := x.After
			if x.Same {
				after = x.Before
			}
			e.Examples = append(e.Examples, Example{x.Before, after, x.Why, x.Options})
		}
		for _, code := range notesOf(r) {
			if code == r.ID || code == "" {
				continue
			}
			e.Notes = append(e.Notes, code)
			n := entry(code)
			n.GivenBy = append(n.GivenBy, r.ID)
		}
	}
	var all []Entry
	for _, e := range byCode {
		slices.Sort(e.Notes)
		e.Notes = slices.Compact(e.Notes)
		slices.Sort(e.GivenBy)
		e.GivenBy = slices.Compact(e.GivenBy)
		all = append(all, *e)
	}
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

func verdict(v ir.Verdict) string { return [...]string{"migrated", "review", "manual"}[v] }

// notesOf lists the codes that a rule names.
func notesOf(r *rules.Rule) []string {
	all := slices.Clone(r.Notes)
	for _, f := range r.Fields {
		all = append(all, f.Note)
	}
	for _, code := range r.Drops {
		all = append(all, code)
	}
	return all
}

// when says for which uses of its symbols a rule is, "" for every one.
func when(r *rules.Rule) string {
	var all []string
	for _, param := range slices.Sorted(maps.Keys(r.Where)) {
		switch want := r.Where[param]; want {
		case "given":
			all = append(all, param+" is given")
		case "absent":
			all = append(all, param+" is not given")
		default:
			all = append(all, param+" is "+want)
		}
	}
	if r.Failed != "" {
		all = append(all, r.Failed+" has just failed")
	}
	return strings.Join(all, " and ")
}

// becomes says what a rule makes of its symbols.
func becomes(r *rules.Rule) string {
	switch {
	case r.Manual:
		return "left as it is, under a comment"
	case r.To != "":
		return r.To
	case r.Do != "":
		return strings.TrimSpace(r.Do)
	case r.Func != "":
		return "computed by " + r.Func
	case r.Fold:
		return "carried into the calls that use it"
	case r.Drop:
		return "removed"
	case r.Keep:
		return "stays as it is"
	case len(r.Values) > 0:
		return "its values are replaced by the new ones"
	}
	return ""
}

// Find gives the entries of a code, of the name of a rule, or of a symbol of a
// source SDK (its last names are enough), in the order in which its rules are
// tried. The error names the nearest one.
func Find(packs []*rules.Pack, entries []Entry, wanted string) ([]Entry, error) {
	var found []Entry
	var codes, names, symbols []string
	for _, e := range entries {
		if strings.EqualFold(e.Code, wanted) || e.Name != "" && strings.EqualFold(e.Name, wanted) {
			found = append(found, e)
		}
		codes, names, symbols = append(codes, e.Code), append(names, e.Name), append(symbols, e.From...)
	}
	if len(found) == 0 {
		found = answers(packs, entries, wanted)
	}
	if len(found) > 0 {
		return found, nil
	}
	if all := Entries(packs, ""); len(all) > len(entries) {
		if elsewhere, err := Find(packs, all, wanted); err == nil {
			var targets []string
			for _, e := range elsewhere {
				targets = append(targets, e.Targets...)
			}
			slices.Sort(targets)
			return nil, fmt.Errorf("%s is known for other targets alone: %s", wanted, strings.Join(slices.Compact(targets), ", "))
		}
	}
	near := cmp.Or(rules.Suggest(strings.ToUpper(wanted), codes), rules.Suggest(strings.ToLower(wanted), names), rules.Suggest(wanted, symbols))
	return nil, fmt.Errorf("there is no rule, note or symbol %s%s", wanted, near)
}

// answers gives the entries of the rules that are tried for a symbol, target by
// target.
func answers(packs []*rules.Pack, entries []Entry, wanted string) []Entry {
	var out []Entry
	for _, target := range rules.Targets(packs) {
		m, err := rules.Select(packs, target)
		if err != nil {
			continue
		}
		for _, symbol := range symbols(m, wanted) {
			for _, r := range m.For(symbol) {
				i := slices.IndexFunc(entries, func(e Entry) bool {
					return e.Code == r.ID && e.Pack == r.Pack.ID && slices.Contains(e.Targets, target)
				})
				if i >= 0 && !slices.ContainsFunc(out, func(e Entry) bool { return reflect.DeepEqual(e, entries[i]) }) {
					out = append(out, entries[i])
				}
			}
		}
	}
	return out
}

// Order prints the rules for what is wanted, where that is a symbol and not a
// code or the name of a rule: target by target ("" for all), in the order in
// which they are tried, each with the uses that it is for. A target that has none
// yet, where another one has, says so.
func Order(w io.Writer, packs []*rules.Pack, target, wanted string, found []Entry) error {
	if slices.ContainsFunc(found, func(e Entry) bool { return strings.EqualFold(e.Code, wanted) || strings.EqualFold(e.Name, wanted) }) {
		return nil
	}
	targets := rules.Targets(packs)
	var all []string // of all targets
	source := map[string]*rules.Pack{}
	for _, id := range targets {
		if m, err := rules.Select(packs, id); err == nil {
			for _, symbol := range symbols(m, wanted) {
				all, source[symbol] = append(all, symbol), m.For(symbol)[0].Pack
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, id := range targets {
		m, err := rules.Select(packs, id)
		if err != nil || target != "" && target != id {
			continue
		}
		for _, symbol := range all {
			rs, leads := m.For(symbol), source[symbol].Target(id)
			if len(rs) == 0 && leads == nil {
				continue
			}
			fmt.Fprint(t, symbol)
			if len(targets) > 1 {
				fmt.Fprintf(t, ", to %s", id)
			}
			fmt.Fprintln(t)
			if len(rs) == 0 {
				code := rules.Unanswered
				if leads.Complete {
					code = source[symbol].Codes["unknown"]
				}
				fmt.Fprintf(t, "  %s\t%s\t-\tno rule is about it\n\n", code, verdict(ir.Manual))
				continue
			}
			if !slices.Contains(rs[0].From, symbol) {
				fmt.Fprintf(t, "no rule names it%s\none with a * covers it:\n", sibling(m, symbol))
			} else if len(rs) > 1 {
				fmt.Fprint(t, "the first of these rules that fits is carried out:\n")
			}
			for _, r := range rs {
				uses := "every use"
				if c := when(r); c != "" {
					uses = "where " + c
				}
				fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s:%d\n", r.ID, verdict(r.Verdict), cmp.Or(r.Name, "-"), uses, r.File, r.Line)
			}
			fmt.Fprintln(t)
		}
	}
	return t.Flush()
}

// symbols lists the symbols that a text stands for: one that a rule names, else
// all that end in it, else one that a wildcard covers.
func symbols(m *rules.Migration, text string) []string {
	var ending []string
	for _, r := range m.Rules {
		for _, symbol := range r.From {
			if symbol == text {
				return []string{text}
			}
			if strings.HasSuffix(symbol, "."+text) {
				ending = append(ending, symbol)
			}
		}
	}
	if len(ending) == 0 && len(m.For(text)) > 0 {
		return []string{text}
	}
	slices.Sort(ending)
	return slices.Compact(ending)
}

// sibling hints at a symbol with a similar last part.
func sibling(m *rules.Migration, symbol string) string {
	dot := strings.LastIndexByte(symbol, '.') + 1
	var parts []string
	for _, r := range m.Rules {
		for _, s := range r.From {
			if part, ok := strings.CutPrefix(s, symbol[:dot]); ok && !strings.ContainsAny(part, ".*") {
				parts = append(parts, part)
			}
		}
	}
	return rules.Suggest(symbol[dot:], parts)
}

// Table prints one line for each entry.
func Table(w io.Writer, entries []Entry) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	several := severalTargets(entries)
	column := func(text string) string {
		if !several {
			return ""
		}
		return text + "\t"
	}
	fmt.Fprintf(t, "code\tverdict\t%srule\twhat\n", column("target"))
	for _, e := range rows(entries) {
		fmt.Fprintf(t, "%s\t%s\t%s%s\t%s\n", e.Code, e.Verdict, column(strings.Join(e.Targets, ", ")), cmp.Or(e.Name, "-"), clip(oneLine(cmp.Or(e.What, e.Why, e.Becomes)), tableText))
	}
	return t.Flush()
}

// rows gives the entries for a table: of notes that say the same and are only given
// by other rules for another target there is one.
func rows(entries []Entry) []Entry {
	var out []Entry
	for _, e := range entries {
		i := slices.IndexFunc(out, func(have Entry) bool {
			return e.File == "" && have.File == "" && have.Code == e.Code && have.Verdict == e.Verdict && have.What == e.What
		})
		if i < 0 {
			out = append(out, e)
			continue
		}
		out[i].Targets = append(slices.Clip(out[i].Targets), e.Targets...)
	}
	return out
}

// tableText is the width in characters of the last column of the table.
const tableText = 90

func clip(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return strings.TrimRight(string(r[:width-1]), " ") + "…"
	}
	return s
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// severalTargets reports whether entries are about more than one target.
func severalTargets(entries []Entry) bool {
	return slices.ContainsFunc(entries, func(e Entry) bool { return !slices.Equal(e.Targets, entries[0].Targets) || len(e.Targets) > 1 })
}

// JSON prints entries for programs: {"version": 2, "packs": [...], "rules": [...]}.
func JSON(w io.Writer, packs []*rules.Pack, entries []Entry) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	ids := []string{}
	for _, p := range packs {
		ids = append(ids, p.ID)
	}
	return enc.Encode(struct {
		Version int      `json:"version"`
		Packs   []string `json:"packs"`
		Rules   []Entry  `json:"rules"`
	}{2, ids, entries})
}

// Explain prints all there is to say of entries, one after the other.
func Explain(w io.Writer, entries []Entry) error {
	several := severalTargets(entries)
	for i, e := range entries {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := explain(w, e, several); err != nil {
			return err
		}
	}
	return nil
}

// explain prints all there is to say of an entry; several: there is more than one
// target, so that it says of which it speaks.
func explain(w io.Writer, e Entry, several bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", e.Code)
	if e.Name != "" {
		fmt.Fprintf(&b, " %s", e.Name)
	}
	if several {
		fmt.Fprintf(&b, " (%s, to %s)\n", e.Verdict, strings.Join(e.Targets, " and "))
	} else {
		fmt.Fprintf(&b, " (%s)\n", e.Verdict)
	}
	for _, text := range []string{e.What, e.Why} {
		if text != "" {
			fmt.Fprintf(&b, "\n%s\n", text)
		}
	}
	list := func(title string, items []string) {
		if len(items) > 0 {
			fmt.Fprintf(&b, "\n%s\n", title)
			for _, s := range items {
				for line := range strings.SplitSeq(s, "\n") {
					fmt.Fprintln(&b, strings.TrimRight("    "+line, " "))
				}
			}
		}
	}
	list("What it is about:", e.From)
	if e.When != "" {
		list("Only where:", []string{e.When})
	}
	if e.Becomes != "" {
		list("Becomes:", []string{e.Becomes})
	}
	list("Its findings can also have:", e.Notes)
	list("Given by:", e.GivenBy)
	for i, x := range e.Examples {
		title := "Before"
		if len(e.Examples) > 1 {
			title += fmt.Sprintf(" (%d of %d)", i+1, len(e.Examples))
		}
		if chosen := x.chosen(); chosen != "" {
			title += ", with " + chosen
		}
		title += ":"
		if x.Why != "" {
			title = x.Why + "\n" + title
		}
		list(title, []string{strings.TrimRight(x.Before, "\n")})
		if x.Before == x.After {
			fmt.Fprint(&b, "\nAfter: the same\n")
		} else {
			list("After:", []string{strings.TrimRight(x.After, "\n")})
		}
	}
	if e.Source != "" {
		fmt.Fprintf(&b, "\nSource: %s\n", e.Source)
	}
	if e.File != "" {
		fmt.Fprintf(&b, "\nDefined in %s:%d\n", e.File, e.Line)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Markdown prints a page about the packs whose entries they are: a table of all
// codes, then the rules with an example, file by file.
func Markdown(w io.Writer, packs []*rules.Pack, entries []Entry) error {
	packs = slices.DeleteFunc(slices.Clone(packs), func(p *rules.Pack) bool {
		return !slices.ContainsFunc(entries, func(e Entry) bool { return e.Pack == p.ID })
	})
	var b strings.Builder
	var ids, sources []string
	for _, p := range packs {
		ids, sources = append(ids, p.ID), append(sources, p.Source)
	}
	title := "Rules of the pack"
	if len(ids) > 1 {
		title += "s"
	}
	several := severalTargets(entries)
	fmt.Fprintf(&b, "# %s %s\n\n", title, strings.Join(ids, ", "))
	fmt.Fprintf(&b, "What becomes of each use of %s, by the code of its finding. `pyxlate rules CODE` prints one entry, `pyxlate rules SYMBOL` those of a symbol for every target.\n\n", strings.Join(sources, " or of "))
	fmt.Fprint(&b, "- **migrated**: rewritten, same meaning;\n- **review**: rewritten, and the meaning differs as the text says;\n- **manual**: left as it is under a comment `# TODO(pyxlate CODE): ...`.\n\n")
	if several {
		fmt.Fprint(&b, "| code | verdict | target | what |\n|---|---|---|---|\n")
	} else {
		fmt.Fprint(&b, "| code | verdict | what |\n|---|---|---|\n")
	}
	for _, e := range rows(entries) {
		code := e.Code
		if e.Name != "" {
			code = fmt.Sprintf("[%s](#%s)", e.Code, anchor(e, several))
		}
		target := ""
		if several {
			target = strings.Join(e.Targets, ", ") + " | "
		}
		fmt.Fprintf(&b, "| %s | %s | %s%s |\n", code, e.Verdict, target, cell(cmp.Or(e.What, e.Why, e.Becomes)))
	}
	byFile := map[string][]Entry{}
	var files []string
	for _, e := range entries {
		if e.File == "" {
			continue
		}
		if byFile[e.File] == nil {
			files = append(files, e.File)
		}
		byFile[e.File] = append(byFile[e.File], e)
	}
	slices.Sort(files)
	for _, f := range files {
		title := strings.TrimSuffix(fileTitle(f, several), ".yaml")
		if len(packs) > 1 {
			title = byFile[f][0].Pack + ": " + title
		}
		fmt.Fprintf(&b, "\n## %s\n", title)
		for _, e := range byFile[f] {
			section(&b, e, several)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// fileTitle names a file of rules; with its folder where that tells targets apart.
func fileTitle(file string, several bool) string {
	if several {
		return path.Join(path.Base(path.Dir(file)), path.Base(file))
	}
	return path.Base(file)
}

func section(b *strings.Builder, e Entry, several bool) {
	fmt.Fprintf(b, "\n### %s\n\n", heading(e, several))
	fmt.Fprintf(b, "*%s.*", e.Verdict)
	for _, text := range []string{e.What, e.Why} {
		if text != "" {
			fmt.Fprintf(b, " %s", oneLine(text))
		}
	}
	fmt.Fprint(b, "\n")
	if len(e.From) > 0 {
		fmt.Fprint(b, "\nFrom:\n\n")
		for _, s := range e.From {
			fmt.Fprintf(b, "- `%s`\n", s)
		}
	}
	if e.When != "" {
		fmt.Fprintf(b, "\nOnly where %s.\n", e.When)
	}
	if e.Becomes != "" {
		fmt.Fprintf(b, "\nBecomes:\n\n```python\n%s\n```\n", e.Becomes)
	}
	if len(e.Notes) > 0 {
		fmt.Fprintf(b, "\nIts findings can also have: %s.\n", strings.Join(e.Notes, ", "))
	}
	if e.ExamplesOf != "" {
		fmt.Fprintf(b, "\nExample: that of %s.\n", e.ExamplesOf)
	} else if len(e.Examples) > 0 {
		x := e.Examples[0]
		title := "Example"
		if chosen := x.chosen(); chosen != "" {
			title += ", with <code>" + chosen + "</code>"
		}
		fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n```python\n%s\n```\n\n", title, strings.TrimRight(x.Before, "\n"))
		if x.Before == x.After {
			fmt.Fprint(b, "stays the same.\n")
		} else {
			fmt.Fprintf(b, "becomes\n\n```python\n%s\n```\n", strings.TrimRight(x.After, "\n"))
		}
		fmt.Fprint(b, "\n</details>\n")
	}
	if e.Source != "" {
		fmt.Fprintf(b, "\nSource: %s.\n", strings.TrimSuffix(e.Source, "."))
	}
}

func heading(e Entry, several bool) string {
	text := strings.TrimSpace(e.Code + " " + e.Name)
	if several {
		text += " to " + strings.Join(e.Targets, " and ")
	}
	return text
}

// anchor is the one that forges give a heading.
func anchor(e Entry, several bool) string {
	return strings.ReplaceAll(strings.ToLower(heading(e, several)), " ", "-")
}

func cell(s string) string { return strings.ReplaceAll(oneLine(s), "|", `\|`) }
