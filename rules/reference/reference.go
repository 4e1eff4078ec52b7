// Package reference writes a pack's rules out for people and for programs: as
// a table, as the explanation of one code, as JSON and as a page of Markdown.
//
// It owes that all of them say the same, from the pack and nothing else. It
// knows no SDK and not how rules are carried out.
package reference

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"text/tabwriter"

	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// An Entry explains one code. A code is that of a rule, of a note that rules
// give, or of both.
type Entry struct {
	Code    string   `json:"code"`
	Name    string   `json:"name,omitempty"` // of the rule
	Verdict string   `json:"verdict"`
	What    string   `json:"what,omitempty"`    // what it says in a report
	Why     string   `json:"why,omitempty"`     // what the rule says for itself, where that is something else
	From    []string `json:"from,omitempty"`    // symbols of the source SDK
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
}

// Entries lists the codes of a pack, in their order.
func Entries(pack *rules.Pack) []Entry {
	shared := map[string]*rules.Rule{}
	for _, r := range pack.Rules {
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
	for code, n := range pack.Notes {
		e := entry(code)
		e.What, e.Verdict = n.Text, verdict(n.Verdict)
	}
	for _, r := range pack.Rules {
		e := entry(r.ID)
		e.Name, e.From, e.Source, e.Becomes = r.Name, r.From, r.Source, becomes(r)
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
			e.Examples = append(e.Examples, Example{x.Before, after, x.Why})
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

// Find gives the entry of a code, or of the name of a rule. The error names the
// nearest one.
func Find(entries []Entry, code string) (Entry, error) {
	var codes, names []string
	for _, e := range entries {
		if strings.EqualFold(e.Code, code) || e.Name != "" && strings.EqualFold(e.Name, code) {
			return e, nil
		}
		codes, names = append(codes, e.Code), append(names, e.Name)
	}
	near := cmp.Or(rules.Suggest(strings.ToUpper(code), codes), rules.Suggest(strings.ToLower(code), names))
	return Entry{}, fmt.Errorf("there is no rule or note %s%s", code, near)
}

// Table prints one line for each entry.
func Table(w io.Writer, entries []Entry) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "code\tverdict\trule\twhat")
	for _, e := range entries {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", e.Code, e.Verdict, cmp.Or(e.Name, "-"), clip(oneLine(cmp.Or(e.What, e.Why, e.Becomes)), tableText))
	}
	return t.Flush()
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

// JSON prints entries for programs: {"version": 1, "pack": ..., "rules": [...]}.
func JSON(w io.Writer, pack *rules.Pack, entries []Entry) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Version int     `json:"version"`
		Pack    string  `json:"pack"`
		Rules   []Entry `json:"rules"`
	}{1, pack.ID, entries})
}

// Explain prints all there is to say of one code.
func Explain(w io.Writer, e Entry) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", e.Code)
	if e.Name != "" {
		fmt.Fprintf(&b, " %s", e.Name)
	}
	fmt.Fprintf(&b, " (%s)\n", e.Verdict)
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
	if e.Becomes != "" {
		list("Becomes:", []string{e.Becomes})
	}
	list("Its findings can also have:", e.Notes)
	list("Given by:", e.GivenBy)
	for i, x := range e.Examples {
		title := "Before:"
		if len(e.Examples) > 1 {
			title = fmt.Sprintf("Before (%d of %d):", i+1, len(e.Examples))
		}
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

// Markdown prints a page: a table of all codes, then the rules with an example,
// file by file.
func Markdown(w io.Writer, pack *rules.Pack, entries []Entry) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Rules of the pack %s\n\n", pack.ID)
	fmt.Fprintf(&b, "What becomes of each use of %s, by the code of its finding. `pyxlate rules CODE` prints one entry.\n\n", pack.Source)
	fmt.Fprint(&b, "- **migrated**: rewritten, same meaning;\n- **review**: rewritten, and the meaning differs as the text says;\n- **manual**: left as it is under a comment `# TODO(pyxlate CODE): ...`.\n\n")
	fmt.Fprint(&b, "| code | verdict | what |\n|---|---|---|\n")
	for _, e := range entries {
		code := e.Code
		if e.Name != "" {
			code = fmt.Sprintf("[%s](#%s)", e.Code, anchor(e))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", code, e.Verdict, cell(cmp.Or(e.What, e.Why, e.Becomes)))
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
		fmt.Fprintf(&b, "\n## %s\n", strings.TrimSuffix(path.Base(f), ".yaml"))
		for _, e := range byFile[f] {
			section(&b, e)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func section(b *strings.Builder, e Entry) {
	fmt.Fprintf(b, "\n### %s\n\n", heading(e))
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
		fmt.Fprintf(b, "\n<details><summary>Example</summary>\n\n```python\n%s\n```\n\n", strings.TrimRight(x.Before, "\n"))
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

func heading(e Entry) string { return strings.TrimSpace(e.Code + " " + e.Name) }

// anchor is the one that forges give a heading.
func anchor(e Entry) string {
	return strings.ReplaceAll(strings.ToLower(heading(e)), " ", "-")
}

func cell(s string) string { return strings.ReplaceAll(oneLine(s), "|", `\|`) }
